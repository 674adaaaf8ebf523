"""Workbooks as clerks make them, built row by row."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from services.projects.ledger.workbook.dictionary import LEDGER
from shared.workbook.dictionary import Dictionary
from shared.workbook.guard import inspect
from shared.workbook.reader import Sheet, read

Book = Callable[..., Path]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Write rows to a workbook; `merged` lists ranges such as `A1:C1`."""

    def write(rows: Sequence[Sequence[Any]], *, merged: Sequence[str] = (), sheet: str = "台账") -> Path:
        workbook = openpyxl.Workbook()
        page = workbook.active
        assert page is not None
        page.title = sheet
        for row in rows:
            page.append(list(row))
        for area in merged:
            page.merge_cells(area)
        path = tmp_path / "ledger.xlsx"
        workbook.save(path)
        return path

    return write


@pytest.fixture
def sheet_of(book: Book) -> Callable[..., Sheet]:
    """The sheet those rows are read as, after the guard has let them pass."""

    def build(rows: Sequence[Sequence[Any]], *, merged: Sequence[str] = (), dictionary: Dictionary = LEDGER) -> Sheet:
        path = book(rows, merged=merged)
        inspect(path)
        return read(path, dictionary)

    return build
