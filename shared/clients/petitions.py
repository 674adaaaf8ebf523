"""How a county's projects stand with their petitioners: figures of the petitions service, asked through the gateway.

Asked before a use case opens its transaction and kept for half a minute, so that what is decided by it is never older
than a minute. Where the service is away nothing is known, and a person has to say it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from shared.clients.gateway import GatewayClient, PetitionFigures
from shared.errors import Problem

KEPT = dt.timedelta(seconds=30)
AWAY = dt.timedelta(seconds=5)
"""So long a service that did not answer is left in peace."""


@dataclass(frozen=True, slots=True)
class Petitioned:
    """Every project of one division with petitions, and when that was asked; a project that is not there has none."""

    asked_at: dt.datetime
    projects: Mapping[UUID, PetitionFigures]


class ProjectPetitions:
    """One per process; divisions are remembered one by one."""

    def __init__(self, gateway: GatewayClient) -> None:
        self._gateway = gateway
        self._kept: dict[str, tuple[dt.datetime, Petitioned | None]] = {}

    async def of(self, division_code: str, now: dt.datetime) -> Petitioned | None:
        """None where the service cannot be asked. `now` is of the clock that decides by what was told."""
        if division_code in self._kept:
            asked_at, kept = self._kept[division_code]
            if asked_at <= now < asked_at + (AWAY if kept is None else KEPT):
                return kept
        try:
            found = await self._gateway.list_petition_figures(division_code)
        except Problem:
            kept = None
        else:
            kept = Petitioned(now, {one.project_id: one for one in found})
        self._kept[division_code] = (now, kept)
        return kept


async def current_project_petitions(request: Request) -> ProjectPetitions:
    petitions: ProjectPetitions = request.app.state.project_petitions
    return petitions


CurrentProjectPetitions = Annotated[ProjectPetitions, Depends(current_project_petitions)]
