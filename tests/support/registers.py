"""Petition registers as workbooks, and their way into the service."""

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from tests.support import sheets
from tests.support.petitions import County

DATA = Path(__file__).parents[1] / "data"
DEMO = DATA / "demo-999901-petitions.xlsx"
EXPECTED: dict[str, Any] = json.loads((DATA / "demo-expected.json").read_text(encoding="utf-8"))["petitions"]
"""What the county itself says of that register, as of one day."""
HEADS = (
    "登记编号 登记日期 信访形式 信访人 身份证号 手机号 人数 涉及楼盘 诉求类别 信访去向 责任单位 受理告知日期 是否延期 "
    "答复日期 满意度"
).split()
JAN = dt.date(2024, 1, 2)
COUNTS = ("created", "updated", "unchanged", "rejected", "conflicts")
ROW: dict[str, Any] = {
    "登记编号": "XF-1",
    "登记日期": JAN,
    "信访形式": "来访",
    "信访人": "欧阳建国",
    "身份证号": "11010519491231002X",
    "手机号": "13812345678",
    "人数": 1,
    "诉求类别": "退房退款",
    "信访去向": "到县",
    "责任单位": "县住建局",
}


def row(**facts: Any) -> list[Any]:
    """Under `HEADS`."""
    return [(ROW | facts).get(head) for head in HEADS]


def counts(done: dict[str, Any]) -> list[int]:
    """Of an import, in the order of `COUNTS`."""
    return [done[name] for name in COUNTS]


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


def stated(kpis: dict[str, Any]) -> dict[str, Any]:
    """The figures of an answer under the names of `EXPECTED`."""
    told = {
        figure["formula"]: (figure["numerator"]["case_count"], figure["denominator"]["case_count"])
        for figure in kpis["figures"]
    }
    shares = {
        "housing_share": "housing_share_all",
        "timely_acceptance": "timely_acceptance_due",
        "on_time_reply": "on_time_reply_due",
        "satisfaction": "satisfaction_body_all",
        "repeat_rate": "repeats_by_rule_all",
    }
    counts = {
        "overdue_open": "overdue_open_all",
        "repeats": "repeats_by_rule_all",
        "group_visits": "group_visit_share_all",
    }
    return {
        "as_of": kpis["as_of"],
        "cases": kpis["total"]["case_count"],
        "people": kpis["total"]["people_count"],
        **{name: f"{told[formula][0]}/{told[formula][1]}" for name, formula in shares.items()},
        **{name: told[formula][0] for name, formula in counts.items()},
        "by_level": {each["key"]: each["case_count"] for each in kpis["by_level"] if each["key"] is not None},
        "by_project": {each["name"]: each["case_count"] for each in kpis["by_project"] if each["key"] is not None},
    }
