"""Petition registers as workbooks, and their way into the service."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import openpyxl

from tests.support.petitions import County

DEMO = Path(__file__).parents[1] / "data" / "demo-999901-petitions.xlsx"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cells = Sequence[Any]


def workbook(*rows: Cells, merged: Sequence[str] = (), sheet: str = "信访登记") -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    for area in merged:
        page.merge_cells(area)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


async def upload(county: County, content: bytes, *, filename: str = "登记.xlsx", **form: str) -> httpx.Response:
    query = {"dry_run": form.pop("dry_run")} if "dry_run" in form else {}
    files = {"file": (filename, content, XLSX)}
    return await county.call("POST", "/imports", files=files, data=form, params=query)


async def imported(county: County, content: bytes, **form: str) -> dict[str, Any]:
    """The import once it is done."""
    accepted = await upload(county, content, **form)
    assert accepted.status_code == 202, accepted.text
    assert await county.service.run_jobs() == 1
    return await county.read(f"/imports/{accepted.json()['id']}")
