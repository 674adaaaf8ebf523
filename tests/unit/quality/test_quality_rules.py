"""Rectification until another person has seen it, the papers of an acceptance, its filing, the level of an incident."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.projects.quality import rules
from shared.chassis.calendar import WorkCalendar
from shared.errors import SamePerson
from shared.schemas.projects.acceptances import AcceptanceRole, AcceptanceStage, IncidentLevel
from shared.schemas.projects.quality import DefectStatus

S = DefectStatus


@given(st.lists(st.sampled_from(DefectStatus), max_size=10))
def test_a_defect_is_closed_only_out_of_a_rectification(path: list[DefectStatus]) -> None:
    now, seen = S.found, [S.found]
    for to in path:
        try:
            rules.check_move(now, to)
        except rules.StepNotAllowed:
            continue
        now = to
        seen.append(to)
    if S.closed in seen:
        assert seen[-1] is S.closed
        assert seen[-2:] == [S.rectified, S.closed]
        assert seen[1] is S.ordered


def test_nobody_reinspects_himself() -> None:
    rules.check_another("user:1", "user:2")
    with pytest.raises(SamePerson):
        rules.check_another("user:1", "user:1")


@given(st.sampled_from(AcceptanceStage), st.sets(st.sampled_from(AcceptanceRole)))
def test_a_passed_acceptance_has_every_signer(stage: AcceptanceStage, present: set[AcceptanceRole]) -> None:
    missing = set(rules.SIGNERS[stage]) - present
    rules.check_signers(stage, False, present)
    if missing:
        with pytest.raises(rules.SignerMissing):
            rules.check_signers(stage, True, present)
    else:
        rules.check_signers(stage, True, present)


def test_article_16_names_the_four_who_complete() -> None:
    completion = set(rules.SIGNERS[AcceptanceStage.completion])
    assert completion == {
        AcceptanceRole.owner,
        AcceptanceRole.design,
        AcceptanceRole.builder,
        AcceptanceRole.supervisor,
    }


def test_no_completion_over_an_open_critical_defect() -> None:
    for stage in AcceptanceStage:
        rules.check_defects(stage, True, ["minor", "major"])
    rules.check_defects(AcceptanceStage.completion, False, ["critical"])
    rules.check_defects(AcceptanceStage.structure, True, ["critical"])
    with pytest.raises(rules.DefectsOpen):
        rules.check_defects(AcceptanceStage.completion, True, ["minor", "critical"])


@pytest.mark.parametrize(
    ("accepted", "internal", "due", "calendar"),
    [
        ("2026-11-09", "2026-11-24", "2026-11-24", "official"),
        ("2026-01-31", "2026-02-15", "2026-02-24", "official"),  # into the Spring Festival of 2026
        ("2026-09-20", "2026-10-05", "2026-10-08", "official"),  # into the National Day
        ("2030-01-04", "2030-01-19", "2030-01-21", "provisional"),  # a Saturday of a year nobody has announced
        ("1998-05-01", "1998-05-16", "1998-05-16", "provisional"),  # before the calendar begins
    ],
)
def test_filing_is_due_fifteen_days_on_and_rolls(accepted: str, internal: str, due: str, calendar: str) -> None:
    today = dt.date.fromisoformat(due)
    found = rules.filing(dt.date.fromisoformat(accepted), None, today, WorkCalendar())
    assert (str(found.internal_due_on), str(found.due_on), found.calendar) == (internal, due, calendar)
    assert found.days_late is None
    late = rules.filing(dt.date.fromisoformat(accepted), None, today + dt.timedelta(days=2), WorkCalendar())
    assert late.days_late == 2
    filed = rules.filing(dt.date.fromisoformat(accepted), today, today + dt.timedelta(days=99), WorkCalendar())
    assert filed.days_late is None


@pytest.mark.parametrize(
    ("dead", "injured", "loss", "level"),
    [
        (0, 0, None, "ordinary"),
        (2, 9, 999_999_999, "ordinary"),
        (3, 0, None, "larger"),
        (0, 10, None, "larger"),
        (0, 0, 1_000_000_000, "larger"),
        (10, 0, 0, "major"),
        (0, 50, 0, "major"),
        (0, 0, 5_000_000_000, "major"),
        (30, 0, 0, "extraordinary"),
        (0, 100, 0, "extraordinary"),
        (0, 0, 10_000_000_000, "extraordinary"),
    ],
)
def test_levels_are_those_of_article_3(dead: int, injured: int, loss: int | None, level: str) -> None:
    assert rules.level(dead, injured, loss) == level


@given(st.integers(0, 40), st.integers(0, 120), st.integers(0, 2 * 10**10), st.integers(0, 40))
def test_more_dead_never_make_it_milder(dead: int, injured: int, loss: int, more: int) -> None:
    order = list(IncidentLevel)
    assert order.index(rules.level(dead + more, injured, loss)) >= order.index(rules.level(dead, injured, loss))


def test_a_rectification_is_late_from_the_day_after_its_order() -> None:
    day = dt.date(2026, 11, 23)
    defect = {"due_on": day, "status": "ordered", "rectified_on": None}
    assert rules.days_late(defect, day) is None
    assert rules.days_late(defect, day + dt.timedelta(days=3)) == 3
    done = defect | {"status": "rectified", "rectified_on": day + dt.timedelta(days=1)}
    assert rules.days_late(done, day + dt.timedelta(days=30)) == 1
    # Sent back, it runs on from the old day.
    assert rules.days_late(done | {"status": "ordered"}, day + dt.timedelta(days=30)) == 30
    assert rules.days_late({"due_on": None, "status": "found", "rectified_on": None}, day) is None
