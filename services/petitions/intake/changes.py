"""Use cases of a registered petition's own facts: corrected, its persons too, and linked to a project."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.petitions.intake import rules, writes
from services.petitions.intake import service as intake
from services.petitions.life import queries as life_queries
from services.petitions.life import service as life
from services.petitions.registry import people, projects, queries
from services.petitions.registry import service as registry
from services.petitions.registry.models import STATEMENT, petition
from services.petitions.registry.people import NewPerson
from services.petitions.registry.problems import bad
from services.petitions.repeats.byrule import again_by_rule
from shared.chassis.clock import Clock
from shared.chassis.http import require_version
from shared.chassis.identity import Caller
from shared.clients.gateway import ProjectName
from shared.clients.parties import Known
from shared.schemas.petitions.intake import PetitionerRole
from shared.schemas.petitions.people import PERSONAL, PetitionerPatch
from shared.schemas.petitions.registry import PetitionPatch
from shared.storage import Session, work
from shared.storage.rows import Row
from shared.storage.secrets import Vault

SEPARATE = frozenset({"persons", "statement"})


async def _own(session: Session, caller: Caller, petition_id: UUID) -> Row:
    """Locked; for the petition office or the unit that registered it."""
    row = await registry.load_own(session, caller, petition_id)
    if "petition_office" not in caller.roles and (caller.unit is None or caller.unit != row["sender_unit_code"]):
        raise life.NotYours("登记内容由信访部门或登记单位修改")
    return row


async def update(
    session: Session,
    caller: Caller,
    vault: Vault,
    known: Known | None,
    petition_id: UUID,
    version: int,
    body: PetitionPatch,
    clock: Clock,
) -> Row:
    """The row after the change; the row as it is where nothing was news. `known` where an accused unit is named."""
    row = await _own(session, caller, petition_id)
    require_version(row["version"], version)
    given = body.model_dump(mode="json", exclude_unset=True, exclude=set(SEPARATE))
    news: Row = {name: value for name, value in given.items() if value != row[name]}
    if rules.is_accusation(row["petition_class"], news.get("purpose")):
        news["is_sealed"] = True
    await _check(session, known, row | news, news)
    if "statement" in body.model_fields_set and body.statement != STATEMENT.open(vault, row):
        sealed = None if body.statement is None else STATEMENT.seal(vault, row, body.statement)
        news["statement_sealed"] = sealed
    persons = await queries.petitioners(session, row["division_code"], petition_id)
    if await _change_persons(session, caller, vault, row, persons, body.persons, clock):
        news |= _joint(row, news, body.persons)
    elif not news:
        return row
    after = await queries.petitioners(session, row["division_code"], petition_id)
    _check_persons(vault, after, (row | news)["people_count"], is_anonymous=row["is_anonymous"])
    moved = await _move(session, caller, row, news, "update", clock, sorted(body.model_fields_set))
    if not body.model_fields_set & {"persons", "demand"}:
        return moved
    return await again_by_rule(session, caller, vault, moved, clock.now())


async def _check(session: Session, known: Known | None, row: Row, news: Row) -> None:
    await intake.require_content_class(session, news.get("content_class"))
    if news.get("is_skip_level") and row["channel"] != "visit":
        raise bad("/is_skip_level", "only_visit", "只有来访才有越级访")
    accused = news.get("accused_unit_code")
    if accused is None or known is None:
        return
    if not row["is_sealed"]:
        raise bad("/accused_unit_code", "only_accusation", "只有检举控告才填写被检举控告的单位")
    known.unit(accused, "/accused_unit_code")
    sent = await life_queries.assignments(session, row["division_code"], row["id"])
    if accused == row["body_unit_code"] or any(one["unit_code"] == accused for one in sent if not one["ended_on"]):
        raise life.Accused("此件正由该单位承办，请先收回")


async def _change_persons(
    session: Session,
    caller: Caller,
    vault: Vault,
    row: Row,
    persons: Sequence[Row],
    given: Sequence[PetitionerPatch],
    clock: Clock,
) -> bool:
    """Whether any of it was news."""
    by_id, now, added = {person["id"]: person for person in persons}, clock.now(), list[NewPerson]()
    is_news = False
    for place, patch in enumerate(given):
        pointer = f"/persons/{place}"
        if patch.id is None:
            for field in PERSONAL:
                people.require_unmasked(getattr(patch, field), f"{pointer}/{field}")
            added.append(NewPerson(patch.role, **{field: getattr(patch, field) for field in PERSONAL}))
            continue
        if (person := by_id.pop(patch.id, None)) is None:
            raise bad(f"{pointer}/id", "unknown_person", "此件没有登记此人，或同一人列了两次")
        if news := people.changed(vault, person, patch, pointer):
            is_news = True
            await writes.change_petitioner(session, person, people.sealed(vault, person, news), now)
    taken = {role: max((p["ordinal"] for p in persons if p["role"] == role), default=0) for role in PetitionerRole}
    rules.check_representatives(
        [person.role for person in added] + [PetitionerRole.representative] * taken[PetitionerRole.representative]
    )
    rows = people.rows_of(vault, row["division_code"], row["id"], added, caller.subject, now, taken=taken)
    await writes.insert_petitioners(session, rows)
    return is_news or bool(added)


def _check_persons(vault: Vault, rows: Sequence[Row], people_count: int, *, is_anonymous: bool) -> None:
    there = [NewPerson(PetitionerRole(one["role"]), **people.opened(vault, one)) for one in people.in_order(rows)]
    rules.check_persons(there, people_count, is_anonymous=is_anonymous)


def _joint(row: Row, news: Row, given: Sequence[PetitionerPatch]) -> Row:
    signs = any(person.id is None and person.role is PetitionerRole.co_signer for person in given)
    return {"is_joint": True} if signs and not row["is_joint"] and "is_joint" not in news else {}


async def link_project(
    session: Session, caller: Caller, vault: Vault, petition_id: UUID, project: ProjectName | None, clock: Clock
) -> Row:
    row = await _own(session, caller, petition_id)
    moved = await _move(session, caller, row, projects.linked(project, clock), "link_project", clock, ["project_id"])
    return await again_by_rule(session, caller, vault, moved, clock.now())


async def _move(
    session: Session, caller: Caller, row: Row, news: Row, action: str, clock: Clock, fields: Sequence[str]
) -> Row:
    """Audit and event say which facts have changed, never to what: some are free text."""
    detail: dict[str, Any] = {"changed": list(fields)}
    visibility = registry.visibility_of(row | news)
    return await work.move(
        session, petition, caller, row, news, clock.now(), action=action, visibility=visibility, detail=detail
    )
