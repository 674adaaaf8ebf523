"""Use cases of duty 包抓: assign, hand over, end, and tell who answers."""

import datetime as dt
from uuid import UUID

from services.projects.duty import queries
from services.projects.duty.rules import UNIT_ROLES, LiveDuty, live_duty
from shared.storage import Session
from shared.storage.rows import Row


async def live(session: Session, division_code: str, project_id: UUID, on: dt.date | None = None) -> LiveDuty:
    """Who answers for a project now, or answered on a day."""
    return live_duty(await queries.terms(session, division_code, project_id, on))


async def answers_for(session: Session, division_code: str, project_id: UUID, unit_code: str | None) -> str | None:
    """In which role a unit answers for a project now: `taskforce`, `enterprise`, `territory`, `department`,
    `judicial`; None where it has no part in it."""
    if unit_code is None:
        return None
    roles = await queries.roles_of_unit(session, division_code, project_id, unit_code)
    return next((role for role in UNIT_ROLES if role in roles), None)


async def reporters(session: Session, division_code: str) -> list[Row]:
    """Who must report progress in a county: live enterprises and task forces (`project_id`, `role`, `unit_code`,
    `began_on`), the enterprise of a project before its task force."""
    return await queries.reporters(session, division_code)
