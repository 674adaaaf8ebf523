"""When two names are one name, and when a fact has changed."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.projects.ledger.rules import DECIMAL_FACTS, canonical, changed_facts, enterprise_key, name_key
from shared.schemas.projects.facts import ProblemType


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("碧桂园·未来城", "碧桂园•未来城"),
        ("碧桂园·未来城", "碧桂园・未来城"),
        ("碧桂园·未来城", "碧桂园 未来城"),
        ("碧桂园·未来城", "碧桂园—未来城"),
        ("碧桂园·未来城", "碧桂园\u3000未来城项目"),
        ("御景名都（二期）", "御景名都(第2期)"),
        ("御景名都二期", "御景名都２期"),
        ("“锦绣家园”", "锦绣家园"),
        ("ＳＯＨＯ公馆", "soho公馆"),
    ],
)
def test_one_name_however_it_is_written(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("御景名都一期", "御景名都二期"),
        ("御景名都", "御景名都二期"),
        ("康乐小区", "康乐"),
        ("康乐小区", "康乐花园"),
        ("和谐苑1-2期", "和谐苑12期"),
        ("御水名都", "御林名都"),
        ("项目", "小区"),
    ],
)
def test_two_names(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_firms() -> None:
    assert enterprise_key("瑞丰房地产开发有限责任公司") == enterprise_key("瑞丰房地产开发有限公司")
    assert enterprise_key("瑞丰（集团）置业有限公司") == enterprise_key("瑞丰(集团) 置业有限公司")
    assert enterprise_key("瑞丰股份有限公司") != enterprise_key("瑞丰有限公司")


@given(st.text(min_size=1, max_size=40))
def test_a_key_is_never_empty_and_is_its_own_key(name: str) -> None:
    assert name_key(name)
    assert enterprise_key(name)
    assert name_key(f" {name}　") == name_key(name) or not name.strip()


def test_decimal_facts_are_found_in_the_contract() -> None:
    assert {"gfa_m2", "area_sold_m2", "site_area_m2", "progress_pct"} == DECIMAL_FACTS


@pytest.mark.parametrize(
    ("fact", "stored", "incoming"),
    [
        ("gfa_m2", "1.50", Decimal("1.5")),
        ("gfa_m2", "1.5", "1.500000"),
        ("gfa_m2", Decimal(100), "100.0"),
        ("progress_pct", "0", Decimal("0.00")),
        ("stopped_on", "2024-11-30", dt.date(2024, 11, 30)),
        ("problem_types", ["permits", "funding"], [ProblemType.funding, ProblemType.permits]),
        ("banks", ["县农商行", "县农商行"], ["县农商行"]),
        ("name", "康乐小区", "康乐小区"),
        ("units_sold", None, None),
    ],
)
def test_the_same_fact_in_another_form_is_no_change(fact: str, stored: Any, incoming: Any) -> None:
    assert changed_facts({fact: stored}, {fact: incoming}) == {}


@pytest.mark.parametrize(
    ("fact", "stored", "incoming", "expected"),
    [
        ("units_sold", None, 0, 0),
        ("units_sold", 0, None, None),
        ("milestone", "1.50", "1.5", "1.5"),
        ("gfa_m2", "1.50", Decimal("100.10"), "100.1"),
        ("banks", None, [], []),
        ("stopped_on", None, dt.date(2024, 1, 2), "2024-01-02"),
    ],
)
def test_a_change_is_told_in_canonical_form(fact: str, stored: Any, incoming: Any, expected: Any) -> None:
    assert changed_facts({fact: stored}, {fact: incoming}) == {fact: expected}


def test_what_is_not_named_says_nothing() -> None:
    assert changed_facts({"units_sold": 3, "name": "甲"}, {"name": "甲"}) == {}


@given(st.decimals(min_value=0, max_value=10**12, places=6))
def test_canonical_decimals_are_exact_plain_and_stable(value: Decimal) -> None:
    plain = canonical("gfa_m2", value)
    assert Decimal(plain) == value
    assert "E" not in plain
    assert canonical("gfa_m2", plain) == plain
