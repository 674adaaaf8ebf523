"""What the case register accepts. Pure."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

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
    if filed_on > today:
        raise _invalid("filed_on", "future_date", "立案日期最晚为今天")
    if (values["stage"] == LawsuitStage.closed) != (closed_on is not None):
        raise _invalid("closed_on", "closed_on", "阶段为结案时填写结案日期，其他阶段不填")
    if closed_on is not None and not filed_on <= closed_on <= today:
        raise _invalid("closed_on", "out_of_order", "结案日期不早于立案日期，最晚为今天")


def check_answer(raised_on: dt.date, answered_on: dt.date, today: dt.date) -> None:
    if not raised_on <= answered_on <= today:
        raise _invalid("answered_on", "out_of_order", "答复日期不早于提交日期，最晚为今天")


def check_raised(raised_on: dt.date, today: dt.date) -> None:
    if raised_on > today:
        raise _invalid("raised_on", "future_date", "提交日期最晚为今天")


def _invalid(field: str, code: str, message: str) -> Invalid:
    return Invalid(errors=[FieldError(f"/{field}", code, message)])
