"""What is noted of each way a petition comes in (信访工作条例 art. 17): one shape per channel, told by `channel`.

None of it names a person: it stands in the clear.
"""

from typing import Annotated, Literal

from pydantic import Field

from shared.schemas.base import Day, In, Text
from shared.schemas.masking import Impersonal
from shared.schemas.petitions.acts import DocumentNumber
from shared.schemas.petitions.intake import Channel, VisitLevel

ClearText = Annotated[Text, Impersonal]
"""One line without personal data."""


class LetterDetail(In):
    channel: Literal[Channel.letter]
    postmark_on: Day | None = Field(None, description="邮戳日期")
    received_on: Day = Field(description="收到日期")


class VisitDetail(In):
    channel: Literal[Channel.visit]
    place: ClearText = Field(description="来访地点", examples=["县人民来访接待中心"])
    window: ClearText | None = Field(None, description="接待窗口", examples=["3号窗口"])
    level: VisitLevel = VisitLevel.county


class OnlineDetail(In):
    channel: Literal[Channel.online]
    platform: ClearText = Field(examples=["国家信访信息系统"])


class PhoneDetail(In):
    channel: Literal[Channel.phone]
    line: ClearText | None = Field(None, description="接听线路，不是来电号码", examples=["县长热线"])


class HotlineDetail(In):
    """A ticket of 12345; `due_on` is the city's own deadline and moves no clock of the law."""

    channel: Literal[Channel.hotline]
    ticket_no: DocumentNumber = Field(description="工单编号", examples=["GD20261123000017"])
    due_on: Day | None = Field(None, description="市级要求的反馈日期")


class DedicatedLineDetail(In):
    channel: Literal[Channel.dedicated_line]
    line: ClearText = Field(description="专线名称", examples=["保交房专线"])


class OneStopDetail(In):
    """The desk hands to several departments at once: `handed_to` of the petition."""

    channel: Literal[Channel.one_stop_desk]
    window: ClearText | None = Field(None, examples=["住建综合窗口"])


class ForwardedDetail(In):
    channel: Literal[Channel.forwarded]
    from_unit: ClearText = Field(description="转送交办机关", examples=["市信访局"])
    document_number: DocumentNumber | None = Field(None, description="转送交办文号")
    received_on: Day = Field(description="收到日期")


ChannelDetail = Annotated[
    LetterDetail
    | VisitDetail
    | OnlineDetail
    | PhoneDetail
    | HotlineDetail
    | DedicatedLineDetail
    | OneStopDetail
    | ForwardedDetail,
    Field(discriminator="channel"),
]
