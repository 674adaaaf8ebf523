"""Use cases of the ledger: load, decide, record. Nothing here commits; the edge does, once."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.projects.ledger import queries, rules, writes
from services.projects.ledger.changes import (
    Plan,
    construction_facts,
    flatten,
    grouped,
    is_late,
    plan,
    standing,
    verification,
)
from services.projects.ledger.filters import Filter
from services.projects.ledger.formulas import derive
from shared.chassis.clock import SHANGHAI, Clock, today
from shared.chassis.http import require_version
from shared.chassis.identity import Caller
from shared.chassis.permissions import require_home
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.schemas.projects.facts import ResolutionStatus
from shared.schemas.projects.ledger import (
    ConstructionStatusChange,
    ProjectCreate,
    ProjectDetail,
    ProjectOut,
    ProjectPatch,
    ResolutionStatusChange,
)
from shared.storage import Session

OUT_FIELDS = frozenset(ProjectOut.model_fields)


class NameTaken(Conflict):
    code, title, title_en = "name_taken", "本县台账中已有同名项目", "Name taken"


class CodeTaken(Conflict):
    code, title, title_en = "code_taken", "项目编号已被使用", "Project code taken"


class BadCreditCode(Invalid):
    code, title, title_en = "bad_credit_code", "统一社会信用代码校验不通过", "Bad credit code"


def check_day(given: dt.date | None, clock: Clock) -> dt.date:
    """The day a statement is about: as given, else today in Shanghai; never later than today."""
    now = today(clock)
    if given is not None and given > now:
        raise rules.FutureDate("请填写今天或以前的日期", [FieldError("/effective_on", "future_date", "晚于今天")])
    return given or now


def check_credit_code(facts: Mapping[str, Any]) -> None:
    """GB 32100-2015: the 18th character is a check digit."""
    code = facts.get("developer_credit_code")
    if code is not None and not rules.is_credit_code(code):
        where = FieldError("/parties/developer_credit_code", "bad_credit_code", "请核对营业执照上的 18 位代码")
        raise BadCreditCode(errors=[where])


def as_project(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row in the shape of the contract."""
    return {name: row[name] for name in row if name in OUT_FIELDS} | grouped(row)


async def load(session: Session, caller: Caller, project_id: UUID, *, lock: bool = False) -> Mapping[str, Any]:
    """A project of the caller's scope; what lies outside it does not exist."""
    division: str | None = caller.home
    if len(caller.scope) < 6:
        division = await queries.division_of(session, caller.scope, project_id)
    row = await queries.one(session, division, project_id, lock=lock) if division else None
    if row is None:
        raise NotFound("没有这个项目，或不在您的管辖范围内")
    return row


async def headings(session: Session, division_code: str, *, township: str | None = None) -> list[Mapping[str, Any]]:
    """What names each project of a division, in the order of their codes, and whether it is resolved."""
    columns = ("id", "project_code", "name", "township", "resolution_status")
    return await queries.rows(session, Filter(division_code, township=township), columns=columns)


async def own_project(session: Session, caller: Caller, project_id: UUID, *, lock: bool = False) -> Mapping[str, Any]:
    """A project the caller may do work on. `lock` makes those who work on one project take turns."""
    row = await load(session, caller, project_id, lock=lock)
    require_home(caller, row["division_code"])
    return row


async def load_own(session: Session, caller: Caller, project_id: UUID, version: int) -> Mapping[str, Any]:
    """A project the caller may change, locked, at the version the change is based on."""
    row = await own_project(session, caller, project_id, lock=True)
    require_version(row["version"], version)
    return row


async def create(session: Session, caller: Caller, body: ProjectCreate, clock: Clock) -> Mapping[str, Any]:
    require_home(caller, body.division_code)
    effective_on = check_day(body.effective_on, clock)
    incoming = flatten(body, only_set=False) | {
        "name": body.name,
        "aliases": body.aliases,
        "kind": body.kind,
        "lists": body.lists,
        "construction_status": body.construction_status,
        "counted_construction_status": body.construction_status,
        "resolution_status": body.resolution_status,
    }
    check_credit_code(incoming)
    planned = plan(None, incoming, {}, effective_on)
    code = body.project_code or await writes.next_code(session, body.division_code)
    row = await writes.insert_project(session, caller, body.division_code, code, planned, clock.now())
    if row is None:
        if await writes.code_exists(session, body.division_code, code):
            raise CodeTaken(errors=[FieldError("/project_code", "code_taken", "请换一个编号，或留空由系统编号")])
        message = "若是同一项目请直接修改；若确是另一项目，请填写开发企业或在名称中注明期数"
        raise NameTaken(errors=[FieldError("/name", "name_taken", message)])
    return row


async def update(
    session: Session, caller: Caller, project_id: UUID, version: int, body: ProjectPatch, clock: Clock
) -> Mapping[str, Any]:
    row = await load_own(session, caller, project_id, version)
    effective_on = check_day(body.effective_on, clock)
    incoming = flatten(body, only_set=True)
    incoming |= {name: getattr(body, name) for name in ("name", "aliases", "lists") if name in body.model_fields_set}
    check_credit_code(incoming)
    past = await _stood(session, row, effective_on, clock.now()) if is_late(row, effective_on) else None
    planned = plan(row, incoming, {}, effective_on, past)
    changed = await writes.update_project(session, caller, row, planned, "update", clock.now())
    if changed is None:
        raise NameTaken(errors=[FieldError("/name", "name_taken", "本县已有同名且同开发企业的项目")])
    return changed


