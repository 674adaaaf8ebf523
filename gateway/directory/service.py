"""Use cases of the directory."""

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from gateway.directory import queries
from gateway.directory.models import person, unit
from shared.chassis.http import require_version
from shared.chassis.identity import Caller
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.schemas.gateway.directory import PersonCreate, PersonPatch, UnitCreate, UnitPatch
from shared.schemas.gateway.identity import NATION
from shared.storage import Session, rows
from shared.storage.ids import new_id
from shared.storage.journal import Change, record
from shared.storage.rows import Row

DIVISIONS = Path(__file__).with_name("divisions.csv")


class CodeTaken(Conflict):
    code, title, title_en = "code_taken", "编码已被使用", "Code taken"


class AmbiguousName(Conflict):
    code, title, title_en = "ambiguous_name", "本行政区划内已有单位使用此名称或别名", "Ambiguous name"


async def load_divisions(session: Session, file: Path = DIVISIONS) -> None:
    """Read `code,name,level,parent,valid_from,valid_to`; empty is unknown or, for `valid_to`, still in use."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = [{name: value or None for name, value in row.items()} for row in csv.DictReader(lines)]
    days = ("valid_from", "valid_to")
    await queries.put_divisions(
        session,
        [row | {day: dt.date.fromisoformat(text) if (text := row[day]) else None for day in days} for row in rows],
    )


def ancestors_of(home: str) -> list[str]:
    """Province, city and nation above a division: `999902` → 999900, 990000, 000000."""
    return [code for code in (f"{home[:4]}00", f"{home[:2]}0000", NATION) if code != home]


async def require_division(session: Session, code: str) -> None:
    if not await queries.has_division(session, code):
        raise Invalid(errors=[FieldError("/division_code", "unknown_division", "没有此行政区划")])


async def require_unit(session: Session, division_code: str, code: str | None) -> None:
    if code is not None and not await queries.has_unit(session, division_code, code):
        raise Invalid(errors=[FieldError("/unit_code", "unknown_unit", "本行政区划内没有此单位，请先新增单位")])


def _require_covered(caller: Caller, division_code: str) -> None:
    if not caller.covers(division_code):
        raise NotFound("没有此行政区划，或不在您的管辖范围内")


async def _require_names_free(
    session: Session, division_code: str, names: Sequence[str], besides: UUID | None = None
) -> None:
    """A workbook's name must lead to one unit."""
    if taken := await queries.units_called(session, division_code, names, besides=besides):
        raise AmbiguousName(f"已使用的单位编码：{'、'.join(sorted(taken))}")


async def create_unit(session: Session, caller: Caller, body: UnitCreate, now: dt.datetime) -> Row:
    _require_covered(caller, body.division_code)
    await require_division(session, body.division_code)
    await _require_names_free(session, body.division_code, [body.name, *body.aliases])
    values = body.model_dump() | {"id": new_id(), "version": 1, "created_at": now, "updated_at": now}
    row = await rows.add(session, unit, values)
    if row is None:
        raise CodeTaken
    detail = {name: row[name] for name in ("code", "name", "kind", "aliases")}
    _record(session, caller, "unit", row, "create", now, detail)
    return row


async def load_unit(session: Session, caller: Caller, unit_id: UUID, *, lock: bool = False) -> Row:
    row = await rows.one(session, unit, caller.scope, unit_id, lock=lock)
    if row is None:
        raise NotFound("没有此单位，或不在您的管辖范围内")
    return row


async def update_unit(
    session: Session, caller: Caller, unit_id: UUID, version: int, patch: UnitPatch, now: dt.datetime
) -> Row:
    row = await load_unit(session, caller, unit_id, lock=True)
    require_version(row["version"], version)
    changed = _changed(row, patch.model_dump(exclude_unset=True))
    if not changed:
        return row
    after = row | changed
    await _require_names_free(session, row["division_code"], [after["name"], *after["aliases"]], unit_id)
    row = await rows.change(session, unit, row, changed | {"version": row["version"] + 1, "updated_at": now})
    _record(session, caller, "unit", row, "update", now, changed)
    return row


async def create_person(session: Session, caller: Caller, body: PersonCreate, now: dt.datetime) -> Row:
    _require_covered(caller, body.division_code)
    await require_division(session, body.division_code)
    await require_unit(session, body.division_code, body.unit_code)
    values = body.model_dump() | {"id": new_id(), "version": 1, "created_at": now, "updated_at": now}
    row = await rows.add(session, person, values)
    if row is None:
        raise CodeTaken
    _record(session, caller, "person", row, "create", now, {"code": row["code"], "unit_code": row["unit_code"]})
    return row


async def load_person(session: Session, caller: Caller, person_id: UUID, *, lock: bool = False) -> Row:
    row = await rows.one(session, person, caller.scope, person_id, lock=lock)
    if row is None:
        raise NotFound("没有此人员，或不在您的管辖范围内")
    return row


async def update_person(
    session: Session, caller: Caller, person_id: UUID, version: int, patch: PersonPatch, now: dt.datetime
) -> Row:
    row = await load_person(session, caller, person_id, lock=True)
    require_version(row["version"], version)
    changed = _changed(row, patch.model_dump(exclude_unset=True))
    if not changed:
        return row
    await require_unit(session, row["division_code"], changed.get("unit_code"))
    row = await rows.change(session, person, row, changed | {"version": row["version"] + 1, "updated_at": now})
    # Events leave the gateway: which items changed, not the person's name.
    _record(session, caller, "person", row, "update", now, {"code": row["code"], "changed": sorted(changed)})
    return row


def _changed(row: Row, given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if row[name] != value}


def _record(
    session: Session, caller: Caller, kind: str, row: Row, action: str, now: dt.datetime, detail: dict[str, Any]
) -> None:
    subject = str(row["id"])
    record(
        session,
        Change(row["division_code"], kind, subject, action, caller, now, version=row["version"], detail=detail),
    )
