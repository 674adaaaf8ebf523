"""Derived figures: against the demo county's own numbers, at the edges, and for anything at all."""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.projects.ledger.formulas import delay_days, derive, rate, stopped_days
from shared.schemas.projects.facts import ConstructionStatus

C = ConstructionStatus
DATA = Path(__file__).parents[2] / "data"
AS_OF = dt.date(2024, 11, 30)
HEADS = {
    "项目名称": "name",
    "总套数": "units_total",
    "已售套数": "units_sold",
    "已交付套数": "units_delivered",
    "合同交房时间": "contract_delivery_on",
    "停工时间": "stopped_on",
    "建设状态": "construction_status",
}
STATUSES = {"停工": C.stopped, "半停工": C.partly_stopped, "进度滞后": C.behind_schedule}
STATUSES |= {"正常施工": C.on_schedule, "已交付": C.delivered}

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2060, 1, 1))
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "units_total": st.none() | st.integers(0, 10**7),
        "units_sold": st.none() | st.integers(0, 10**7),
        "units_delivered": st.none() | st.integers(0, 10**7),
        "construction_status": st.none() | st.sampled_from(C),
        "counted_construction_status": st.none() | st.sampled_from(C),
        **dict.fromkeys(("contract_delivery_on", "delivered_on", "stopped_on", "resumed_on"), st.none() | DAYS),
    },
)


def chinese_day(text: str | None) -> dt.date | None:
    return dt.datetime.strptime(f"{text} +0800", "%Y年%m月%d日 %z").date() if text else None


def demo_projects() -> list[dict[str, Any]]:
    """The 24 projects of the demo workbook, only the columns the formulas read."""
    rows = openpyxl.load_workbook(DATA / "demo-999901-ledger.xlsx").worksheets[0].iter_rows(min_row=3, values_only=True)
    heads = next(rows)
    projects = []
    for row in rows:
        cells: dict[Any, Any] = dict(zip(heads, row, strict=True))
        if str(cells["序号"]).isdigit():
            facts = {fact: cells[head] for head, fact in HEADS.items()}
            facts["construction_status"] = STATUSES[facts["construction_status"]]
            projects.append(facts | {day: chinese_day(facts[day]) for day in ("contract_delivery_on", "stopped_on")})
    return projects


def test_the_demo_county_is_as_late_as_its_expected_figures() -> None:
    expected = json.loads((DATA / "demo-expected.json").read_text())["ledger"]
    derived = {facts["name"]: derive(facts, AS_OF) for facts in demo_projects()}
    assert len(derived) == expected["projects"]
    assert {name: d.delay_days for name, d in derived.items() if d.delay_days is not None} == expected["delay_days"]
    assert sum(d.units_undelivered or 0 for d in derived.values()) == expected["units_undelivered"]
    standing = [f for f in demo_projects() if f["construction_status"] in (C.stopped, C.partly_stopped)]
    assert len(standing) == 12
    assert all((derived[f["name"]].stopped_days or 0) > 0 for f in standing)


@pytest.mark.parametrize(
    ("facts", "days"),
    [
        ({}, None),
        ({"contract_delivery_on": dt.date(2024, 11, 29)}, 1),
        ({"contract_delivery_on": AS_OF}, 0),
        ({"contract_delivery_on": dt.date(2025, 6, 1)}, 0),
        ({"contract_delivery_on": dt.date(2024, 1, 1), "delivered_on": dt.date(2024, 1, 31)}, 30),
        ({"contract_delivery_on": dt.date(2024, 2, 1), "delivered_on": dt.date(2024, 1, 31)}, 0),
        ({"contract_delivery_on": dt.date(2024, 1, 1), "construction_status": C.delivered}, None),
        (
            {
                "contract_delivery_on": dt.date(2024, 1, 1),
                "construction_status": C.delivered,
                "delivered_on": dt.date(2024, 3, 1),
            },
            60,
        ),
    ],
)
def test_delay_runs_from_the_contract_day_to_the_hand_over(facts: dict[str, Any], days: int | None) -> None:
    assert delay_days(facts, AS_OF) == days


