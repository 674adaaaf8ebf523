"""The figures of petition work as of a day, each with the cases it counts (`domain.md` 1.6).

A formula's id names its denominator: `…_due` leaves out what is neither done nor due yet, `…_all` counts everything.
"""

import datetime as dt
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.schemas.base import DivisionCode, Moment, Out, Page, Rate
from shared.schemas.petitions.intake import Channel, Demand, VisitLevel
from shared.schemas.petitions.ratings import Rating
from shared.schemas.petitions.states import PetitionState


class DateBasis(StrEnum):
    """The day by which a case falls into a period."""

    registered = "registered"
    petitioned = "petitioned"
    forwarded = "forwarded"


class KpiDimension(StrEnum):
    division = "division"
    unit = "unit"
    level = "level"
    project = "project"
    demand = "demand"
    channel = "channel"


class KpiSide(StrEnum):
    numerator = "numerator"
    denominator = "denominator"


class KpiFormula(StrEnum):
    timely_routing_due = "timely_routing_due"
    timely_routing_all = "timely_routing_all"
    timely_acceptance_due = "timely_acceptance_due"
    timely_acceptance_all = "timely_acceptance_all"
    late_acceptance_due = "late_acceptance_due"
    overdue_acceptance_due = "overdue_acceptance_due"
    timely_decision_due = "timely_decision_due"
    timely_decision_all = "timely_decision_all"
    on_time_reply_due = "on_time_reply_due"
    on_time_reply_all = "on_time_reply_all"
    late_reply_due = "late_reply_due"
    overdue_reply_due = "overdue_reply_due"
    replied_due = "replied_due"
    closed_all = "closed_all"
    overdue_open_all = "overdue_open_all"
    satisfaction_body_all = "satisfaction_body_all"
    satisfaction_office_all = "satisfaction_office_all"
    participation_body_due = "participation_body_due"
    participation_office_due = "participation_office_due"
    rated_satisfaction_body_due = "rated_satisfaction_body_due"
    rated_satisfaction_office_due = "rated_satisfaction_office_due"
    repeats_by_rule_all = "repeats_by_rule_all"
    repeats_confirmed_all = "repeats_confirmed_all"
    first_time_resolution_due = "first_time_resolution_due"
    first_time_resolution_all = "first_time_resolution_all"
    online_share_all = "online_share_all"
    housing_share_all = "housing_share_all"
    group_visit_share_all = "group_visit_share_all"


class Tally(Out):
    case_count: int = Field(description="件次")
    people_count: int = Field(description="人次")


class KpiFigure(Out):
    """`value` is numerator ÷ denominator in cases; null where there is nothing to divide by."""

    formula: KpiFormula
    name: str
    numerator: Tally
    denominator: Tally
    value: Rate | None = Field(description="按件次计，4 位小数；分母为 0 时为 null")


class KpiSlice(Tally):
    """`key` is the code, word or project the cases have in common, null where they have none."""

    key: str | None
    name: str | None


class KpiGroup(Out):
    key: str | None
    name: str | None
    total: Tally
    figures: list[KpiFigure]


class PetitionKpis(Out):
    as_of: dt.date = Field(description="统计日：当日及以前发生的")
    known_at: Moment = Field(description="截至此时已登记入系统的")
    division_code: DivisionCode | None
    scope: str = Field(description="统计覆盖的行政区划前缀；空为全部")
    date_basis: DateBasis = Field(description="统计期按哪个日期划分")
    since: dt.date | None
    until: dt.date | None
    resolution_window_days: int = Field(description="一次性化解的观察期，天")
    total: Tally
    figures: list[KpiFigure]
    by_division: list[KpiSlice]
    by_unit: list[KpiSlice]
    by_level: list[KpiSlice]
    by_project: list[KpiSlice]
    by_demand: list[KpiSlice]
    by_channel: list[KpiSlice]
    by: KpiDimension | None
    groups: list[KpiGroup] = Field(description="按 by 分组的全部指标；不填 by 则为空")


class KpiPetitionOut(Out):
    """A case that a figure counts, as it stands now; terms and rating as of the day asked for."""

    id: UUID
    division_code: DivisionCode
    petition_code: str
    register_code: str | None
    registered_on: dt.date
    petitioned_on: dt.date
    forwarded_on: dt.date | None
    channel: Channel
    visit_level: VisitLevel | None
    demand: Demand
    project_id: UUID | None
    project_name: str | None
    unit_code: str | None
    people_count: int
    state: PetitionState
    acceptance_due_on: dt.date | None
    accepted_on: dt.date | None
    reply_due_on: dt.date | None
    replied_on: dt.date | None
    body_rating: Rating | None
    office_rating: Rating | None


class KpiPetitionPage(Page):
    items: list[KpiPetitionOut]


LABELS: dict[type[StrEnum], dict[str, str]] = {
    DateBasis: {"registered": "登记日期", "petitioned": "信访日期", "forwarded": "转送交办日期"},
    KpiDimension: {
        "division": "行政区划",
        "unit": "责任单位",
        "level": "信访去向",
        "project": "涉及楼盘",
        "demand": "诉求类别",
        "channel": "信访形式",
    },
    KpiSide: {"numerator": "分子", "denominator": "分母"},
    KpiFormula: {
        "timely_routing_due": "按期转送交办率（应转送）",
        "timely_routing_all": "按期转送交办率（全部）",
        "timely_acceptance_due": "及时受理率（应受理告知）",
        "timely_acceptance_all": "及时受理率（全部）",
        "late_acceptance_due": "超期受理率（应受理告知）",
        "overdue_acceptance_due": "超期未受理率（应受理告知）",
        "timely_decision_due": "按期决定是否受理率（应决定）",
        "timely_decision_all": "按期决定是否受理率（全部）",
        "on_time_reply_due": "按期答复率（应答复）",
        "on_time_reply_all": "按期答复率（全部受理）",
        "late_reply_due": "超期答复率（应答复）",
        "overdue_reply_due": "超期未答复率（应答复）",
        "replied_due": "答复率（应答复）",
        "closed_all": "办结率（全部）",
        "overdue_open_all": "超期未办占比（全部）",
        "satisfaction_body_all": "对责任单位满意率（已评价）",
        "satisfaction_office_all": "对信访部门满意率（已评价）",
        "participation_body_due": "对责任单位参评率（应评价）",
        "participation_office_due": "对信访部门参评率（应评价）",
        "rated_satisfaction_body_due": "对责任单位参评满意率（应评价）",
        "rated_satisfaction_office_due": "对信访部门参评满意率（应评价）",
        "repeats_by_rule_all": "重复信访率（按规则认定）",
        "repeats_confirmed_all": "重复信访率（经人工确认）",
        "first_time_resolution_due": "一次性化解率（观察期满）",
        "first_time_resolution_all": "一次性化解率（全部办结）",
        "online_share_all": "网信占比（全部）",
        "housing_share_all": "住房领域占比（全部）",
        "group_visit_share_all": "集体访占比（来访）",
    },
}