async def _stood(session: Session, row: Mapping[str, Any], as_of: dt.date, known_at: dt.datetime) -> Mapping[str, Any]:
    """The row as it stood on a day; empty where it was not yet on the ledger."""
    filters = Filter(row["division_code"])
    rebuilt = await queries.rows(session, filters, as_of=as_of, known_at=known_at, project_id=row["id"])
    return rebuilt[0] if rebuilt else {}


def status_day(row: Mapping[str, Any], fact: str) -> dt.date | None:
    """Since when the present status holds."""
    day = row["fact_days"].get(fact)
    return dt.date.fromisoformat(day) if day else None


async def change_construction_status(
    session: Session, caller: Caller, project_id: UUID, version: int, body: ConstructionStatusChange, clock: Clock
) -> Mapping[str, Any]:
    row = await load_own(session, caller, project_id, version)
    effective_on = check_day(body.effective_on, clock)
    decided = rules.decide_construction(
        standing(row),
        body.to,
        effective_on=effective_on,
        last_effective_on=status_day(row, "construction_status"),
        today=today(clock),
    )
    return await _move(
        session, caller, row, construction_facts(decided), effective_on, "construction_status", body, clock
    )


async def verify_resumption(
    session: Session,
    caller: Caller,
    row: Mapping[str, Any],
    effective_on: dt.date,
    reason: str | None,
    now: dt.datetime,
) -> Mapping[str, Any]:
    """The project with its claimed resumption verified; the caller holds `row` locked and has seen to the signals."""
    planned = verification(row, rules.verify_construction(standing(row)), effective_on)
    changed = await writes.update_project(session, caller, row, planned, "resumption", now, reason=reason)
    assert changed is not None, "a standing is no part of a unique key"
    return changed


async def standings(
    session: Session, division_code: str, *, after: str = "", limit: int | None = None
) -> list[Mapping[str, Any]]:
    """Which projects a county has and where each stands (`id`, `project_code`, `name`, `construction_status`,
    `counted_construction_status`, `resolution_status`, `resumption`, `fact_days`), by project code beyond `after`."""
    return await queries.standings(session, division_code, after=after, limit=limit)


async def change_resolution_status(
    session: Session,
    caller: Caller,
    project_id: UUID,
    version: int,
    body: ResolutionStatusChange,
    clock: Clock,
    *,
    cause: str | None = None,
) -> Mapping[str, Any]:
    """`cause` names the row that decided it, such as `closeout:<id>`; without one somebody merely says so."""
    row = await load_own(session, caller, project_id, version)
    effective_on = check_day(body.effective_on, clock)
    current = ResolutionStatus(row["resolution_status"]) if row["resolution_status"] else None
    decided = rules.decide_resolution(
        current,
        body.to,
        reason=body.reason,
        effective_on=effective_on,
        last_effective_on=status_day(row, "resolution_status"),
        today=today(clock),
    )
    if cause is None:
        recorded_on = row["created_at"].astimezone(SHANGHAI).date()
        rules.check_told(current, decided, effective_on=effective_on, recorded_on=recorded_on)
    facts = {"resolution_status": decided.value}
    return await _move(session, caller, row, facts, effective_on, "resolution_status", body, clock, cause)


async def _move(
    session: Session,
    caller: Caller,
    row: Mapping[str, Any],
    facts: dict[str, Any],
    effective_on: dt.date,
    action: str,
    body: ConstructionStatusChange | ResolutionStatusChange,
    clock: Clock,
    cause: str | None = None,
) -> Mapping[str, Any]:
    planned: Plan = plan(row, facts, {}, effective_on)
    told = {"reason": body.reason, "evidence_note": body.evidence_note, "cause": cause}
    changed = await writes.update_project(session, caller, row, planned, action, clock.now(), **told)
    assert changed is not None, "a status is no part of a unique key"
    return changed


async def facts_of(
    session: Session, division_code: str, project_ids: Sequence[UUID], *names: str
) -> dict[UUID, Mapping[str, Any]]:
    """Some facts of some projects of a division, as they stand; one statement."""
    return {row["id"]: row for row in await queries.some(session, division_code, project_ids, names)}


async def resolutions(
    session: Session, division: str, as_of: dt.date, clock: Clock
) -> dict[UUID, ResolutionStatus | None]:
    """Resolution status of every project of a division prefix that was on the ledger on a day."""
    is_now = as_of >= today(clock)
    rows = await queries.rows(
        session,
        Filter(division),
        columns=("id", "resolution_status"),
        as_of=None if is_now else as_of,
        known_at=None if is_now else clock.now(),
    )
    return {row["id"]: row["resolution_status"] and ResolutionStatus(row["resolution_status"]) for row in rows}


async def detail(
    session: Session,
    caller: Caller,
    project_id: UUID,
    *,
    as_of: dt.date | None,
    known_at: dt.datetime | None,
    clock: Clock,
) -> ProjectDetail:
    """A project with what follows from its facts, today or as of a day."""
    row = await load(session, caller, project_id)
    day = as_of or today(clock)
    if as_of is not None or known_at is not None:
        row = await _stood(session, row, day, known_at or clock.now())
        if not row:
            raise NotFound("那一天台账中还没有这个项目")
    return ProjectDetail.model_validate(as_project(row) | {"derived": derive(row, day)})
