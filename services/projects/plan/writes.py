"""Writes of many milestones at once: one plan is one change, however many milestones it has."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, update

from services.projects.plan.models import milestone, milestone_report, plan_baseline
from shared.chassis.identity import Caller
from shared.storage import Session, Table
from shared.storage.bulk import insert_many
from shared.storage.ids import new_id
from shared.storage.rows import Row

PLANNED = "position key name post unit_code unit_name person_code person_name duration_days after".split()
"""What a plan says about a milestone; the rest is what has become of it."""


async def add_milestones(
    session: Session, caller: Caller, plan: Row, planned: Sequence[dict[str, Any]], now: dt.datetime
) -> None:
    common = {"division_code": plan["division_code"], "project_id": plan["project_id"], "plan_id": plan["id"]}
    made = {"version": 1, "created_by": caller.subject, "created_at": now, "updated_at": now}
    await insert_many(session, milestone, [common | values | made | {"id": new_id()} for values in planned])


async def change_milestones(session: Session, changed: Sequence[dict[str, Any]], now: dt.datetime) -> None:
    """Rows of `PLANNED` with the `division_code`, `id` and `version` they were read with."""
    if not changed:
        return
    statement = (
        update(milestone)
        .where(milestone.c.division_code == bindparam("at_division"), milestone.c.id == bindparam("at_id"))
        .values(version=milestone.c.version + 1, updated_at=now, **{name: bindparam(f"new_{name}") for name in PLANNED})
    )
    connection = await session.connection()
    await connection.execute(
        statement,
        [
            {"at_division": row["division_code"], "at_id": row["id"]} | {f"new_{name}": row[name] for name in PLANNED}
            for row in changed
        ],
    )


async def drop_milestones(session: Session, division_code: str, ids: Sequence[UUID], now: dt.datetime) -> None:
    if not ids:
        return
    await session.execute(
        update(milestone)
        .where(milestone.c.division_code == division_code, milestone.c.id.in_(ids))
        .values(dropped_at=now, version=milestone.c.version + 1, updated_at=now)
    )


async def add_baseline(
    session: Session, caller: Caller, division_code: str, values: Mapping[str, Any], now: dt.datetime
) -> None:
    """Part of the plan's own change, which is what audit and event tell of."""
    await _remember(session, plan_baseline, caller, division_code, values, now)


async def add_report(session: Session, caller: Caller, of: Row, values: Mapping[str, Any], now: dt.datetime) -> None:
    """Part of the milestone's own change; here stands why."""
    named = {"project_id": of["project_id"], "milestone_id": of["id"]}
    await _remember(session, milestone_report, caller, of["division_code"], named | dict(values), now)


async def _remember(
    session: Session, table: Table, caller: Caller, division_code: str, values: Mapping[str, Any], now: dt.datetime
) -> None:
    made = {"id": new_id(), "version": 1, "created_by": caller.subject, "created_at": now, "updated_at": now}
    await session.execute(insert(table).values(**values, **made, division_code=division_code))
