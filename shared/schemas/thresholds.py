"""Numbers a county sets for itself in the place of our defaults, each with its bounds and its reason."""

from typing import Annotated

from pydantic import Field, StrictInt

from shared.schemas.base import In, LongText, Moment, Out
from shared.schemas.masking import Impersonal


class ThresholdIn(In):
    value: Annotated[StrictInt, Field(ge=0, le=1_000_000)]
    reason: Annotated[LongText, Impersonal] = Field(description="依据：文号、会议纪要等")


class ThresholdOut(Out):
    name: str
    title: str
    unit: str
    default: int
    minimum: int
    maximum: int
    value: int
    reason: str | None = Field(description="本县为何如此设定；用默认值时为空")
    version: int = Field(description="0 为尚未设定")
    updated_at: Moment | None


class ThresholdList(Out):
    items: list[ThresholdOut]
