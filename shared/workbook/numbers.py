"""Counts, areas, money, days and percents as clerks write them. All arithmetic is exact; a unit in the cell wins."""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from shared.schemas.base import MAX_FEN
from shared.workbook.readings import (
    NOTHING_WORDS,
    UNKNOWN,
    CellError,
    CellParser,
    Raw,
    Reading,
    Value,
    says_unknown,
)
from shared.workbook.units import MULTIPLIERS, UNITS, Dimension, Unit
from shared.workbook.wording import plain

MAX_COUNT = 10_000_000
_MAX_AREA = Decimal(10) ** 12
_MICRO = Decimal("0.000001")
_BEFORE = r"大约|约|将近|接近|近|超过|超|逾|不足|不到|至少|至多"
_AFTER = r"左右|上下|以上|以下|以内|余|多"
_NUMBER = re.compile(
    rf"(?:(?P<before>{_BEFORE})|共计|合计|总计|累计|共|计|完成|已完成)?[¥￥]?(?P<digits>[-+]?\d{{1,18}}(?:\.\d{{0,18}})?)"
    rf"(?P<middle>余|多)?(?P<unit>(?:[^\d.+\-]|(?<=m)2)*?)(?P<after>{_AFTER})?整?"
)
_MASKED = re.compile(r"[\d.]*[*×x_]+[\d.*×x_]*")
_MARK_NAMES = {"大约": "约", "将近": "近", "接近": "近", "超": "超过", "逾": "超过", "不到": "不足", "上下": "左右"}
BASE_UNIT: dict[Dimension, Unit] = {
    Dimension.area: UNITS["m2"],
    Dimension.money: UNITS["元"],
    Dimension.count: UNITS["个"],
    Dimension.days: UNITS["天"],
    Dimension.percent: UNITS["%"],
}
_ACCEPTED = {
    Dimension.count: "请填不小于 0 的整数，例如 120、120套、1,234、约300；不清楚请填“不详”",
    Dimension.days: "请填天数，例如 180、180天、6个月；不清楚请填“不详”",
    Dimension.area: "请填不小于 0 的面积，例如 42190.03、4.2万㎡、63亩；不清楚请填“不详”",
    Dimension.money: "请填不小于 0 的金额，例如 8220.23万元、1.2亿元、82202300元；不清楚请填“不详”",
    Dimension.percent: "请填 0 至 100 的百分数，例如 68%、68、约35%；不清楚请填“不详”",
}
_NO_UNIT = CellError(
    "unit_missing", "金额没有单位：请在列标题写明，例如“资金缺口（万元）”，或在单元格写成 8220.23万元、1.2亿元"
)


def number_parser(dimension: Dimension, unit: Unit | None, *, ratio: bool = False) -> CellParser:
    """A parser for one column.

    `unit` is the head's unit; without one, areas are ㎡, days are days, and money must name its unit in the cell.
    `ratio`: bare numbers in this percent column are shares of one (a cell formatted as percent holds 0.68 for 68%).
    Gives int for counts, days and fen, Decimal for areas (㎡, 6 places) and percents.
    """
    base, rounded = BASE_UNIT[dimension], _ROUNDED[dimension]
    wrong = CellError(f"{dimension.value}_invalid", _ACCEPTED[dimension])
    bare = unit or (None if dimension is Dimension.money else base)
    if ratio:
        bare = Unit("", Dimension.percent, Fraction(100))

    def scaled(amount: Decimal, by: Unit, mark: str | None) -> Reading:
        size = by.size
        value = rounded(amount * size.numerator / size.denominator if size.denominator > 1 else amount * size.numerator)
        if value is None or amount < 0:
            return wrong
        if by.approximate:
            mark = by.label if mark is None else f"{mark}{by.label}"
        return Value(value, mark)

    def parse(raw: Raw) -> Reading:
        if isinstance(raw, float | int):
            exact = Decimal(f"{raw:.15g}") if isinstance(raw, float) else Decimal(raw)
            if not exact.is_finite():
                return wrong
            return scaled(exact, bare, None) if bare else _NO_UNIT if raw else Value(0)
        return from_text(raw) if isinstance(raw, str) else wrong

    def from_text(text: str) -> Reading:
        word = plain(text).replace(",", "").replace("，", "").removeprefix("百分之")
        if word in NOTHING_WORDS:
            return Value(Decimal(0) if dimension in (Dimension.area, Dimension.percent) else 0)
        if says_unknown(text) or _unit_without_number(word):
            return UNKNOWN
        found = _NUMBER.fullmatch(word)
        if found is None:
            return wrong
        by = _cell_unit(found["unit"], bare, base)
        amount = Decimal(found["digits"])
        if by is None:
            return (_NO_UNIT if amount else Value(0)) if not found["unit"] else wrong
        if by.dimension is not dimension:
            return wrong
        said = found["before"] or found["middle"] or found["after"]
        return scaled(amount, by, _MARK_NAMES.get(said, said) if said else None)

    return parse


def _cell_unit(word: str, bare: Unit | None, base: Unit) -> Unit | None:
    """The unit beside the number; a bare `万` or `亿` multiplies the base unit, or the head's 亩 or 公顷."""
    if not word:
        return bare
    if word in MULTIPLIERS:
        of = bare if bare and bare.label in ("亩", "公顷") else base
        return Unit(word + of.label, of.dimension, of.size * MULTIPLIERS[word])
    return UNITS.get(word)


def _unit_without_number(word: str) -> bool:
    """`万元`, `约套`, `**万元`, `1**套`: a form filled in without its number, or with the number masked."""
    stem = re.sub(rf"^(?:{_BEFORE}|共)|(?:{_AFTER})$", "", word)
    masked = _MASKED.match(stem)
    rest = stem[masked.end() :] if masked else stem
    return rest in UNITS or (masked is not None and (not rest or rest in MULTIPLIERS))


def _fen(exact: Decimal) -> int | None:
    fen = int(exact.to_integral_value(ROUND_HALF_UP))
    return fen if 0 <= fen <= MAX_FEN else None


def _count(exact: Decimal) -> int | None:
    whole = int(exact)
    return whole if whole == exact and 0 <= whole <= MAX_COUNT else None


def _days(exact: Decimal) -> int | None:
    return _count(exact.to_integral_value(ROUND_HALF_UP))


def _area(exact: Decimal) -> Decimal | None:
    return exact.quantize(_MICRO, ROUND_HALF_UP).normalize() + 0 if 0 <= exact < _MAX_AREA else None


def _percent(exact: Decimal) -> Decimal | None:
    return exact.quantize(_MICRO, ROUND_HALF_UP).normalize() + 0 if 0 <= exact <= 100 else None


_ROUNDED: dict[Dimension, Callable[[Decimal], int | Decimal | None]] = {
    Dimension.money: _fen,
    Dimension.count: _count,
    Dimension.days: _days,
    Dimension.area: _area,
    Dimension.percent: _percent,
}
"""To a whole fen or day half-up, to six places for ㎡ and percent; None where out of range or a count is not whole."""
