"""The state machine of a petition (信访工作条例 2022, arts. 22–37): an act is refused or gives the case after it. Pure.

`apply` is a fold: the case of a petition is its acts applied in order, and nothing else. Clocks are started, met and
stopped by acts only; a comment moves none.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce

from services.petitions.life import handling, reviewing, routing
from services.petitions.life.case import FINAL, Act, Case
from services.petitions.life.moves import ActNotAllowed, BadAct, Move, StoodAside, TooLate, bad, close
from shared.chassis.calendar import WorkCalendar
from shared.schemas.petitions.states import LABELS, ActKind, PetitionState

__all__ = ["ALLOWED", "ActNotAllowed", "BadAct", "StoodAside", "TooLate", "apply", "fold"]

A, S = ActKind, PetitionState
ANY = frozenset(S)
LIVE = ANY - FINAL

MOVES: dict[ActKind, tuple[frozenset[PetitionState], Move]] = {
    A.forward: (frozenset({S.registered, S.returned, S.forwarded}), routing.forward),
    A.assign: (frozenset({S.registered, S.returned, S.forwarded}), routing.forward),
    A.receive: (frozenset({S.forwarded}), routing.receive),
    A.object: (frozenset({S.forwarded}), routing.objects),
    A.consent_to_return: (frozenset({S.forwarded}), routing.consent_to_return),
    A.refuse_return: (frozenset({S.forwarded}), routing.refuse_return),
    A.notify: (frozenset({S.forwarded}), routing.notify),
    A.accept: (frozenset({S.forwarded}), routing.accept),
    A.reject: (frozenset({S.registered, S.forwarded}), routing.reject),
    A.route_to_legal_channel: (frozenset({S.registered, S.forwarded}), routing.route_to_legal_channel),
    A.convert_to_normal: (frozenset({S.accepted}), handling.convert_to_normal),
    A.request_extension: (frozenset({S.accepted}), handling.request_extension),
    A.approve_extension: (frozenset({S.accepted}), handling.approve_extension),
    A.refuse_extension: (frozenset({S.accepted}), handling.refuse_extension),
    A.answer: (frozenset({S.registered, S.accepted}), handling.answer),
    A.issue_opinion: (frozenset({S.accepted}), handling.issue_opinion),
    A.begin_hearing: (frozenset({S.accepted, S.review_requested, S.re_review_requested}), handling.begin_hearing),
    A.end_hearing: (frozenset({S.accepted, S.review_requested, S.re_review_requested}), handling.end_hearing),
    A.settle: (
        frozenset({S.accepted, S.opinion_issued, S.review_requested, S.reviewed, S.re_review_requested}),
        handling.settle,
    ),
    A.deliver: (ANY, reviewing.deliver),
    A.request_review: (frozenset({S.opinion_issued, S.reviewed}), reviewing.request_review),
    A.decide_review: (frozenset({S.review_requested, S.re_review_requested}), reviewing.decide_review),
    A.terminate: (frozenset({S.re_reviewed}), reviewing.terminate),
    A.lapse: (frozenset({S.opinion_issued, S.reviewed}), reviewing.lapse),
    A.withdraw: (LIVE - {S.re_reviewed}, handling.become(S.withdrawn)),
    A.merge: (frozenset({S.registered, S.forwarded, S.returned, S.accepted}), handling.become(S.merged)),
    A.stand_aside: (LIVE, handling.stand_aside),
    A.comment: (ANY, lambda case, act, calendar: case),
}
ALLOWED: dict[ActKind, frozenset[PetitionState]] = {kind: states for kind, (states, _) in MOVES.items()}
"""In which states an act is possible at all; its own rule may still refuse it."""


def fold(acts: Iterable[Act], calendar: WorkCalendar) -> Case | None:
    """The case that these acts make, in their order; None of no acts."""
    return reduce(lambda case, act: apply(case, act, calendar), acts, None)


def apply(case: Case | None, act: Act, calendar: WorkCalendar) -> Case:
    """The case after the act. Raises `Conflict` where the case does not allow it, `Invalid` where the act is wrong."""
    if case is None:
        return routing.register(act)
    if act.kind is A.register or case.state not in ALLOWED[act.kind]:
        state = LABELS[PetitionState][case.state]
        raise ActNotAllowed(f"信访事项“{state}”，不能办理“{LABELS[ActKind][act.kind]}”")
    counted = replace(case, acts=case.acts + 1)
    if act.kind is A.comment:
        return counted
    if act.actor in case.stood_aside:
        raise StoodAside
    if case.last_on is not None and act.on < case.last_on:
        raise bad("/on", "before_last_act", f"不能早于上一步的日期 {case.last_on.isoformat()}")
    _, move = MOVES[act.kind]
    after = move(replace(counted, last_on=act.on), act, calendar)
    return close(after, act.on, calendar) if after.is_final else after
