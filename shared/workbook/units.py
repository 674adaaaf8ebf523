"""Units a clerk writes in a head or beside a number, each with its exact size in the unit we keep.

Ours: area ㎡, money fen (1 yuan = 100 fen), count 1, days 1 calendar day, percent 1.
1 亩 = 2000/3 ㎡ (1 hectare = 15 亩). Months and years become 30 and 365 days: the value then carries a mark.
"""

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from shared.workbook.wording import BRACKETS, plain


class Dimension(Enum):
    area = "area"
    money = "money"
    count = "count"
    days = "days"
    percent = "percent"


@dataclass(frozen=True, slots=True)
class Unit:
    label: str
    dimension: Dimension
    size: Fraction
    approximate: bool = False


_MULTIPLIERS = {"": 1, "百": 10**2, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_SQUARE_METRE = ("m2", "m²", "平方米", "平米", "平方", "平")
_COUNTED = (
    *("套", "户", "栋", "幢", "座", "人", "名", "件", "次", "起", "台", "个", "批", "家", "宗", "项", "批次", "人次"),
    *("件次", "件(次)", "例", "处", "度", "千瓦时", "kwh"),
)
_DAYS = {"天": 1, "日": 1, "个工作日": 1, "个月": 30, "月": 30, "年": 365}


def _units() -> dict[str, Unit]:
    units: dict[str, Unit] = {}

    def add(label: str, dimension: Dimension, size: Fraction, approximate: bool = False) -> None:
        units[plain(label)] = Unit(label, dimension, size, approximate)

    for word, times in _MULTIPLIERS.items():
        for metre in _SQUARE_METRE:
            add(word + metre, Dimension.area, Fraction(times))
        add(word + "亩", Dimension.area, Fraction(2000 * times, 3))
        add(word + "公顷", Dimension.area, Fraction(10_000 * times))
        add(word + "元", Dimension.money, Fraction(100 * times))
        add(word + "人民币", Dimension.money, Fraction(100 * times))
        for thing in _COUNTED:
            add(word + thing, Dimension.count, Fraction(times))
    add("平方公里", Dimension.area, Fraction(10**6))
    add("ha", Dimension.area, Fraction(10**4))
    for word, days in _DAYS.items():
        add(word, Dimension.days, Fraction(days), approximate=days > 1)
    for word in ("%", "百分比", "百分之"):
        add(word, Dimension.percent, Fraction(1))
    return units


UNITS: dict[str, Unit] = _units()
MULTIPLIERS: dict[str, int] = {word: times for word, times in _MULTIPLIERS.items() if word}
"""A bare `亿` or `万` after a number: times the base unit of money, or of the head's unit."""


def unit_named(text: str) -> Unit | None:
    """The unit a bracket or a note such as `单位：万元` holds, else None."""
    word = plain(text).translate(BRACKETS).removeprefix("单位").lstrip(":").strip("()")
    return UNITS.get(word)
