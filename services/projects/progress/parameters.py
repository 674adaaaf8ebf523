"""Query parameters of the lists of progress."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from shared.chassis.identity import Caller
from shared.chassis.listing import scope_of
from shared.errors import FieldError, Invalid
from shared.schemas.base import Day, DivisionCode
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.projects.facts import Resumption
from shared.schemas.projects.progress import ReporterRole
from shared.schemas.projects.signals import SignalKind


class ListQuery(BaseModel):
    """One page, newest recorded first; without a division, everything the caller may see."""

    model_config = ConfigDict(extra="forbid")

    division_code: DivisionCode | None = None
    limit: Annotated[int, Query(ge=1, le=200)] = 50
    cursor: Annotated[str | None, Query(max_length=500)] = None

    @property
    def filters(self) -> dict[str, Any]:
        return self.model_dump(exclude={"division_code", "limit", "cursor"}, exclude_none=True)

    def scope(self, caller: Caller) -> str:
        return scope_of(caller, self.division_code)

    def bound(self, caller: Caller, what: str) -> list[Any]:
        """What a cursor of this list is good for."""
        return [caller.subject, what, self.scope(caller), self.filters]


class OfProject(ListQuery):
    project_id: UUID | None = None
    from_on: Annotated[Day | None, Query(description="自哪一天的情况起")] = None
    until_on: Annotated[Day | None, Query(description="至哪一天的情况止")] = None


class ReportQuery(OfProject):
    unit_code: UnitCode | None = None
    role: ReporterRole | None = None
    corrected: Annotated[bool | None, Query(description="只看已被更正的，或只看仍有效的；不填为全部")] = None


class InspectionQuery(OfProject):
    unit_code: Annotated[UnitCode | None, Query(description="核查单位")] = None
    reporting_unit_code: Annotated[UnitCode | None, Query(description="所核对报告的报告单位")] = None


class SignalQuery(OfProject):
    kind: SignalKind | None = None
    source_unit_code: UnitCode | None = None
    corrected: Annotated[bool | None, Query(description="只看已被更正的，或只看仍有效的；不填为全部")] = None


class DrawQuery(ListQuery):
    week_starting: Day | None = None


class ReliabilityQuery(ListQuery):
    """By division and unit code."""

    unit_code: UnitCode | None = None


class SummaryQuery(ListQuery):
    """By project code; of one county, since its thresholds decide what is true."""

    resumption: Resumption | None = None

    def county(self, caller: Caller) -> str:
        """Raises `NotFound` outside the caller's scope, `Invalid` where a caller above the county names none."""
        county = self.scope(caller)
        if len(county) < 6:
            where = FieldError("query:division_code", "division_required", "请指定一个县")
            raise Invalid("各县认定复工的标准不同，请指定一个县", [where])
        return county
