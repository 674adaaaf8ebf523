"""线索移交 on the wire: a sealed register. Who transfers is told a receipt number and nothing more, ever."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Day, In, LongText, Moment, Out, Page, Text


class ClueRecipient(StrEnum):
    discipline = "discipline"
    political_legal = "political_legal"
    judicial = "judicial"


class ClueState(StrEnum):
    transferred = "transferred"
    received = "received"
    answered = "answered"


class ClueOutcome(StrEnum):
    case_filed = "case_filed"
    not_filed = "not_filed"
    passed_on = "passed_on"
    unfounded = "unfounded"
    sanctioned = "sanctioned"
    concluded = "concluded"


LABELS: dict[type[StrEnum], dict[str, str]] = {
    ClueRecipient: {"discipline": "纪检监察机关", "political_legal": "政法委", "judicial": "司法机关"},
    ClueState: {"transferred": "已移交", "received": "已签收", "answered": "已反馈结果"},
    ClueOutcome: {
        "case_filed": "立案",
        "not_filed": "不予立案",
        "passed_on": "转其他机关",
        "unfounded": "查无实据",
        "sanctioned": "已处理处分",
        "concluded": "办结",
    },
}


class ClueTransfer(In):
    recipient: ClueRecipient
    subject: Text = Field(description="线索名称")
    matter: LongText = Field(description="线索内容；加密保存")
    project_id: UUID | None = Field(None, description="涉及的项目；同样加密保存")
    document_number: Text | None = None
    transferred_on: Day


class ClueReceipt(Out):
    """All that the transferring side is told."""

    receipt_number: str = Field(examples=["XS-20261123-7KQ2MZ4A"])


class ClueReceive(In):
    document_number: Text = Field(description="签收文号")
    received_on: Day


class ClueResultRecord(In):
    outcome: ClueOutcome
    result_on: Day
    document_number: Text
    note: LongText | None = Field(None, description="加密保存")


class ClueSummary(Out):
    id: UUID
    division_code: str
    receipt_number: str
    recipient: ClueRecipient
    state: ClueState
    transferred_on: Day
    received_on: Day | None
    version: int
    created_at: Moment


class CluePage(Page):
    items: list[ClueSummary]


class ClueResultOut(Out):
    id: UUID
    outcome: ClueOutcome
    result_on: Day
    document_number: str
    note: str | None
    created_at: Moment


class ClueOut(ClueSummary):
    subject: str
    matter: str
    project_id: UUID | None
    document_number: str | None
    received_document: str | None
    results: list[ClueResultOut] = Field(description="至多 200 条，先后为序")
