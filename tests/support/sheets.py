"""The workbooks clerks send, made and read without a file."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import openpyxl

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cells = Iterable[Sequence[Any]]


def workbook(rows: Cells, *, sheet: str = "台账", merged: Sequence[str] = ()) -> bytes:
    """Rows of cells as an .xlsx; `merged` are areas such as `A1:B1`."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    for area in merged:
        page.merge_cells(area)
    return _written(book)


def ledger(heads: Sequence[str], *rows: Sequence[Any], as_of: str | None = None) -> bytes:
    """A ledger with its heads and, where wanted, a 截至 line."""
    above: Cells = [["问题楼盘台账"], [f"截至：{as_of}"]] if as_of else [["问题楼盘台账"]]
    return workbook([*above, heads, *rows])


def cells_of(content: bytes) -> list[list[Any]]:
    """The first sheet of an .xlsx."""
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [[cell.value for cell in row] for row in page.iter_rows()]


def edited(content: bytes, change: Mapping[str, Any]) -> bytes:
    """The same workbook with some cells changed, as a clerk does it offline: address to value."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for address, value in change.items():
        book.worksheets[0][address] = value
    return _written(book)


def _written(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
