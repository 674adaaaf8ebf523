"""Any life the law allows: the clocks are exactly those the acts demand, and rows and acts give the same case back."""

import datetime as dt
from random import Random
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from services.petitions.life import clocks as law
from services.petitions.life import records
from services.petitions.life.case import FINAL, Act, Case
from services.petitions.life.rules import ALLOWED, apply, fold
from shared.errors import Problem
from shared.schemas.petitions.states import ActKind as A
from shared.schemas.petitions.states import ClockKind as K
from shared.schemas.petitions.states import ClockState, LegalRoute, PetitionClass, ReviewOutcome
from shared.schemas.petitions.steps import BodyLevel, PetitionDocument, RejectReason
from tests.support.lives import CALENDAR
from tests.support.profile import count

UNITS = ("XFJ", "ZJJ", "RSJ", "XZF")
PEOPLE = ("officer", "clerk", "head")
DECISIVE = (None, PetitionDocument.opinion, PetitionDocument.review_decision, PetitionDocument.re_review_decision)
OVER = {A.reject, A.route_to_legal_channel, A.answer, A.settle, A.terminate, A.lapse, A.withdraw, A.merge}
ONWARD = {A.forward, A.accept, A.issue_opinion, A.deliver, A.request_review, A.decide_review, A.end_hearing}
BESIDE = {A.comment, A.stand_aside}
TURNS = {
    A.register,
    A.forward,
    A.assign,
    A.consent_to_return,
    A.accept,
    A.convert_to_normal,
    A.issue_opinion,
    A.deliver,
    A.request_review,
    A.decide_review,
}


def must_have(acts: list[Act]) -> dict[K, dt.date]:
    """What runs after these acts, and since when, as arts. 22–36 have it. It knows nothing of the rules' code."""
    if acts[-1].kind in OVER or any(act.kind in OVER for act in acts):
        return {}
    turns = [
        place
        for place, act in enumerate(acts)
        if act.kind in TURNS and (act.kind is not A.deliver or act.document in DECISIVE)
    ]
    last, since = acts[turns[-1]], acts[turns[-1] + 1 :]
    requests = 0
    for act in acts:
        requests = 0 if act.kind in (A.issue_opinion, A.accept) else requests + (act.kind is A.request_review)
    match last.kind:
        case A.register if last.to_unit is None:
            return {K.route: last.on}
        case A.consent_to_return:
            return {K.route: last.on}
        case A.register | A.forward | A.assign:
            signed = next((act.on for act in since if act.kind is A.receive), last.on)
            runs = {K.acceptance: min(signed, last.on + dt.timedelta(days=7))}
            if not acts[0].cannot_be_told and not any(act.kind is A.notify for act in since):
                runs[K.notify] = runs[K.acceptance]
            if last.kind is not A.register and not any(act.kind is A.object for act in since):
                runs[K.objection] = runs[K.acceptance]
            return runs
        case A.accept:
            known = [act.petition_class for act in acts if act.petition_class is not None]
            if known[-1] is not PetitionClass.appeal_claim:
                return {}
            return {K.simple if last.is_simple else K.handle: last.on}
        case A.convert_to_normal:
            return {K.handle: next(act.on for act in reversed(acts) if act.kind is A.accept)}
        case A.deliver:
            return {(K.review_request, K.re_review_request)[requests]: last.on} if requests < 2 else {}
        case A.request_review:
            return {(K.review, K.re_review)[requests - 1]: last.on}
        case A.decide_review if last.outcome is ReviewOutcome.redo:
            return {K.handle: last.on}
    return {}


