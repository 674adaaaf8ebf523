"""What a total row states, to be held against what the records add up to."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shared.workbook.cells import parser_by_kind, text_of
from shared.workbook.columns import Column
from shared.workbook.dictionary import Dictionary, Manner
from shared.workbook.kinds import Kind
from shared.workbook.readings import Raw, Value
from shared.workbook.wording import plain

TOTAL_WORDS = re.compile(
    r"(合计|总计|共计|总数|总合计|累计|小计|全县合计|全市合计|本页小计|本页合计)[:(]?(共?(\d+)[个件户起批笔项处][^\d]*)?\)?"
)


@dataclass(frozen=True, slots=True)
class StatedTotalCell:
    """A total as the sheet states it.

    `fact`: the dictionary's `row_count` for the number of rows, `status.resolved` for the number in one state, else the
    fact whose sum it is. `value` is in our units: int (count, fen) or Decimal (㎡). `text` is the cell as written.
    """

    fact: str
    cell: str
    text: str
    value: int | Decimal


def stated_totals(
    dictionary: Dictionary, row: Sequence[Raw], number: int, columns: Sequence[Column]
) -> list[StatedTotalCell]:
    """What one total row states, column by column; rates, dates and days have no sum and are left out."""
    totals: list[StatedTotalCell] = []
    counts = _RowCounts(dictionary)
    for column in columns:
        raw = row[column.index] if column.index < len(row) else ""
        if raw == "" or column.fact is None:
            continue
        cell, text, name = f"{column.letter}{number}", text_of(raw), column.fact
        fact = dictionary.facts.get(name)
        if fact and fact.kind in (Kind.count, Kind.area, Kind.money):
            reading = parser_by_kind(dictionary, name, Manner(column.unit))(raw)
            if isinstance(reading, Value):
                totals.append(StatedTotalCell(name, cell, text, reading.value))
        elif fact and fact.enum:
            for word, count in counts.of_label.findall(plain(text)):
                value = dictionary.labels.value(fact.enum, word)
                if value:
                    totals.append(StatedTotalCell(f"{name}.{value}", cell, text, int(count)))
        rows = counts.in_cell(raw, name)
        if rows is not None and not any(total.fact == dictionary.row_count for total in totals):
            totals.append(StatedTotalCell(dictionary.row_count, cell, text, rows))
    return totals


class _RowCounts:
    """How many rows a total row says there are, in the measure words of its sheet."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary
        counters = f"[{dictionary.counters}]"
        nouns = f"(?:{'|'.join(map(re.escape, dictionary.nouns))})?" if dictionary.nouns else ""
        self._of_rows = re.compile(rf"共?计?(\d{{1,6}}){counters}{nouns}")
        self.of_label = re.compile(rf"([^\d、,;:。()]+?)[:(]?(\d{{1,6}}){counters}?\)?(?:[、,;。]|$)")

    def in_cell(self, raw: Raw, name: str) -> int | None:
        """`7个` in any text column, `合计：7个` wherever it stands, a bare number under what names a row."""
        names_rows = name == self._dictionary.name
        if isinstance(raw, float | int):
            return int(raw) if names_rows and float(raw).is_integer() else None
        if not isinstance(raw, str):
            return None
        word = plain(raw)
        if (found := TOTAL_WORDS.fullmatch(word)) and found[3]:
            return int(found[3])
        fact = self._dictionary.facts.get(name)
        if fact and fact.kind not in (Kind.text, Kind.long_text):
            return None
        if names_rows and word.isdecimal():
            return int(word)
        counted = self._of_rows.fullmatch(word)
        return int(counted[1]) if counted else None


def counted(rows: Sequence[Mapping[str, Any]], fact: str, row_count: str) -> Decimal:
    """What rows of facts come to: their number, the number of one label (`status.resolved`), else a fact's sum."""
    if fact == row_count:
        return Decimal(len(rows))
    name, _, value = fact.partition(".")
    if value:
        return Decimal(sum(1 for facts in rows if _says(facts.get(name), value)))
    return sum((Decimal(facts[fact]) for facts in rows if facts.get(fact) is not None), Decimal(0))


def _says(stated: Any, value: str) -> bool:
    return value in stated if isinstance(stated, list) else stated == value
