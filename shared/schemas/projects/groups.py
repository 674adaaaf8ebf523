"""The leading group 领导小组 and the task forces 专班 on the wire, with who sits in them."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Count, Day, DivisionCode, In, LongText, Moment, Out, Page, Text
from shared.schemas.gateway.directory import PersonCode
from shared.schemas.gateway.identity import UnitCode


class Seat(StrEnum):
    head = "head"
    deputy = "deputy"
    member = "member"


LABELS: dict[type[StrEnum], dict[str, str]] = {Seat: {"head": "组长", "deputy": "副组长", "member": "成员"}}


class TaskforceCreate(In):
    division_code: DivisionCode
    unit_code: UnitCode = Field(description="通讯录中类别为专班的单位")
    task: LongText = Field(description="任务")
    area: Text | None = Field(None, description="片区；只管单个项目的可不填")
    formed_on: Day | None = Field(None, description="成立日期；不填即今天，不得晚于今天")
    document_number: Text | None = Field(None, description="成立文件的文号")


class SeatIn(In):
    """A person takes a seat, changes it, or with `seat` null leaves the group."""

    person_code: PersonCode
    seat: Seat | None = Field(description="空为退出")
    unit_code: UnitCode | None = Field(None, description="由哪个单位派出；不填即本人所在单位")
    assignment: Text | None = Field(None, description="分工，如“资金组”")
    effective_on: Day | None = Field(None, description="自哪一天起；不填即今天，不得晚于今天")
    reason: LongText | None = Field(None, description="退出或变更的原因；退出时必填")


class LeadingSeatIn(SeatIn):
    """A seat in the leading group of one county."""

    division_code: DivisionCode


class SeatTerm(Out):
    """One person in one seat, from the day it began until the day before `ended_on`."""

    id: UUID
    division_code: str
    taskforce_id: UUID | None = Field(description="空为领导小组")
    seat: Seat
    assignment: str | None
    person_code: str
    person_name: str = Field(description="当时的姓名")
    post: str | None = Field(description="当时的职务")
    unit_code: str | None
    unit_name: str | None
    began_on: Day
    ended_on: Day | None = Field(description="自这一天起不再担任；仍在任则为空")
    end_reason: str | None
    ended_by: str | None
    version: int
    created_by: str
    created_at: Moment
    updated_at: Moment


class TaskforceOut(Out):
    id: UUID
    division_code: str
    unit_code: str
    unit_name: str
    task: str
    area: str | None
    formed_on: Day
    document_number: str | None
    projects: Count = Field(description="现在服务的项目数")
    version: int
    created_by: str
    created_at: Moment
    updated_at: Moment


class TaskforceDetail(TaskforceOut):
    members: list[SeatTerm] = Field(description="组长在前；默认今天，可查某一天")
    project_ids: list[UUID] = Field(description="至多 200 个，最近接手的在前")


class TaskforcePage(Page):
    items: list[TaskforceOut]


class LeadingGroupOut(Out):
    """Of one county, on a day."""

    division_code: str
    on: Day
    members: list[SeatTerm] = Field(description="组长、副组长、成员依次排列")
