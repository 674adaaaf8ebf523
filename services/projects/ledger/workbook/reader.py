"""A ledger workbook as clerks make it, read into rows of facts with every error at its cell.

Call `guard.inspect` first: this module trusts the file to be of bounded size.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from services.projects.ledger.workbook.asof import stated_day
from services.projects.ledger.workbook.body import row_text, split_body
from services.projects.ledger.workbook.cells import parser_for, text_of
from services.projects.ledger.workbook.columns import PROJECT_ID, SERIAL, VERSION, Column
from services.projects.ledger.workbook.header import (
    FACTLESS,
    Header,
    Merge,
    find_header,
    in_sheet_units,
    sheet_units,
)
from services.projects.ledger.workbook.heads import HEADS
from services.projects.ledger.workbook.kinds import KINDS, Kind
from services.projects.ledger.workbook.problems import NoLedgerSheet, UnsafeWorkbook
from services.projects.ledger.workbook.readings import UNKNOWN, CellError, CellParser, Raw, Reading, Several, Value
from services.projects.ledger.workbook.totals import StatedTotalCell, stated_totals
from services.projects.ledger.workbook.wording import plain
from shared.errors import FieldError

_NUMBERS = (Kind.count, Kind.days, Kind.area, Kind.money, Kind.percent)
_MERGED_NUMBER = CellError("merged_number", "合并单元格里的数字分不清属于哪一行，请拆分后每行各填")
_NAME_MISSING = CellError("name_missing", "请填写项目名称；不是项目的行请删去")
_VERSION_INVALID = CellError("version_invalid", "“版本”列由系统导出，请勿改动；新增的行请留空")
_MEMO_LIMIT = 50_000


@dataclass(slots=True)
class Row:
    """One project row. `number` as Excel shows it; in `facts` None is an explicit unknown, absent says nothing.

    `version` and `project_id` come from our own export. Values of list facts are shared between rows: do not change.
    """

    number: int
    facts: dict[str, Any] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    errors: list[FieldError] = field(default_factory=list)
    version: int | None = None
    project_id: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """`header_rows`: first and last row of the heads, as Excel numbers them."""

    name: str
    as_of: dt.date | None
    header_rows: tuple[int, int]
    columns: list[Column]
    unknown_columns: list[str]
    rows: list[Row]
    stated_totals: list[StatedTotalCell]

    def cell(self, row: int, fact: str) -> str | None:
        """Address of a fact in a row (`D7`), None where the sheet has no such column."""
        column = next((column for column in self.columns if column.fact == fact), None)
        return f"{column.letter}{row}" if column else None


def read(path: Path, *, extra_columns: Mapping[str, str] | None = None) -> Sheet:
    """Read the sheet whose heads name the most facts; hidden sheets only where no visible one has a name column.

    Args:
        path: an .xlsx that `guard.inspect` has passed.
        extra_columns: a county's own heads to fact names.

    Raises:
        NoLedgerSheet: 422, no sheet has a column for the project name and one fact more.
        UnsafeWorkbook: 422, the library cannot read the file.
    """
    extra = extra_columns or {}
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            for visible in (True, False):
                found = [
                    (header, sheet_name, rows, merges)
                    for sheet_name, rows, merges in _sheets(workbook, visible=visible)
                    if (header := find_header(rows, merges, extra))
                ]
                if found:
                    header, sheet_name, rows, merges = max(found, key=lambda candidate: candidate[0].score)
                    return _Reader(sheet_name, header, rows, merges).sheet()
    except CalamineError:
        raise UnsafeWorkbook("文件已损坏，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传") from None
    raise NoLedgerSheet(
        f"没有找到带“项目名称”列的表头。项目名称列可写作：{'、'.join(HEADS['name'][:10])}；"
        "此外至少还要有一列，例如：乡镇、开发企业、总套数、建设状态、化解状态"
    )


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

    def __init__(self, name: str, header: Header, rows: list[list[Raw]], merges: list[Merge]) -> None:
        self._name, self._header, self._rows = name, header, rows
        self._above = [row_text(row) for row in rows[: header.first]]
        columns = in_sheet_units(header.columns, sheet_units(self._above))
        self._name_column = next(column for column in columns if column.fact == "name")
        self._own_export = any(column.fact == PROJECT_ID for column in columns)
        self._merged = self._unmerge(columns, merges)
        self._body = split_body(rows, header.last, self._name_column)
        self._columns = self._with_codes(columns)
        self._parsers = [
            (c, c.fact, c.index, self._parser(c), dict[Raw, Reading]()) for c in self._columns if c.fact in KINDS
        ]

    def sheet(self) -> Sheet:
        rows = [row for number, cells in self._body.projects if (row := self._row(number, cells))]
        total = self._body.whole_total
        return Sheet(
            self._name,
            stated_day(self._above, self._body.notes),
            (self._header.first + 1, self._header.last + 1),
            self._columns,
            self._header.unknown,
            rows,
            stated_totals(total[1], total[0], self._columns) if total else [],
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
        if not facts.get("name"):
            self._require_name(row)
        return row if facts or errors or row.project_id else None

    def _require_name(self, row: Row) -> None:
        said_already = self._pointer(self._name_column, row.number) in (error.pointer for error in row.errors)
        if (row.facts or row.errors or row.project_id) and not said_already:
            row.errors.append(self._error(self._name_column, row.number, _NAME_MISSING))

    def _read_keys(self, row: Row, cells: Sequence[Raw]) -> None:
        for column in self._columns:
            raw = cells[column.index]
            if raw == "":
                continue
            if column.fact == PROJECT_ID:
                row.project_id = text_of(raw) or None
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
        return [cells[column.index] for _, cells in self._body.projects if cells[column.index] != ""]

    def _parser(self, column: Column) -> CellParser:
        fact = column.fact or ""
        shares = False
        if KINDS[fact] is Kind.percent or fact == "milestone":
            bare = [value for value in self._values(column) if isinstance(value, float | int)]
            shares = bool(bare) and max(bare) <= 1
        elsewhere = frozenset(c.fact for c in self._columns if c.fact and c is not column)
        return parser_for(fact, column.unit, ratio=shares, verbatim=self._own_export, elsewhere=elsewhere)

    def _with_codes(self, columns: list[Column]) -> list[Column]:
        """序号 and 编号 count rows or hold codes: the values decide; in our own export 项目编号 always holds codes."""
        if self._own_export:
            return columns
        has_code = any(c.fact == "project_code" for c in columns)
        result = []
        for column in columns:
            fact = column.fact
            if fact in (SERIAL, "project_code"):
                values = [text_of(value) for value in self._values(column)]
                counts = _counts_rows(values)
                numbered = fact == SERIAL and (plain(column.head).startswith("序") or has_code)
                plain_numbers = all(word.isdecimal() for word in values)
                fact = SERIAL if counts or (numbered and (plain_numbers or has_code)) else "project_code"
            result.append(Column(column.index, column.letter, column.row, column.head, fact, column.unit))
        return result

    def _unmerge(self, columns: Sequence[Column], merges: Sequence[Merge]) -> set[tuple[int, str]]:
        """Repeat texts over the rows they are merged across; give back (row number, letter) of merged numbers."""
        by_index = {column.index: column for column in columns}
        merged: set[tuple[int, str]] = set()
        for (top, left), (bottom, _) in merges:
            column = by_index.get(left)
            if top <= self._header.last or bottom == top or column is None or column.fact in (*FACTLESS, "name"):
                continue
            for index in range(top, min(bottom + 1, len(self._rows))):
                if KINDS[column.fact or ""] in _NUMBERS:
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
