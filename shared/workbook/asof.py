"""The day a sheet speaks of: the 截至 line, however it is written."""

import calendar
import datetime as dt
import re
from collections.abc import Iterable

from shared.workbook.dates import parse_words
from shared.workbook.readings import Value
from shared.workbook.wording import BRACKETS, plain

_DATE = r"(?P<date>\d{4}[年./-]\d{1,2}(?:[月./-](?:\d{1,2}[日号]?|底|末)?)?|\d{8})"
_CUT_OFF = re.compile(r"(?:截至|截止)[^\d]{0,8}" + _DATE)
_REPORTED = re.compile(
    r"(?:填报|填表|统计|更新|制表|报送|上报|数据)?(?:日期|时间|时点)[^\d]{0,4}" + _DATE,
)
_BARE = re.compile(r"(?P<date>\d{4}[年./-]\d{1,2}[月./-]\d{1,2}日?)")


def stated_day(above: Iterable[str], below: Iterable[str]) -> dt.date | None:
    """The day in the lines above the heads (截至 first, then 填报日期, then a bare full date), else in the notes below.

    A month (`截至2024年11月`) means its last day. Each line is one row's texts joined by a space.
    """
    upper = [plain(text).translate(BRACKETS) for text in above]
    lower = [plain(text).translate(BRACKETS) for text in below]
    for pattern, lines in (
        (_CUT_OFF, upper),
        (_REPORTED, upper),
        (_BARE, upper),
        (_CUT_OFF, lower),
        (_REPORTED, lower),
    ):
        for line in lines:
            found = pattern.search(line)
            day = _day(found["date"]) if found else None
            if day:
                return day
    return None


def _day(word: str) -> dt.date | None:
    reading = parse_words(word.rstrip("./-"))
    if not isinstance(reading, Value):
        return None
    day: dt.date = reading.value
    return day.replace(day=calendar.monthrange(day.year, day.month)[1]) if reading.mark == "月" else day
