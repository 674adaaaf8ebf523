"""The window for rating: opened by the reply, moved by its delivery. `life.service` calls `follow` after each act."""

import datetime as dt

from services.petitions.life.case import Act
from services.petitions.ratings import queries, rules
from services.petitions.ratings.models import petition_rating
from services.petitions.thresholds import thresholds
from shared.chassis.identity import Caller
from shared.schemas.petitions.states import PetitionState
from shared.storage import Session, work
from shared.storage.rows import Row

WINDOW = "rating_window_days"


async def follow(session: Session, caller: Caller, petition: Row, act: Act, now: dt.datetime) -> None:
    """`petition` is the row after the act, locked. What was rated stays as it was."""
    if not rules.opens(act, PetitionState(petition["state"])) or rules.exclusion(petition) is not None:
        return
    division_code = petition["division_code"]
    rating = await queries.one(session, division_code, petition["id"])
    if rating is not None and rating["rated_on"] is not None:
        return
    days = await thresholds.value(session, division_code, WINDOW)
    window = {"window_starts_on": act.on, "window_ends_on": rules.last_day(act.on, days)}
    code = rules.rated_body(petition)
    values = window | {"rated_body_code": code, "rated_body_name": petition["body_unit_name"] if code else None}
    told = window | {"petition_id": petition["id"], "rated_body_code": code}
    if rating is not None:
        await work.move(session, petition_rating, caller, rating, values, now, action="open", detail=told)
        return
    values["petition_id"] = petition["id"]
    await work.add(session, petition_rating, caller, division_code, values, now, action="open", detail=told)
