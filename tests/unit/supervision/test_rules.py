"""Each rule of an order by itself: when a rung falls due, who may act, what an order must say."""

from dataclasses import replace

import pytest

from services.projects.supervision import ladder, rules
from services.projects.supervision.ladder import Rung
from shared.errors import Invalid, SamePerson
from shared.schemas.projects.supervision import (
    AccountabilityIn,
    AccountabilityKind,
    OrderIn,
    OrderSource,
    OrderVerdict,
    SupervisionLevel,
)
from tests.unit.supervision.order import DAY, MONDAY, ORDER


def rung(**changed: object) -> Rung | None:
    return ladder.next_rung(replace(ORDER, **changed))  # type: ignore[arg-type]


def test_the_reminder_comes_at_half_the_time_only_to_who_is_silent() -> None:
    assert rung() == Rung(SupervisionLevel.REMINDER, MONDAY + 5 * DAY)
    assert rung(silent_percent=100) == Rung(SupervisionLevel.REMINDER, MONDAY + 10 * DAY)
    assert rung(last_feedback_on=MONDAY) == Rung(SupervisionLevel.REMINDER, MONDAY + 11 * DAY)


def test_the_reminder_comes_when_a_feedback_of_the_rhythm_is_missed() -> None:
    assert rung(feedback_every_days=3) == Rung(SupervisionLevel.REMINDER, MONDAY + 4 * DAY)
    spoken = MONDAY + 4 * DAY
    assert rung(feedback_every_days=3, last_feedback_on=spoken) == Rung(SupervisionLevel.REMINDER, spoken + 4 * DAY)
    assert rung(feedback_every_days=30, last_feedback_on=spoken) == Rung(SupervisionLevel.REMINDER, MONDAY + 11 * DAY)


def test_further_steps_follow_the_deadline_and_the_step_before() -> None:
    early = {"level": "reminder", "level_on": MONDAY + 5 * DAY}
    assert rung(**early) == Rung(SupervisionLevel.BULLETIN, MONDAY + 16 * DAY)
    late = {"level": "reminder", "level_on": MONDAY + 30 * DAY}
    assert rung(**late) == Rung(SupervisionLevel.BULLETIN, MONDAY + 35 * DAY)
    assert rung(level="accountability", level_on=MONDAY + 60 * DAY) is None


def test_a_claim_holds_the_ladder_only_when_it_was_made_in_time() -> None:
    assert rung(state="answered", claimed_on=ORDER.due_on, last_feedback_on=ORDER.due_on) is None
    late = ORDER.due_on + DAY
    assert rung(state="answered", claimed_on=late, last_feedback_on=late) is not None
    returned = rules.review(rules.answer(ORDER, ORDER.due_on, is_done=True), OrderVerdict.RETURNED, "unit", "office")
    assert ladder.next_rung(returned) == Rung(SupervisionLevel.REMINDER, late)


def test_an_extension_is_given_on_the_last_day_and_never_the_day_after() -> None:
    later = ORDER.due_on + 5 * DAY
    assert rules.extend(ORDER, later, ORDER.due_on).due_on == later
    with pytest.raises(rules.OrderExpired):
        rules.extend(ORDER, later, ORDER.due_on + DAY)
    with pytest.raises(Invalid):
        rules.extend(ORDER, ORDER.due_on, MONDAY)