def test_a_claimed_hand_over_does_not_stop_the_delay() -> None:
    facts = {
        "contract_delivery_on": dt.date(2024, 11, 1),
        "delivered_on": dt.date(2024, 11, 2),
        "construction_status": C.delivered,
        "counted_construction_status": C.partly_stopped,
    }
    assert delay_days(facts, AS_OF) == 29


@pytest.mark.parametrize(
    ("facts", "days"),
    [
        ({}, None),
        ({"stopped_on": dt.date(2024, 11, 1)}, 29),
        ({"stopped_on": dt.date(2024, 11, 1), "construction_status": C.stopped}, 29),
        ({"stopped_on": dt.date(2024, 11, 1), "resumed_on": dt.date(2024, 11, 11)}, 10),
        ({"stopped_on": dt.date(2024, 11, 1), "resumed_on": dt.date(2024, 12, 31)}, 29),
        ({"stopped_on": dt.date(2024, 11, 1), "resumed_on": dt.date(2024, 3, 1)}, 29),
        ({"stopped_on": dt.date(2024, 11, 1), "construction_status": C.on_schedule}, None),
        (
            {
                "stopped_on": dt.date(2024, 11, 1),
                "construction_status": C.on_schedule,
                "counted_construction_status": C.stopped,
            },
            29,
        ),
        ({"stopped_on": dt.date(2025, 1, 1)}, 0),
    ],
)
def test_a_stop_runs_to_the_resumption(facts: dict[str, Any], days: int | None) -> None:
    assert stopped_days(facts, AS_OF) == days


def test_rates_round_half_up_and_need_a_denominator() -> None:
    assert rate(1, 24) == Decimal("0.0417")
    assert rate(1, 20000) == Decimal("0.0001")
    assert rate(0, 5) == Decimal("0.0000")
    assert rate(0, 0) is None
    assert rate(None, 5) is None
    assert rate(5, None) is None


@given(FACTS, DAYS)
def test_nothing_is_negative_but_what_contradicts_itself(facts: dict[str, Any], as_of: dt.date) -> None:
    derived = derive(facts, as_of)
    assert derived.delay_days is None or derived.delay_days >= 0
    assert derived.stopped_days is None or derived.stopped_days >= 0
    if derived.units_undelivered is not None:
        assert (derived.units_undelivered < 0) == (facts["units_delivered"] > facts["units_sold"])
    if derived.delivery_rate is not None:
        assert derived.delivery_rate.as_tuple().exponent == -4
        assert abs(derived.delivery_rate - Decimal(facts["units_delivered"]) / facts["units_sold"]) <= Decimal(
            "0.00005"
        )


@given(FACTS, DAYS, st.integers(0, 4000))
def test_delay_and_stop_never_shrink_with_time(facts: dict[str, Any], as_of: dt.date, later: int) -> None:
    now, then = derive(facts, as_of), derive(facts, as_of + dt.timedelta(days=later))
    assert (now.delay_days is None) == (then.delay_days is None)
    assert (then.delay_days or 0) >= (now.delay_days or 0)
    if now.stopped_days is not None and facts.get("resumed_on") is None:
        assert then.stopped_days is not None
        assert then.stopped_days >= now.stopped_days


@given(FACTS, DAYS, st.sampled_from(["units_sold", "units_delivered", "contract_delivery_on", "stopped_on"]))
def test_unknown_is_not_zero(facts: dict[str, Any], as_of: dt.date, fact: str) -> None:
    derived = derive(facts | {fact: None}, as_of)
    reads = {
        "units_sold": (derived.units_undelivered, derived.delivery_rate, derived.sold_rate),
        "units_delivered": (derived.units_undelivered, derived.delivery_rate),
        "contract_delivery_on": (derived.delay_days,),
        "stopped_on": (derived.stopped_days,),
    }
    assert all(value is None for value in reads[fact])
