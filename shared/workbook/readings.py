"""What reading a cell can come to: a value, an explicit unknown, nothing said, several facts, or an error to fix."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any, Final, Literal

from shared.workbook.wording import plain

Raw = str | float | int | bool | dt.date | dt.datetime | dt.time | dt.timedelta
"""A cell as the spreadsheet library gives it; a blank cell is the empty string."""


@dataclass(frozen=True, slots=True)
class Value:
    """What the cell states; `mark` keeps how surely (`约`, `以上`) or how finely (`月`, `年`) it was said."""

    value: Any
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Several:
    """One cell that states several facts: `存在的主要问题` gives problem types and a note."""

    facts: Mapping[str, Any]
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CellError:
    """Not understood; `message` says in Chinese what would be accepted and never repeats the cell."""

    code: str
    message: str


class Said(Enum):
    unknown = "unknown"
    nothing = "nothing"


UNKNOWN: Final = Said.unknown
"""The clerk says nobody knows (`不详`, `—`, `**`): not zero, and not a blank cell."""
BLANK: Final = Said.nothing
"""The cell says nothing and changes nothing."""

Reading = Value | Several | CellError | Literal[Said.unknown, Said.nothing]
CellParser = Callable[[Raw], Reading]

_UNKNOWN_SIGNS = frozenset("-—–－─━_/\\*×x?？.…~～·、。")
_UNKNOWN_WORDS = frozenset(
    [
        *(
            "不详",
            "不清",
            "不清楚",
            "不明",
            "未知",
            "待核",
            "待核实",
            "待查",
            "待定",
            "待确认",
            "待统计",
            "无法核实",
            "暂缺",
        ),
        *(
            "无法确认",
            "未掌握",
            "未统计",
            "未提供",
            "未核实",
            "暂无",
            "暂无数据",
            "暂不清楚",
            "无数据",
            "未报",
            "n/a",
            "#n/a",
            "na",
        ),
        *(
            "null",
            "none",
            "某",
            "待补充",
            "待完善",
            "核实中",
            "正在核实",
            "暂未掌握",
            "暂未统计",
            "无法统计",
            "情况不明",
            "缺失",
        ),
    ]
)
NOTHING_WORDS = frozenset(["无", "没有", "(无)", "不涉及", "无此项", "未发生", "零", "均无"])
"""`无` says there is none. In a number it is 0, in a list the empty list; a date or a text that does not exist is
unknown, so it replaces nothing unless the import was asked to."""


def says_unknown(text: str) -> bool:
    """Whether the whole cell is a word or a sign for "nobody knows"."""
    word = plain(text).strip("()")
    return word in _UNKNOWN_WORDS or all(sign in _UNKNOWN_SIGNS for sign in word)


def canonical(value: Any) -> Any:
    """The value as JSON keeps it: Decimal → shortest plain string (`1234.5`), date → ISO, list → list of the same."""
    if isinstance(value, Decimal):
        text = format(value, "f")
        return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list | tuple):
        return [canonical(item) for item in value]
    return value
