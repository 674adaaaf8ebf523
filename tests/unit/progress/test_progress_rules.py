"""Who may claim, check and vouch; variance and reliability as formulas."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.projects.progress import rules
from services.projects.progress.rules import RELIABILITY_NEEDED, RELIABILITY_SAMPLES, Sample, agreement, reliability
from shared.errors import Problem
from shared.schemas.projects.progress import ReporterRole

TODAY = dt.date(2026, 11, 23)
PCT = st.decimals(0, 100, places=2)
FEN = st.integers(0, 10**15)
SAMPLES = st.builds(Sample, st.none() | PCT, st.none() | PCT, st.none() | FEN, st.none() | FEN)
NOBODY: dict[str, Any] = {"developer": None, "owner_unit": None, "general_contractor": None}


def rated(*samples: Sample) -> rules.Reliability:
    return reliability("QY", "企业", ReporterRole.enterprise, samples)


def work(claimed: str, checked: str) -> Sample:
    return Sample(Decimal(claimed), Decimal(checked), None, None)


def code_of(problem: pytest.ExceptionInfo[Problem]) -> str:
    return problem.value.code


@given(st.none() | PCT, st.none() | PCT)
def test_variance_is_claimed_minus_checked_and_unknown_where_a_side_is(
    claimed: Decimal | None, checked: Decimal | None
) -> None:
    points = rules.points(claimed, checked)
    if claimed is None or checked is None:
        assert points is None
    else:
        assert points is not None
        assert checked + points == claimed


@pytest.mark.parametrize(
    ("claimed", "checked", "rate"),
    [(60, 40, "0.5000"), (40, 60, "-0.3333"), (40, 40, "0.0000"), (5, 0, None), (None, 4, None), (4, None, None)],
)
def test_overstatement_is_a_share_of_what_was_found(claimed: int | None, checked: int | None, rate: str | None) -> None:
    found = rules.overstatement(claimed, checked)
    assert (None if found is None else str(found)) == rate


@given(PCT, PCT)
def test_agreement_is_between_nothing_and_whole_and_takes_no_side(a: Decimal, b: Decimal) -> None:
    assert 0 <= agreement(a, b) == agreement(b, a) <= 1
    assert (agreement(a, b) == 1) == (a == b)


def test_the_formula_of_reliability() -> None:
    half = Sample(Decimal(60), Decimal(30), 100, 100)  # work ½, money 1: ¾
    found = rated(work("50", "50"), work("50", "40"), half)
    assert found.score == Decimal("0.8500")  # (1 + 0.8 + 0.75) ÷ 3
    assert (found.samples, found.overstated) == (3, 2)


def test_few_samples_say_so_and_give_no_score() -> None:
    few = [work("90", "1")] * (RELIABILITY_NEEDED - 1)
    assert (rated().score, rated(*few).score, rated(*few).samples) == (None, None, 2)
    assert rated(*few, work("90", "1")).score == Decimal("0.0111")


def test_what_shares_no_figure_is_no_sample() -> None:
    strangers = [Sample(Decimal(50), None, None, 3), Sample(None, None, None, None)]
    assert rated(*strangers).samples == 0


def test_a_unit_can_earn_its_name_back() -> None:
    assert rated(*[work("50", "50")] * RELIABILITY_SAMPLES, *[work("90", "1")] * 20).score == Decimal(1)


@given(st.lists(SAMPLES, max_size=20))
def test_a_score_is_a_share_of_enough_samples(samples: list[Sample]) -> None:
    found = rated(*samples)
    usable = sum(1 for sample in samples if sample.agreements)
    assert found.samples == min(usable, RELIABILITY_SAMPLES)
    assert (found.score is None) == (usable < RELIABILITY_NEEDED)
    assert found.score is None or 0 <= found.score <= 1
    assert 0 <= found.overstated <= found.samples


def test_who_reports() -> None:
    assert rules.reporting_unit(None, "QY", is_office=False) == "QY"
    assert rules.reporting_unit("QY", None, is_office=True) == "QY"
    for given_unit, own, is_office, code in (
        (None, "BGS", True, "unit_required"),
        (None, None, False, "unit_required"),
        ("QY", "QY2", False, "not_answerable"),
    ):
        with pytest.raises(Problem) as refused:
            rules.reporting_unit(given_unit, own, is_office=is_office)
        assert code_of(refused) == code


@pytest.mark.parametrize("role", [None, "territory", "department", "judicial"])
def test_only_the_enterprise_and_the_task_force_claim(role: str | None) -> None:
    with pytest.raises(rules.NotAnswerable):
        rules.reporter_role(role)
    rules.require_outside(role, "住建局", NOBODY)


@pytest.mark.parametrize("role", list(ReporterRole))
def test_who_claims_does_not_check(role: ReporterRole) -> None:
    assert rules.reporter_role(role.value) is role
    with pytest.raises(rules.NotFromOutside):
        rules.require_outside(role.value, "住建局", NOBODY)


@pytest.mark.parametrize("fact", list(NOBODY))
def test_who_builds_does_not_vouch_whatever_duty_says(fact: str) -> None:
    with pytest.raises(rules.NotFromOutside):
        rules.require_outside(None, "甲建设有限责任公司", NOBODY | {fact: "甲建设有限公司"}, "/source_unit_code")
    rules.require_outside(None, "乙监理有限公司", NOBODY | {fact: "甲建设有限公司"})


def test_neither_the_unit_nor_the_person_who_claimed_checks() -> None:
    claim = {"unit_code": "QY", "created_by": "user:1"}
    rules.require_another("ZJJ", "user:2", claim)
    rules.require_another("ZJJ", "user:2", None)
    for unit, subject, code in (("QY", "user:2", "same_unit"), ("ZJJ", "user:1", "same_person")):
        with pytest.raises(Problem) as refused:
            rules.require_another(unit, subject, claim)
        assert code_of(refused) == code


def test_a_day_is_told_once_and_corrected_with_a_reason() -> None:
    rules.require_new(None, None)
    rules.require_new({"id": 1}, "填错")
    with pytest.raises(rules.AlreadyRecorded):
        rules.require_new({"id": 1}, None)
    with pytest.raises(rules.NothingToCorrect):
        rules.require_new(None, "填错")


def test_a_check_is_compared_with_an_earlier_claim_of_its_project() -> None:
    report = {"project_id": UUID(int=1), "effective_on": TODAY}
    rules.require_comparable(report, UUID(int=1), TODAY)
    for project, day in ((UUID(int=2), TODAY), (UUID(int=1), TODAY - dt.timedelta(days=1))):
        with pytest.raises(rules.NotComparable):
            rules.require_comparable(report, project, day)


@pytest.mark.parametrize(("days", "missed"), [(-1, 0), (0, 0), (7, 0), (8, 1), (14, 1), (15, 2)])
def test_reports_missed(days: int, missed: int) -> None:
    assert rules.missed(TODAY - dt.timedelta(days=days), TODAY, 7) == missed


@pytest.mark.parametrize(
    ("shown", "counted", "resolution", "is_open"),
    [
        ("stopped", "stopped", "resolving", True),
        ("delivered", "stopped", "resolving", True),
        ("delivered", "delivered", "resolving", False),
        ("delivered", None, None, False),
        ("stopped", "stopped", "resolved", False),
        (None, None, None, True),
    ],
)
def test_what_is_still_worked_on(shown: str | None, counted: str | None, resolution: str | None, is_open: bool) -> None:
    standing = {
        "construction_status": shown,
        "counted_construction_status": counted,
        "resolution_status": resolution,
    }
    assert rules.is_open(standing) is is_open
