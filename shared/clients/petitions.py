"""How a county's projects stand with their petitioners: figures of the petitions service, asked through the gateway.

Asked before a use case opens its transaction and kept for half a minute, so that what is decided by it is never older
than a minute. Where the service is away nothing is known, and a person has to say it.
"""

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from shared.clients.gateway import GatewayClient, PetitionFigures
from shared.errors import Problem

KEPT_SECONDS = 30.0
AWAY_SECONDS = 5.0
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
        self._kept: dict[str, tuple[float, Petitioned | None]] = {}

    async def of(self, division_code: str, now: dt.datetime) -> Petitioned | None:
        """None where the service cannot be asked."""
        until, kept = self._kept.get(division_code, (0.0, None))
        if time.monotonic() < until:
            return kept
        try:
            found = await self._gateway.list_petition_figures(division_code)
        except Problem:
            kept, seconds = None, AWAY_SECONDS
        else:
            kept, seconds = Petitioned(now, {one.project_id: one for one in found}), KEPT_SECONDS
        self._kept[division_code] = (time.monotonic() + seconds, kept)
        return kept


async def current_project_petitions(request: Request) -> ProjectPetitions:
    petitions: ProjectPetitions = request.app.state.project_petitions
    return petitions


CurrentProjectPetitions = Annotated[ProjectPetitions, Depends(current_project_petitions)]
