"""Rows that are not projects: totals with what they state, notes, group titles, repeated heads."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.projects.ledger.workbook.cells import parser_for, text_of
from services.projects.ledger.workbook.columns import Column
from services.projects.ledger.workbook.header import FACTLESS
from services.projects.ledger.workbook.kinds import ENUM_OF, KINDS, Kind
from services.projects.ledger.workbook.labels import label_value
from services.projects.ledger.workbook.readings import Raw, Value
from services.projects.ledger.workbook.wording import plain

PROJECTS = "projects"
_TOTAL = re.compile(
    r"(合计|总计|共计|总数|总合计|累计|小计|全县合计|全市合计|本页小计|本页合计)[:(]?(共?(\d+)个[^\d]*)?\)?"
)
_PARTIAL = ("小计", "本页")
_NOTE = re.compile(
    r"(备注|说明|注|填表说明|填报说明|填表人|填报人|制表人|制表|审核人|审核|审签|填报单位|填表单位|联系人|联系电话|单位负责人|负责人"
    r"|分管领导|主要领导|签字|盖章|填报时间|填报日期|数据截至|截至|截止|数据来源)(\(.*\))?[:\d一二三]|备注$|说明$|注$"
)
_SECTION = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）、.．]")
_PROJECT_COUNT = re.compile(r"共?计?(\d{1,6})(?:个|项|处)(?:项目|楼盘|小区)?")
_LABEL_COUNT = re.compile(r"([^\d、,;:。()]+?)[:(]?(\d{1,6})(?:个|项|处)?\)?(?:[、,;。]|$)")


@dataclass(frozen=True, slots=True)
class StatedTotalCell:
    """A total as the sheet states it.

    `fact`: `projects` for the number of projects, `resolution_status.resolved` for the number in one state, else the
    fact whose sum it is. `value` is in ledger units: int (count, fen) or Decimal (㎡). `text` is the cell as written.
    """

    fact: str
    cell: str
    text: str
    value: int | Decimal


def total_word(texts: Sequence[Raw]) -> str | None:
    """The total word a row begins with, `合计` or `小计 …`; None for other rows. `texts`: its non-blank cells."""
    for raw in texts[:2]:
        if isinstance(raw, str) and (found := _TOTAL.fullmatch(plain(raw))):
            return found[1]
    return None


def is_partial(word: str) -> bool:
    """A subtotal is a total of nobody knows which rows: it is skipped."""
    return word.startswith(_PARTIAL)


def is_note(filled: Sequence[Raw]) -> bool:
    """Whether a row's non-blank cells are a note, a signature line or a group title such as `一、城关镇`."""
    first = filled[0]
    if not isinstance(first, str):
        return False
    word = plain(first)
    if _NOTE.match(word):
        return len(filled) <= 3 or all(isinstance(cell, str) and ":" in plain(cell) for cell in filled)
    return len(filled) == 1 and _SECTION.match(word) is not None


def stated_totals(row: Sequence[Raw], number: int, columns: Sequence[Column]) -> list[StatedTotalCell]:
    """What one total row states, column by column; rates, dates and days have no sum and are left out."""
    totals: list[StatedTotalCell] = []
    for column in columns:
        raw = row[column.index] if column.index < len(row) else ""
        if raw == "" or column.fact is None:
            continue
        cell, text = f"{column.letter}{number}", text_of(raw)
        fact, kind = column.fact, KINDS.get(column.fact)
        if kind in (Kind.count, Kind.area, Kind.money):
            reading = parser_for(fact, column.unit)(raw)
            if isinstance(reading, Value):
                totals.append(StatedTotalCell(fact, cell, text, reading.value))
        elif kind in (Kind.label, Kind.labels):
            for word, count in _LABEL_COUNT.findall(plain(text)):
                value = label_value(ENUM_OF[fact], word)
                if value:
                    totals.append(StatedTotalCell(f"{fact}.{value}", cell, text, int(count)))
        count_of_projects = _projects(raw, fact)
        if count_of_projects is not None and not any(total.fact == PROJECTS for total in totals):
            totals.append(StatedTotalCell(PROJECTS, cell, text, count_of_projects))
    return totals


def _projects(raw: Raw, fact: str) -> int | None:
    """`7个` in any text column, `合计：7个` wherever it stands, a bare number under the project name."""
    if isinstance(raw, float | int):
        return int(raw) if fact == "name" and float(raw).is_integer() else None
    if not isinstance(raw, str):
        return None
    word = plain(raw)
    if (found := _TOTAL.fullmatch(word)) and found[3]:
        return int(found[3])
    if fact not in FACTLESS and KINDS[fact] not in (Kind.text, Kind.long_text):
        return None
    if fact == "name" and word.isdecimal():
        return int(word)
    counted = _PROJECT_COUNT.fullmatch(word)
    return int(counted[1]) if counted else None
