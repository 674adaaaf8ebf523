"""包抓与专班 on the wire: who answers for a project, since when, and what was handed over."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Day, In, LongText, Moment, Out, Page
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
    version: int
    created_by: str
    created_at: Moment = Field(description="记录时间；began_on 为生效日期")
    updated_at: Moment


class DutyHistoryPage(Page):
    items: list[DutyTerm]
