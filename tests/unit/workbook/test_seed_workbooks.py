"""The two seed workbooks give exactly the figures that were counted by hand."""

import datetime as dt
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from services.projects.ledger.workbook.dictionary import LEDGER
from shared.workbook.guard import inspect
from shared.workbook.reader import Sheet, read
from shared.workbook.readings import canonical

DATA = Path(__file__).parents[2] / "data"


def _read(name: str) -> Sheet:
    inspect(DATA / name)
    return read(DATA / name, LEDGER)


@pytest.fixture(scope="module")
def demo() -> Sheet:
    return _read("demo-999901-ledger.xlsx")


def test_demo_ledger_gives_the_expected_figures(demo: Sheet) -> None:
    expected = json.loads((DATA / "demo-expected.json").read_text())["ledger"]
    rows = [row.facts for row in demo.rows]

    def known(fact: str) -> list[int]:
        return [row[fact] for row in rows if row.get(fact) is not None]

    assert [row.errors for row in demo.rows] == [[]] * expected["projects"]
    assert Counter(row["resolution_status"] for row in rows) == expected["by_resolution_status"]
    assert Counter(row["construction_status"] for row in rows) == expected["by_construction_status"]
    assert sum(known("units_sold")) == expected["units_sold"]
    assert sum(known("units_delivered")) == expected["units_delivered"]
    assert sum(known("units_undelivered_stated")) == expected["units_undelivered"]
    assert canonical(sum((row["gfa_m2"] for row in rows), Decimal())) == expected["gfa_m2"]
    assert len(known("funding_gap_fen")) == expected["funding_gap_known"]
    assert sum(known("funding_gap_fen")) == expected["funding_gap_fen"]
    assert sum(known("wage_arrears_fen")) == expected["wage_arrears_fen"]
    assert Counter(p for row in rows for p in row.get("problem_types", [])) == expected["by_problem"]
    assert len({row["developer"] for row in rows}) == expected["developers"]
    assert not any("problem_note" in row for row in rows)
    day = dt.date(2024, 11, 30)
    delays = {row["name"]: (day - row["contract_delivery_on"]).days for row in rows}
    assert {name: delays[name] for name in expected["delay_days"]} == expected["delay_days"]


def test_demo_ledger_is_understood_as_a_whole(demo: Sheet) -> None:
    assert demo.as_of == dt.date(2024, 11, 30)
    assert demo.header_rows == (3, 3)
    assert demo.unknown_columns == []
    assert [(t.fact, t.cell, t.text, t.value) for t in demo.stated_totals] == [("projects", "B28", "24个", 24)]
    assert demo.rows[0].facts["progress_pct"] == 68
    assert demo.cell(4, "funding_gap_fen") == f"{demo.name}!Q4"


def test_county_ledger_keeps_its_contradictions() -> None:
    sheet = _read("county-999902-ledger.xlsx")
    by_name = {row.facts["name"]: row.facts for row in sheet.rows}
    assert len(by_name) == 6
    assert sheet.as_of is None
    assert by_name["御水名都"]["construction_status"] == "delivered"
    assert by_name["御水名都"]["resolution_status"] == "resolving"
    assert by_name["龙湖樾山府"]["problem_types"] == ["debt", "funding"]
    assert by_name["龙湖樾山府"]["problem_note"] == "债权债务关系复杂，资金链断裂严重"
    assert {t.fact: t.value for t in sheet.stated_totals} == {
        "projects": 7,
        "resolution_status.resolved": 1,
        "resolution_status.resolving": 3,
        "resolution_status.unresolved": 2,
    }
    assert sheet.stated_totals[0].cell == "B9"
