"""舆情 on the wire: what is said in public about projects, who answers it by when, and how it was answered."""

import datetime as dt
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.schemas.base import Count, Day, In, LongText, Moment, Out, Page, Text
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.masking import Impersonal


class OpinionSource(StrEnum):
    government_platform = "government_platform"
    news = "news"
    microblog = "microblog"
    short_video = "short_video"
    chat_group = "chat_group"
    forum = "forum"
    other = "other"


class OpinionHeat(StrEnum):
    low = "low"
    medium = "medium"
    high = "high"
    explosive = "explosive"


class OpinionAnswerKind(StrEnum):
    """What the answer came to."""

    resolved = "resolved"
    explained = "explained"
    refuted = "refuted"
    pending = "pending"


class OpinionState(StrEnum):
    """`overdue` is open past its day."""

    open = "open"
    overdue = "overdue"
    answered = "answered"


LABELS: dict[type[StrEnum], dict[str, str]] = {
    OpinionSource: {
        "government_platform": "政府留言平台",
        "news": "新闻媒体",
        "microblog": "微博",
        "short_video": "短视频",
        "chat_group": "微信群、业主群",
        "forum": "论坛贴吧",
        "other": "其他",
    },
    OpinionHeat: {"low": "低", "medium": "中", "high": "高", "explosive": "爆"},
    OpinionAnswerKind: {
        "resolved": "问题已解决",
        "explained": "已解释说明",
        "refuted": "不实信息，已澄清",
        "pending": "已回应，问题仍在办理",
    },
    OpinionState: {"open": "待回应", "overdue": "逾期未回应", "answered": "已回应"},
}

Url = Annotated[
    str,
    StringConstraints(pattern=r"^https?://[!-~]{1,480}$"),
    Impersonal,
    Field(examples=["https://example.cn/t/1"]),
]
Brief = Annotated[LongText, Impersonal, Field(description="由工作人员撰写，不得包含个人信息")]
Outlet = Annotated[Text, Impersonal, Field(description="账号、栏目等名称", examples=["县融媒体中心"])]
ProjectIds = Annotated[list[UUID], Field(max_length=10)]


class OpinionItemIn(In):
    source: OpinionSource
    outlet: Outlet | None = None
    url: Url | None = None
    heat: OpinionHeat
    views: Count | None = Field(None, description="阅读（播放）量")
    seen_on: Day | None = Field(None, description="发现日期；不填即今天")
    summary: Brief
    project_ids: ProjectIds = Field(default_factory=list)
    owner_unit_code: UnitCode = Field(description="回应责任单位")
    due_on: Day = Field(description="回应期限")


class OpinionItemPatch(In):
    """Merge patch: what is absent stays; `project_ids` is replaced whole."""

    heat: OpinionHeat = Field(OpinionHeat.low, validate_default=False)
    views: Count | None = None
    summary: Brief = Field("", validate_default=False)
    project_ids: ProjectIds = Field(default_factory=list)
    owner_unit_code: UnitCode = Field("", validate_default=False)
    due_on: Day = Field(dt.date(2100, 12, 31), validate_default=False)


class OpinionAnswerIn(In):
    outcome: OpinionAnswerKind
    response: Brief = Field(description="对外发布的回应")
    published_on: Day | None = Field(None, description="不填即今天，不得晚于今天")


class OpinionProjectOut(Out):
    project_id: UUID
    project_code: str
    name: str = Field(description="关联时的名称")


class OpinionItemOut(Out):
    id: UUID
    division_code: str
    source: OpinionSource
    outlet: str | None
    url: str | None
    heat: OpinionHeat
    views: int | None
    seen_on: Day
    summary: str
    projects: list[OpinionProjectOut]
    owner_unit_code: str
    owner_unit_name: str
    due_on: Day
    state: OpinionState
    days_late: int = Field(description="逾期或迟回应的天数；未迟为 0")
    reminded_on: Day | None = Field(description="因逾期未回应催办责任单位的日期；期限改变后重新计")
    outcome: OpinionAnswerKind | None
    response: str | None
    published_on: Day | None
    version: int
    created_at: Moment
    updated_at: Moment


class OpinionItemPage(Page):
    items: list[OpinionItemOut]
