"""包抓与专班 on the wire: who answers for a project, since when, and what was handed over."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Count, Day, In, LongText, Moment, Out, Page, Text
from shared.schemas.gateway.directory import PersonCode
from shared.schemas.gateway.identity import UnitCode


class AssignedRole(StrEnum):
    """Who drives a project: persons as leaders, a unit as task force."""

    lead = "lead"
    supporting = "supporting"
    taskforce = "taskforce"


class ResponsibilityKind(StrEnum):
    """The four responsibilities 四方责任, each borne by one named party."""

    enterprise = "enterprise"
    territory = "territory"
    department = "department"
    judicial = "judicial"


class DutyRole(StrEnum):
    """Everything one can answer for on a project; at most one live holder of each."""

    lead = "lead"
    supporting = "supporting"
    taskforce = "taskforce"
    enterprise = "enterprise"
    territory = "territory"
    department = "department"
    judicial = "judicial"


ASSIGNED = {AssignedRole.lead: "包抓领导", AssignedRole.supporting: "配合领导", AssignedRole.taskforce: "工作专班"}
RESPONSIBILITIES = {
    ResponsibilityKind.enterprise: "企业主体责任",
    ResponsibilityKind.territory: "属地责任",
    ResponsibilityKind.department: "部门责任",
    ResponsibilityKind.judicial: "司法责任",
}
LABELS: dict[type[StrEnum], dict[str, str]] = {
    AssignedRole: {role.value: label for role, label in ASSIGNED.items()},
    ResponsibilityKind: {kind.value: label for kind, label in RESPONSIBILITIES.items()},
    DutyRole: {role.value: label for role, label in (ASSIGNED | RESPONSIBILITIES).items()},
}

HandoverNote = Annotated[LongText | None, Field(description="交接说明：接替他人时必填，写明已办、未办和须注意的事项")]
BeganOn = Annotated[Day | None, Field(description="自哪一天起；不填即今天，不得晚于今天")]


class DutyAssign(In):
    role: AssignedRole
    person_code: PersonCode | None = Field(None, description="包抓领导、配合领导填人员编码")
    unit_code: UnitCode | None = Field(None, description="工作专班填专班的单位编码")
    began_on: BeganOn = None
    handover_note: HandoverNote = None


class ResponsiblePartyIn(In):
    kind: ResponsibilityKind
    unit_code: UnitCode
    person_code: PersonCode | None = Field(None, description="该单位的具体责任人")
    began_on: BeganOn = None
    handover_note: HandoverNote = None


class DutyEnd(In):
    ended_on: Day | None = Field(None, description="自哪一天起不再负责；不填即今天")
    reason: LongText


class DutyTerm(Out):
    """One holder of one role, from the day it began until the day before `ended_on`."""

    id: UUID
    division_code: str
    project_id: UUID
    role: DutyRole
    person_code: str | None
    person_name: str | None = Field(description="当时的姓名")
    post: str | None = Field(description="当时的职务")
    unit_code: str | None
    unit_name: str | None = Field(description="当时的单位名称")
    taskforce_id: UUID | None
    began_on: Day
    ended_on: Day | None = Field(description="自这一天起不再负责；仍在负责则为空")
    handover_note: str | None
    end_reason: str | None = Field(description="由他人接替而结束的为空")
    ended_by: str | None
    version: int
    created_by: str
    created_at: Moment = Field(description="记录时间；began_on 为生效日期")
    updated_at: Moment


class DutyHistoryPage(Page):
    items: list[DutyTerm]


class BackstopIn(In):
    """A government backstop 兜底: a decision, and only after the enterprise was called on in writing."""

    call_number: Text = Field(description="书面要求企业履责的文号", examples=["青县房办函〔2026〕12号"])
    called_on: Day = Field(description="书面要求发出之日，须早于决定之日")
    document_number: Text = Field(description="兜底决定的文号", examples=["青县房领〔2026〕5号"])
    decided_on: Day | None = Field(None, description="决定之日；不填即今天，不得晚于今天")
    undertaking: LongText = Field(description="政府承担什么，到何限度")
    reason: LongText = Field(description="企业未能履责的情况和决定理由")


class BackstopOut(Out):
    id: UUID
    division_code: str
    project_id: UUID
    enterprise_duty_id: UUID = Field(description="企业主体责任的那一任期")
    enterprise_code: str = Field(description="被书面要求履责的企业")
    enterprise_name: str
    call_number: str
    called_on: Day
    document_number: str
    decided_on: Day
    undertaking: str
    reason: str
    version: int
    created_by: str
    created_at: Moment
    updated_at: Moment


class BackstopPage(Page):
    items: list[BackstopOut]


class DutyOut(Out):
    """Who answers for a project on a day. On the day of a hand-over the successor does."""

    division_code: str
    project_id: UUID
    on: Day
    lead: DutyTerm | None
    supporting: DutyTerm | None
    taskforce: DutyTerm | None
    responsibilities: list[DutyTerm] = Field(description="四方责任，企业、属地、部门、司法依次")
    vacant: list[DutyRole] = Field(description="应有而无人的责任；配合领导可以没有")
    backstop: BackstopOut | None = Field(description="当日有效的最近一次兜底决定")


class LeaderLoad(Out):
    """What one leader carries now."""

    division_code: str
    person_code: str
    person_name: str
    post: str | None
    leads: Count = Field(description="包抓的项目数")
    supports: Count = Field(description="配合的项目数")
    oldest_since: Day = Field(description="现任各项中最早的起始日")
    open_promises: Count = Field(description="未了结的现场承诺，含逾期")
    overdue_promises: Count
    last_visited_on: Day | None = Field(description="最近一次走访；从未走访则为空")


class LeaderLoadPage(Page):
    items: list[LeaderLoad]
    unled: Count = Field(description="范围内未化解而没有包抓领导的项目数")
