"""Single cells: every form a clerk writes, and properties that hold for all numbers and dates."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.projects.ledger.workbook.dictionary import LEDGER
from services.projects.ledger.workbook.heads import HEADS
from shared.schemas.projects.facts import FACT_TITLES
from shared.workbook.cells import parser_for
from shared.workbook.columns import lookup
from shared.workbook.dictionary import Manner
from shared.workbook.readings import BLANK, UNKNOWN, CellError, Raw, Several, Value, canonical
from shared.workbook.units import UNITS, unit_named


def parse(fact: str, raw: Raw, unit: str | None = None, **options: Any) -> Any:
    return parser_for(LEDGER, fact, Manner(unit_named(unit) if unit else None, **options))(raw)


@pytest.mark.parametrize(
    ("raw", "value", "mark"),
    [
        ("120套", 120, None),
        ("1,234", 1234, None),
        ("１２０", 120, None),
        ("约300", 300, "约"),
        ("300余套", 300, "余"),
        ("300套左右", 300, "左右"),
        ("近 500 户", 500, "近"),
        ("500套以上", 500, "以上"),
        ("1.5万套", 15000, None),
        (120.0, 120, None),
        ("无", 0, None),
        ("0", 0, None),
    ],
)
def test_counts(raw: Raw, value: int, mark: str | None) -> None:
    assert parse("units_sold", raw) == Value(value, mark)


@pytest.mark.parametrize("raw", ["很多", "3-5栋", "-1", 1.5, "120平方米", "1" * 30, "1e5", dt.date(2024, 1, 1)])
def test_what_is_no_count(raw: Raw) -> None:
    assert isinstance(parse("units_sold", raw), CellError)


@pytest.mark.parametrize(
    "raw",
    [
        "—",
        "-",
        "－",
        "/",
        "不详",
        "未知",
        "待核",
        "**",
        "*",
        "X",
        "XX",
        "无法核实",
        "万元",
        "约  元",
        "**万元",
        "1**万元",
    ],
)
def test_explicit_unknowns_of_money(raw: str) -> None:
    assert parse("funding_gap_fen", raw, "万元") is UNKNOWN


def test_blank_says_nothing() -> None:
    assert parse("funding_gap_fen", "", "万元") is BLANK
    assert parse("name", "  \n") is BLANK


@pytest.mark.parametrize(
    ("raw", "unit", "fen"),
    [
        ("1.2亿元", "万元", 12_000_000_000),
        ("1.2亿", "万元", 12_000_000_000),
        (8220.23, "万元", 8_220_230_000),
        (8220.230000000001, "万元", 8_220_230_000),
        ("约3000万元", None, 3_000_000_000),
        ("￥1,234.565", "元", 123_457),
        (0, None, 0),
    ],
)
def test_money(raw: Raw, unit: str | None, fen: int) -> None:
    assert parse("funding_gap_fen", raw, unit).value == fen


def test_money_without_any_unit_is_asked_back() -> None:
    assert parse("funding_gap_fen", 8220.23).code == "unit_missing"


@pytest.mark.parametrize(
    ("raw", "unit", "area"),
    [
        (3, "亩", "2000"),
        (1, "亩", "666.666667"),
        ("4.2万㎡", "㎡", "42000"),
        ("2公顷", None, "20000"),
        ("3.5", "万平方米", "35000"),
        (42190.03, None, "42190.03"),
        ("63 亩", "㎡", "42000"),
    ],
)
def test_areas(raw: Raw, unit: str | None, area: str) -> None:
    assert canonical(parse("gfa_m2", raw, unit).value) == area


@pytest.mark.parametrize(
    "raw",
    [
        dt.datetime(2023, 6, 30),  # noqa: DTZ001 - a spreadsheet's own date
        dt.date(2023, 6, 30),
        "2023.6.30",
        "2023/6/30",
        "2023-06-30",
        "2023年6月30日",
        "２０２３年６月３０日",
        "20230630",
        20230630.0,
        45107.0,
        "2023-06-30 00:00:00",
        "23年6月30日",
    ],
)
def test_one_day_in_many_forms(raw: Raw) -> None:
    assert parse("stopped_on", raw) == Value(dt.date(2023, 6, 30))


@pytest.mark.parametrize(
    ("raw", "day", "mark"),
    [
        ("2023年6月", "2023-06-01", "月"),
        ("2023.6", "2023-06-01", "月"),
        (2023.6, "2023-06-01", "月"),
        (2023.12, "2023-12-01", "月"),
        ("2023", "2023-01-01", "年"),
        ("2021年底", "2021-12-31", "年底"),
        ("2024年2月底", "2024-02-29", "月底"),
        ("2023年6月中旬", "2023-06-11", "中旬"),
        ("2024年12月31日前", "2024-12-31", "前"),
        ("2024年三季度", "2024-07-01", "季度"),
        ("约2023年6月30日", "2023-06-30", "约"),
    ],
)
def test_dates_less_fine_than_a_day(raw: Raw, day: str, mark: str) -> None:
    assert parse("stopped_on", raw) == Value(dt.date.fromisoformat(day), mark)


@pytest.mark.parametrize("raw", ["2023.13.1", "2023-02-30", "去年", 2023.1, "1900-01-01", 5.0, True])
def test_what_is_no_date(raw: Raw) -> None:
    assert isinstance(parse("stopped_on", raw), CellError)


def test_problems_and_what_is_left_as_words() -> None:
    assert parse("problem_note", "资金短缺、手续不全、劳资纠纷") == Several(
        {"problem_types": ["funding", "permits", "labour"]}
    )
    free = parse("problem_note", "开发商资金链断裂，墙体开裂，但无质量问题投诉")
    assert free.facts["problem_types"] == ["funding", "quality"]
    assert free.facts["problem_note"].startswith("开发商")
    assert parse("problem_note", "项目长期停滞") == Several({"problem_note": "项目长期停滞"})
    assert parse("problem_note", "无") == Several({"problem_types": []})
    assert parse("problem_note", "不详") is UNKNOWN
    assert parse("problem_note", "资金短缺", elsewhere=frozenset(["problem_types"])) == Value("资金短缺")


def test_names_and_lists() -> None:
    assert parse("banks", "农行、工行，建行;中行\n邮储") == Value(["农行", "工行", "建行", "中行", "邮储"])
    assert parse("lists", "保交楼、白名单") == Value(["special_loan_2022", "whitelist"])
    assert parse("lists", "红名单").code == "label_invalid"


def test_credit_code_is_checked_and_tidied() -> None:
    assert parse("developer_credit_code", " ９１１１００００６０００３７３４１ｌ ") == Value("91110000600037341L")
    assert isinstance(parse("developer_credit_code", "91110000600037342L"), CellError)


@given(st.integers(min_value=0, max_value=10**15), st.sampled_from(["元", "千元", "万元", "亿元"]))
def test_money_is_exact_in_every_unit(fen: int, unit: str) -> None:
    amount = Decimal(fen) / int(UNITS[unit].size)
    assert parse("total_investment_fen", f"{amount:f}{unit}") == Value(fen)


@given(st.decimals(min_value=0, max_value=10**8, places=4), st.booleans())
def test_money_rounds_half_up_to_a_fen(yuan: Decimal, as_text: bool) -> None:
    fen = int((yuan * 100).to_integral_value(ROUND_HALF_UP))
    raw: Raw = f"{yuan:,f}" if as_text else float(yuan)
    assert parse("total_investment_fen", raw, "元") == Value(fen)


@given(st.dates(dt.date(1949, 1, 1), dt.date(2100, 12, 31)))
def test_every_day_reads_the_same_in_every_form(day: dt.date) -> None:
    for form in ("%Y.%m.%d", "%Y/%m/%d", "%Y-%m-%d", "%Y年%m月%d日", "%Y%m%d"):
        assert parse("stopped_on", day.strftime(form)) == Value(day)


@given(st.sampled_from(sorted(FACT_TITLES)), st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.booleans()))
def test_no_cell_can_break_a_parser(fact: str, raw: Raw) -> None:
    assert isinstance(parse(fact, raw, None), Value | Several | CellError) or parse(fact, raw, None) in (UNKNOWN, BLANK)


@pytest.mark.parametrize("raw", [float("inf"), float("-inf"), float("nan"), 10**400, -(10**400)])
@pytest.mark.parametrize("fact", ["units_total", "funding_gap_fen", "gfa_m2", "progress_pct", "delay_days_stated"])
def test_a_number_beyond_all_numbers_is_told(fact: str, raw: Raw) -> None:
    assert isinstance(parse(fact, raw, "元" if fact == "funding_gap_fen" else None), CellError)


@pytest.mark.parametrize("fact", sorted(HEADS))
def test_every_word_of_the_dictionary_is_recognised(fact: str) -> None:
    for head in HEADS[fact]:
        word, _, dimension = head.partition("@")
        unit = {"area": "（㎡）", "money": "（万元）", "count": "（套）", "days": "（天）", "percent": "（%）"}.get(
            dimension, ""
        )
        assert lookup(LEDGER, f" {word}\n{unit}")[0] == fact


@pytest.mark.parametrize(
    ("head", "fact", "unit"),
    [
        ("已售（套）", "units_sold", "套"),
        ("已售（万㎡）", "area_sold_m2", "万m2"),
        ("资金缺口/万元", "funding_gap_fen", "万元"),
        ("项目总投资（亿元）", "total_investment_fen", "亿元"),
        ("停工时间（年月）", "stopped_on", None),
        ("停工时间（月）", "stopped_days_stated", "月"),
        ("停工时间（个月）", "stopped_days_stated", "个月"),
        ("拖欠农民工\n工资金额（万元）", "wage_arrears_fen", "万元"),
        ("停贷（万元）", "mortgage_suspension_fen", "万元"),
        ("信访（人次）", "petition_people", "人次"),
        ("*项目名称*", "name", None),
    ],
)
def test_heads_with_units(head: str, fact: str, unit: str | None) -> None:
    found, stated = lookup(LEDGER, head)
    assert found == fact
    if unit:
        assert stated == UNITS[unit]
