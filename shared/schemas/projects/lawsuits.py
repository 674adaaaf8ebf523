"""诉讼 and 府院联动 on the wire: the case register, and matters put to the government–court meeting."""

import datetime as dt
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Day, Fen, Flag, In, LongText, Moment, Out, Page, Text
from shared.schemas.gateway.identity import UnitCode


class LawsuitStage(StrEnum):
    filed = "filed"
    first_instance = "first_instance"
    second_instance = "second_instance"
    retrial = "retrial"
    enforcement = "enforcement"
    closed = "closed"


class LawsuitSide(StrEnum):
    """What the developer is in the case."""

    plaintiff = "plaintiff"
    defendant = "defendant"
    third_party = "third_party"


LABELS: dict[type[StrEnum], dict[str, str]] = {
    LawsuitStage: {
        "filed": "立案",
        "first_instance": "一审",
        "second_instance": "二审",
        "retrial": "再审",
        "enforcement": "执行",
        "closed": "结案",
    },
    LawsuitSide: {"plaintiff": "原告", "defendant": "被告", "third_party": "第三人"},
}

Cause = Annotated[Text, Field(description="案由", examples=["商品房预售合同纠纷"])]
CaseNumber = Annotated[Text, Field(description="案号", examples=["（2026）京0101民初1234号"])]


class LawsuitRecord(In):
    court: Text
    cause: Cause
    case_number: CaseNumber | None = None
    amount_fen: Fen | None = Field(None, description="标的额，单位：分；未知为空")
    developer_side: LawsuitSide | None = Field(None, description="开发企业的诉讼地位")
    stage: LawsuitStage = LawsuitStage.filed
    filed_on: Day = Field(description="立案日期")
    closed_on: Day | None = Field(None, description="结案日期；阶段为结案时必填")
    supervised: Flag = Field(False, description="重点督办")
    outcome: LongText | None = Field(None, description="裁判或执行结果")


class LawsuitPatch(In):
    """Merge patch: what is absent stays, null empties."""

    court: Text = Field("", validate_default=False)
    cause: Cause = Field("", validate_default=False)
    case_number: CaseNumber | None = None
    amount_fen: Fen | None = None
    developer_side: LawsuitSide | None = None
    stage: LawsuitStage = LawsuitStage.filed
    filed_on: Day = Field(default_factory=lambda: dt.date.max, validate_default=False)
    closed_on: Day | None = None
    supervised: Flag = False
    outcome: LongText | None = None


class LawsuitOut(Out):
    id: UUID
    project_id: UUID
    court: str
    cause: str
    case_number: str | None
    amount_fen: int | None
    developer_side: LawsuitSide | None
    stage: LawsuitStage
    filed_on: Day
    closed_on: Day | None
    days: int = Field(description="立案至今的天数；已结案的至结案之日")
    supervised: Flag
    outcome: str | None
    version: int
    created_at: Moment
    updated_at: Moment


class LawsuitPage(Page):
    items: list[LawsuitOut]


class LiaisonMatterRaise(In):
    """A matter the courts cannot settle alone: planning, settlement funds, taxes, seizures."""

    matter: Text = Field(examples=["查封土地解封以办理规划调整"])
    question: LongText
    court_unit: UnitCode = Field(description="所提交的法院，通讯录中的单位编码")
    raised_on: Day
    lawsuit_id: UUID | None = Field(None, description="涉及本项目的某一诉讼")


class LiaisonAnswer(In):
    answer: LongText
    answered_on: Day
    document_number: Text | None = Field(None, description="会议纪要或复函文号")


class LiaisonMatterOut(Out):
    id: UUID
    project_id: UUID
    matter: str
    question: str
    court_unit_code: str
    court_unit_name: str
    lawsuit_id: UUID | None
    raised_on: Day
    answer: str | None
    answered_on: Day | None
    document_number: str | None
    days: int = Field(description="提交至今未答复的天数；已答复的至答复之日")
    version: int
    created_at: Moment


class LiaisonMatterPage(Page):
    items: list[LiaisonMatterOut]
