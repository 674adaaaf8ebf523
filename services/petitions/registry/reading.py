"""Reading petitions: masked for everybody who may see one, whole for who may act on it and says what for."""

from collections.abc import Sequence
from uuid import UUID

import orjson

from services.petitions.registry import people, queries, service
from services.petitions.registry.models import STATEMENT, petition
from services.petitions.registry.people import INDEXED
from services.petitions.registry.problems import bad
from shared.chassis.clock import Clock
from shared.chassis.identity import Caller
from shared.errors import Forbidden
from shared.schemas.petitions.people import PersonSearch, PurposeIn, RevealedPetitionerOut
from shared.schemas.petitions.registry import PetitionOut
from shared.storage import Session, journal
from shared.storage.journal import Change
from shared.storage.rows import Row
from shared.storage.secrets import Vault

MOST_FOUND = 200
MASKED = "masked"
"""Which view of a petition an ETag is of."""


class NotRevealed(Forbidden):
    code, title, title_en = "not_revealed", "只有本级信访部门和承办单位可以查看信访人信息", "Not revealed"


def shown(vault: Vault, row: Row, persons: Sequence[Row]) -> PetitionOut:
    return PetitionOut(**facts(vault, row, persons))


def facts(vault: Vault, row: Row, persons: Sequence[Row]) -> Row:
    """What `PetitionOut` is made of: every person masked."""
    masked = people.masked(vault, persons)
    return {
        **{name: row[name] for name in PetitionOut.model_fields if name in row},
        "channel_detail": row["channel_detail"] or None,
        "has_statement": row["statement_sealed"] is not None,
        "persons": masked,
        "petitioner": next((person.name for person in masked if person.name is not None), None),
    }


def page(vault: Vault, rows: Sequence[Row], following: str | None = None, total: int | None = None) -> bytes:
    """`PetitionPage` as JSON, with the masked name of who brings each petition."""
    items = [f'{row["item"][:-1]},"petitioner":{_quoted(people.masked_name(vault, row))}}}' for row in rows]
    rest = orjson.dumps({"next_cursor": following, "total": total})
    return f'{{"items":[{",".join(items)}],'.encode() + rest[1:]


def _quoted(name: str | None) -> str:
    return orjson.dumps(name).decode()


async def detail(session: Session, caller: Caller, vault: Vault, petition_id: UUID) -> PetitionOut:
    row = await service.load(session, caller, petition_id)
    return shown(vault, row, await queries.petitioners(session, row["division_code"], petition_id))


def require_may_reveal(caller: Caller, row: Row) -> None:
    """The petition office of the home division, and the unit that handles it now."""
    is_here = caller.home == row["division_code"]
    is_body = caller.unit is not None and caller.unit == row["body_unit_code"]
    if not is_here or not ("petition_office" in caller.roles or is_body):
        raise NotRevealed


async def reveal(
    session: Session, caller: Caller, vault: Vault, petition_id: UUID, given: PurposeIn, clock: Clock
) -> tuple[RevealedPetitionerOut, RevealedPetitionerOut]:
    """The persons and the statement whole, and the same as it may be kept: masked, without the statement."""
    row = await service.load(session, caller, petition_id)
    require_may_reveal(caller, row)
    persons = await queries.petitioners(session, row["division_code"], petition_id)
    if any(name in given.purpose_note for name in people.names_of(vault, persons)):
        raise bad("/purpose_note", "names_person", "事由会写入审计记录，请勿填写信访人姓名")
    _record(session, caller, row["division_code"], str(petition_id), "reveal", _purpose(given), clock)
    whole = RevealedPetitionerOut(
        petition_id=petition_id,
        petition_code=row["petition_code"],
        version=row["version"],
        statement=STATEMENT.open(vault, row),
        persons=people.revealed(vault, persons),
    )
    return whole, whole.model_copy(update={"statement": None, "persons": people.masked(vault, persons)})


async def find(session: Session, caller: Caller, vault: Vault, given: PersonSearch, clock: Clock) -> list[Row]:
    """Rows as `queries.page` gives them, of the caller's own division; the search is audited whatever it finds."""
    field, value = next((name, value) for name in INDEXED if (value := getattr(given, name)) is not None)
    if value in given.purpose_note:
        raise bad("/purpose_note", "names_person", "事由会写入审计记录，请勿填写所查找的内容")
    index = INDEXED[field]
    values = index.any_of(vault, caller.home, value)
    found = await queries.by_person(session, caller, index.column.name, values, MOST_FOUND)
    told = _purpose(given) | {"by": field, "found": len(found)}
    _record(session, caller, caller.home, "-", "find_by_person", told, clock)
    return found


def _purpose(given: PurposeIn) -> dict[str, object]:
    return {"purpose": given.purpose.value, "purpose_note": given.purpose_note}


def _record(
    session: Session,
    caller: Caller,
    division_code: str,
    subject_id: str,
    action: str,
    told: dict[str, object],
    clock: Clock,
) -> None:
    """An audit row without an event: nothing has changed."""
    journal.record(session, Change(division_code, petition.name, subject_id, action, caller, clock.now(), detail=told))


def record_read(session: Session, caller: Caller, row: Row, action: str, told: dict[str, object], clock: Clock) -> None:
    """Somebody has read what is not shown to everybody who may see the petition."""
    _record(session, caller, row["division_code"], str(row["id"]), action, told, clock)


def record_export(session: Session, caller: Caller, told: dict[str, object], clock: Clock) -> None:
    _record(session, caller, caller.home, "-", "export", told, clock)
