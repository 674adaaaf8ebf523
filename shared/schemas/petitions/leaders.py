"""领导包案 on the wire: who leads a case, its plan, its coordination meetings, its promises (承诺书).

`Impersonal` texts are written without personal data and shown in lists; all others are kept sealed.
"""

from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from shared.schemas.base import Day, Flag, In, LongText, Moment, NotKeptText, Out, Page, Text
from shared.schemas.gateway.directory import PersonCode
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.masking import Impersonal

Matter = Annotated[LongText, Impersonal, Field(description="不得包含个人信息")]
OPENED = "只对包案领导、承办单位、信访部门和纪检监察显示"
Place = Annotated[Text, Impersonal]
Document = Annotated[Text, Impersonal, Field(description="文号", examples=["安信联〔2026〕7号"])]


class CasePromiseOutcome(StrEnum):
    kept = "kept"
    broken = "broken"


class CasePromiseState(StrEnum):
    """`overdue` is open past its day; the other two are told by `outcome`."""

    open = "open"
    overdue = "overdue"
    kept = "kept"
    broken = "broken"


LABELS: dict[type[StrEnum], dict[str, str]] = {
    CasePromiseOutcome: {"kept": "已兑现", "broken": "未兑现"},
    CasePromiseState: {"open": "未到期", "overdue": "逾期未兑现", "kept": "已兑现", "broken": "未兑现"},
}


class TakeCase(In):
    person_code: PersonCode = Field(description="包案领导")
    taken_on: Day | None = Field(None, description="不填即今天，不得晚于今天")
    document_number: Document | None = None
    handover: LongText | None = Field(None, description="接替他人包案时必填：交接情况；密封保存")


class ReleaseCase(In):
    released_on: Day | None = Field(None, description="不填即今天，不得晚于今天")
    reason: LongText = Field(description="不再包案的原因；密封保存")


class CaseLeaderOut(Out):
    id: UUID
    division_code: str
    petition_id: UUID
    petition_code: str
    person_code: str
    person_name: str = Field(description="当时的姓名")
    post: str | None
    unit_code: str | None
    unit_name: str | None
    document_number: str | None
    taken_on: Day
    released_on: Day | None
    note: NotKeptText = Field(description=f"交接情况，或不再包案的原因；{OPENED}")
    version: int
    created_at: Moment


class CaseLeaderPage(Page):
    items: list[CaseLeaderOut]


class CaseLoadOut(Out):
    """Cases a leader has now, as far as the caller may see them."""

    division_code: str
    person_code: str
    person_name: str
    cases: int = Field(description="包案件数")
    people: int = Field(description="所包案件的人次")
    open_cases: int = Field(description="其中尚未办结")
    overdue_cases: int = Field(description="其中法定期限已过")
    longest_since: Day = Field(description="最早一件的包案日期")
    open_promises: int = Field(description="所包案件未了结的承诺")
    overdue_promises: int
    broken_promises: int


class CaseLoadPage(Page):
    items: list[CaseLoadOut]


class CasePlanIn(In):
    goal: Matter
    measures: LongText = Field(description="化解措施；密封保存")
    due_on: Day
    unit_code: UnitCode = Field(description="牵头单位")
    made_on: Day | None = Field(None, description="不填即今天，不得晚于今天")


class CasePlanOut(Out):
    id: UUID
    division_code: str
    petition_id: UUID
    petition_code: str
    goal: str
    measures: NotKeptText = Field(description=OPENED)
    due_on: Day
    unit_code: str
    unit_name: str
    made_on: Day
    superseded_on: Day | None = Field(description="被新方案取代之日")
    version: int
    created_at: Moment


class CasePlanPage(Page):
    items: list[CasePlanOut]


class AttendanceIn(In):
    unit_code: UnitCode
    attended: Flag


class AttendanceOut(Out):
    unit_code: str
    unit_name: str
    attended: bool


class CaseMeetingIn(In):
    held_on: Day | None = Field(None, description="不填即今天，不得晚于今天")
    place: Place | None = None
    chair_code: PersonCode = Field(description="主持人")
    units: Annotated[list[AttendanceIn], Field(min_length=1, max_length=50)]
    outcome: Matter
    notes: LongText | None = Field(None, description="会议记录；密封保存")

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({unit.unit_code for unit in self.units}) < len(self.units):
            raise ValueError("同一单位只填一次")
        if not any(unit.attended for unit in self.units):
            raise ValueError("至少有一个单位到会")
        return self


class CaseMeetingOut(Out):
    id: UUID
    division_code: str
    petition_id: UUID
    petition_code: str
    held_on: Day
    place: str | None
    chair_code: str
    chair_name: str
    units: list[AttendanceOut]
    outcome: str
    notes: NotKeptText = Field(description=OPENED)
    version: int
    created_at: Moment


class CaseMeetingPage(Page):
    items: list[CaseMeetingOut]


class CasePromiseIn(In):
    matter: Matter
    due_on: Day
    made_on: Day | None = Field(None, description="不填即今天，不得晚于今天")
    unit_code: UnitCode = Field(description="承诺单位")
    person_code: PersonCode | None = Field(None, description="承诺的领导")
    document_number: Document | None = Field(None, description="承诺书文号")


class CasePromiseSettle(In):
    outcome: CasePromiseOutcome
    settled_on: Day | None = Field(None, description="不填即今天，不得晚于今天")
    note: LongText = Field(description="兑现情况，或未兑现的原因；密封保存")


class CasePromiseOut(Out):
    id: UUID
    division_code: str
    petition_id: UUID
    petition_code: str
    matter: str
    made_on: Day
    due_on: Day
    unit_code: str
    unit_name: str
    person_code: str | None
    person_name: str | None
    document_number: str | None
    outcome: CasePromiseOutcome | None
    settled_on: Day | None
    note: NotKeptText = Field(description=OPENED)
    state: CasePromiseState
    days_late: int = Field(description="逾期或迟兑现的天数；未迟为 0")
    version: int
    created_at: Moment


class CasePromisePage(Page):
    items: list[CasePromiseOut]
