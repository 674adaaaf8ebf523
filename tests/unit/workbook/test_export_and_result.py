"""What is exported reads back unchanged; the result is the clerk's own workbook."""

import datetime as dt
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.projects.ledger.workbook.dictionary import LEDGER
from shared.schemas.imports import RowVerdict
from shared.workbook.export import write_export
from shared.workbook.guard import inspect
from shared.workbook.kinds import Kind
from shared.workbook.reader import read
from shared.workbook.readings import NOTHING_WORDS, canonical, says_unknown
from shared.workbook.result import write_result

DATA = Path(__file__).parents[2] / "data"
DAY = dt.date(2024, 11, 30)


def _stated(text: str) -> bool:
    return text == text.strip() and bool(text) and not says_unknown(text) and text not in NOTHING_WORDS


_CHARACTERS = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs", "Cn"])
_TEXT = st.one_of(
    st.text(_CHARACTERS, min_size=1, max_size=30),
    st.sampled_from(["=1+1", "+86", "@某", "-3", "_x0041_", "甲、乙", "a\nb", "68%"]),
).filter(_stated)
_VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.text: _TEXT,
    Kind.long_text: _TEXT,
    Kind.count: st.integers(0, 10**7),
    Kind.days: st.integers(0, 10**7),
    Kind.area: st.decimals(0, 10**11, places=6).map(lambda d: d.normalize() + 0),
    Kind.money: st.integers(0, 10**15),
    Kind.percent: st.decimals(0, 100, places=4).map(lambda d: d.normalize() + 0),
    Kind.date: st.dates(dt.date(1949, 1, 1), dt.date(2100, 12, 31)),
    Kind.names: st.lists(_TEXT.filter(lambda name: "\n" not in name), max_size=4),
}


def _facts() -> st.SearchStrategy[dict[str, Any]]:
    strategies: dict[str, st.SearchStrategy[Any]] = {}
    for name, fact in LEDGER.facts.items():
        if fact.enum is None:
            strategies[name] = _VALUES[fact.kind]
        else:
            value = st.sampled_from([member.value for member in fact.enum])
            strategies[name] = value if fact.kind is Kind.label else st.lists(value, unique=True)
    strategies["developer_credit_code"] = st.just("91110000600037341L")
    required = {"name": strategies.pop("name")}
    return st.fixed_dictionaries(required, optional=strategies)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(_facts(), min_size=1, max_size=4), st.booleans())
def test_an_export_reads_back_unchanged(projects: list[dict[str, Any]], as_json: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        rows = [
            {**({f: canonical(v) for f, v in p.items()} if as_json else p), "version": n, "project_id": f"id-{n}"}
            for n, p in enumerate(projects, 1)
        ]
        write_export(LEDGER, rows, path, title="示范县问题楼盘台账", as_of=DAY)
        inspect(path)
        sheet = read(path, LEDGER)
    assert sheet.as_of == DAY
    assert sheet.unknown_columns == []
    assert [row.errors for row in sheet.rows] == [[] for _ in projects]
    assert [row.facts for row in sheet.rows] == projects
    assert [(row.version, row.key) for row in sheet.rows] == [(n, f"id-{n}") for n in range(1, len(projects) + 1)]


def test_marks_survive_the_round_trip(tmp_path: Path) -> None:
    values: dict[str, tuple[Any, str]] = {
        "progress_pct": (Decimal(35), "约"),
        "units_sold": (300, "余"),
        "funding_gap_fen": (12_300_000, "以上"),
        "stopped_on": (dt.date(2023, 6, 1), "月"),
        "started_on": (dt.date(2020, 1, 1), "年"),
        "due_on": (dt.date(2024, 12, 31), "年底前"),
        "planned_delivery_on": (dt.date(2024, 7, 1), "季度"),
        "delivered_on": (dt.date(2024, 2, 29), "月底"),
        "resumed_on": (dt.date(2024, 2, 3), "约"),
    }
    facts = {fact: value for fact, (value, _) in values.items()}
    marks = {fact: mark for fact, (_, mark) in values.items()}
    told = {"name": "甲", **facts, "marks": marks, "version": 1, "id": "x"}
    write_export(LEDGER, [told], tmp_path / "e.xlsx", title="台账", as_of=DAY)
    row = read(tmp_path / "e.xlsx", LEDGER).rows[0]
    assert row.facts == {"name": "甲", **facts}
    assert row.marks == marks


def test_no_text_becomes_a_formula(tmp_path: Path) -> None:
    write_export(LEDGER, [{"name": "=HYPERLINK(1)", "note": "+1"}], tmp_path / "e.xlsx", title="=1", as_of=DAY)
    page = openpyxl.load_workbook(tmp_path / "e.xlsx").active
    assert page is not None
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    assert page["B4"].value == "=HYPERLINK(1)"
    assert page["B4"].quotePrefix


def test_an_edited_version_is_refused(tmp_path: Path) -> None:
    write_export(LEDGER, [{"name": "甲", "version": 3, "id": "x"}], tmp_path / "e.xlsx", title="台账", as_of=DAY)
    workbook = openpyxl.load_workbook(tmp_path / "e.xlsx")
    page = workbook.active
    assert page is not None
    page.cell(4, page.max_column - 1, "旧")
    workbook.save(tmp_path / "e.xlsx")
    row = read(tmp_path / "e.xlsx", LEDGER).rows[0]
    assert [error.code for error in row.errors] == ["version_invalid"]


def test_the_result_is_the_same_workbook_with_two_columns(tmp_path: Path) -> None:
    source, target, again = DATA / "demo-999901-ledger.xlsx", tmp_path / "result.xlsx", tmp_path / "again.xlsx"
    before = read(source, LEDGER)
    verdicts = {row.number: (RowVerdict.created, "=1") for row in before.rows}
    write_result(source, target, verdicts, sheet=before.name, header_row=before.header_rows[1])
    inspect(target)
    after = read(target, LEDGER)
    assert [row.facts for row in after.rows] == [row.facts for row in before.rows]
    assert after.unknown_columns == []
    write_result(target, again, verdicts, sheet=after.name, header_row=after.header_rows[1])
    page = openpyxl.load_workbook(again)[before.name]
    assert page.max_column == 25
    assert [page.cell(3, column).value for column in (24, 25)] == ["导入结果", "说明"]
    assert [page.cell(4, column).value for column in (24, 25)] == ["新增", "=1"]
    assert page.cell(4, 25).data_type == "s"
    assert page.merged_cells.ranges == openpyxl.load_workbook(source)[before.name].merged_cells.ranges


def test_result_on_two_row_heads(book: Callable[..., Path], tmp_path: Path) -> None:
    source = book([["项目名称", "已售", None], [None, "套数", "面积（㎡）"], ["甲", 1, 2]], merged=["A1:A2", "B1:C1"])
    sheet = read(source, LEDGER)
    verdicts = {3: (RowVerdict.rejected, "停工时间")}
    write_result(source, tmp_path / "r.xlsx", verdicts, sheet=sheet.name, header_row=sheet.header_rows[1])
    assert read(tmp_path / "r.xlsx", LEDGER).rows[0].facts == sheet.rows[0].facts
    assert read(tmp_path / "r.xlsx", LEDGER).unknown_columns == []
