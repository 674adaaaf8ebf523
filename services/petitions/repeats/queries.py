"""Reads of repeats. What a person may not see is no candidate: every petition goes through `visible`."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, all_, and_, case, column, func, or_, select, text
from sqlalchemy import LargeBinary as Bytes
from sqlalchemy import Uuid as Id
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.sql.expression import bindparam

from services.petitions.registry.models import petition, petitioner
from services.petitions.registry.visibility import visible
from services.petitions.repeats.models import repeat_decision
from shared.chassis.identity import Caller
from shared.storage import Session
from shared.storage.rows import Row, dicts

MOST_PERSONS = 500
"""Persons of one identity looked at, certain keys first, then newest."""
INDEX_COLUMNS = ("id_number_index", "phone_index", "name_index")
"""From the surest."""


async def same_persons(
    session: Session, division_code: str, petition_id: UUID, indexes: Mapping[str, Sequence[bytes]]
) -> list[Row]:
    """Persons of other petitions who carry one of these indexes: their petition, role and indexes."""
    keys = [petitioner.c[name].in_(found) for name in INDEX_COLUMNS if (found := indexes.get(name))]
    if not keys:
        return []
    surest_first = case(*((key, place) for place, key in enumerate(keys)), else_=len(keys))
    wanted = (
        select(petitioner.c.petition_id, petitioner.c.role, *(petitioner.c[name] for name in INDEX_COLUMNS))
        .where(petitioner.c.division_code == division_code, petitioner.c.petition_id != petition_id, or_(*keys))
        .order_by(surest_first, petitioner.c.petition_id.desc())
        .limit(MOST_PERSONS)
    )
    return dicts(await session.execute(wanted))


async def same_matters(session: Session, caller: Caller, row: Row, limit: int) -> list[Row]:
    """Petitions about the same project, newest first; of one without a project, those of its demand without one.

    Of an anonymous accusation also the accusations against the same unit.
    """
    if row["project_id"] is not None:
        place: ColumnElement[bool] = petition.c.project_id == row["project_id"]
    elif row["project_name"] is not None:
        place = petition.c.project_name == row["project_name"]
    else:
        place = and_(petition.c.demand == row["demand"], petition.c.project_name.is_(None))
    if row["is_anonymous"] and row["accused_unit_code"] is not None:
        place = or_(place, petition.c.accused_unit_code == row["accused_unit_code"])
    return await _compared(session, caller, row, place, limit)


async def of_ids(session: Session, caller: Caller, row: Row, ids: Sequence[UUID]) -> list[Row]:
    return await _compared(session, caller, row, petition.c.id.in_(ids), len(ids)) if ids else []


async def _compared(session: Session, caller: Caller, row: Row, where: ColumnElement[bool], limit: int) -> list[Row]:
    """An accusation is compared with accusations only, so that nothing else leads to one."""
    wanted = select(petition).where(
        petition.c.division_code == row["division_code"],
        petition.c.id != row["id"],
        petition.c.is_sealed == row["is_sealed"],
        petition.c.merged_into.is_(None),
        where,
        visible(caller),
    )
    latest = wanted.order_by(petition.c.registered_on.desc(), petition.c.id.desc()).limit(limit)
    return dicts(await session.execute(latest))


async def standing(session: Session, division_code: str, petition_id: UUID, *, lock: bool = False) -> Row | None:
    """The decision by which a petition is a repeat."""
    wanted = select(repeat_decision).where(
        repeat_decision.c.division_code == division_code,
        repeat_decision.c.petition_id == petition_id,
        repeat_decision.c.withdrawn_on.is_(None),
    )
    found = (await session.execute(wanted.with_for_update() if lock else wanted)).mappings().one_or_none()
    return dict(found) if found is not None else None


async def named_in(session: Session, division_code: str, mains: Sequence[UUID]) -> dict[UUID, UUID]:
    """Which case every repeat of these main cases was said to repeat."""
    wanted = (
        select(repeat_decision.c.petition_id, repeat_decision.c.named_id)
        .join(petition, _of(repeat_decision.c.petition_id))
        .where(
            repeat_decision.c.division_code == division_code,
            repeat_decision.c.withdrawn_on.is_(None),
            petition.c.repeat_of.in_(mains),
        )
    )
    return {row.petition_id: row.named_id for row in await session.execute(wanted)}


async def locked(session: Session, division_code: str, ids: Sequence[UUID]) -> list[Row]:
    wanted = select(petition).where(petition.c.division_code == division_code, petition.c.id.in_(ids))
    rows = await session.execute(wanted.order_by(petition.c.id).with_for_update())
    return dicts(rows)


async def repeats_of(session: Session, caller: Caller, main: Row) -> list[Row]:
    """Decisions with the columns of their petitions, in the order of registration."""
    told = ("petition_code", "registered_on", "people_count", "body_unit_code")
    wanted = (
        select(repeat_decision, *(petition.c[name] for name in told))
        .join(petition, _of(repeat_decision.c.petition_id))
        .where(
            repeat_decision.c.division_code == main["division_code"],
            repeat_decision.c.withdrawn_on.is_(None),
            petition.c.repeat_of == main["id"],
            visible(caller),
        )
        .order_by(petition.c.registered_on, petition.c.id)
    )
    return dicts(await session.execute(wanted))


def _of(petition_id: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(petition.c.division_code == repeat_decision.c.division_code, petition.c.id == petition_id)


async def led_by_rule(session: Session, division_code: str, petition_id: UUID) -> list[Row]:
    """Petitions whose first case by rule is this one; locked."""
    wanted = select(petition).where(petition.c.division_code == division_code, petition.c.rule_repeat_of == petition_id)
    rows = await session.execute(wanted.order_by(petition.c.id).with_for_update())
    return dicts(rows)


async def id_numbers(session: Session, division_code: str, petition_ids: Sequence[UUID]) -> list[Row]:
    """Persons who have one, sealed."""
    wanted = select(petitioner).where(
        petitioner.c.division_code == division_code,
        petitioner.c.petition_id.in_(petition_ids),
        petitioner.c.id_number_index.is_not(None),
    )
    return dicts(await session.execute(wanted))


Keys = Sequence[tuple[UUID, bytes]]
"""Petitions and the indexes of the ID numbers of their persons."""


def _matches(division_code: str, keys: Keys) -> tuple[Any, Any, Any]:
    """Given petitions as `mine`, others of the same ID number, project and demand as `theirs`, and their join.

    Without a project on either side the project is the same: a register for other matters names none.
    """
    mine, theirs, person = petition.alias("mine"), petition.alias("theirs"), petitioner.alias("person")
    given = (
        func.unnest(
            bindparam("ids", [petition_id for petition_id, _ in keys], ARRAY(Id)),
            bindparam("indexes", [index for _, index in keys], ARRAY(Bytes)),
        )
        .table_valued(column("petition_id", Id), column("id_index", Bytes), name="given")
        .render_derived()
    )
    both_linked = and_(theirs.c.project_id.is_not(None), mine.c.project_id.is_not(None))
    same = and_(
        theirs.c.division_code == division_code,
        theirs.c.id == person.c.petition_id,
        theirs.c.id != mine.c.id,
        theirs.c.demand == mine.c.demand,
        theirs.c.is_sealed == mine.c.is_sealed,
        case(
            (both_linked, theirs.c.project_id == mine.c.project_id),
            else_=theirs.c.project_name.is_not_distinct_from(mine.c.project_name),
        ),
    )
    matched = (
        given.join(mine, and_(mine.c.division_code == division_code, mine.c.id == given.c.petition_id))
        .join(person, and_(person.c.division_code == division_code, person.c.id_number_index == given.c.id_index))
        .join(theirs, same)
    )
    return mine, theirs, matched


def _at(of: Any) -> Any:
    return func.row(of.c.registered_on, of.c.petition_code)


async def join_by_hash(session: Session, *, on: bool) -> None:
    """The planner knows nothing of rows that were just brought in and would compare each with each."""
    await session.execute(text(f"set local enable_nestloop = {'off' if on else 'on'}"))


async def first_by_rule(session: Session, division_code: str, keys: Keys) -> dict[UUID, UUID]:
    """The very first earlier case of each given petition that has one."""
    mine, theirs, matched = _matches(division_code, keys)
    earlier = (
        select(mine.c.id, theirs.c.id.label("first_id"))
        .select_from(matched)
        .where(_at(theirs) < _at(mine))
        .ext(distinct_on(mine.c.id))
        .order_by(mine.c.id, theirs.c.registered_on, theirs.c.petition_code)
    )
    return {row.id: row.first_id for row in await session.execute(earlier)}


async def before_by_rule(session: Session, division_code: str, keys: Keys) -> list[tuple[Row, UUID]]:
    """Petitions on file that a given one comes before, and before the first of theirs: their rows and it."""
    mine, theirs, matched = _matches(division_code, keys)
    first = petition.alias("first_case")
    began = and_(first.c.division_code == division_code, first.c.id == theirs.c.rule_repeat_of)
    later = (
        select(theirs, mine.c.id.label("first_id"))
        .select_from(matched.outerjoin(first, began))
        .where(
            _at(theirs) > _at(mine),
            theirs.c.id != all_(bindparam("given_ids", [petition_id for petition_id, _ in keys], ARRAY(Id))),
            or_(first.c.id.is_(None), _at(mine) < _at(first)),
        )
        .ext(distinct_on(theirs.c.id))
        .order_by(theirs.c.id, mine.c.registered_on, mine.c.petition_code)
    )
    found = dicts(await session.execute(later))
    return [({part.name: row[part.name] for part in petition.columns}, row["first_id"]) for row in found]
