"""Projects by the names other services know them under."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.schemas.base import DivisionCode, In, Out, Text

MOST_NAMES = 1000


class NamesIn(In):
    division_code: DivisionCode
    names: Annotated[list[Text], Field(min_length=1, max_length=MOST_NAMES)]


class FoundProject(Out):
    """`asked` is the name as it was sent."""

    asked: str
    project_id: UUID
    project_code: str
    name: str
    developer: str | None = None


class FoundProjects(Out):
    """Only names that mean exactly one project of the division."""

    items: list[FoundProject]