def test_who_takes_an_unowned_order_on_gets_no_more_time_than_its_issuer_gave_until_that_has_passed() -> None:
    unowned = replace(ORDER, lead_unit_code=None, assigned_on=None)
    taken = rules.assign(unowned, "ZJJ", None, MONDAY + DAY)
    assert (taken.assigned_on, taken.due_on) == (MONDAY + DAY, ORDER.due_on)
    assert rules.assign(unowned, "ZJJ", ORDER.due_on - DAY, MONDAY).due_on == ORDER.due_on - DAY
    with pytest.raises(Invalid) as refused:
        rules.assign(unowned, "ZJJ", ORDER.due_on + DAY, ORDER.due_on)
    assert refused.value.errors[0].code == "extension"
    late = ORDER.due_on + DAY
    assert rules.assign(unowned, "ZJJ", late + 5 * DAY, late).due_on == late + 5 * DAY
    for day in (None, ORDER.due_on):
        with pytest.raises(Invalid):
            rules.assign(unowned, "ZJJ", day, late)
    with pytest.raises(rules.OrderOwned):
        rules.assign(ORDER, "SWJ", None, MONDAY)


def test_who_answers_reviews_extends_and_closes() -> None:
    assert rules.answers_on_behalf("ZJJ", "ZJJ", is_office=False) is False
    assert rules.answers_on_behalf("ZJJ", "OFFICE", is_office=True) is True
    for unit in ("SWJ", None):
        with pytest.raises(rules.NotTheLeadUnit):
            rules.answers_on_behalf("ZJJ", unit, is_office=False)
    with pytest.raises(rules.NotTheLeadUnit):
        rules.answers_on_behalf(None, None, is_office=False)
    claimed = rules.answer(ORDER, MONDAY, is_done=True)
    with pytest.raises(rules.ReviewPending):
        rules.answer(claimed, MONDAY, is_done=True)
    with pytest.raises(SamePerson):
        rules.review(claimed, OrderVerdict.ACCEPTED, "a", "a")
    accepted = rules.review(claimed, OrderVerdict.ACCEPTED, "a", "b")
    with pytest.raises(SamePerson):
        rules.close(accepted, MONDAY, "a")
    with pytest.raises(rules.NotAccepted):
        rules.close(claimed, MONDAY, "c")
    assert rules.close(accepted, MONDAY, "b").state == "closed"
    rules.check_issuer("a", by_office=False, subject="a", is_office=False)
    rules.check_issuer("a", by_office=True, subject="b", is_office=True)
    for by_office, is_office in ((False, True), (True, False)):
        with pytest.raises(rules.NotTheIssuer):
            rules.check_issuer("a", by_office=by_office, subject="b", is_office=is_office)


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"source": "rule"}, "/source"),
        ({"source": "superior"}, "/source_number"),
        ({"is_criticism": True}, "/is_criticism"),
        ({"due_on": "2026-11-22"}, "/due_on"),
        ({"co_unit_codes": ["SWJ", "SWJ"]}, "/co_unit_codes"),
        ({"co_unit_codes": ["ZJJ"]}, "/co_unit_codes"),
    ],
)
def test_what_an_order_says_must_hold_together(changed: dict[str, object], pointer: str) -> None:
    sound = {"source": OrderSource.MEETING, "matter": "复工", "lead_unit_code": "ZJJ", "due_on": "2026-11-23"}
    rules.check_issue(OrderIn.model_validate(sound), MONDAY)
    with pytest.raises(Invalid) as refused:
        rules.check_issue(OrderIn.model_validate(sound | changed), MONDAY)
    assert [error.pointer for error in refused.value.errors] == [pointer]


@pytest.mark.parametrize("kind", AccountabilityKind)
def test_each_kind_of_accountability_is_for_units_persons_or_both(kind: AccountabilityKind) -> None:
    def accepts(**subject: str) -> bool:
        said = {"kind": kind, "document_number": "纪〔2026〕1号", "decided_on": "2026-11-23", "reason": "久拖不决"}
        try:
            rules.check_accountability(AccountabilityIn.model_validate(said | subject), MONDAY)
        except Invalid:
            return False
        return True

    assert accepts(unit_code="ZJJ") == (kind in ("written_inspection", "circulated", "reorganised"))
    assert accepts(person_code="P1") == (kind not in ("written_inspection", "reorganised"))
    assert not accepts()
    assert not accepts(unit_code="ZJJ", person_code="P1")