def draw_act(rng: Random, case: Case | None, on: dt.date) -> Act:
    """Mostly what the state allows, so that lives get long; now and then anything."""
    if case is None:
        kind = A.register
    else:
        possible = [kind for kind in A if kind is not A.register and case.state in ALLOWED[kind]]
        living = [kind for kind in possible if kind not in OVER and kind not in BESIDE] or possible
        onward = [kind for kind in living if kind in ONWARD] or living
        rare = rng.randint(0, 29)
        kind = rng.choice(list(A) if rare == 0 else possible if rare == 1 else living if rare < 20 else onward)
    more: dict[str, Any] = {"unit": rng.choice((None, *UNITS))}
    if kind in (A.forward, A.assign):
        more["to_unit"] = rng.choice(UNITS)
    if kind in (A.register, A.request_review):
        more["to_unit"] = rng.choice((None, *UNITS))
    if kind is A.request_review:
        more["to_level"] = rng.choice((None, *BodyLevel))
    if kind in (A.register, A.accept, A.answer):
        more["petition_class"] = rng.choice((None, *PetitionClass, *[PetitionClass.appeal_claim] * 5))
        if more["petition_class"] is PetitionClass.appeal_claim:
            more["legal_route"] = rng.choice((None, *LegalRoute, *[LegalRoute.petition_opinion] * 9))
    if kind is A.register:
        more["cannot_be_told"] = rng.random() < 0.5
    if kind is A.accept:
        more["is_simple"] = rng.random() < 0.5
    if kind is A.reject:
        more["reason"] = rng.choice(list(RejectReason))
    if kind is A.request_extension:
        more["days"] = rng.randint(-1, 40)
    if kind is A.approve_extension:
        more["told_on"] = rng.choice((None, on))
    if kind is A.decide_review:
        more["outcome"] = rng.choice(list(ReviewOutcome))
    if kind is A.deliver:
        more["document"] = rng.choice((*DECISIVE, PetitionDocument.acceptance_notice))
    if kind is A.stand_aside:
        more["person"] = rng.choice(("somebody", *PEOPLE))
    return Act(kind, on, rng.choice(PEOPLE), **more)


def check(case: Case, acts: list[Act]) -> None:
    opened = [clock for clock in case.clocks if clock.is_open]
    assert {clock.kind: clock.starts_on for clock in opened} == must_have(acts)
    assert len(opened) == len({clock.kind for clock in opened})
    assert [clock.number for clock in case.clocks] == list(range(1, len(case.clocks) + 1))
    assert all((clock.ended_by is None) == clock.is_open for clock in case.clocks)
    assert all((clock.met_on is not None) == (clock.state is ClockState.met) for clock in case.clocks)
    assert all(0 <= clock.extended_days <= 30 for clock in case.clocks)
    for clock in case.clocks:
        assert not clock.extended_days or clock.kind is K.handle
        granted = [
            act
            for number, act in enumerate(acts, 1)
            if act.kind is A.approve_extension and clock.started_by < number <= (clock.ended_by or len(acts))
        ]
        assert len(granted) <= 1 or clock.kind is not K.handle, "one extension at most"
    assert (case.state in FINAL) == any(act.kind in OVER for act in acts)
    assert case.state not in FINAL or (case.objection, case.extension_days, case.hearing_since) == ("", None, None)


def without_hearings(clock: law.Clock, acts: list[Act]) -> int:
    """Days of hearing inside the life of this clock, counted day by day."""
    days: set[dt.date] = set()
    begun: dt.date | None = None
    for number, act in enumerate(acts, 1):
        if act.kind is A.begin_hearing and number > clock.started_by:
            begun = act.on
        if act.kind is A.end_hearing and begun is not None and number < (clock.ended_by or len(acts) + 1):
            days |= {begun + dt.timedelta(days=n) for n in range((act.on - begun).days + 1)}
            begun = None
    return len(days)


@settings(max_examples=count(300, 20_000))
@given(st.randoms(use_true_random=True))
def test_any_sequence_of_legal_acts_leaves_exactly_the_clocks_it_must(rng: Random) -> None:
    acts: list[Act] = []
    case: Case | None = None
    on = dt.date(2024, 1, 1) + dt.timedelta(days=rng.randint(0, 900))
    for _ in range(rng.randint(1, 60)):
        act = draw_act(rng, case, on)
        try:
            after = apply(case, act, CALENDAR)
        except Problem:
            continue  # refused, and nothing has changed
        acts.append(act)
        check(after, acts)
        if act.kind is A.comment:
            assert case is not None
            assert after.clocks == case.clocks, "a comment never moves a clock"
        case = after
        on += dt.timedelta(days=rng.randint(-2, 12))
    if case is None:
        return
    event(case.state.value)
    assert fold(acts, CALENDAR) == case
    for clock in case.clocks:
        if clock.kind is K.re_review and clock.state is not ClockState.suspended:
            assert clock.suspended_days == without_hearings(clock, acts)
            plain = clock.starts_on + dt.timedelta(days=30 + clock.suspended_days)
            assert law.due(clock, CALENDAR) == CALENDAR.roll_to_workday(plain)
    kept = records.columns_of(case, CALENDAR)
    stored = [records.clock_columns(clock, CALENDAR) for clock in case.clocks]
    assert records.case_of(kept, stored) == case
    again = [records.act_of(records.act_columns(act, number)) for number, act in enumerate(acts, 1)]
    assert again == acts
    running = [clock for clock in case.clocks if clock.state is ClockState.running and clock.rule.is_duty]
    assert kept["next_due_on"] == min((law.due(clock, CALENDAR) for clock in running), default=None)
