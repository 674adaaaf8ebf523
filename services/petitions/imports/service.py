"""Import of a petition register: what only petitions can do of it. The other half is `shared.workbook.imports`."""

import asyncio
import datetime as dt
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from services.petitions.imports import queries, writes
from services.petitions.imports.bodies import Bodies
from services.petitions.imports.dictionary import REGISTER
from services.petitions.imports.history import Who, registered_on
from services.petitions.imports.judging import Ground, Judge, Verdict
from services.petitions.imports.models import register_import
from shared.chassis.clock import Clock, today
from shared.chassis.identity import Caller
from shared.clients.gateway import GatewayClient
from shared.errors import Problem
from shared.schemas.imports import StatedTotal
from shared.schemas.masking import scrub
from shared.schemas.petitions.people import PurposeIn
from shared.schemas.projects.names import FoundProject
from shared.storage import Session, jobs, journal, sealed_files
from shared.storage.calendar import load_calendar
from shared.storage.database import Database
from shared.storage.journal import Change
from shared.storage.rows import Row
from shared.storage.secrets import Vault
from shared.workbook.imports.run import Request, run_imports
from shared.workbook.imports.service import Files, Imports
from shared.workbook.reader import Sheet

FILENAME = "信访登记簿.xlsx"
"""What every import is called: the names clerks give their files name people."""
SHEET = "登记表"
ORDINARY = re.compile(
    r"(?:sheet|工作表|表格?|信访|来[访信电]|上访|走访|网上|群众|人员|登记|汇总|台账|明细|统计|情况|[\d年月日季度上下半第份\s._()（）-])+",
    re.IGNORECASE,
)
"""Names of sheets that name nobody."""
OURS = frozenset({"petition_id", "petition_code"})
"""What this service has made up itself: digits there are nobody's, though they may look it."""
UNREACHABLE = {
    "pointer": "",
    "code": "projects_unreachable",
    "message": "暂时无法向项目台账核对楼盘名称；名称已照录，再次导入同一登记簿即可关联",
}


def kept(value: Any) -> Any:
    """A JSON value as it may be stored and answered: numbers of people masked, names of file and sheet replaced."""
    if isinstance(value, str):
        return FILENAME
    sheet = value.get("sheet") if isinstance(value, Mapping) else None
    return _scrubbed(value if sheet is None or ORDINARY.fullmatch(sheet) else _renamed(value, sheet))


def _renamed(value: Any, sheet: str) -> Any:
    if isinstance(value, str):
        return SHEET + value[len(sheet) :] if value == sheet or value.startswith(f"{sheet}!") else value
    if isinstance(value, Mapping):
        return {_renamed(name, sheet): _renamed(item, sheet) for name, item in value.items()}
    return [_renamed(item, sheet) for item in value] if isinstance(value, list) else value


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, Mapping):
        return {name: item if name in OURS else _scrubbed(item) for name, item in value.items()}
    return [_scrubbed(item) for item in value] if isinstance(value, list) else value


REGISTER_IMPORTS = Imports(
    "petitions", register_import, "import_petitions", REGISTER, told_by="petition_code", kept=kept
)


def sealed(vault: Vault) -> Files:
    """Originals under the service's keys, each found by its own id: a digest of a known form would tell who has it."""

    async def put(
        session: Session, division_code: str, digest: bytes, media_type: str, content: bytes, now: dt.datetime
    ) -> bytes:
        async def pieces() -> AsyncIterator[bytes]:
            yield content

        file = await sealed_files.write(
            session, vault, division_code, pieces(), name=FILENAME, media_type=media_type, now=now
        )
        return file.id.bytes

    async def get(session: Session, division_code: str, key: bytes) -> bytes:
        return b"".join([chunk async for chunk in sealed_files.read(session, vault, division_code, UUID(bytes=key))])

    return Files(put, get)


