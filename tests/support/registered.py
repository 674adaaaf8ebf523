"""A petition as it is registered, without what intake asks about the person: for tests of its life."""

import datetime as dt
from typing import Any

from services.petitions.life import records, service, writes
from services.petitions.life.case import Act
from services.petitions.life.rules import apply
from services.petitions.registry.models import petition, petition_number
from shared.chassis import scope
from shared.chassis.calendar import WorkCalendar
from shared.chassis.identity import Caller, prefix_of
from shared.schemas.petitions.states import ActKind, PetitionClass
from shared.storage import journal, rows, work
from shared.storage.ids import new_id
from tests.support.petitions import County

CLERK = "clerk"


async def registered(county: County, on: dt.date, **facts: Any) -> str:
    """Its id; `facts` are columns, and `to_unit` where it was handed to a body itself."""
    there, now = county.service, county.service.clock.now()
    to_unit = facts.pop("to_unit", None)
    petition_class = facts.get("petition_class")
    act = Act(
        ActKind.register,
        on,
        CLERK,
        unit="XFJ",
        to_unit=to_unit,
        petition_class=PetitionClass(petition_class) if petition_class else None,
    )
    case, calendar = apply(None, act, WorkCalendar()), WorkCalendar()
    caller = Caller("user:registrar", "登记员", frozenset({"petition_office"}), prefix_of(county.code), county.code)
    petition_id = new_id()
    values = records.columns_of(case, calendar) | {
        "id": petition_id,
        "petition_code": f"X-{petition_id}",
        "channel": "visit",
        "petitioned_on": on,
        "state_since": on,
        "people_count": 1,
        "demand": "delivery",
        "is_sealed": petition_class == "accusation",
        "sender_unit_name": "信访局",
        **facts,
    }
    with scope.within(prefix_of(county.code)):
        async with there.database.session() as session:
            row = await work.add(session, petition, caller, county.code, values, now, action="register", detail={})
            assert row is not None
            paper = service.Paper()
            acted = service.act_row(there.app.state.vault, county.code, petition_id, act, 1, caller, paper, now)
            await writes.insert_acts(session, [acted])
            await writes.keep_clocks(session, county.code, petition_id, None, case, calendar, now)
            numbered = {"division_code": county.code, "year": on.year, "last": 1, "updated_at": now}
            await rows.add(session, petition_number, numbered)
            await journal.commit(session, "petitions")
    return str(petition_id)
