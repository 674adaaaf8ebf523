"""Rules of 舆情. Pure."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from shared.chassis.identity import Caller
from shared.errors import Conflict, FieldError, Forbidden, Invalid
from shared.schemas.petitions.opinion import OpinionState

SEES_ALL = frozenset({"petition_office", "office", "leader", "inspector"})
"""The others see what their own unit has to answer."""


class AlreadyRecorded(Conflict):
    code, title, title_en = "already_recorded", "这个链接已登记", "Already recorded"


class AlreadyAnswered(Conflict):
    code, title, title_en = "already_answered", "已回应", "Already answered"


class NotTheOwner(Forbidden):
    code, title, title_en = "not_the_owner", "请由回应责任单位办理", "Not the owner"


def is_confined(caller: Caller) -> bool:
    return not caller.roles & SEES_ALL


def check_due(seen_on: dt.date, due_on: dt.date) -> None:
    if due_on < seen_on:
        raise Invalid(errors=[FieldError("/due_on", "too_early", "期限不能早于发现之日")])


def check_answer(item: Mapping[str, Any], caller: Caller) -> None:
    """Once, by the unit that owns it or by an office for it."""
    if item["outcome"] is not None:
        raise AlreadyAnswered
    is_office = bool(caller.roles & {"petition_office", "office"})
    if not is_office and (caller.unit is None or caller.unit != item["owner_unit_code"]):
        raise NotTheOwner


def state(item: Mapping[str, Any], today: dt.date) -> OpinionState:
    """The day it is due is still in time."""
    if item["outcome"] is not None:
        return OpinionState.answered
    return OpinionState.overdue if today > item["due_on"] else OpinionState.open


def days_late(item: Mapping[str, Any], today: dt.date) -> int:
    until: dt.date = item["published_on"] or today
    due_on: dt.date = item["due_on"]
    return max((until - due_on).days, 0)
