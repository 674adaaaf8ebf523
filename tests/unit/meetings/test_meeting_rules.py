"""What an agenda holds, whatever order data comes in; what minutes may say; when a matter is solved."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.projects.meetings import rules
from services.projects.meetings.rules import Matter
from shared.errors import Conflict, Invalid
from shared.schemas.projects.meetings import ActionState, AgendaSource, MatterOutcome, MeetingKind, MeetingState

S, M = AgendaSource, MatterOutcome
DAY = dt.date(2026, 11, 23)
ONE = dt.timedelta(days=1)
A, B = UUID(int=1), UUID(int=2)
proposed = st.sampled_from([source for source in S if source is not S.floor])


@st.composite
def matters(draw: st.DrawFn) -> Matter:
    source = draw(proposed)
    ref = f"{source.value}:{draw(st.integers(0, 5))}"
    since = draw(st.none() | st.integers(0, 9).map(lambda n: DAY - n * ONE))
    about = (
        draw(st.none() | st.integers(0, 5).map(lambda n: f"milestone:{n}:2026-11-01")) if source is S.order else None
    )
    return Matter(source, ref, f"事项 {ref}", draw(st.sampled_from([None, A, B])), "ZJJ", since, about)


def _same(found: list[Matter]) -> list[Matter]:
    """Each ref as it was told first: what `propose` gets from data tells a ref once."""
    return list({matter.ref: matter for matter in reversed(found)}.values())


@given(st.lists(matters(), max_size=40), st.randoms())
def test_an_agenda_has_each_matter_once_in_one_order(given_matters: list[Matter], random: Any) -> None:
    data = _same(given_matters)
    agenda = rules.propose(data)
    shuffled = [*data, *data]
    random.shuffle(shuffled)
    assert rules.propose(shuffled) == agenda
    refs = [matter.ref for matter in agenda]
    assert len(refs) == len(set(refs))
    ranks = [rules.SOURCES.index(matter.source) for matter in agenda]
    assert ranks == sorted(ranks)
    covered = {about.rsplit(":", 1)[0] for matter in data if (about := matter.about)}
    assert set(refs) == {matter.ref for matter in data} - covered
    for source in S:
        days = [matter.since or dt.date.max for matter in agenda if matter.source is source]
        assert days == sorted(days)


@given(st.lists(matters(), max_size=40))
def test_the_agenda_of_a_site_is_about_that_project_alone(given_matters: list[Matter]) -> None:
    assert {matter.project_id for matter in rules.propose(_same(given_matters), A)} <= {A}


def test_a_milestone_is_discussed_with_the_order_it_opened_and_with_no_other() -> None:
    late = Matter(S.milestone, "milestone:1", "封顶", A, None, DAY)
    other = Matter(S.milestone, "milestone:12", "验收", A, None, DAY)
    order = Matter(S.order, "order:9", "督办封顶", A, None, DAY, "milestone:1:2026-11-01")
    assert rules.propose([late, other, order]) == [order, other]


def test_one_source_does_not_crowd_out_the_others() -> None:
    many = [Matter(S.contradiction, f"contradiction:{n}", "矛盾", A, None, None) for n in range(rules.LISTED + 7)]
    kept, found = rules.listed([*many, Matter(S.topic, "topic:1", "议题", A, None, DAY)])
    assert found == {"contradiction": rules.LISTED + 7, "topic": 1}
    assert len(kept) == rules.LISTED + 1


def test_a_contradiction_keeps_its_name_while_it_is_the_same() -> None:
    name = rules.contradiction_ref
    assert name("LEDGER-23", A, {"days": 3}) == name("LEDGER-23", A, {"days": 4})
    assert name("LEDGER-23", A, {}) != name("LEDGER-23", B, {})
    assert name("LEDGER-30", None, {"a": 1, "b": 2}) == name("LEDGER-30", None, {"b": 2, "a": 1})
    assert name("LEDGER-30", None, {"a": 1}) != name("LEDGER-30", None, {"a": 2})


REFS = st.sets(st.sampled_from("abcdef"))


@given(REFS, REFS, REFS)
def test_what_nobody_came_to_is_still_new(there: set[str], known: set[str], discussed: set[str]) -> None:
    after = set(rules.known_after(there, known, discussed))
    assert {ref for ref in there if ref not in after} == there - known - discussed, "new until a meeting came to it"
    assert after <= there, "gone and come back is new"


@given(st.sampled_from(M), st.lists(st.none() | st.integers(0, 20).map(lambda n: DAY + n * ONE), max_size=6))
def test_a_matter_is_solved_when_settled_or_when_all_its_actions_are_done(
    outcome: MatterOutcome, done: list[dt.date | None]
) -> None:
    solved = rules.solved_on(outcome, DAY, done)
    if outcome is M.settled:
        assert solved == DAY
    elif done and None not in done:
        assert solved == max(day for day in done if day)
    else:
        assert solved is None


@pytest.mark.parametrize("outcome", list(M))
def test_only_what_forms_actions_has_actions(outcome: MatterOutcome) -> None:
    with pytest.raises(Invalid):
        rules.check_conclusion("/matters/0", outcome, [] if outcome is M.assigned else [DAY], DAY)
    rules.check_conclusion("/matters/0", outcome, [DAY] if outcome is M.assigned else [], DAY)
    with pytest.raises(Invalid) as late:
        rules.check_conclusion("/matters/0", M.assigned, [DAY, DAY - ONE], DAY)
    assert [error.pointer for error in late.value.errors] == ["/matters/0/actions/1/due_on"]


def test_minutes_are_taken_once_and_not_before_the_day() -> None:
    rules.check_minutes(MeetingState.planned, DAY, DAY)
    for state, held_on in ((MeetingState.held, DAY), (MeetingState.planned, DAY + ONE)):
        with pytest.raises(Conflict):
            rules.check_minutes(state, held_on, DAY)


def test_items_are_of_this_agenda_and_named_once() -> None:
    rules.check_items([A, B], {A, B})
    for wrong in ([A, A], [A, UUID(int=3)]):
        with pytest.raises(Invalid) as refused:
            rules.check_items(wrong, {A, B})
        assert refused.value.errors[0].pointer == "/matters/1/meeting_item_id"


def test_the_office_completes_for_anybody_others_for_their_own_unit() -> None:
    rules.check_action(["office"], None, "ZJJ", done=False)
    rules.check_action(["department"], "ZJJ", "ZJJ", done=False)
    with pytest.raises(rules.NotYourAction):
        rules.check_action(["department"], "CZJ", "ZJJ", done=False)
    with pytest.raises(rules.ActionDone):
        rules.check_action(["department"], "ZJJ", "ZJJ", done=True)


def test_an_action_is_overdue_from_the_day_after() -> None:
    assert rules.action_state(DAY, None, DAY) is ActionState.open
    assert rules.action_state(DAY, None, DAY + ONE) is ActionState.overdue
    assert rules.action_state(DAY, DAY + ONE, DAY + 9 * ONE) is ActionState.done


def test_a_site_dispatch_is_at_a_project_and_days_are_in_order() -> None:
    rules.check_kind(MeetingKind.dispatch, None)
    with pytest.raises(Invalid):
        rules.check_kind(MeetingKind.site, None)
    with pytest.raises(Invalid):
        rules.check_period(DAY, DAY - ONE)
    with pytest.raises(Invalid) as refused:
        rules.check_chosen(["a", "b"], {"a"})
    assert refused.value.errors[0].pointer == "/agenda/1"
