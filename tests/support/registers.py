"""Petition registers as workbooks, and their way into the service."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from tests.support import sheets
from tests.support.petitions import County

DEMO = Path(__file__).parents[1] / "data" / "demo-999901-petitions.xlsx"


def workbook(*rows: Sequence[Any], merged: Sequence[str] = (), sheet: str = "信访登记") -> bytes:
    return sheets.workbook(rows, sheet=sheet, merged=merged)


async def upload(county: County, content: bytes, *, filename: str = "登记.xlsx", **form: str) -> httpx.Response:
    query = {"dry_run": form.pop("dry_run")} if "dry_run" in form else {}
    files = {"file": (filename, content, sheets.XLSX)}
    return await county.call("POST", "/imports", files=files, data=form, params=query)


async def imported(county: County, content: bytes, **form: str) -> dict[str, Any]:
    """The import once it is done."""
    accepted = await upload(county, content, **form)
    assert accepted.status_code == 202, accepted.text
    assert await county.service.run_jobs() == 1
    return await county.read(f"/imports/{accepted.json()['id']}")
