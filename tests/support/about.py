"""Petitions about a project, as an import brings them: the projects service is not asked."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from services.petitions.intake import creation
from services.petitions.intake.creation import NewPetition
from services.petitions.life.case import Act
from shared.chassis import scope
from shared.chassis.calendar import WorkCalendar
from shared.chassis.identity import Caller, prefix_of
from shared.schemas.petitions.intake import Channel
from shared.schemas.petitions.states import ActKind, PetitionClass
from shared.storage import journal
from tests.support.petitions import County

NAMES = {"XFJ": "信访局", "ZJJ": "住建局"}


async def come(county: County, days: Sequence[str], **facts: Any) -> list[str]:
    """The ids of petitions registered on these days; `facts` are columns, and `to_unit`, whom each was sent to.

    Without a `project_id` they are of one project of their own; `petition_class` makes an accusation sealed.
    """
    to_unit = facts.pop("to_unit", None)
    of_class = facts.pop("petition_class", None)
    place = {"project_id": uuid4(), "project_name": "紫薇花园", "developer": None} | facts
    place["project_id"] = UUID(str(place["project_id"])) if place["project_id"] else None
    given = []
    for text in days:
        day = dt.date.fromisoformat(text)
        kind = PetitionClass(of_class) if of_class else None
        acts = [Act(ActKind.register, day, "clerk", unit="XFJ", petition_class=kind)]
        if to_unit is not None:
            acts.append(Act(ActKind.forward, day, "clerk", unit="XFJ", to_unit=to_unit))
        columns = {"petitioned_on": day, "people_count": 1, "demand": "delivery", "is_sealed": of_class == "accusation"}
        given.append(NewPetition(Channel.visit, columns | place, acts, unit_names=NAMES))
    there = county.service
    caller = Caller("user:registrar", "登记员", frozenset({"petition_office"}), prefix_of(county.code), county.code)
    with scope.within(prefix_of(county.code)):
        async with there.database.session() as session:
            vault, now = there.app.state.vault, there.clock.now()
            rows = await creation.create_many(session, caller, vault, county.code, given, WorkCalendar(), now)
            await journal.commit(session, "petitions")
    return [str(row["id"]) for row in rows]
