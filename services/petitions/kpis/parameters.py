"""What both operations of the figures are asked with, so that a figure and the list of its cases ask the same way."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from services.petitions.kpis.asked import Asked
from services.petitions.kpis.facts import FILTERS
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.chassis.listing import scope_of
from shared.schemas.base import Day, DivisionCode, Moment, Text
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.petitions.intake import Channel, Demand, Purpose, VisitLevel
from shared.schemas.petitions.kpis import DateBasis, KpiDimension, KpiFormula, KpiSide
from shared.schemas.petitions.registry import ContentClassCode
from shared.schemas.petitions.states import PetitionClass


class KpiQuery(BaseModel):
    """Which cases, as of when."""

    model_config = ConfigDict(extra="forbid")

    division_code: DivisionCode | None = None
    as_of: Annotated[Day | None, Query(description="统计日；不填即今天")] = None
    known_at: Annotated[Moment | None, Query(description="截至当时已登记入系统的；不填即现在")] = None
    date_basis: Annotated[DateBasis, Query(description="统计期按哪个日期划分")] = DateBasis.registered
    since: Annotated[Day | None, Query(description="统计期首日")] = None
    until: Annotated[Day | None, Query(description="统计期末日")] = None
    resolution_window_days: Annotated[
        int | None, Field(ge=1, le=730, description="一次性化解的观察期，天；不填即本级设定")
    ] = None
    unit_code: Annotated[UnitCode | None, Query(description="责任单位")] = None
    project_id: UUID | None = None
    project_name: Annotated[Text | None, Query(description="尚未关联台账的，按登记的楼盘名称")] = None
    township: Text | None = None
    channel: Channel | None = None
    demand: Demand | None = None
    purpose: Purpose | None = None
    visit_level: VisitLevel | None = None
    petition_class: PetitionClass | None = None
    content_class: Annotated[ContentClassCode | None, Query(description="内容分类，含其下级")] = None
    is_joint: bool | None = None
    is_anonymous: bool | None = None
    is_threat: bool | None = None
    is_backlog: bool | None = None
    is_litigation: bool | None = None
    is_cross_region: bool | None = None
    is_skip_level: bool | None = None

    def asked(self, caller: Caller, clock: Clock, window_days: int) -> Asked:
        """Inside the caller's scope, never of a day to come; `window_days` are those the caller's county has set."""
        return Asked(
            caller,
            scope_of(caller, self.division_code),
            happened_on(self.as_of, today(clock), "query:as_of"),
            self.known_at or clock.now(),
            self.resolution_window_days or window_days,
            self.date_basis,
            self.since,
            self.until,
            self.unit_code,
            self.model_dump(include=set(FILTERS), exclude_none=True),
        )


class KpisQuery(KpiQuery):
    by: Annotated[KpiDimension | None, Query(description="另按此分组给出全部指标")] = None


class KpiCasesQuery(KpiQuery):
    formula: KpiFormula
    side: KpiSide = KpiSide.numerator
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str | None, Field(max_length=500)] = None
