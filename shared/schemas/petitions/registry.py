"""The register of petitions on the wire (信访工作条例 2022, arts. 17–22): taken in, shown masked, listed, changed.

Two texts: `summary` is written by staff, holds no personal data and can be searched; `statement` is what was received
and is sealed. Every answer shows persons masked; whole only `reveal_petitioner`.
"""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StrictInt, StringConstraints, model_validator

from shared.schemas.base import Day, DivisionCode, Flag, In, LongText, Moment, NoControl, NotKeptText, Out, Page
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.masking import Impersonal
from shared.schemas.petitions.building import Building
from shared.schemas.petitions.channels import ChannelDetail, ClearText
from shared.schemas.petitions.intake import Channel, Demand, Purpose, VisitLevel
from shared.schemas.petitions.people import PetitionerIn, PetitionerOut, PetitionerPatch
from shared.schemas.petitions.states import LegalRoute, PetitionClass, PetitionState
from shared.schemas.projects.facts import ProblemType

PeopleCount = Annotated[StrictInt, Field(ge=1, le=100_000, description="人次")]
InvolvedCount = Annotated[StrictInt, Field(ge=1, le=10_000_000, description="涉及人数")]
Summary = Annotated[
    LongText,
    StringConstraints(max_length=1000),
    Impersonal,
    Field(
        description="摘要，由工作人员撰写，不得包含个人信息；可检索", examples=["反映楼盘逾期交房，要求明确交房时间"]
    ),
]
Statement = Annotated[
    str,
    StringConstraints(min_length=1, max_length=20_000, strip_whitespace=True),
    NoControl,
    Field(description="来信来访原文，密封保存，不供检索"),
]
ContentClassCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}([0-9]{2}){0,2}$"), Field(examples=["010101"])]


class HandedTo(In):
    unit_code: UnitCode
    is_lead: Flag = False
    due_on: Day | None = Field(None, description="窗口要求的办理日期，法定期限之外")


class PetitionFlags(In):
    is_skip_level: Flag = Field(False, description="越级访")
    is_threat: Flag = Field(False, description="扬言")
    is_backlog: Flag = Field(False, description="积案")
    is_litigation: Flag = Field(False, description="涉法涉诉")
    is_cross_region: Flag = Field(False, description="三跨三离")


class PetitionCreate(PetitionFlags):
    """A petition to register. The day of registration starts the law's clocks (art. 22).

    `to_unit`: the competent body got it from the petitioner itself (art. 23). `handed_to`: the one-stop desk gives it
    to several departments at once, one of which leads.
    """

    division_code: DivisionCode
    channel_detail: ChannelDetail
    persons: list[PetitionerIn] = Field(default=[], max_length=200)
    is_anonymous: Flag = False
    cannot_be_told: Flag = Field(False, description="姓名（名称）、住址不清，无法告知（第二十三条）")
    is_joint: Flag = Field(False, description="联名件；有联名人即是")
    people_count: PeopleCount
    involved_count: InvolvedCount | None = None
    petitioned_on: Day | None = Field(None, description="信访日期；不填即登记日期")
    registered_on: Day | None = Field(None, description="登记日期；不填即今天")
    purpose: Purpose | None = None
    petition_class: PetitionClass | None = None
    legal_route: LegalRoute | None = Field(None, description="第三十一条第（一）至（六）项，只用于申诉求决")
    accused_unit_code: UnitCode | None = Field(None, description="被检举控告的单位；该单位看不到此件")
    content_class: ContentClassCode | None = None
    demand: Demand
    problem_type: ProblemType | None = None
    project_id: UUID | None = None
    building: Building | None = None
    township: ClearText | None = None
    summary: Summary
    statement: Statement | None = None
    to_unit: UnitCode | None = Field(None, description="直接收到此件的有权处理机关、单位")
    handed_to: list[HandedTo] = Field(default=[], max_length=10)


