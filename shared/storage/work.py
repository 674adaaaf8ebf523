"""What use cases of every service do alike: reach a row, make one, move it on, leave a trace."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from shared.chassis.http import require_version
from shared.chassis.identity import Caller
from shared.chassis.permissions import require_home
from shared.errors import NotFound
from shared.schemas.base import Out
from shared.storage import Session, Table, journal, rows
from shared.storage.ids import new_id
from shared.storage.journal import Change, Visibility
from shared.storage.rows import Row

Shown = TypeVar("Shown", bound=Out)


def shown(model: type[Shown], row: Mapping[str, Any], **more: Any) -> Shown:
    """A row in the shape of the contract; `more` is what the row does not hold."""
    return model(**{name: row[name] for name in model.model_fields if name in row}, **more)


def own_rows(caller: Caller, column: str) -> dict[str, str]:
    """What an enterprise is confined to in a table whose `column` names a unit: rows of its own; nobody else is.

    A unit's code is one of its division: a city's enterprise is not a county's of the same code.
    """
    is_confined = caller.roles <= {"enterprise"}
    return {"division_code": caller.home, column: caller.unit or ""} if is_confined else {}


async def load(
    session: Session,
    table: Table,
    caller: Caller,
    row_id: UUID,
    *,
    lock: bool = False,
    what: str = "这条记录",
    only: Mapping[str, Any] = rows.EVERY,
) -> Row:
    """The row of this id in the caller's scope; `only` are values it must have to be there for the caller."""
    row = await rows.one(session, table, caller.scope, row_id, lock=lock, only=only)
    if row is None:
        raise NotFound(f"没有{what}，或不在您的管辖范围内")
    return row


async def load_own(
    session: Session, table: Table, caller: Caller, row_id: UUID, version: int | None, *, what: str = "这条记录"
) -> Row:
    """A row the caller may change, locked, at the version the change is based on (None where acts do not ask)."""
    row = await load(session, table, caller, row_id, lock=True, what=what)
    require_home(caller, row["division_code"])
    if version is not None:
        require_version(row["version"], version)
    return row


async def add(
    session: Session,
    table: Table,
    caller: Caller,
    division_code: str,
    values: Mapping[str, Any],
    now: dt.datetime,
    *,
    action: str = "create",
    visibility: Visibility = "internal",
    detail: Mapping[str, Any] | None = None,
) -> Row | None:
    """The new row with its audit and outbox rows; None when a unique key of the table is taken.

    `detail` is what audit and event say; without it, the values themselves. A row that is sealed to its id brings it.
    """
    made = {"id": new_id(), "version": 1, "created_by": caller.subject, "created_at": now, "updated_at": now}
    row = await rows.add(session, table, made | dict(values) | {"division_code": division_code})
    if row is not None:
        trace(
            session, table, caller, row, action, now, visibility=visibility, detail=values if detail is None else detail
        )
    return row


async def move(
    session: Session,
    table: Table,
    caller: Caller,
    row: Row,
    values: Mapping[str, Any],
    now: dt.datetime,
    *,
    action: str = "update",
    visibility: Visibility = "internal",
    detail: Mapping[str, Any] | None = None,
) -> Row:
    """The locked row with new values, one version on, with its audit and outbox rows."""
    values = dict(values)
    moved = await rows.change(session, table, row, values | {"version": row["version"] + 1, "updated_at": now})
    told = values if detail is None else detail
    trace(session, table, caller, moved, action, now, visibility=visibility, detail=told)
    return moved


def trace(
    session: Session,
    table: Table,
    caller: Caller,
    row: Row,
    action: str,
    now: dt.datetime,
    *,
    visibility: Visibility = "internal",
    detail: Mapping[str, Any],
) -> None:
    """One audit row and one outbox row for the version `row` has now."""
    journal.record(
        session,
        Change(
            division_code=row["division_code"],
            subject_type=table.name,
            subject_id=str(row["id"]),
            action=action,
            actor=caller,
            recorded_at=now,
            version=row["version"],
            project_id=row.get("project_id"),
            visibility=visibility,
            detail=detail,
        ),
    )
