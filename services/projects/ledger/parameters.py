"""Query parameters the ledger's operations share, so that list, count, export and statistics ask the same way."""

from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, StringConstraints

from services.projects.ledger.filters import Filter
from shared.chassis.identity import Caller, prefix_of
from shared.errors import FieldError, Invalid, NotFound
from shared.schemas.base import DivisionCode
from shared.schemas.projects.facts import (
    ConstructionStatus,
    ListMembership,
    ProblemType,
    ProjectKind,
    ResolutionStatus,
)

Word = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class LedgerQuery(BaseModel):
    """What part of the ledger; without a division, everything the caller may see."""

    model_config = ConfigDict(extra="forbid")

    division_code: DivisionCode | None = None
    kind: ProjectKind | None = None
    list_membership: ListMembership | None = None
    construction_status: ConstructionStatus | None = None
    resolution_status: ResolutionStatus | None = None
    problem_type: ProblemType | None = None
    township: Word | None = None
    developer: Word | None = None
    responsible_unit: Word | None = None
    q: Word | None = None

    def filter(self, caller: Caller) -> Filter:
        """The one predicate of list, count, export and statistics, inside the caller's scope."""
        given = self.model_dump(include=set(LedgerQuery.model_fields), exclude={"division_code"}, exclude_none=True)
        prefix = caller.scope
        if self.division_code is not None:
            prefix = prefix_of(self.division_code)
            if not prefix.startswith(caller.scope):
                raise NotFound("没有此行政区划，或不在您的管辖范围内")
        if "q" in given and len(prefix) < 6:
            # A substring search cannot use an index under row security; one county's ledger is small.
            where = FieldError("query:division_code", "division_required", "按名称搜索时请指定一个县")
            raise Invalid("按名称搜索须在一个县内进行", [where])
        return Filter(prefix, **given)


class LedgerPageQuery(LedgerQuery):
    sort: Literal["-updated_at", "updated_at", "project_code", "name"] = "-updated_at"
    limit: Annotated[int, Query(ge=1, le=200)] = 50
    cursor: Annotated[str, StringConstraints(max_length=500)] | None = None
    count: bool = False
