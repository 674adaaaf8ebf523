"""Reads of the ledger. Every statement names its divisions (`=` when there is one); row security is only the net.

Lists leave PostgreSQL as JSON text: one constant statement per shape, values bound. A test holds every list against
`ProjectPage`.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Numeric, TextClause, text

from services.projects.ledger.filters import PREDICATES, Filter, where
from services.projects.ledger.models import FACT_TYPES
from shared.schemas.projects.facts import GROUPS
from shared.storage import Session

_TOP = (
    "id division_code project_code name aliases kind lists construction_status counted_construction_status "
    "resolution_status resumption marks effective_on version created_at updated_at"
).split()


def _columns(names: Iterable[str]) -> str:
    trimmed = (f"trim_scale({n})::text as {n}" if isinstance(FACT_TYPES.get(n), Numeric) else n for n in names)
    return ", ".join(trimmed)


def _object(columns: str) -> str:
    return f"(select row_to_json(o) from (select {columns}) o)"  # noqa: S608 only constants of this module and the contract


def _project_json() -> str:
    groups = (f"{_object(_columns(model.model_fields))} as {group}" for group, model in GROUPS.items())
    return f"{_object(', '.join([_columns(_TOP), *groups]))}::text"


PROJECT_JSON = _project_json()
"""A row of `project` as the JSON of `ProjectOut`."""
SORTS = {
    "-updated_at": ("updated_at", "desc", "timestamptz"),
    "updated_at": ("updated_at", "asc", "timestamptz"),
    "project_code": ("project_code", "asc", "text"),
    "name": ("name", "asc", "text"),
}


@cache
def _page(shape: tuple[str, ...], sort: str, after: bool) -> TextClause:
    column, direction, kind = SORTS[sort]
    beyond = "<" if direction == "desc" else ">"
    position = f" and ({column}, id) {beyond} (cast(:at as {kind}), cast(:last as uuid))" if after else ""
    # S608: every piece is a constant of this module.
    return text(
        f"select {PROJECT_JSON} as item, {column} as at, id from project where {where(shape)}{position} "  # noqa: S608 only constants of this module and the contract
        f"order by {column} {direction}, id {direction} limit :limit"
    )


async def page(
    session: Session, filters: Filter, *, sort: str, after: Sequence[Any] | None, limit: int
) -> list[tuple[str, Any, UUID]]:
    """(item as JSON, sort value, id) of up to `limit` projects beyond the position `after`."""
    values: dict[str, Any] = filters.values | {"limit": limit}
    if after is not None:
        at = dt.datetime.fromisoformat(after[0]) if SORTS[sort][2] == "timestamptz" else after[0]
        values |= {"at": at, "last": UUID(after[1])}
    rows = await session.execute(_page(filters.shape, sort, after is not None), values)
    return [(item, at, id_) for item, at, id_ in rows]


@cache
def _count(shape: tuple[str, ...]) -> TextClause:
    return text(f"select count(*) from project where {where(shape)}")  # noqa: S608 only constants of this module and the contract


async def count(session: Session, filters: Filter) -> int:
    return int((await session.execute(_count(filters.shape), filters.values)).scalar_one())


_BY_ID = "select {what} from project where division_code = :division and id = :id{lock}"
_ONE = text(_BY_ID.format(what="*", lock=""))
_ONE_LOCKED = text(_BY_ID.format(what="*", lock=" for update"))
_DIVISION_OF = text("select division_code from project where id = :id and division_code >= :lo and division_code < :hi")


async def division_of(session: Session, prefix: str, project_id: UUID) -> str | None:
    """Which division a project of the caller's scope belongs to; a county's caller knows it already."""
    values = {"id": project_id, "lo": prefix or "0", "hi": f"{prefix}~"}
    found: str | None = (await session.execute(_DIVISION_OF, values)).scalar_one_or_none()
    return found


async def one(
    session: Session, division_code: str, project_id: UUID, *, lock: bool = False
) -> Mapping[str, Any] | None:
    """The whole row; `lock` keeps it for the change that follows."""
    values = {"division": division_code, "id": project_id}
    row = (await session.execute(_ONE_LOCKED if lock else _ONE, values)).one_or_none()
    return dict(row._mapping) if row else None


_STANDINGS = text(
    """
    select division_code, id, project_code, name, construction_status, counted_construction_status, resolution_status,
        resumption, fact_days
    from project where division_code = :division and project_code > :after order by project_code limit :limit
    """
)


async def standings(session: Session, division_code: str, *, after: str, limit: int | None) -> list[Mapping[str, Any]]:
    found = await session.execute(_STANDINGS, {"division": division_code, "after": after, "limit": limit})
    return [dict(row._mapping) for row in found]


@cache
def _some(columns: tuple[str, ...]) -> TextClause:
    listed = ", ".join(("id", *columns))
    return text(f"select {listed} from project where division_code = :division and id = any(:ids)")  # noqa: S608 only constants of this module and the contract


async def some(
    session: Session, division_code: str, project_ids: Sequence[UUID], columns: tuple[str, ...]
) -> list[Mapping[str, Any]]:
    """The named columns of some projects of one division."""
    found = await session.execute(_some(columns), {"division": division_code, "ids": list(project_ids)})
    return [dict(row._mapping) for row in found]


@cache
def _rows(shape: tuple[str, ...], columns: tuple[str, ...] | None) -> TextClause:
    listed = ", ".join(columns) if columns else "*"
    return text(f"select {listed} from project where {where(shape)} order by division_code, project_code")  # noqa: S608 only constants of this module and the contract


@cache
def _rows_as_of(shape: tuple[str, ...], columns: tuple[str, ...] | None, one_project: bool) -> TextClause:
    """The ledger rebuilt from its changes: per fact the latest day not after `as_of`, of what was known at `known_at`.

    The filter other than the division applies to the rebuilt rows, since a status of that day is what is asked for.
    """
    listed = ", ".join(columns) if columns else "*"
    only = " and c.project_id = :id" if one_project else ""
    division = PREDICATES[shape[0]].replace("division_code", "c.division_code")
    return text(
        f"""
        with latest as (
            select distinct on (c.division_code, c.project_id, f.key)
                c.division_code, c.project_id, f.key, f.value, c.effective_on, c.version, c.recorded_at,
                c.marks -> f.key as mark
            from project_change c cross join lateral jsonb_each(c.facts) f
            where {division}{only} and c.effective_on <= :as_of and c.recorded_at <= :known_at
            order by c.division_code, c.project_id, f.key, c.effective_on desc, c.version desc
        ), rebuilt as (
            select (jsonb_populate_record(null::project, jsonb_object_agg(l.key, l.value) || jsonb_build_object(
                'division_code', p.division_code, 'id', p.id, 'project_code', p.project_code,
                'version', max(l.version), 'effective_on', max(l.effective_on),
                'created_at', min(l.recorded_at), 'updated_at', max(l.recorded_at),
                'marks', coalesce(jsonb_object_agg(l.key, l.mark) filter (where l.mark is not null), '{{}}')
            ))).*
            from latest l join project p on p.division_code = l.division_code and p.id = l.project_id
            group by p.division_code, p.id
        )
        select {listed} from rebuilt where {where(shape)} order by division_code, project_code
        """  # noqa: S608 only constants of this module and the contract
    )


async def rows(
    session: Session,
    filters: Filter,
    *,
    columns: tuple[str, ...] | None = None,
    as_of: dt.date | None = None,
    known_at: dt.datetime | None = None,
    project_id: UUID | None = None,
) -> list[Mapping[str, Any]]:
    """Rows as they stand, or as they stood on a day as far as it was known at a moment."""
    if as_of is None or known_at is None:
        found = await session.execute(_rows(filters.shape, columns), filters.values)
    else:
        values = filters.values | {"as_of": as_of, "known_at": known_at}
        if project_id is not None:
            values["id"] = project_id
        found = await session.execute(_rows_as_of(filters.shape, columns, project_id is not None), values)
    return [dict(row._mapping) for row in found]


_HISTORY = text(
    """
    select version, action, effective_on, recorded_at, actor, facts, marks, reason, evidence_note, import_id
    from project_change
    where division_code = :division and project_id = :id and (cast(:before as int) is null or version < :before)
        and (cast(:fact as text) is null or jsonb_exists(facts, :fact))
    order by version desc limit :limit
    """
)


async def history(
    session: Session, division_code: str, project_id: UUID, *, fact: str | None, after: list[int] | None, limit: int
) -> list[Mapping[str, Any]]:
    """Changes of one project, newest first; `after` is the `[version]` of the last one seen."""
    values = {
        "division": division_code,
        "id": project_id,
        "fact": fact,
        "before": after[0] if after else None,
        "limit": limit,
    }
    return [dict(row._mapping) for row in await session.execute(_HISTORY, values)]
