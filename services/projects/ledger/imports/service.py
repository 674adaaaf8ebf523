"""Import of a ledger: what only the ledger can do of it. The other half is `shared.workbook.imports`."""

import asyncio
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.projects.ledger import queries
from services.projects.ledger.changes import is_late
from services.projects.ledger.filters import Filter
from services.projects.ledger.imports import queries as import_queries
from services.projects.ledger.imports import writes as import_writes
from services.projects.ledger.imports.matching import Verdict, judge
from services.projects.ledger.insight import directory
from services.projects.ledger.insight.directory import Directory
from services.projects.ledger.models import ledger_import
from services.projects.ledger.workbook.dictionary import LEDGER
from shared.chassis.clock import Clock, today
from shared.clients.gateway import GatewayClient
from shared.schemas.imports import StatedTotal
from shared.storage import Session, jobs
from shared.storage.database import Database
from shared.workbook.imports.run import Request, run_imports
from shared.workbook.imports.service import STORED, Imports

LEDGER_IMPORTS = Imports("projects", ledger_import, "import_ledger", LEDGER, told_by="project_code")


class LedgerImport:
    """One ledger workbook against the county's projects."""

    def __init__(self, request: Request, known: Directory, clock: Clock) -> None:
        self._request, self._known, self._clock = request, known, clock
        self._written: dict[int, tuple[UUID, str]] = {}

    async def judge(self, session: Session) -> Sequence[Verdict]:
        request, division = self._request, self._request.division_code
        projects = await import_queries.for_matching(session, division)
        past = None
        if any(is_late(row, request.effective_on) for row in projects):
            known_at = self._clock.now()
            stood = await queries.rows(session, Filter(division), as_of=request.effective_on, known_at=known_at)
            past = {row["id"]: row for row in stood}
        return await asyncio.to_thread(
            judge,
            request.sheet,
            projects,
            past=past,
            effective_on=request.effective_on,
            is_dated=request.is_dated,
            today=today(self._clock),
            clear_unknown=request.clear_unknown,
        )

    async def write(self, session: Session, verdicts: Sequence[Verdict], now: dt.datetime) -> None:
        request = self._request
        self._written = await import_writes.write_import(
            session, request.caller, request.division_code, request.id, verdicts, now
        )

    async def close(
        self,
        session: Session,
        verdicts: Sequence[Verdict],
        totals: Sequence[StatedTotal],
        now: dt.datetime,
        *,
        written: bool,
    ) -> Mapping[str, Any]:
        request, division = self._request, self._request.division_code
        if written:
            await import_writes.insert_totals(session, division, request.id, totals, request.effective_on, now)
        told = {(fact, v.row.facts.get(fact)) for v in verdicts for fact in directory.KIND_OF}
        names = [{"division_code": division, "fact": fact, "name": name, "projects": 1} for fact, name in told if name]
        return {"unmapped_names": sorted({n.name for n in self._known.unmapped(names)})}

    def result(self, verdict: Verdict, *, written: bool) -> Mapping[str, Any]:
        target = verdict.target
        known = (target["id"], target["project_code"]) if target is not None else None
        if known is None and written:
            known = self._written.get(verdict.row.number)
        return {
            "project_id": str(known[0]) if known else None,
            "project_code": known[1] if known else None,
            "name": verdict.row.facts.get("name"),
            "changed": verdict.changed,
        }


def run_import(database: Database, gateway: GatewayClient, clock: Clock) -> jobs.Handler:
    """The handler of `import_ledger`."""

    async def begin(request: Request) -> LedgerImport:
        return LedgerImport(request, await directory.ask(gateway, request.division_code), clock)

    return run_imports(LEDGER_IMPORTS, STORED, database, clock, begin)
