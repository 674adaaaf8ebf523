"""Rules of 领导包案. Pure."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from shared.errors import Conflict, FieldError, Invalid, SamePerson, SameUnit
from shared.schemas.petitions.leaders import CasePromiseOutcome, CasePromiseState
from shared.schemas.petitions.states import PetitionState


class CaseNotLed(Conflict):
    code, title, title_en = "case_not_led", "没有领导包案", "Nobody leads this case"


class AlreadyLed(Conflict):
    code, title, title_en = "already_led", "已由该领导包案", "Already led by this leader"


class MergedCase(Conflict):
    code, title, title_en = "merged_case", "已并案，请在主件上办理", "Merged into another"


class AlreadySettled(Conflict):
    code, title, title_en = "already_settled", "承诺已了结", "Already settled"


def check_not_merged(petition: Mapping[str, Any]) -> None:
    if petition["state"] == PetitionState.merged:
        raise MergedCase


def check_handover(before: Mapping[str, Any] | None, person_code: str, handover: str | None) -> None:
    """Who follows another takes the case over with a note; nobody follows himself."""
    if before is None:
        return
    if before["person_code"] == person_code:
        raise AlreadyLed
    if handover is None:
        raise Invalid(errors=[FieldError("/handover", "required", "接替他人包案，请填写交接情况")])


def check_due(made_on: dt.date, due_on: dt.date) -> None:
    if due_on < made_on:
        raise Invalid(errors=[FieldError("/due_on", "too_early", "期限不能早于作出之日")])


def check_settling(
    promise: Mapping[str, Any], outcome: CasePromiseOutcome, subject: str, unit_code: str | None
) -> None:
    """Once; and whoever gives a promise, or wrote it down, may say that it was broken but not that it was kept."""
    if promise["outcome"] is not None:
        raise AlreadySettled
    if outcome is not CasePromiseOutcome.kept:
        return
    if subject == promise["created_by"]:
        raise SamePerson("承诺是否兑现，由登记承诺以外的人确认")
    if unit_code is not None and unit_code == promise["unit_code"]:
        raise SameUnit("承诺是否兑现，由承诺单位以外的单位确认")


def promise_state(promise: Mapping[str, Any], today: dt.date) -> CasePromiseState:
    """The day it is due is still in time."""
    if promise["outcome"] is not None:
        return CasePromiseState(promise["outcome"])
    return CasePromiseState.overdue if today > promise["due_on"] else CasePromiseState.open


def days_late(promise: Mapping[str, Any], today: dt.date) -> int:
    settled_on: dt.date = promise["settled_on"] or today
    due_on: dt.date = promise["due_on"]
    return max((settled_on - due_on).days, 0)
