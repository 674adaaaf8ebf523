"""What the case register accepts. Pure."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from shared.chassis.days import happened_on
from shared.errors import Conflict, FieldError, Invalid
from shared.schemas.projects.lawsuits import LawsuitStage

_APART = re.compile(r"[\s()\[\]〔〕【】]+")


class CaseTaken(Conflict):
    code, title, title_en = "case_taken", "本项目已登记此案号", "Case number taken"


class Answered(Conflict):
    code, title, title_en = "already_answered", "此事项已经答复", "Already answered"


def case_key(number: str | None) -> str | None:
    """`（2026）京0101民初1234号` and `(2026) 京0101民初1234号` are one case."""
    return _APART.sub("", unicodedata.normalize("NFKC", number)).casefold() or number if number else None


def days(begun_on: dt.date, ended_on: dt.date | None, today: dt.date) -> int:
    """Days so far, or until it ended."""
    return ((ended_on or today) - begun_on).days


def check_lawsuit(values: Mapping[str, Any], today: dt.date) -> None:
    """A case that is closed says since when; nothing in it lies in the future or before its filing."""
    filed_on, closed_on = values["filed_on"], values["closed_on"]
    happened_on(filed_on, today, "/filed_on")
    if (values["stage"] == LawsuitStage.closed) != (closed_on is not None):
        where = FieldError("/closed_on", "closed_on", "阶段为结案时填写结案日期，其他阶段不填")
        raise Invalid(errors=[where])
    if closed_on is not None:
        happened_on(closed_on, today, "/closed_on", since=filed_on)
