"""Where acts are done over HTTP: who is asking, about which petition, on which day; and the answer to all of them."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response

from services.petitions.life import service
from services.petitions.life.case import Act
from services.petitions.life.routing import BODIES
from services.petitions.life.service import Paper, Sent
from services.petitions.registry import service as registry
from shared.chassis.clock import Clock, today
from shared.chassis.http import etag
from shared.chassis.identity import Caller
from shared.chassis.route import CurrentCaller, CurrentClock
from shared.clients.parties import CurrentParties, Known, Parties
from shared.errors import FieldError, Invalid
from shared.schemas.petitions.acts import CoUnitIn, PetitionActIn
from shared.schemas.petitions.life import PetitionStandingOut
from shared.schemas.petitions.states import ActKind
from shared.storage import Session, work
from shared.storage.route import CurrentSession
from shared.storage.rows import Row
from shared.storage.secrets import CurrentVault, Vault


@dataclass(frozen=True, slots=True)
class Desk:
    session: Session
    caller: Caller
    vault: Vault
    clock: Clock
    parties: Parties
    response: Response

    async def known(self, *codes: str | None) -> Known:
        """The directory of the caller's division; asked before the first statement."""
        return await self.parties.of(self.caller.home, *codes)

    async def do(
        self,
        petition_id: UUID,
        kind: ActKind,
        body: PetitionActIn,
        *,
        text: str | None = None,
        to_unit_name: str | None = None,
        due_on: Any = None,
        co_units: tuple[Sent, ...] = (),
        **facts: Any,
    ) -> PetitionStandingOut:
        """Do an act; `facts` are further fields of `Act`, `text` is kept sealed."""
        row = await registry.load_own(self.session, self.caller, petition_id)
        before = await service.case_of(self.session, row)
        unit = service.on_behalf_of(self.caller, before, kind)
        act = Act(kind, body.on or today(self.clock), self.caller.subject, unit=unit, **facts)
        paper = Paper(body.document_number, text, to_unit_name, due_on, co_units)
        after = await service.perform_on(
            self.session, self.caller, self.vault, row, before, act, self.clock, paper=paper
        )
        return self.shown(after)

    def shown(self, row: Row) -> PetitionStandingOut:
        self.response.headers["ETag"] = etag(row["version"])
        return work.shown(PetitionStandingOut, row, petition_id=row["id"])


def co_units(known: Known, lead: str, given: list[CoUnitIn]) -> tuple[Sent, ...]:
    """The units that handle a petition beside its lead, each once."""
    seen = {lead}
    for place, unit in enumerate(given):
        if unit.unit_code in seen:
            pointer = f"/co_units/{place}/unit_code"
            raise Invalid(errors=[FieldError(pointer, "twice", "同一单位只能承办一次")])
        seen.add(unit.unit_code)
    return tuple(
        Sent(unit.unit_code, known.unit(unit.unit_code, f"/co_units/{place}/unit_code", *BODIES).name, unit.due_on)
        for place, unit in enumerate(given)
    )


async def at_desk(
    session: CurrentSession,
    caller: CurrentCaller,
    vault: CurrentVault,
    clock: CurrentClock,
    parties: CurrentParties,
    response: Response,
) -> Desk:
    return Desk(session, caller, vault, clock, parties, response)


CurrentDesk = Annotated[Desk, Depends(at_desk)]
