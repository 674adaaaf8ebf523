"""Which rows under the heads are records, and which are totals, notes, group titles or repeated heads."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.workbook.cells import text_of
from shared.workbook.columns import Column
from shared.workbook.readings import Raw
from shared.workbook.totals import TOTAL_WORDS
from shared.workbook.wording import plain

_PARTIAL = ("小计", "本页")
_NOTE = re.compile(
    r"(备注|说明|注|填表说明|填报说明|填表人|填报人|制表人|制表|审核人|审核|审签|填报单位|填表单位|联系人|联系电话|单位负责人|负责人"
    r"|分管领导|主要领导|签字|盖章|填报时间|填报日期|数据截至|截至|截止|数据来源)(\(.*\))?[:\d一二三]|备注$|说明$|注$"
)
_SECTION = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）、.．]")


@dataclass(slots=True)
class Body:
    """Rows by what they are, each with its number as Excel shows it; `totals` with the word they begin with."""

    records: list[tuple[int, Sequence[Raw]]] = field(default_factory=list)
    totals: list[tuple[str, int, Sequence[Raw]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def whole_total(self) -> tuple[int, Sequence[Raw]] | None:
        """The row that speaks of the whole sheet: 总计 if there is one, else the last total that is no subtotal."""
        whole = [total for total in self.totals if not total[0].startswith(_PARTIAL)]
        grand = [total for total in whole if total[0] in ("总计", "总合计")]
        return (grand or whole)[-1][1:] if whole else None


def split_body(rows: Sequence[Sequence[Raw]], header_last: int, anchor: Column) -> Body:
    """Sort the rows under the heads; `header_last` is the last head row, from 0; a row without its `anchor` too."""
    body = Body()
    repeated = {tuple(row) for row in rows[: header_last + 1]}
    titles = {plain(row_text(row)) for row in rows[: header_last + 1]}
    heads = {plain(anchor.head), plain(anchor.head.split(" ")[0])}
    for number, cells in enumerate(rows[header_last + 1 :], header_last + 2):
        filled = [cell for cell in cells if cell not in ("", " ")]
        if not filled or tuple(cells) in repeated or _is_ruler(filled):
            continue
        if isinstance(filled[0], str):
            if is_note(filled):
                body.notes.append(row_text(cells))
                continue
            if word := total_word(filled):
                body.totals.append((word, number, cells))
                continue
            if len(filled) == 1 and plain(filled[0]) in titles:
                continue
        raw = cells[anchor.index]
        if not (isinstance(raw, str) and plain(raw) in heads):
            body.records.append((number, cells))
    return body


def row_text(row: Sequence[Raw]) -> str:
    """A row's texts, joined by spaces."""
    return " ".join(text_of(cell) for cell in row if cell != "")


def total_word(texts: Sequence[Raw]) -> str | None:
    """The total word a row begins with, `合计` or `小计 …`; None for other rows. `texts`: its non-blank cells."""
    for raw in texts[:2]:
        if isinstance(raw, str) and (found := TOTAL_WORDS.fullmatch(plain(raw))):
            return found[1]
    return None


def is_note(filled: Sequence[Raw]) -> bool:
    """Whether a row's non-blank cells are a note, a signature line or a group title such as `一、城关镇`."""
    first = filled[0]
    if not isinstance(first, str):
        return False
    word = plain(first)
    if _NOTE.match(word):
        return len(filled) <= 3 or all(isinstance(cell, str) and ":" in plain(cell) for cell in filled)
    return len(filled) == 1 and _SECTION.match(word) is not None


def _is_ruler(filled: Sequence[Raw]) -> bool:
    """A row of column numbers 1, 2, 3, … under the heads."""
    return (
        len(filled) > 3
        and all(isinstance(cell, float) for cell in filled)
        and list(filled) == [float(n) for n in range(1, len(filled) + 1)]
    )
