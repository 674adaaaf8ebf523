"""Decisions of the leading group 领导小组: a question with options, votes, an outcome, tasks."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.schemas.base import Day, DivisionCode, In, LongText, Moment, Out, Page, Text
from shared.schemas.gateway.directory import PersonCode
from shared.schemas.gateway.identity import UnitCode


class DecisionState(StrEnum):
    open = "open"
    decided = "decided"
    withdrawn = "withdrawn"


class VoteChoice(StrEnum):
    abstain = "abstain"
    against = "against"
    in_favour = "for"  # a word of Python's own


OptionKey = Annotated[str, StringConstraints(pattern=r"^[A-J]$"), Field(description="方案编号", examples=["A"])]


class OptionIn(In):
    title: Text
    consequence: LongText | None = Field(None, description="利弊与后果")


class AffectedProject(In):
    project_id: UUID
    milestone_ids: list[UUID] = Field(default_factory=list, max_length=50, description="在决策作出之前被它卡住的节点")


class DecisionCreate(In):
    """Options are lettered A, B, C … in the order given."""

    division_code: DivisionCode
    title: Text
    question: LongText = Field(description="需要领导小组决定什么")
    legal_basis: LongText = Field(description="法律、政策依据")
    options: list[OptionIn] = Field(min_length=1, max_length=10)
    projects: list[AffectedProject] = Field(
        default_factory=list, max_length=50, description="涉及的项目；所列问题的项目自动列入"
    )
    problem_ids: list[UUID] = Field(default_factory=list, max_length=50, description="由它解决的共性问题")


class VoteFor(In):
    choice: Literal[VoteChoice.in_favour]
    person_code: PersonCode
    option: OptionKey


class VoteAgainst(In):
    choice: Literal[VoteChoice.against]
    person_code: PersonCode
    option: OptionKey
    dissent: LongText = Field(description="不同意见，须如实记录")


class Abstention(In):
    choice: Literal[VoteChoice.abstain]
    person_code: PersonCode
    dissent: LongText | None = None


VoteIn = Annotated[VoteFor | VoteAgainst | Abstention, Field(discriminator="choice")]


class DecisionTaskIn(In):
    title: Text
    unit_code: UnitCode
    due_on: Day


class DecisionOutcome(In):
    option: OptionKey
    document: Text = Field(description="会议纪要或文件编号", examples=["县委专题会议纪要〔2026〕3号"])
    note: LongText | None = None
    decided_on: Day | None = Field(None, description="哪一天决定的；不填即今天")
    tasks: list[DecisionTaskIn] = Field(default_factory=list, max_length=50)


class DecisionWithdrawal(In):
    reason: LongText


class DecisionTaskResult(In):
    result: LongText
    done_on: Day | None = Field(None, description="哪一天完成的；不填即今天")


class OptionOut(Out):
    key: str
    title: str
    consequence: str | None


class OptionTally(OptionOut):
    votes_for: int
    votes_against: int


class DecisionOut(Out):
    id: UUID
    division_code: str
    title: str
    question: str
    legal_basis: str
    options: list[OptionOut]
    state: DecisionState
    submitted_unit: str | None = Field(description="提出单位的编码；办公室提出的可为空")
    submitted_on: Day
    outcome: str | None = Field(description="所选方案的编号")
    document: str | None
    note: str | None = Field(description="决定的说明，或撤回的理由")
    decided_on: Day | None
    version: int
    created_by: str
    created_at: Moment
    updated_at: Moment


class DecisionPage(Page):
    items: list[DecisionOut]


class AffectedProjectOut(Out):
    project_id: UUID
    milestone_ids: list[UUID]


class VoteOut(Out):
    id: UUID
    decision_id: UUID
    person_code: str
    person_name: str
    choice: VoteChoice
    option: str | None
    dissent: str | None
    version: int
    created_by: str
    created_at: Moment
    updated_at: Moment


class DecisionTaskOut(Out):
    id: UUID
    division_code: str
    decision_id: UUID
    title: str
    unit_code: str
    unit_name: str
    due_on: Day
    done_on: Day | None
    result: str | None
    version: int
    created_by: str
    created_at: Moment
    updated_at: Moment


class DecisionFull(DecisionOut):
    options: list[OptionTally]  # type: ignore[assignment]  # the same options, counted
    abstentions: int
    projects: list[AffectedProjectOut]
    problem_ids: list[UUID]
    votes: list[VoteOut]
    tasks: list[DecisionTaskOut]


LABELS: dict[type[StrEnum], dict[str, str]] = {
    DecisionState: {"open": "待决策", "decided": "已决策", "withdrawn": "已撤回"},
    VoteChoice: {"for": "同意", "against": "反对", "abstain": "弃权"},
}
