"""Who may know of a clue, and the order of its life. Pure."""

import datetime as dt
import secrets
from collections.abc import Set

from shared.errors import Conflict, FieldError, Invalid
from shared.schemas.projects.clues import ClueRecipient, ClueState

READS: dict[str, frozenset[ClueRecipient]] = {
    "inspector": frozenset(ClueRecipient),
    "judicial": frozenset({ClueRecipient.political_legal, ClueRecipient.judicial}),
}
"""Role to the recipients whose clues it reads: discipline inspection oversees all, the others read their own."""
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class AlreadyReceived(Conflict):
    code, title, title_en = "already_received", "此线索已经签收", "Already received"


class NotReceived(Conflict):
    code, title, title_en = "not_received", "请先签收", "Not received"


def readable(roles: Set[str]) -> frozenset[ClueRecipient]:
    return frozenset().union(*(READS.get(role, frozenset()) for role in roles))


def receipt_number(on: dt.date) -> str:
    """Drawn, not counted: a number in sequence would tell how many clues there are."""
    return f"XS-{on:%Y%m%d}-{''.join(secrets.choice(_ALPHABET) for _ in range(8))}"


def check_transferred(transferred_on: dt.date, today: dt.date) -> None:
    if transferred_on > today:
        raise _invalid("transferred_on", "移交日期最晚为今天")


def check_receive(state: ClueState, transferred_on: dt.date, received_on: dt.date, today: dt.date) -> None:
    if state is not ClueState.transferred:
        raise AlreadyReceived
    if not transferred_on <= received_on <= today:
        raise _invalid("received_on", "签收日期不早于移交日期，最晚为今天")


def check_result(received_on: dt.date | None, result_on: dt.date, today: dt.date) -> None:
    if received_on is None:
        raise NotReceived
    if not received_on <= result_on <= today:
        raise _invalid("result_on", "结果日期不早于签收日期，最晚为今天")


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(errors=[FieldError(f"/{field}", "out_of_order", message)])