class RegisterImport:
    """One register against the county's petitions."""

    def __init__(
        self,
        request: Request,
        vault: Vault,
        bodies: Bodies,
        projects: Mapping[str, FoundProject] | None,
        asked_at: dt.datetime,
        clock: Clock,
    ) -> None:
        self._request, self._vault, self._clock = request, vault, clock
        self._bodies, self._projects, self._asked_at = bodies, projects, asked_at
        self._written: dict[int, Row] = {}
        self._unmapped: set[str] = set()

    async def judge(self, session: Session) -> Sequence[Verdict]:
        request = self._request
        self._calendar = await load_calendar(session)
        facts = [row.facts for row in request.sheet.rows]
        known = await queries.known(
            session,
            self._vault,
            request.division_code,
            codes={one["register_code"] for one in facts if one.get("register_code")},
            keys=_keys(request.sheet),
            days={day for one in facts if not one.get("register_code") and (day := registered_on(one))},
        )
        caller = request.caller
        who = Who(caller.subject, f"import:{request.id}", caller.unit)
        ground = Ground(self._bodies, self._projects, who, self._calendar, today(self._clock), self._asked_at)
        judge = Judge(request.sheet, ground)
        verdicts = await asyncio.to_thread(judge.judge, known)
        self._unmapped = judge.unmapped
        return verdicts

    async def write(self, session: Session, verdicts: Sequence[Verdict], now: dt.datetime) -> None:
        request, caller = self._request, self._request.caller
        self._written = await writes.create(
            session, caller, self._vault, request.division_code, request.id, verdicts, self._calendar, now
        )
        await writes.move_on(session, caller, self._vault, verdicts, self._calendar, now)
        await writes.rate(session, caller, verdicts, self._written, now)

    async def close(
        self,
        session: Session,
        verdicts: Sequence[Verdict],
        totals: Sequence[StatedTotal],
        now: dt.datetime,
        *,
        written: bool,
    ) -> Mapping[str, Any]:
        errors = [UNREACHABLE] if self._projects is None else []
        return {"unmapped_names": sorted(self._unmapped), "errors": errors}

    def result(self, verdict: Verdict, *, written: bool) -> Mapping[str, Any]:
        row = verdict.target.row if verdict.target is not None else None
        if row is None and written:
            row = self._written.get(verdict.row.number)
        return {
            "petition_id": str(row["id"]) if row else None,
            "petition_code": row["petition_code"] if row else None,
            "register_code": verdict.row.facts.get("register_code"),
            "changed": verdict.changed,
        }


def _keys(sheet: Sheet) -> set[UUID]:
    found = set()
    for row in sheet.rows:
        try:
            found.add(UUID(row.key or ""))
        except ValueError:
            continue
    return found


def run_import(database: Database, vault: Vault, gateway: GatewayClient, clock: Clock) -> jobs.Handler:
    """The handler of `import_petitions`."""

    async def begin(request: Request) -> RegisterImport:
        names = {name for row in request.sheet.rows if (name := row.facts.get("project_name"))}
        bodies = Bodies(await gateway.list_units(request.division_code))
        asked_at = clock.now()
        projects: Mapping[str, FoundProject] | None = {}
        try:
            projects = await gateway.find_projects(request.division_code, sorted(names)) if names else {}
        except Problem as problem:
            # A register is not refused because another service is down; anything else is our own mistake.
            if problem.status < 500:
                raise
            projects = None
        return RegisterImport(request, vault, bodies, projects, asked_at, clock)

    return run_imports(REGISTER_IMPORTS, sealed(vault), database, clock, begin)


def record_download(session: Session, caller: Caller, row: Row, given: PurposeIn, clock: Clock) -> None:
    """The result holds every name of the register: who took it, and what for."""
    told = {"purpose": given.purpose.value, "purpose_note": given.purpose_note}
    change = Change(
        row["division_code"], register_import.name, str(row["id"]), "download", caller, clock.now(), detail=told
    )
    journal.record(session, change)
