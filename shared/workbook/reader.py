"""A workbook as clerks make it, read into rows of facts with every error at its cell.

Call `guard.inspect` first: this module trusts the file to be of bounded size.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from shared.errors import FieldError
from shared.workbook.asof import stated_day
from shared.workbook.body import row_text, split_body
from shared.workbook.cells import parser_for, text_of
from shared.workbook.columns import Column
from shared.workbook.dictionary import SERIAL, VERSION, Dictionary, Manner
from shared.workbook.header import Header, Merge, find_header, in_sheet_units, sheet_units
from shared.workbook.kinds import DIMENSION_OF, Kind
from shared.workbook.problems import UnsafeWorkbook
from shared.workbook.readings import UNKNOWN, CellError, CellParser, Raw, Reading, Several, Value
from shared.workbook.totals import StatedTotalCell, stated_totals
from shared.workbook.units import Dimension
from shared.workbook.wording import plain

_MERGED_NUMBER = CellError("merged_number", "合并单元格里的数字分不清属于哪一行，请拆分后每行各填")
_VERSION_INVALID = CellError("version_invalid", "“版本”列由系统导出，请勿改动；新增的行请留空")
_MEMO_LIMIT = 50_000


@dataclass(slots=True)
class Row:
    """One row of the sheet. `number` as Excel shows it; in `facts` None is an explicit unknown, absent says nothing.

    `version` and `key` (of our row) come from our own export. Lists are shared between rows: do not change them.
    """

    number: int
    facts: dict[str, Any] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    errors: list[FieldError] = field(default_factory=list)
    version: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """`header_rows`: first and last row of the heads, as Excel numbers them; `anchor`: the column that tells a row."""

    name: str
    as_of: dt.date | None
    header_rows: tuple[int, int]
    columns: list[Column]
    anchor: Column
    unknown_columns: list[str]
    rows: list[Row]
    stated_totals: list[StatedTotalCell]

    def cell(self, row: int, *facts: str) -> str:
        """Pointer to a fact in a row (`台账!D7`): the first of them that has a column here, else the row's anchor."""
        found = (column for fact in facts for column in self.columns if column.fact == fact)
        return f"{self.name}!{next(found, self.anchor).letter}{row}"


def read(path: Path, dictionary: Dictionary) -> Sheet:
    """Read the sheet whose heads name the most facts; hidden sheets only where no visible one has an anchor's column.

    Args:
        path: an .xlsx that `guard.inspect` has passed.
        dictionary: the words of the sheet that is looked for.

    Raises:
        Problem: 422, the dictionary's `no_sheet`, where no sheet has a column for an anchor and one fact more.
        UnsafeWorkbook: 422, the library cannot read the file.
    """
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            for visible in (True, False):
                found = [
                    (header, sheet_name, rows, merges)
                    for sheet_name, rows, merges in _sheets(workbook, visible=visible)
                    if (header := find_header(dictionary, rows, merges))
                ]
                if found:
                    header, sheet_name, rows, merges = max(found, key=lambda candidate: candidate[0].score)
                    return _Reader(dictionary, sheet_name, header, rows, merges).sheet()
    except CalamineError:
        raise UnsafeWorkbook("文件已损坏，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传") from None
    raise dictionary.no_sheet()


def _sheets(workbook: CalamineWorkbook, *, visible: bool) -> list[tuple[str, list[list[Raw]], list[Merge]]]:
    sheets = []
    for meta in workbook.sheets_metadata:
        if meta.typ == SheetTypeEnum.WorkSheet and (meta.visible == SheetVisibleEnum.Visible) == visible:
            sheet = workbook.get_sheet_by_name(meta.name)
            rows: list[list[Raw]] = sheet.to_python(skip_empty_area=False)
            sheets.append((meta.name, rows, sheet.merged_cell_ranges or []))
    return sheets


