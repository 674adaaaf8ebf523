"""Reads of progress. Standing rows are those nobody has corrected."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, or_, select, true, tuple_
from sqlalchemy.dialects.postgresql import distinct_on

# One statement instead of two per list: the ledger's own columns beside the latest claim and check.
from services.projects.ledger.models import project
from services.projects.progress.models import inspection_draw, progress_inspection, progress_report
from shared.storage import Session, Table
from shared.storage.divisions import within
from shared.storage.rows import EVERY, Row, dicts, matching, newest

Inspected = tuple[Row, Row | None]
"""An inspection and the report it is compared with."""
_compared = progress_report.alias("compared")
TOLD = ("id", "project_code", "name", "developer", "construction_status", "counted_construction_status", "resumption")


async def standing(session: Session, table: Table, key: Mapping[str, Any]) -> Row | None:
    """The uncorrected report or signal of this key, locked."""
    where = [table.c[name] == value for name, value in key.items()]
    found = await session.execute(select(table).where(*where, table.c.corrected_at.is_(None)).with_for_update())
    row = found.mappings().one_or_none()
    return dict(row) if row is not None else None


def _latest_report(where: Any, until: dt.date) -> Select[Any]:
    newest = progress_report.c.effective_on.desc(), progress_report.c.id.desc()
    standing_until = progress_report.c.corrected_at.is_(None), progress_report.c.effective_on <= until
    return select(progress_report).where(where, *standing_until).order_by(*newest)


async def claims(session: Session, division_code: str, project_id: UUID, until: dt.date, *, limit: int) -> list[Row]:
    """Standing reports of a project up to a day, newest day first."""
    own = and_(progress_report.c.division_code == division_code, progress_report.c.project_id == project_id)
    found = await session.execute(_latest_report(own, until).limit(limit))
    return dicts(found)


async def summaries(
    session: Session,
    division_code: str,
    until: dt.date,
    *,
    project_id: UUID | None = None,
    resumption: str | None = None,
    after: Sequence[str] | None = None,
    limit: int | None = 1,
) -> list[tuple[Row, Row | None, Inspected | None]]:
    """Projects of a county by code beyond that in `after`: (standing, latest claim, latest check with its report)."""
    same = and_(
        progress_report.c.division_code == project.c.division_code, progress_report.c.project_id == project.c.id
    )
    claimed = _latest_report(same, until).limit(1).lateral("claimed")
    checked = (
        select(progress_inspection)
        .where(
            progress_inspection.c.division_code == project.c.division_code,
            progress_inspection.c.project_id == project.c.id,
            progress_inspection.c.effective_on <= until,
        )
        .order_by(progress_inspection.c.effective_on.desc(), progress_inspection.c.id.desc())
        .limit(1)
        .lateral("checked")
    )
    parts: dict[str, Iterable[ColumnElement[Any]]] = {
        "project": [project.c[name] for name in (*TOLD, "resolution_status")],
        "claimed": claimed.c,
        "checked": checked.c,
        "compared": _compared.c,
    }
    reported = and_(_compared.c.division_code == checked.c.division_code, _compared.c.id == checked.c.report_id)
    statement = (
        select(*(column.label(f"{part}.{column.name}") for part, columns in parts.items() for column in columns))
        .select_from(project)
        .outerjoin(claimed, true())
        .outerjoin(checked, true())
        .outerjoin(_compared, reported)
        .where(project.c.division_code == division_code, project.c.project_code > (after[0] if after else ""))
        .order_by(project.c.project_code)
        .limit(limit)
    )
    if project_id is not None:
        statement = statement.where(project.c.id == project_id)
    if resumption is not None:
        statement = statement.where(project.c.resumption == resumption)
    rows = [_parted(row) for row in (await session.execute(statement)).mappings()]
    return [
        (row["project"], row.get("claimed"), (row["checked"], row.get("compared")) if "checked" in row else None)
        for row in rows
    ]


def _parted(row: RowMapping) -> dict[str, Row]:
    """`part.column` → part → column; a part without a row is left out."""
    parts: dict[str, Row] = {}
    for name, value in row.items():
        part, column = name.split(".")
        parts.setdefault(part, {})[column] = value
    return {part: columns for part, columns in parts.items() if columns["id"] is not None}


def _where(table: Table, filters: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """Columns by name; `from_on`, `until_on` bound the day; `corrected` picks what was, or was not, corrected."""
    special: dict[str, Callable[[Any], ColumnElement[bool]]] = {
        "from_on": lambda day: table.c.effective_on >= day,
        "until_on": lambda day: table.c.effective_on <= day,
        "corrected": lambda was: table.c.corrected_at.is_not(None) if was else table.c.corrected_at.is_(None),
    }
    named = [special[name](value) for name, value in filters.items() if name in special and value is not None]
    return named + matching(table, {name: value for name, value in filters.items() if name not in special})


async def page(
    session: Session,
    table: Table,
    scope: str,
    filters: Mapping[str, Any],
    own: Mapping[str, Any],
    *,
    after: Sequence[str] | None,
    limit: int,
) -> list[Row]:
    """Newest first; `own` is what the caller is confined to, whatever the filters ask for."""
    where = _where(table, filters) + matching(table, own)
    return await newest(session, table, scope, *where, after=after, limit=limit)


async def inspections(
    session: Session, scope: str, filters: Mapping[str, Any], *, after: Sequence[str] | None, limit: int
) -> list[Inspected]:
    """Newest recorded first, each with the report it is compared with."""
    both = [c.label(f"checked.{c.name}") for c in progress_inspection.c]
    both += [c.label(f"compared.{c.name}") for c in _compared.c]
    statement = _with_report(select(*both)).where(
        within(progress_inspection, scope), *_where(progress_inspection, filters)
    )
    if after is not None:
        statement = statement.where(progress_inspection.c.id < UUID(after[0]))
    found = await session.execute(statement.order_by(progress_inspection.c.id.desc()).limit(limit))
    parted = [_parted(row) for row in found.mappings()]
    return [(row["checked"], row.get("compared")) for row in parted]


def _with_report(statement: Select[Any]) -> Select[Any]:
    reported = and_(
        _compared.c.division_code == progress_inspection.c.division_code,
        _compared.c.id == progress_inspection.c.report_id,
    )
    return statement.select_from(progress_inspection).outerjoin(_compared, reported)


async def reporters(
    session: Session,
    scope: str,
    *,
    filters: Mapping[str, Any] = EVERY,
    after: Sequence[str] | None = None,
    limit: int | None = None,
) -> list[Row]:
    """Units that ever reported, by division and code, as their newest report names them."""
    report = progress_report.c
    key = report.division_code, report.unit_code
    statement = select(*key, report.unit_name, report.role).where(
        within(progress_report, scope), *matching(progress_report, filters)
    )
    if after is not None:
        statement = statement.where(tuple_(*key) > tuple_(*after))
    found = await session.execute(statement.ext(distinct_on(*key)).order_by(*key, report.id.desc()).limit(limit))
    return dicts(found)


async def samples(session: Session, units: Sequence[tuple[str, str]], newest: int) -> list[Row]:
    """Per (division, unit) the newest inspections that share a figure with their report, newest first."""
    check = progress_inspection.c
    key = check.division_code, check.reporting_unit_code
    shared = or_(
        and_(check.progress_pct.is_not(None), _compared.c.progress_pct.is_not(None)),
        and_(check.money_in_place_fen.is_not(None), _compared.c.money_in_place_fen.is_not(None)),
    )
    order = check.effective_on.desc(), check.id.desc()
    ranked = (
        _with_report(
            select(
                *key,
                _compared.c.progress_pct.label("claimed_pct"),
                check.progress_pct.label("checked_pct"),
                _compared.c.money_in_place_fen.label("claimed_fen"),
                check.money_in_place_fen.label("checked_fen"),
                func.row_number().over(partition_by=key, order_by=order).label("place"),
            )
        )
        .where(check.division_code.in_(sorted({division for division, _ in units})), tuple_(*key).in_(units), shared)
        .subquery()
    )
    found = await session.execute(select(ranked).where(ranked.c.place <= newest).order_by(ranked.c.place))
    return dicts(found)


async def last_reported(session: Session, division_code: str, until: dt.date) -> dict[UUID, dt.date]:
    """Per project of a county the day of its newest standing report."""
    found = await session.execute(
        select(progress_report.c.project_id, func.max(progress_report.c.effective_on))
        .where(
            progress_report.c.division_code == division_code,
            progress_report.c.effective_on <= until,
            progress_report.c.corrected_at.is_(None),
        )
        .group_by(progress_report.c.project_id)
    )
    return {row[0]: row[1] for row in found}


async def inspected_in(
    session: Session, division_code: str, project_ids: Sequence[UUID], since: dt.date, until: dt.date
) -> dict[UUID, dt.date]:
    """Per project the first day it was inspected in a span of days."""
    check = progress_inspection.c
    found = await session.execute(
        select(check.project_id, func.min(check.effective_on))
        .where(
            check.division_code == division_code,
            check.project_id.in_(project_ids),
            check.effective_on.between(since, until),
        )
        .group_by(check.project_id)
    )
    return {row[0]: row[1] for row in found}


async def draw_of(session: Session, division_code: str, week_starting: dt.date) -> Row | None:
    found = await session.execute(
        select(inspection_draw).where(
            inspection_draw.c.division_code == division_code, inspection_draw.c.week_starting == week_starting
        )
    )
    row = found.mappings().one_or_none()
    return dict(row) if row is not None else None
