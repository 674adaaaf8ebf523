"""群众满意度评价 on the wire (domain.md 1.5): what a petitioner thinks of the office and of the body, apart."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.schemas.base import Day, In, LongText, Moment, NotKeptText, Out, Page


class Rating(StrEnum):
    satisfied = "satisfied"
    basically_satisfied = "basically_satisfied"
    dissatisfied = "dissatisfied"


class RatingChannel(StrEnum):
    """By the petitioner with the query code, or told to the office when it called back."""

    citizen = "citizen"
    call_back = "call_back"


class RatingExclusion(StrEnum):
    """Why a petition is not rated at all."""

    accusation = "accusation"
    legal_route = "legal_route"
    litigation = "litigation"
    repeat = "repeat"
    merged = "merged"


class RatingState(StrEnum):
    excluded = "excluded"
    not_replied = "not_replied"
    open = "open"
    rated = "rated"
    overdue = "overdue"


LABELS: dict[type[StrEnum], dict[str, str]] = {
    Rating: {"satisfied": "满意", "basically_satisfied": "基本满意", "dissatisfied": "不满意"},
    RatingChannel: {"citizen": "信访人评价", "call_back": "回访代录"},
    RatingExclusion: {
        "accusation": "检举控告",
        "legal_route": "通过其他法定途径办理",
        "litigation": "涉法涉诉",
        "repeat": "重复信访",
        "merged": "已并案",
    },
    RatingState: {
        "excluded": "不纳入评价",
        "not_replied": "尚未答复",
        "open": "可评价",
        "rated": "已评价",
        "overdue": "逾期未评价",
    },
}

Remark = Annotated[LongText, StringConstraints(max_length=1000), Field(description="密封保存")]


class RatingIn(In):
    office_rating: Rating = Field(description="对信访部门")
    body_rating: Rating | None = Field(None, description="对承办单位；由信访部门自行答复的不填")
    remark: Remark | None = None


class CallBackRating(RatingIn):
    rated_on: Day | None = Field(None, description="回访日期；不填即今天，不得晚于今天")


class RatingOut(Out):
    id: UUID
    division_code: str
    petition_id: UUID
    petition_code: str
    channel: RatingChannel | None = Field(description="导入的历史评价为空")
    office_rating: Rating | None
    body_rating: Rating | None
    rated_body_code: str | None
    rated_body_name: str | None
    rated_on: Day
    window_starts_on: Day | None = Field(description="导入的历史评价为空")
    window_ends_on: Day | None
    remark: NotKeptText = Field(description="只对信访部门和纪检监察显示")
    version: int
    created_at: Moment


class RatingPage(Page):
    items: list[RatingOut]


class RatingStandingOut(Out):
    """Whether a petition can be rated, until when, and how it was."""

    petition_id: UUID
    state: RatingState
    exclusion: RatingExclusion | None
    window_starts_on: Day | None = Field(description="答复之日，送达后为送达之日")
    window_ends_on: Day | None = Field(description="最后一日；起算日次日为第一日")
    rating: RatingOut | None