class _Reader:
    """One pass over one sheet whose heads are known."""

    def __init__(
        self, dictionary: Dictionary, name: str, header: Header, rows: list[list[Raw]], merges: list[Merge]
    ) -> None:
        self._dictionary, self._facts = dictionary, dictionary.facts
        self._name, self._header, self._rows = name, header, rows
        self._above = [row_text(row) for row in rows[: header.first]]
        columns = in_sheet_units(dictionary, header.columns, sheet_units(self._above))
        self._anchor = next(c for anchor in dictionary.anchors for c in columns if c.fact == anchor)
        self._own_export = any(column.fact == dictionary.key for column in columns)
        self._merged = self._unmerge(columns, merges)
        self._body = split_body(rows, header.last, self._anchor)
        self._columns = self._with_codes(columns)
        self._parsers = [
            (c, c.fact, c.index, self._parser(c), dict[Raw, Reading]())
            for c in self._columns
            if c.fact is not None and c.fact in self._facts
        ]

    def sheet(self) -> Sheet:
        rows = [row for number, cells in self._body.records if (row := self._row(number, cells))]
        total = self._body.whole_total
        return Sheet(
            self._name,
            stated_day(self._above, self._body.notes),
            (self._header.first + 1, self._header.last + 1),
            self._columns,
            self._anchor,
            self._header.unknown,
            rows,
            stated_totals(self._dictionary, total[1], total[0], self._columns) if total else [],
        )

    def _row(self, number: int, cells: Sequence[Raw]) -> Row | None:
        """None for a row that only carries its serial number."""
        row = Row(number)
        facts, marks, errors = row.facts, row.marks, row.errors
        for column, fact, index, parse, memo in self._parsers:
            raw = cells[index]
            if raw == "":
                continue
            reading = memo.get(raw)
            if reading is None:
                reading = parse(raw)
                if len(memo) < _MEMO_LIMIT:
                    memo[raw] = reading
            if isinstance(reading, Value):
                facts[fact] = reading.value
                if reading.mark:
                    marks[fact] = reading.mark
            elif reading is UNKNOWN:
                facts[fact] = None
            elif isinstance(reading, CellError):
                errors.append(self._error(column, number, reading))
            elif isinstance(reading, Several):
                facts.update(reading.facts)
                marks.update(reading.marks)
        if self._merged:
            self._refuse_merged(row)
        if self._own_export:
            self._read_keys(row, cells)
        if not (facts or errors or row.key):
            return None
        for name, missing in self._dictionary.required.items():
            if facts.get(name) is None:
                self._require(row, name, missing)
        return row

    def _require(self, row: Row, name: str, missing: CellError) -> None:
        column = next((c for c in self._columns if c.fact == name), self._anchor)
        if self._pointer(column, row.number) not in (error.pointer for error in row.errors):
            row.errors.append(self._error(column, row.number, missing))

    def _read_keys(self, row: Row, cells: Sequence[Raw]) -> None:
        for column in self._columns:
            raw = cells[column.index]
            if raw == "":
                continue
            if column.fact == self._dictionary.key:
                row.key = text_of(raw) or None
            elif column.fact == VERSION:
                word = plain(text_of(raw))
                if word.isdecimal() and len(word) <= 9:
                    row.version = int(word)
                else:
                    row.errors.append(self._error(column, row.number, _VERSION_INVALID))

    def _pointer(self, column: Column, number: int) -> str:
        return f"{self._name}!{column.letter}{number}"

    def _error(self, column: Column, number: int, error: CellError) -> FieldError:
        return FieldError(self._pointer(column, number), error.code, error.message)

    def _values(self, column: Column) -> list[Raw]:
        return [cells[column.index] for _, cells in self._body.records if cells[column.index] != ""]

    def _parser(self, column: Column) -> CellParser:
        name = column.fact or ""
        special = self._dictionary.special.get(name)
        shares = False
        if self._facts[name].kind is Kind.percent or (special and special.dimension is Dimension.percent):
            bare = [value for value in self._values(column) if isinstance(value, float | int)]
            shares = bool(bare) and max(bare) <= 1
        elsewhere = frozenset(c.fact for c in self._columns if c.fact and c is not column)
        return parser_for(self._dictionary, name, Manner(column.unit, shares, self._own_export, elsewhere))

    def _with_codes(self, columns: list[Column]) -> list[Column]:
        """序号 and 编号 count rows or hold codes: the values decide; in our own export 编号 always holds codes."""
        code = self._dictionary.code
        if self._own_export or code is None:
            return columns
        has_code = any(c.fact == code for c in columns)
        result = []
        for column in columns:
            fact = column.fact
            if fact in (SERIAL, code):
                values = [text_of(value) for value in self._values(column)]
                counts = _counts_rows(values)
                numbered = fact == SERIAL and (plain(column.head).startswith("序") or has_code)
                plain_numbers = all(word.isdecimal() for word in values)
                fact = SERIAL if counts or (numbered and (plain_numbers or has_code)) else code
            result.append(replace(column, fact=fact))
        return result

    def _unmerge(self, columns: Sequence[Column], merges: Sequence[Merge]) -> set[tuple[int, str]]:
        """Repeat texts over the rows they are merged across; give back (row number, letter) of merged numbers."""
        by_index = {column.index: column for column in columns}
        merged: set[tuple[int, str]] = set()
        unspread = {*self._dictionary.factless, self._dictionary.name}
        for (top, left), (bottom, _) in merges:
            column = by_index.get(left)
            if top <= self._header.last or bottom == top or column is None or column.fact in unspread:
                continue
            for index in range(top, min(bottom + 1, len(self._rows))):
                if self._facts[column.fact or ""].kind in DIMENSION_OF:
                    if self._rows[top][left] != "":
                        merged.add((index + 1, column.letter))
                else:
                    self._rows[index][left] = self._rows[top][left]
        return merged

    def _refuse_merged(self, row: Row) -> None:
        for column in self._columns:
            if (row.number, column.letter) in self._merged:
                row.facts.pop(column.fact or "", None)
                row.errors.append(self._error(column, row.number, _MERGED_NUMBER))


def _counts_rows(words: Sequence[str]) -> bool:
    """Whether the values are 1…n, starting again at 1 as often as the sheet has groups."""
    expected = 1
    for word in words:
        if not word.isdecimal() or int(word) not in (expected, 1):
            return False
        expected = int(word) + 1
    return True
