"""Dates as clerks write them, exact to the day or marked with how finely they were said."""

import calendar
import datetime as dt
import re

from shared.workbook.readings import (
    NOTHING_WORDS,
    UNKNOWN,
    CellError,
    Raw,
    Reading,
    Value,
    says_unknown,
)
from shared.workbook.wording import plain

_EXCEL_EPOCH = dt.date(1899, 12, 30)
_FIRST_YEAR, _LAST_YEAR = 1949, 2100
_CLOCK = re.compile(r"[ Tt]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_DAY = re.compile(r"(\d{4}|(?<!\d)\d{2}(?=年))[年./-](\d{1,2})[月./-](\d{1,2})(?:日|号)?(前|之前|以前)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4}|(?<!\d)\d{2}(?=年))[年./-](\d{1,2})月?(份|上旬|中旬|下旬|初|中|底|末|底前|末前|前)?")
_YEAR = re.compile(
    r"(\d{4}|(?<!\d)\d{2}(?=年))年?(初|底|末|底前|前|上半年|下半年|年初|年底|年末|年底前|第?[一二三四1-4]季度)?"
)
_MASKED = re.compile(r"(?=.*[*×x_])[\d*×x_年月日号./-]+")
_ABOUT = re.compile(r"^(?:约|大约|预计|计划|拟|拟于|于)+")
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}
_ACCEPTED = "请填日期，例如 2023-06-30、2023.6.30、2023/6/30、2023年6月30日、20230630、2023年6月；不清楚请填“不详”"
INVALID_DATE = CellError("date_invalid", _ACCEPTED)
_AMBIGUOUS = CellError("date_ambiguous", "数字 .1 可能是 1 月也可能是 10 月，请写成 2023年1月 或 2023年10月")


def parse_date(raw: Raw) -> Reading:
    """Value(date). A month or a year alone is its first day with the mark `月` or `年`; `底`, `末` are the last day.

    The first day, because the last would make a stop look shorter than anyone has said. Marks: 月, 年, 上旬, 中旬,
    下旬, 月初, 月底, 年初, 年底, 上半年, 下半年, 季度, 前 (by that day), 约.
    """
    if isinstance(raw, dt.datetime):
        return _checked(raw.date(), None)
    if isinstance(raw, dt.date):
        return _checked(raw, None)
    if isinstance(raw, bool | dt.time | dt.timedelta):
        return INVALID_DATE
    if isinstance(raw, float | int):
        return _from_number(float(raw))
    word = plain(_CLOCK.sub("", raw.strip()))
    if word in NOTHING_WORDS or says_unknown(raw) or _MASKED.fullmatch(word) or word in ("年", "年月", "年月日"):
        return UNKNOWN
    about = "约" if word.startswith(("约", "大约")) else None
    return parse_words(_ABOUT.sub("", word).removesuffix("左右"), about or ("约" if word.endswith("左右") else None))


def parse_words(word: str, about: str | None = None) -> Reading:
    """The same for text already `plain` and without time of day."""
    if found := _DAY.fullmatch(word):
        return _date(found[1], int(found[2]), int(found[3]), "前" if found[4] else about)
    if found := _COMPACT.fullmatch(word):
        return _date(found[1], int(found[2]), int(found[3]), about)
    if found := _MONTH.fullmatch(word):
        return _month(found[1], int(found[2]), found[3] or "")
    if re.fullmatch(r"\d{6}", word):
        return _month(word[:4], int(word[4:]), "")
    if found := _YEAR.fullmatch(word):
        return _part_of_year(found[1], found[2] or "")
    return INVALID_DATE


def _month(year: str, month: int, part: str) -> Reading:
    if not 1 <= month <= 12:
        return INVALID_DATE
    if part.startswith(("底", "末")):
        return _date(year, month, calendar.monthrange(2024, month)[1], "月底" + part[1:], clip=True)
    day = {"中旬": 11, "下旬": 21, "中": 11}.get(part, 1)
    mark = {"初": "月初", "中": "中旬", "前": "月前"}.get(part, part) if part not in ("", "份") else "月"
    return _date(year, month, day, mark)


def _part_of_year(year: str, part: str) -> Reading:
    part = part.removeprefix("年")
    if part.startswith(("底", "末")):
        return _date(year, 12, 31, "年底" + part[1:])
    if part.endswith("季度"):
        sign = part.removesuffix("季度").removeprefix("第")
        return _date(year, 3 * (_QUARTERS.get(sign) or int(sign)) - 2, 1, "季度")
    return _date(year, 7 if part == "下半年" else 1, 1, {"": "年", "初": "年初", "前": "年前"}.get(part, part))


def _date(year: str, month: int, day: int, mark: str | None, *, clip: bool = False) -> Reading:
    number = int(year) + (2000 if len(year) == 2 else 0)
    try:
        last = calendar.monthrange(number, month)[1] if clip else day
        return _checked(dt.date(number, month, min(day, last)), mark)
    except ValueError:
        return INVALID_DATE


def _checked(day: dt.date, mark: str | None) -> Reading:
    return Value(day, mark) if _FIRST_YEAR <= day.year <= _LAST_YEAR else INVALID_DATE


def _from_number(number: float) -> Reading:
    """20230630, 202306, 2023, 2023.6, or an Excel day number whose cell lost its date format."""
    if not number.is_integer():
        year, _, month = f"{number:.15g}".partition(".")
        if month == "1":
            return _AMBIGUOUS if len(year) == 4 else INVALID_DATE
        return parse_words(f"{year}.{month}") if len(year) == 4 and len(month) <= 2 else INVALID_DATE
    whole = int(number)
    if whole >= 10_000_000 or 194_901 <= whole <= 210_012 or _FIRST_YEAR <= whole <= _LAST_YEAR:
        return parse_words(str(whole))
    if 17_899 <= whole <= 73_415:
        return _checked(_EXCEL_EPOCH + dt.timedelta(days=whole), None)
    return INVALID_DATE
