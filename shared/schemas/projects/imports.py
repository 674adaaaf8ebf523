"""Import of a ledger workbook, and what reading it brings to light."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from shared.schemas.base import DivisionCode, Out, Page
from shared.schemas.imports import ImportedRow, ImportProgress


class RowResult(ImportedRow):
    """`row` is the row number in the sheet, as Excel shows it."""

    project_id: UUID | None = None
    project_code: str | None = None
    name: str | None = None


class ImportOut(ImportProgress):
    rows: list[RowResult]


class ImportPage(Page):
    items: list[ImportOut]


class Contradiction(Out):
    """Facts that cannot all be true: the rule, the facts, and what would settle it."""

    rule: str
    title: str
    project_id: UUID | None
    project_code: str | None
    project_name: str | None
    division_code: DivisionCode
    facts: dict[str, Any]
    settle: str = Field(description="如何消除：需要核实或补充什么")
    severity: Literal["error", "warning"]


class ContradictionPage(Page):
    items: list[Contradiction]


class UnmappedName(Out):
    """A unit or leader named by a project that the directory does not know."""

    name: str
    fact: str
    kind: Literal["unit", "person"]
    projects: int
    division_code: DivisionCode


class UnmappedNamePage(Page):
    items: list[UnmappedName]
