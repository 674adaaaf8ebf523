"""The words every contract is made of: strict scalars, `In`/`Out` bases, pages, problems.

Values on the wire: money `*_fen` integer, areas and rates as decimal strings, counts integer, times RFC 3339 with
offset, dates ISO, unknown is null. Input is strict: an unknown field, a coerced type, NUL or NaN is an error.
"""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictBool,
    StrictInt,
    StringConstraints,
    WithJsonSchema,
)

SHANGHAI = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
"""+08:00 without summer time since 1991, so no zone files are needed on the machine."""
MAX_FEN = 10**15  # ten trillion yuan: more than any county will see, far inside bigint and exact in JavaScript
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DECIMAL = re.compile(r"-?\d{1,12}(\.\d{1,6})?")


def _no_control(value: str) -> str:
    if any(ord(ch) < 32 and ch not in "\n\t" for ch in value) or any(0xD800 <= ord(ch) <= 0xDFFF for ch in value):
        raise ValueError("不能包含控制字符")
    return value


def _iso_date(value: Any) -> Any:
    if isinstance(value, dt.datetime) or not isinstance(value, str | dt.date):
        raise ValueError("日期请写成 2024-11-30 的形式")
    if isinstance(value, str) and not _DATE.fullmatch(value):
        raise ValueError("日期请写成 2024-11-30 的形式")
    return value


def _sane(value: dt.date) -> dt.date:
    if not 1949 <= value.year <= 2100:
        raise ValueError("日期须在 1949 年至 2100 年之间")
    return value


def _decimal_string(value: Any) -> Any:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise ValueError('小数请写成字符串，例如 "1234.56"，整数部分至多 12 位，小数至多 6 位')
    try:
        return Decimal(value)
    except InvalidOperation:  # unreachable after the pattern, kept so that a wider pattern fails as a 422
        raise ValueError("不是合法的小数") from None


def plain(value: Decimal) -> str:
    """`1234.500000` as people and JSON write it: `1234.5`."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _aware_string(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value
    if not isinstance(value, str) or "T" not in value:
        raise ValueError("时间请写成带时区的 RFC 3339 形式，例如 2024-11-30T09:00:00+08:00")
    return value


NoControl = AfterValidator(_no_control)
Text = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True), NoControl]
LongText = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True), NoControl]
Count = Annotated[StrictInt, Field(ge=0, le=10_000_000)]
Fen = Annotated[StrictInt, Field(ge=0, le=MAX_FEN, description="金额，单位：分")]
Flag = StrictBool
Day = Annotated[dt.date, BeforeValidator(_iso_date), AfterValidator(_sane)]
Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_aware_string),
    AfterValidator(_sane),
    PlainSerializer(lambda t: t.astimezone(SHANGHAI).isoformat(), return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2024-11-30T09:00:00+08:00"]}),
]
"""Taken with any offset, given with China's."""

_DECIMAL_WIRE = (
    BeforeValidator(_decimal_string),
    PlainSerializer(plain, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,12}(\.\d{1,6})?$", "examples": ["1234.56"]}),
)
AreaM2 = Annotated[Decimal, *_DECIMAL_WIRE, Field(ge=0)]
Percent = Annotated[Decimal, *_DECIMAL_WIRE, Field(ge=0, le=100)]
Degrees = Annotated[Decimal, *_DECIMAL_WIRE]
"""Of latitude or longitude, 6 decimals: a tenth of a metre."""
Rate = Annotated[
    Decimal,
    *_DECIMAL_WIRE[:1],
    PlainSerializer(lambda d: format(d, "f"), return_type=str, when_used="json"),
    _DECIMAL_WIRE[2],
]
"""A ratio of exactly 4 decimals, zeros kept."""
DivisionCode = Annotated[
    str,
    StringConstraints(pattern=r"^[1-9]\d{5}$"),
    Field(description="GB/T 2260 行政区划代码，6 位：县 130101，市 130100，省 130000", examples=["999902"]),
]


class In(BaseModel):
    """What a caller sends: nothing unknown, nothing coerced."""

    model_config = ConfigDict(extra="forbid", validate_default=False, hide_input_in_errors=True)


class Out(BaseModel):
    """What we answer. Fields are added, never changed."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class NotKept:
    """Marks a field of an answer that is shown once: it is not stored with the answer, and a retry is told null."""


NotKeptText = Annotated[str | None, NotKept()]
"""Text that is sealed, or secret: null for whoever may not read it, and in what an Idempotency-Key keeps."""


class Page(Out):
    """One page of a list; `next_cursor` is null on the last one."""

    next_cursor: str | None = None
    total: int | None = Field(default=None, description="仅在 count=true 时给出")


class FieldErrorOut(Out):
    pointer: str
    code: str
    message: str


class ProblemOut(Out):
    """RFC 9457 problem+json; never repeats what was sent."""

    model_config = ConfigDict(extra="allow", title="Problem")

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldErrorOut]
    trace_id: str
