"""What every feature of project work does alike: reach the project, make a row, move it on, leave a trace."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.projects.ledger import service as ledger
from shared.chassis.identity import Caller
from shared.chassis.permissions import require_home
from shared.storage import Session
from shared.storage.work import add, load, load_own, move, own_rows, shown, trace

__all__ = ["add", "load", "load_own", "move", "own_project", "own_rows", "shown", "trace"]


async def own_project(session: Session, caller: Caller, project_id: UUID, *, lock: bool = False) -> Mapping[str, Any]:
    """A project the caller may do work on. `lock` makes those who work on one project take turns."""
    row = await ledger.load(session, caller, project_id, lock=lock)
    require_home(caller, row["division_code"])
    return row
