"""Site visits 走访（夜访）and promises made on site on the wire."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Day, Flag, In, LongText, Moment, Out, Page
from shared.schemas.gateway.directory import PersonCode


class VisitKind(StrEnum):
    day = "day"
    night = "night"


class PromisedTo(StrEnum):
    owners = "owners"
    enterprise = "enterprise"
    contractor = "contractor"
    workers = "workers"
    creditors = "creditors"
    others = "others"


class PromiseOutcome(StrEnum):
    kept = "kept"
    broken = "broken"
    released = "released"


class PromiseState(StrEnum):
    """`overdue` is open past its day; the others are told by `outcome`."""

    open = "open"
    overdue = "overdue"
    settled = "settled"


LABELS: dict[type[StrEnum], dict[str, str]] = {
    VisitKind: {"day": "日间走访", "night": "夜访"},
    PromisedTo: {
        "owners": "购房人",
        "enterprise": "开发企业",
        "contractor": "施工单位",
        "workers": "务工人员",
        "creditors": "债权人",
        "others": "其他",
    },
    PromiseOutcome: {"kept": "已兑现", "broken": "未兑现", "released": "对方同意免除"},
    PromiseState: {"open": "未到期", "overdue": "已逾期", "settled": "已了结"},
}


class VisitIn(In):
    kind: VisitKind
    person_code: PersonCode = Field(description="走访人")
    visited_on: Day | None = Field(None, description="不填即今天，不得晚于今天")
    found: LongText = Field(description="发现的情况")


class VisitOut(Out):
    id: UUID
    division_code: str
    project_id: UUID
    kind: VisitKind
    visited_on: Day
    person_code: str
    person_name: str = Field(description="当时的姓名")
    post: str | None
    unit_code: str | None
    unit_name: str | None
    found: str
    version: int
    created_by: str
    created_at: Moment
    updated_at: Moment


class VisitPage(Page):
    items: list[VisitOut]


class SitePromiseIn(In):
    person_code: PersonCode = Field(description="承诺人")
    promised_to: PromisedTo
    matter: LongText = Field(description="承诺事项")
    due_on: Day
    made_on: Day | None = Field(None, description="不填即今天，不得晚于今天")
    visit_id: UUID | None = Field(None, description="在哪次走访中作出")


class SitePromiseSettle(In):
    outcome: PromiseOutcome
    note: LongText = Field(description="兑现情况，或未兑现、免除的原因")
    settled_on: Day | None = Field(None, description="不填即今天，不得晚于今天")


class SitePromiseOut(Out):
    id: UUID
    division_code: str
    project_id: UUID
    visit_id: UUID | None
    person_code: str
    person_name: str = Field(description="当时的姓名")
    post: str | None
    unit_code: str | None
    unit_name: str | None
    promised_to: PromisedTo
    matter: str
    made_on: Day
    due_on: Day
    outcome: PromiseOutcome | None
    outcome_note: str | None
    settled_on: Day | None
    settled_by: str | None
    is_overdue: Flag = Field(description="已过期限而未了结")
    days_late: int = Field(description="逾期或迟兑现的天数；未迟为 0")
    version: int
    created_by: str
    created_at: Moment
    updated_at: Moment


class SitePromisePage(Page):
    items: list[SitePromiseOut]
