"""Dispatch meetings 调度会: topics, an agenda from data, minutes, tracked actions, counts."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.schemas.base import Day, DivisionCode, Flag, In, LongText, Moment, Out, Page, Text
from shared.schemas.gateway.directory import PersonCode
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.projects.statistics import Ratio


class MeetingKind(StrEnum):
    dispatch = "dispatch"
    site = "site"


class MeetingState(StrEnum):
    planned = "planned"
    held = "held"


class AgendaSource(StrEnum):
    """Where a matter comes from, in the order of an agenda."""

    action = "action"
    order = "order"
    milestone = "milestone"
    decision = "decision"
    contradiction = "contradiction"
    topic = "topic"
    floor = "floor"


class MatterOutcome(StrEnum):
    settled = "settled"
    assigned = "assigned"
    deferred = "deferred"


class TopicState(StrEnum):
    submitted = "submitted"
    discussed = "discussed"


class ActionState(StrEnum):
    open = "open"
    overdue = "overdue"
    done = "done"


MatterRef = Annotated[
    str, StringConstraints(pattern=r"^[a-z]{4,13}:[A-Za-z0-9:-]{1,80}$"), Field(description="事项来源的编号")
]


class TopicCreate(In):
    division_code: DivisionCode
    title: Text
    reason: LongText = Field(description="为何提请调度、希望解决什么")
    project_id: UUID | None = None


class TopicOut(Out):
    id: UUID
    division_code: str
    project_id: UUID | None
    title: str
    reason: str
    unit_code: str | None = Field(description="提出单位")
    state: TopicState
    meeting_id: UUID | None = Field(description="在哪次会议上议过")
    submitted_on: Day
    version: int
    created_by: str
    created_at: Moment
    updated_at: Moment


class TopicPage(Page):
    items: list[TopicOut]


class AgendaItem(Out):
    """One matter proposed; `ref` names the same matter every time it is proposed."""

    source: AgendaSource
    ref: str
    title: str
    project_id: UUID | None
    unit_code: str | None
    since: Day | None = Field(description="应完成、提出或提请之日")
    days_late: int | None


class Agenda(Out):
    as_of: Day
    last_meeting_id: UUID | None
    last_held_on: Day | None
    items: list[AgendaItem]
    found: dict[str, int] = Field(description="各来源的事项数；每一来源至多列出 100 项")


class MeetingCreate(In):
    division_code: DivisionCode
    held_on: Day = Field(description="召开日期")
    kind: MeetingKind
    chair_code: PersonCode = Field(description="主持人")
    project_id: UUID | None = Field(None, description="现场调度的项目；议程只取此项目的事项")
    place: Text | None = None
    agenda: list[MatterRef] | None = Field(None, max_length=200, description="从建议议程中选取；不填即全部采用")


class Attendee(In):
    unit_code: UnitCode
    person_code: PersonCode | None = None
    present: Flag = True


class MeetingActionIn(In):
    title: Text
    unit_code: UnitCode
    person_code: PersonCode | None = Field(None, description="责任人")
    due_on: Day


class Conclusion(In):
    outcome: MatterOutcome = Field(description="形成任务的须列出任务，其余不得列")
    conclusion: LongText
    actions: list[MeetingActionIn] = Field(default_factory=list, max_length=20)


class MatterMinuted(Conclusion):
    meeting_item_id: UUID


class MatterRaised(Conclusion):
    """Raised in the meeting itself."""

    title: Text
    project_id: UUID | None = None


class MinutesIn(In):
    attendance: list[Attendee] = Field(min_length=1, max_length=200)
    summary: LongText | None = None
    matters: list[MatterMinuted] = Field(default_factory=list, max_length=200)
    raised: list[MatterRaised] = Field(default_factory=list, max_length=50, description="会上临时提出的事项")


class MeetingActionResult(In):
    result: LongText
    done_on: Day | None = Field(None, description="哪一天完成的；不填即今天")


class AttendeeOut(Out):
    unit_code: str
    unit_name: str
    person_code: str | None
    person_name: str | None
    present: bool


class MeetingOut(Out):
    id: UUID
    division_code: str
    project_id: UUID | None
    held_on: Day
    kind: MeetingKind
    state: MeetingState
    chair_code: str
    chair_name: str
    place: str | None
    summary: str | None
    recorded_by: str | None
    recorded_at: Moment | None
    version: int
    created_by: str
    created_at: Moment
    updated_at: Moment


class MeetingPage(Page):
    items: list[MeetingOut]


class MeetingItemOut(Out):
    id: UUID
    position: int
    source: AgendaSource
    ref: str
    title: str
    project_id: UUID | None
    unit_code: str | None
    since: Day | None
    outcome: MatterOutcome | None = Field(description="未议及的为空")
    conclusion: str | None
    solved_on: Day | None


class MeetingActionOut(Out):
    id: UUID
    division_code: str
    project_id: UUID | None
    meeting_id: UUID
    meeting_item_id: UUID
    title: str
    unit_code: str
    unit_name: str
    person_code: str | None
    person_name: str | None
    due_on: Day
    state: ActionState
    days_late: int | None
    done_on: Day | None
    result: str | None
    version: int
    created_by: str
    created_at: Moment
    updated_at: Moment


class MeetingActionPage(Page):
    items: list[MeetingActionOut]


class MeetingFull(MeetingOut):
    attendance: list[AttendeeOut]
    items: list[MeetingItemOut]
    actions: list[MeetingActionOut]


class MeetingStatistics(Out):
    """Counts over `from` … `to`, both included. A matter is counted once, in the period it was first discussed; one
    carried over as an action is not raised again; it is solved when its last discussion settled it or its last action
    was done."""

    from_: Day = Field(alias="from")
    to: Day
    scope: list[str] = Field(description="统计覆盖的行政区划前缀")
    meetings: int = Field(description="召开的会议数，含现场调度")
    dispatch_meetings: int
    site_dispatches: int
    matters_raised: int
    matters_solved: int = Field(description="本期解决的事项，不论何时提出")
    solved_rate: Ratio = Field(description="本期提出的事项中到期末已解决的")
    actions_due: int = Field(description="本期到期的任务数")
    done_in_time_rate: Ratio = Field(description="本期到期的任务中按期完成的")
    actions_overdue: int = Field(description="到期末已逾期仍未完成的任务，不论何时布置")


LABELS: dict[type[StrEnum], dict[str, str]] = {
    MeetingKind: {"dispatch": "调度会", "site": "现场调度"},
    MeetingState: {"planned": "待召开", "held": "已召开"},
    AgendaSource: {
        "action": "未完成的会议任务",
        "order": "逾期督办单",
        "milestone": "亮红灯的节点",
        "decision": "待决策事项",
        "contradiction": "新出现的数据矛盾",
        "topic": "单位提交的议题",
        "floor": "会上提出",
    },
    MatterOutcome: {"settled": "当场解决", "assigned": "形成任务", "deferred": "继续研究"},
    TopicState: {"submitted": "已提交", "discussed": "已议"},
    ActionState: {"open": "办理中", "overdue": "已逾期", "done": "已完成"},
}
