"""Use cases of ratings."""

import datetime as dt
from uuid import UUID

from services.petitions.life.reading import READS_ALL
from services.petitions.ratings import queries, rules
from services.petitions.ratings.models import REMARK, petition_rating
from services.petitions.registry import service as registry
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.schemas.petitions.ratings import CallBackRating, RatingChannel, RatingIn, RatingOut, RatingStandingOut
from shared.storage import Session, work
from shared.storage.rows import Row
from shared.storage.sealed import seal
from shared.storage.secrets import Vault


async def call_back(
    session: Session, caller: Caller, vault: Vault, petition_id: UUID, body: CallBackRating, clock: Clock
) -> Row:
    """What the petitioner said when the office called back."""
    petition = await registry.load_own(session, caller, petition_id)
    rating = await queries.one(session, petition["division_code"], petition_id)
    since = rating["window_starts_on"] if rating else None
    rated_on = happened_on(body.rated_on, today(clock), "/rated_on", since=since)
    return await rate(session, caller, vault, petition, rating, body, RatingChannel.call_back, rated_on, clock)


async def rate(
    session: Session,
    caller: Caller,
    vault: Vault,
    petition: Row,
    rating: Row | None,
    body: RatingIn,
    channel: RatingChannel,
    rated_on: dt.date,
    clock: Clock,
) -> Row:
    """Once for good. The petition is locked; `rating` is its row, which stands from the reply on."""
    rules.check(petition, rating, rated_on)
    assert rating is not None, "checked"
    rules.check_body(rating, body.body_rating)
    told = {
        "channel": channel.value,
        "office_rating": body.office_rating.value,
        "body_rating": body.body_rating.value if body.body_rating else None,
        "rated_on": rated_on,
    }
    row = await work.move(
        session,
        petition_rating,
        caller,
        rating,
        told | seal(vault, rating, {REMARK: body.remark}),
        clock.now(),
        action="rate",
        detail=told | {name: rating[name] for name in ("petition_id", "rated_body_code")},
    )
    return row | {"petition_code": petition["petition_code"]}


async def standing(
    session: Session, caller: Caller, vault: Vault, petition_id: UUID, clock: Clock
) -> RatingStandingOut:
    petition = await registry.load(session, caller, petition_id)
    rating = await queries.one(session, petition["division_code"], petition_id)
    is_rated = rating is not None and rating["rated_on"] is not None
    code = {"petition_code": petition["petition_code"]}
    return RatingStandingOut(
        petition_id=petition_id,
        state=rules.state(petition, rating, today(clock)),
        exclusion=None if is_rated else rules.exclusion(petition),
        window_starts_on=rating["window_starts_on"] if rating else None,
        window_ends_on=rating["window_ends_on"] if rating else None,
        rating=shown(caller, vault, rating | code) if rating and is_rated else None,
    )


def shown(caller: Caller, vault: Vault, row: Row) -> RatingOut:
    """What a petitioner says of the body is not for the body."""
    remark = REMARK.open(vault, row) if caller.roles & READS_ALL else None
    return work.shown(RatingOut, row, remark=remark)
