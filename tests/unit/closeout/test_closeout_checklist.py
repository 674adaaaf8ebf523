"""What each kind and path must show, and when an item is met."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.projects.closeout import checklist
from services.projects.quality.rules import Built
from shared.errors import Invalid
from shared.schemas.projects.closeout import ChecklistItem, ChecklistSource
from shared.schemas.projects.facts import ProjectKind, ResolutionMode
from shared.schemas.projects.paths import PathStage

C = ChecklistItem
NOTHING_BUILT = checklist.NOTHING_BUILT
ON = dt.date(2026, 11, 23)


def project(**facts: Any) -> dict[str, Any]:
    unknown = dict.fromkeys(("buildings", "units_sold", "units_delivered", "wage_arrears_fen"))
    return unknown | {"version": 7} | facts


@pytest.mark.parametrize("kind", ProjectKind)
@pytest.mark.parametrize("path", [None, *ResolutionMode])
def test_every_kind_and_path_has_a_checklist_of_its_own_words(kind: ProjectKind, path: ResolutionMode | None) -> None:
    items = checklist.items_of(kind, path)
    assert bool(items) == (kind is not ProjectKind.stalled_housing or path is not None)
    assert len(items) == len(set(items))
    assert not items or C.petitions_quiet in items
    assert all("{" not in checklist.requirement(item, 4) for item in items)


def test_homes_are_asked_for_where_the_path_ends_in_homes_and_lawsuits_where_it_ends_in_court() -> None:
    by_path = checklist.BY_PATH
    assert {path for path, items in by_path.items() if C.homes_delivered in items} == {
        ResolutionMode.resume_and_deliver,
        ResolutionMode.merger_acquisition,
        ResolutionMode.reorganization,
        ResolutionMode.composition,
    }
    assert {path for path, items in by_path.items() if C.lawsuits_registered in items} == {
        ResolutionMode.subrogated_refund
    }
    assert {path for path, items in by_path.items() if C.court_ruling in items} == set(checklist.RULINGS)


@pytest.mark.parametrize(
    ("item", "facts", "built", "met"),
    [
        (C.homes_delivered, {"units_sold": 10, "units_delivered": 10}, NOTHING_BUILT, True),
        (C.homes_delivered, {"units_sold": 10, "units_delivered": 9}, NOTHING_BUILT, False),
        (C.homes_delivered, {"units_sold": 10}, NOTHING_BUILT, None),
        (C.wages_cleared, {"wage_arrears_fen": 0}, NOTHING_BUILT, True),
        (C.wages_cleared, {"wage_arrears_fen": 1}, NOTHING_BUILT, False),
        (C.wages_cleared, {}, NOTHING_BUILT, None),
        (C.completion_accepted, {"buildings": 2}, Built(True, 0, 0), True),
        (C.completion_accepted, {"buildings": 2}, Built(False, 2, 0), True),
        (C.completion_accepted, {"buildings": 2}, Built(False, 1, 0), False),
        (C.completion_accepted, {}, Built(False, 1, 0), False),
        (C.completion_accepted, {"buildings": 0}, NOTHING_BUILT, False),
        (C.defects_closed, {}, Built(True, 0, 1), False),
        (C.defects_closed, {}, NOTHING_BUILT, True),
        (C.certificates_issued, {"units_sold": 10, "units_delivered": 10}, NOTHING_BUILT, None),
    ],
)
def test_what_the_system_knows(item: ChecklistItem, facts: dict[str, Any], built: Built, met: bool | None) -> None:
    found = checklist.find(item, checklist.Records(None, project(**facts), built, {}, 0))
    assert (found.met if found else None) == met
    if found and found.source is ChecklistSource.ledger:
        assert found.version == 7


@pytest.mark.parametrize(
    ("path", "stages", "met"),
    [
        ("reorganization", ["reorganization_ruled", "plan_passed"], False),
        ("reorganization", ["plan_approved"], True),
        ("composition", ["composition_approved"], True),
        ("liquidation", ["declared_bankrupt"], False),
        ("liquidation", ["proceedings_closed"], True),
    ],
)
def test_a_court_path_is_asked_for_its_ruling(path: str, stages: list[str], met: bool) -> None:
    reached = {PathStage(stage): ON for stage in stages}
    records = checklist.Records(ResolutionMode(path), project(), NOTHING_BUILT, reached, 0)
    found = checklist.find(C.court_ruling, records)
    assert found is not None
    assert (found.source, found.met) == ("paths", met)


@pytest.mark.parametrize(("filed", "lawsuits", "met"), [(True, 1, True), (True, 0, False), (False, 3, False)])
def test_lawsuits_are_filed_and_in_the_register(filed: bool, lawsuits: int, met: bool) -> None:
    stages = {PathStage.suit_filed: ON} if filed else {}
    found = checklist.find(
        C.lawsuits_registered,
        checklist.Records(ResolutionMode.subrogated_refund, project(), NOTHING_BUILT, stages, lawsuits),
    )
    assert found is not None
    assert found.met == met


@given(st.sampled_from(ChecklistItem), st.integers(0, 10**15))
def test_an_attestation_is_met_when_nothing_is_outstanding(item: ChecklistItem, outstanding: int) -> None:
    found = checklist.attested(item, outstanding, None, ON, 4)
    assert (found.met, found.value["outstanding"]) == (outstanding == 0, outstanding)


@given(st.integers(0, 600), st.integers(0, 52), st.integers(0, 2))
def test_petitions_are_quiet_after_whole_weeks(days: int, weeks: int, outstanding: int) -> None:
    found = checklist.attested(C.petitions_quiet, outstanding, ON - dt.timedelta(days=days), ON, weeks)
    assert found.met == (outstanding == 0 and days >= weeks * 7)


def test_a_last_day_is_for_petitions_and_not_in_the_future() -> None:
    with pytest.raises(Invalid):
        checklist.attested(C.funds_audited, 0, ON, ON, 4)
    with pytest.raises(Invalid):
        checklist.attested(C.petitions_quiet, 0, ON + dt.timedelta(days=1), ON, 4)


@given(st.dictionaries(st.sampled_from(ChecklistItem), st.sampled_from([True, False, None])))
def test_complete_is_when_every_item_is_met_and_else_it_names_the_rest(met: dict[ChecklistItem, bool | None]) -> None:
    missing = {item for item, known in met.items() if not known}
    if not missing:
        checklist.check_complete(met)
        return
    with pytest.raises(checklist.ChecklistOpen) as refused:
        checklist.check_complete(met)
    assert {e.pointer for e in refused.value.errors} == {f"/checklist/{item}" for item in missing}
