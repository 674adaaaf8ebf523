"""Reaching one petition; what happens to it then is the business of other modules."""

from uuid import UUID

from services.petitions.registry import queries
from shared.chassis.identity import Caller
from shared.chassis.permissions import require_home
from shared.errors import NotFound
from shared.storage import Session
from shared.storage.journal import Visibility
from shared.storage.rows import Row


async def load(session: Session, caller: Caller, petition_id: UUID, *, lock: bool = False) -> Row:
    """A petition the caller may see."""
    row = await queries.one(session, caller, petition_id, lock=lock)
    if row is None:
        raise NotFound("没有这件信访事项，或不在您的管辖范围内")
    return row


async def load_own(session: Session, caller: Caller, petition_id: UUID) -> Row:
    """A petition the caller may work on, locked: whoever works on one petition takes turns."""
    row = await load(session, caller, petition_id, lock=True)
    require_home(caller, row["division_code"])
    return row


def visibility_of(row: Row) -> Visibility:
    """Of the events of a petition."""
    return "sealed" if row["is_sealed"] else "internal"
