"""What follows from a firm's file: sums that keep unknown apart, who is lost, which measures stand, one timeline."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.projects.enterprises import rules
from services.projects.ledger.firms.rules import roles
from shared.errors import Invalid
from shared.schemas.projects.enterprises import EnforcementKind as K
from shared.schemas.projects.enterprises import EnterpriseRole as R
from shared.schemas.projects.enterprises import FindingKind as F

TODAY = dt.date(2026, 11, 23)
DAY = dt.date(2026, 3, 2)
CODE, OTHER = "91110000600037341L", "91310000MA1FL0QY7W"
FIRM = "安居置业有限公司"
PROJECT = {
    "developer_key": FIRM,
    "developer_credit_code": None,
    "owner_unit": None,
    "general_contractor": None,
    "supervisor": None,
}


def later(days: int) -> dt.date:
    return DAY + dt.timedelta(days=days)


@given(st.lists(st.none() | st.integers(0, 10**15), max_size=20))
def test_unknown_stands_beside_the_sum_and_is_never_zero(amounts: list[int | None]) -> None:
    [known] = rules.known_amounts([{"wage_arrears_fen": amount} for amount in amounts], ["wage_arrears_fen"])
    stated = [amount for amount in amounts if amount is not None]
    assert known["sum_fen"] == (sum(stated) if stated else None)
    assert (known["stated"], known["unknown"]) == (len(stated), len(amounts) - len(stated))
    assert known["title"] == "拖欠农民工工资"


def finding(number: int, kind: F, day: int) -> dict[str, Any]:
    return {
        "id": UUID(int=number),
        "kind": kind,
        "found_on": later(day),
        "document_number": None,
        "source_unit_name": "住建局",
        "amount_fen": None,
        "project_id": None,
    }


def test_who_is_lost_is_lost_since_the_first_time_after_the_last_contact() -> None:
    lost, found = F.lost_contact, F.contact_restored
    assert rules.lost_contact_since([]) is None
    assert rules.lost_contact_since([finding(1, lost, 5), finding(2, lost, 1)]) == later(1)
    assert rules.lost_contact_since([finding(1, lost, 1), finding(2, found, 3)]) is None
    assert rules.lost_contact_since([finding(1, lost, 1), finding(2, found, 3), finding(3, lost, 3)]) == later(3)
    assert rules.lost_contact_since([finding(1, F.asset_transfer, 1)]) is None


def step(number: int, kind: K, day: int, **more: Any) -> dict[str, Any]:
    row = {"id": UUID(int=number), "kind": kind, "taken_on": later(day), "until_on": None, "lifts": None}
    row |= {"document_number": "1号", "by_unit_name": "住建局", "project_id": None, "result": None, "result_on": None}
    return row | more


def test_measures_stand_until_lifted_or_over() -> None:
    restriction = step(1, K.restriction, 0, until_on=TODAY)
    listing = step(2, K.blacklisting, 1)
    assert rules.standing_measures([listing, restriction], TODAY) == [K.restriction, K.blacklisting]
    assert rules.standing_measures([listing, restriction], TODAY + dt.timedelta(days=1)) == [K.blacklisting]
    lifted = step(3, K.lifted, 2, lifts=listing["id"])
    assert rules.standing_measures([lifted, listing, restriction], TODAY) == [K.restriction]
    assert rules.standing_measures([step(4, K.summons, 0), step(5, K.judicial, 0)], TODAY) == []


def test_one_timeline_the_newest_first() -> None:
    findings = [finding(1, F.asset_transfer, 1), finding(4, F.lost_contact, 9)]
    steps = [step(2, K.summons, 1), step(3, K.judicial, 5)]
    events = rules.timeline(findings, steps, most=3)
    assert [(event.type, event.kind) for event in events] == [
        ("finding", F.lost_contact),
        ("step", K.judicial),
        ("step", K.summons),
    ]


@pytest.mark.parametrize(
    "bad",
    [
        {"taken_on": TODAY + dt.timedelta(days=1)},
        {"until_on": later(1)},
        {"kind": K.restriction, "until_on": later(-1)},
        {"kind": K.lifted},
        {"lifts": UUID(int=1)},
        {"result": "已整改"},
        {"result_on": DAY},
        {"result": "已整改", "result_on": later(-1)},
        {"result": "已整改", "result_on": TODAY + dt.timedelta(days=1)},
    ],
)
def test_a_step_makes_sense(bad: dict[str, Any]) -> None:
    rules.check_step(step(1, K.summons, 0), TODAY)
    rules.check_step(step(1, K.restriction, 0, until_on=later(1), result="已整改", result_on=DAY), TODAY)
    with pytest.raises(Invalid):
        rules.check_step(step(1, K.summons, 0) | bad, TODAY)


def test_a_credit_code_has_a_check_digit() -> None:
    rules.check_credit_code(CODE)
    rules.check_credit_code(None)
    with pytest.raises(Invalid):
        rules.check_credit_code(CODE[:-1] + "A")


def test_a_developer_with_another_code_is_another_firm_of_the_same_name() -> None:
    keys = {FIRM}
    assert roles(PROJECT, keys, CODE) == [R.developer]
    assert roles(PROJECT | {"developer_credit_code": CODE, "developer_key": "旧名"}, keys, CODE) == [R.developer]
    assert roles(PROJECT | {"developer_credit_code": OTHER}, keys, CODE) == []
    assert roles(PROJECT | {"developer_credit_code": OTHER}, keys, None) == [R.developer]
    named = PROJECT | {
        "developer_key": "",
        "general_contractor": "安居 置业有限责任公司",
        "owner_unit": FIRM,
    }
    assert roles(named, keys, CODE) == [R.owner, R.general_contractor]


def test_keys_are_the_names_without_repeats() -> None:
    assert rules.keys_of(FIRM, ["安居置业有限责任公司", "安居", "安 居"]) == (
        FIRM,
        ["安居"],
    )
