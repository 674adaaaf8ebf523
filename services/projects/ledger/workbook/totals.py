"""What a total row states, to be held against what the records add up to."""

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
TOTAL_WORDS = re.compile(
    r"(合计|总计|共计|总数|总合计|累计|小计|全县合计|全市合计|本页小计|本页合计)[:(]?(共?(\d+)个[^\d]*)?\)?"
)
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
    if (found := TOTAL_WORDS.fullmatch(word)) and found[3]:
        return int(found[3])
    if fact not in FACTLESS and KINDS[fact] not in (Kind.text, Kind.long_text):
        return None
    if fact == "name" and word.isdecimal():
        return int(word)
    counted = _PROJECT_COUNT.fullmatch(word)
    return int(counted[1]) if counted else None
