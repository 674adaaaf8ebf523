"""Writes of an import: thousands of rows in a handful of statements, inside one transaction."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text

from services.projects.ledger import writes
from services.projects.ledger.imports.matching import Verdict
from services.projects.ledger.models import project, project_change, stated_total
from shared.chassis.identity import Caller
from shared.schemas.imports import RowVerdict, StatedTotal
from shared.storage import Session, journal
from shared.storage.bulk import insert_many, update_many
from shared.storage.ids import new_id

KEY = ("division_code", "id")


async def write_import(
    session: Session, caller: Caller, division_code: str, import_id: UUID, verdicts: Sequence[Verdict], now: dt.datetime
) -> dict[int, tuple[UUID, str]]:
    """Write created and updated rows with their history and journal; gives id and code by row number."""
    created = [v for v in verdicts if v.verdict is RowVerdict.created]
    updated = [v for v in verdicts if v.target is not None and v.plan is not None]
    codes = await _codes(session, division_code, created)
    numbers: dict[int, tuple[UUID, str]] = {}
    new_rows, changed_rows, history = [], [], []
    # A column no row states is left to the table: most sheets state a quarter of the facts.
    stated = dict.fromkeys(name for v in created if v.plan for name in v.plan.columns)
    blank = stated | {"developer_key": "", "alias_keys": []}
    blank |= {"division_code": division_code, "version": 1, "created_at": now, "updated_at": now}
    for verdict, code in zip(created, codes, strict=True):
        assert verdict.plan is not None
        project_id = new_id()
        new_rows.append(blank | verdict.plan.columns | {"id": project_id, "project_code": code})
        numbers[verdict.row.number] = (project_id, code)
    for verdict in updated:
        assert verdict.plan is not None
        assert verdict.target is not None
        row = dict(verdict.target) | verdict.plan.columns
        row |= {"version": verdict.target["version"] + 1, "updated_at": now}
        changed_rows.append(row)
        numbers[verdict.row.number] = (row["id"], row["project_code"])
    await insert_many(session, project, new_rows)
    await update_many(session, project, KEY, changed_rows)
    for verdict, row in zip([*created, *updated], [*new_rows, *changed_rows], strict=True):
        assert verdict.plan is not None
        told, entry = writes.remembered(
            caller, division_code, row["id"], row["version"], verdict.plan, "import", now, import_id=import_id
        )
        history.append(told)
        journal.record(session, entry)
    # Each row's foreign key is checked by a plan of its own: a custom one knows nothing of a county just loaded and may
    # walk all of it, the generic one takes the primary key.
    await session.execute(text("set local plan_cache_mode = force_generic_plan"))
    await insert_many(session, project_change, history)
    await session.execute(text("set local plan_cache_mode = force_custom_plan"))
    return numbers


async def _codes(session: Session, division_code: str, created: Sequence[Verdict]) -> list[str]:
    """The sheet's own codes where it has them, else the next free numbers."""
    stated: list[str | None] = [v.row.facts.get("project_code") for v in created]
    taken = set(
        (
            await session.execute(select(project.c.project_code).where(project.c.division_code == division_code))
        ).scalars()
    ) | {code for code in stated if code}
    fresh: list[str] = []
    while missing := stated.count(None) - len(fresh):
        fresh += [c for c in await writes.next_codes(session, division_code, missing) if c not in taken]
    following = iter(fresh)
    return [code or next(following) for code in stated]


async def insert_totals(
    session: Session,
    division_code: str,
    import_id: UUID,
    totals: Sequence[StatedTotal],
    effective_on: dt.date,
    now: dt.datetime,
) -> None:
    rows = [
        total.model_dump()
        | {"division_code": division_code, "import_id": import_id, "effective_on": effective_on}
        | {"recorded_at": now}
        for total in totals
    ]
    await insert_many(session, stated_total, rows)
