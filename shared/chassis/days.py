"""The day of a fact as somebody gives it: never in the future, never before what it follows. Pure."""

import datetime as dt

from shared.errors import FieldError, Invalid


class BadDay(Invalid):
    code, title, title_en = "bad_day", "日期有误", "Bad day"


def happened_on(given: dt.date | None, today: dt.date, pointer: str, *, since: dt.date | None = None) -> dt.date:
    """The day as given, else today; 422 at `pointer` when it is later than today or earlier than `since`."""
    day = given or today
    if day > today:
        raise BadDay(errors=[FieldError(pointer, "future_date", "请填写今天或以前的日期")])
    if since is not None and day < since:
        raise BadDay(errors=[FieldError(pointer, "too_early", f"不能早于 {since.isoformat()}")])
    return day


def still_ahead(given: dt.date, today: dt.date, pointer: str) -> dt.date:
    """A day something is due: today or later, else 422 at `pointer`."""
    if given < today:
        raise BadDay(errors=[FieldError(pointer, "past_date", "期限不能早于今天")])
    return given
