"""Who is answered, and what is told of an act. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from services.petitions.life import records
from services.petitions.life.case import Act
from shared.schemas.petitions.citizen import PublicStepOut
from shared.schemas.petitions.states import LABELS as STATES
from shared.schemas.petitions.states import ActKind, ReviewOutcome
from shared.schemas.petitions.steps import LABELS as STEPS
from shared.schemas.petitions.steps import AnswerResult, OpinionOutcome, PetitionDocument, RejectReason

A = ActKind
TRIES, REST = 10, dt.timedelta(hours=1)
"""Codes that may be tried with one number in one span of `REST`; after them the right one is not answered either."""
PUBLIC_STEPS = frozenset(
    {
        A.register,
        A.forward,
        A.assign,
        A.notify,
        A.accept,
        A.reject,
        A.route_to_legal_channel,
        A.convert_to_normal,
        A.approve_extension,
        A.answer,
        A.issue_opinion,
        A.deliver,
        A.settle,
        A.request_review,
        A.decide_review,
        A.terminate,
        A.lapse,
        A.withdraw,
        A.merge,
    }
)
"""The law's steps towards the petitioner; what offices say among themselves is theirs."""
REASONS: dict[ActKind, type[StrEnum]] = {
    A.reject: RejectReason,
    A.issue_opinion: OpinionOutcome,
    A.answer: AnswerResult,
}


def is_resting(tries: int) -> bool:
    """`tries` of the span under way, this one included."""
    return tries > TRIES


def steps(petition: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> list[PublicStepOut]:
    """`rows` are the petition's acts in their order."""
    names = {petition[f"{which}_unit_code"]: petition[f"{which}_unit_name"] for which in ("sender", "body")}
    found, asked_days = list[PublicStepOut](), None
    for row in rows:
        act = records.act_of(row)
        if act.kind is A.request_extension:
            asked_days = act.days
        if row["to_unit_name"] is not None:
            names[act.to_unit] = row["to_unit_name"]
        if act.kind in PUBLIC_STEPS:
            unit = row["to_unit_name"] or names.get(act.unit)
            found.append(_step(act, unit, asked_days if act.kind is A.approve_extension else None))
    return found


def _step(act: Act, unit: str | None, days: int | None) -> PublicStepOut:
    outcome = STATES[ReviewOutcome][act.outcome] if act.outcome else None
    reasons = REASONS.get(act.kind)
    if reasons is not None and act.reason is not None:
        outcome = STEPS[reasons][act.reason]
    return PublicStepOut(
        on=act.on,
        step=STATES[ActKind][act.kind],
        unit=unit,
        document=STEPS[PetitionDocument][act.document] if act.document else None,
        outcome=outcome,
        days=days,
    )