class PetitionPatch(In):
    """Merge patch: what is absent stays, null empties. Class and route change by acts."""

    people_count: PeopleCount = Field(1, validate_default=False)
    involved_count: InvolvedCount | None = None
    purpose: Purpose | None = None
    accused_unit_code: UnitCode | None = None
    content_class: ContentClassCode | None = None
    is_skip_level: Flag = False
    is_threat: Flag = False
    is_backlog: Flag = False
    is_litigation: Flag = False
    is_cross_region: Flag = False
    is_joint: Flag = False
    demand: Demand = Field(Demand.other, validate_default=False)
    problem_type: ProblemType | None = None
    building: Building | None = None
    township: ClearText | None = None
    summary: Summary = Field("", validate_default=False)
    statement: Statement | None = None
    persons: list[PetitionerPatch] = Field(default=[], max_length=200)


class PetitionItem(Out):
    """A petition in a list; `petitioner` is the first person named, masked."""

    id: UUID
    division_code: str
    petition_code: str
    register_code: str | None
    channel: Channel
    purpose: Purpose | None
    petition_class: PetitionClass | None
    legal_route: LegalRoute | None
    is_class_assumed: bool
    is_sealed: bool
    content_class: str | None
    visit_level: VisitLevel | None
    is_skip_level: bool
    is_anonymous: bool
    is_joint: bool
    is_threat: bool
    is_backlog: bool
    is_litigation: bool
    is_cross_region: bool
    petitioned_on: Day
    registered_on: Day
    people_count: int
    involved_count: int | None
    summary: str
    demand: Demand
    problem_type: ProblemType | None
    project_id: UUID | None
    project_code: str | None
    project_name: str | None
    building: str | None
    township: str | None
    state: PetitionState
    state_since: Day
    sender_unit_code: str | None
    sender_unit_name: str | None
    body_unit_code: str | None
    body_unit_name: str | None
    accepted_on: Day | None
    opinion_on: Day | None
    next_due_on: Day | None = Field(description="在办期限中最早的法定到期日")
    next_internal_due_on: Day | None = Field(description="同上，未因节假日顺延")
    repeat_of: UUID | None
    rule_repeat_of: UUID | None
    merged_into: UUID | None
    split_from: UUID | None
    version: int
    created_at: Moment
    updated_at: Moment
    petitioner: str | None


class PetitionPage(Page):
    items: list[PetitionItem]


class PetitionOut(PetitionItem):
    """One petition; `channel_detail` is null where a register it was imported from tells none."""

    channel_detail: ChannelDetail | None
    accused_unit_code: str | None
    project_asked_at: Moment | None = Field(description="何时向项目台账核实")
    has_statement: bool
    persons: list[PetitionerOut]


class PetitionRegistered(PetitionOut):
    """`query_code` is shown this once, and not to a retry; `issue_query_code` makes another."""

    query_code: NotKeptText


class QueryCodeOut(Out):
    petition_code: str
    query_code: NotKeptText = Field(description="只显示这一次")


class ProjectLink(In):
    """Null takes the link away."""

    project_id: UUID | None


class MergeIn(In):
    """`into` is the main case, of the same division and still open."""

    into: UUID
    on: Day | None = None


class SplitIn(In):
    """Persons by their ids go into the new petition too; the matter is its own."""

    person_ids: list[UUID] = Field(default=[], max_length=200)
    people_count: PeopleCount
    demand: Demand
    problem_type: ProblemType | None = None
    content_class: ContentClassCode | None = None
    summary: Summary
    statement: Statement | None = None

    @model_validator(mode="after")
    def each_once(self) -> Self:
        if len(set(self.person_ids)) != len(self.person_ids):
            raise ValueError("同一人只需列出一次")
        return self


class ContentClassOut(Out):
    code: str
    level: int
    parent: str | None
    name: str


class ContentClassList(Out):
    items: list[ContentClassOut]
