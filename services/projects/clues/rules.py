"""Who may know of a clue, and the order of its life. Pure."""

import datetime as dt
import secrets
from collections.abc import Set

from shared.errors import Conflict
from shared.schemas.projects.clues import ClueRecipient

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


def check_not_received(received_on: dt.date | None) -> None:
    if received_on is not None:
        raise AlreadyReceived("签收只登记一次，请登记办理结果")


def check_received(received_on: dt.date | None) -> None:
    if received_on is None:
        raise NotReceived("签收之后才能登记办理结果")
