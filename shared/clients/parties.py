"""Who a code stands for. Units and persons belong to the gateway's directory; a service keeps the code and the name
as it was on the day.

Asked before a use case opens its transaction, kept for 30 s; a code nobody knows is asked for once more.
"""

import time
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from shared.clients.gateway import GatewayClient
from shared.errors import FieldError, Invalid
from shared.schemas.gateway.directory import PersonOut, UnitKind, UnitOut

KEPT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Known:
    """Units and persons of one division by code."""

    units: dict[str, UnitOut]
    persons: dict[str, PersonOut]

    def unit(self, code: str, pointer: str, *kinds: UnitKind) -> UnitOut:
        """The unit, of one of the kinds where any are named; else 422 at `pointer`."""
        found = self.units.get(code)
        if found is None:
            raise Invalid(errors=[FieldError(pointer, "unknown_unit", "本县没有此单位编码，请先在通讯录中登记")])
        if kinds and found.kind not in kinds:
            raise Invalid(errors=[FieldError(pointer, "wrong_kind_of_unit", "此处不能填写这一类单位")])
        return found

    def person(self, code: str, pointer: str) -> PersonOut:
        found = self.persons.get(code)
        if found is None:
            raise Invalid(errors=[FieldError(pointer, "unknown_person", "本县没有此人员编码，请先在通讯录中登记")])
        return found


class Parties:
    """One per process; divisions are remembered one by one."""

    def __init__(self, gateway: GatewayClient) -> None:
        self._gateway = gateway
        self._kept: dict[str, tuple[float, Known]] = {}

    async def of(self, division_code: str, *codes: str | None) -> Known:
        """The directory of a division, asked anew when it is old or lacks one of `codes`."""
        until, known = self._kept.get(division_code, (0.0, Known({}, {})))
        missing = any(code and code not in known.units and code not in known.persons for code in codes)
        if time.monotonic() < until and not missing:
            return known
        units = await self._gateway.list_units(division_code)
        persons = await self._gateway.list_persons(division_code)
        known = Known({u.code: u for u in units}, {p.code: p for p in persons})
        self._kept[division_code] = (time.monotonic() + KEPT_SECONDS, known)
        return known


async def current_parties(request: Request) -> Parties:
    parties: Parties = request.app.state.parties
    return parties


CurrentParties = Annotated[Parties, Depends(current_parties)]
