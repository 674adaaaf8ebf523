"""The problem list 问题清单: what holds a project up, whose it is, until when, and who allowed acting on it."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictInt

from shared.schemas.base import Day, In, LongText, Moment, Out, Page, Text
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.projects.facts import ProblemType
from shared.schemas.projects.problem_details import DETAIL_LABELS, ProblemDetail


class ProblemCause(StrEnum):
    objective = "objective"
    subjective = "subjective"
    legacy = "legacy"


class ProblemScope(StrEnum):
    """`individual` 个性: authorised or on file before action; `common` 共性: decided by the leading group."""

    individual = "individual"
    common = "common"


class ProblemState(StrEnum):
    reported = "reported"
    authorised = "authorised"
    working = "working"
    solved = "solved"


class ProblemLevel(StrEnum):
    """Who answers for it by now; in rising order."""

    unit = "unit"
    office = "office"
    leading_group = "leading_group"


class AuthorisationForm(StrEnum):
    authorisation = "authorisation"
    filing = "filing"


CoUnits = Annotated[list[UnitCode], Field(max_length=20, description="协办单位")]
OutsideParties = Annotated[list[Text], Field(max_length=20, description="县外的相关方，例如外地法院、总部银行")]


class ProblemStepIn(In):
    title: Text
    unit_code: UnitCode | None = Field(None, description="谁来做；不填即责任单位")
    due_on: Day


class ProblemCreate(In):
    title: Text
    description: LongText | None = None
    detail: ProblemDetail
    cause: ProblemCause
    scope: ProblemScope
    unit_code: UnitCode | None = Field(None, description="责任单位；没有单位认领的直接由办公室负责")
    co_unit_codes: CoUnits = Field(default_factory=list)
    outside_parties: OutsideParties = Field(default_factory=list)
    found_on: Day | None = Field(None, description="哪一天发现的；不填即今天")
    due_on: Day = Field(description="解决期限")
    steps: list[ProblemStepIn] = Field(default_factory=list, max_length=50)


class ProblemPatch(In):
    """Merge patch: what is absent stays, null empties; lists and `detail` are replaced whole."""

    title: Text = Field("", validate_default=False)
    description: LongText | None = None
    detail: ProblemDetail = Field(None, validate_default=False)  # type: ignore[assignment]  # absent is not null
    cause: ProblemCause = Field(ProblemCause.objective, validate_default=False)
    scope: ProblemScope = Field(ProblemScope.individual, validate_default=False)
    unit_code: UnitCode | None = None
    co_unit_codes: CoUnits = Field(default_factory=list)
    outside_parties: OutsideParties = Field(default_factory=list)
    due_on: Day = Field(None, validate_default=False)  # type: ignore[assignment]  # absent is not null


class ProblemAuthorisation(In):
    form: AuthorisationForm
    document: Text = Field(description="授权或备案文书的编号", examples=["问题楼盘办〔2026〕12号"])
    note: LongText | None = None


class ProblemStart(In):
    note: LongText | None = None


class ProblemSolution(In):
    result: LongText
    solved_on: Day | None = Field(None, description="哪一天解决的；不填即今天")


class ProblemReopening(In):
    reason: LongText
    due_on: Day


class ProblemStepResult(In):
    result: LongText
    done_on: Day | None = Field(None, description="哪一天完成的；不填即今天")


class ProblemParty(Out):
    """A unit by its code, with its name as it was."""

    code: str
    name: str


class ProjectProblemOut(Out):
    id: UUID
    division_code: str
    project_id: UUID
    title: str
    description: str | None
    type: ProblemType
    detail: ProblemDetail
    cause: ProblemCause
    scope: ProblemScope
    state: ProblemState
    level: ProblemLevel
    unit_code: str | None = Field(description="责任单位")
    unit_name: str | None = Field(description="当时的单位名称")
    co_units: list[ProblemParty]
    outside_parties: list[str]
    found_on: Day
    due_on: Day
    days_late: int | None = Field(description="逾期天数；未逾期或已解决为空")
    decision_id: UUID | None = Field(description="提交了领导小组的哪一项决策")
    authorised_form: AuthorisationForm | None
    authorised_document: str | None
    authorised_by: str | None
    authorised_at: Moment | None
    started_at: Moment | None
    solved_on: Day | None
    result: str | None
    reopened: Annotated[StrictInt, Field(description="重新打开的次数")]
    version: int
    created_by: str
    created_at: Moment
    updated_at: Moment


class ProblemStepOut(Out):
    id: UUID
    division_code: str
    project_id: UUID
    problem_id: UUID
    title: str
    unit_code: str | None
    unit_name: str | None
    due_on: Day
    done_on: Day | None
    result: str | None
    version: int
    created_by: str
    created_at: Moment
    updated_at: Moment


class ProblemEventOut(Out):
    """One turn of a problem: what happened, who did it, where it then stood."""

    action: str
    state: ProblemState
    level: ProblemLevel
    due_on: Day
    note: str | None
    document: str | None
    created_by: str
    created_at: Moment


class ProjectProblemFull(ProjectProblemOut):
    steps: list[ProblemStepOut]
    history: list[ProblemEventOut] = Field(description="按发生先后")


class ProjectProblemPage(Page):
    items: list[ProjectProblemOut]


LABELS: dict[type[StrEnum], dict[str, str]] = {
    ProblemCause: {"objective": "客观", "subjective": "主观", "legacy": "历史遗留"},
    ProblemScope: {"individual": "个性", "common": "共性"},
    ProblemState: {"reported": "已上报", "authorised": "已授权或备案", "working": "正在解决", "solved": "已解决"},
    ProblemLevel: {"unit": "责任单位", "office": "领导小组办公室", "leading_group": "领导小组"},
    AuthorisationForm: {"authorisation": "办公室授权", "filing": "备案"},
    **DETAIL_LABELS,
}
