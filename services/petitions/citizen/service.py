"""Use cases of a petitioner without an account."""

from services.petitions.citizen import codes, queries, rules
from services.petitions.life import queries as life
from services.petitions.ratings import queries as ratings
from services.petitions.ratings import rules as rating_rules
from services.petitions.ratings import service as rating
from shared.chassis import scope
from shared.chassis.clock import Clock, today
from shared.chassis.identity import Caller
from shared.schemas.petitions.citizen import PublicPetitionOut, PublicQuery, PublicRating, PublicRatingOut
from shared.schemas.petitions.ratings import LABELS as RATINGS
from shared.schemas.petitions.ratings import Rating, RatingChannel, RatingState
from shared.schemas.petitions.states import LABELS, PetitionState
from shared.storage import Session
from shared.storage.rows import Row
from shared.storage.secrets import Vault


def enter(petition_code: str) -> str:
    """The division a number names; before the first statement, for a visitor sees none."""
    division_code = petition_code[:6]
    scope.enter(division_code)
    return division_code


async def find(session: Session, vault: Vault, asked: PublicQuery, clock: Clock, *, lock: bool = False) -> Row | None:
    """The petition, for the right code. None, by the same work, where there is none, the code is another's or that of
    an accusation (nobody must learn of one who finds its paper), or too many codes were tried of late."""
    division_code, petition_code = asked.petition_code[:6], asked.petition_code
    tries = await queries.count_try(session, division_code, petition_code, clock.now(), rules.REST)
    row = await queries.by_code(session, division_code, petition_code, lock=lock)
    is_right = codes.fits(vault, row, asked.query_code)
    is_answered = row is not None and is_right and not row["is_sealed"] and not rules.is_resting(tries)
    await queries.keep_tries(session, division_code, petition_code, 0 if is_answered else tries)
    return row if is_answered else None


async def shown(session: Session, row: Row, clock: Clock) -> PublicPetitionOut:
    acts = await life.acts(session, row["division_code"], row["id"])
    rated = await ratings.one(session, row["division_code"], row["id"])
    state = rating_rules.state(row, rated, today(clock))
    return PublicPetitionOut(
        petition_code=row["petition_code"],
        registered_on=row["registered_on"],
        state=LABELS[PetitionState][row["state"]],
        state_since=row["state_since"],
        office=row["sender_unit_name"],
        unit=row["body_unit_name"],
        due_on=row["next_due_on"],
        steps=rules.steps(row, acts),
        rating=RATINGS[RatingState][state],
        rate_until=rated["window_ends_on"] if rated and state is RatingState.open else None,
    )


async def rate(session: Session, vault: Vault, row: Row, body: PublicRating, clock: Clock) -> PublicRatingOut:
    """`row` is locked."""
    division_code = row["division_code"]
    citizen = Caller("citizen", "信访人", frozenset(), division_code, division_code)
    window = await ratings.one(session, division_code, row["id"])
    made = await rating.rate(session, citizen, vault, row, window, body, RatingChannel.citizen, today(clock), clock)
    return PublicRatingOut(
        petition_code=row["petition_code"],
        rated_on=made["rated_on"],
        office_rating=RATINGS[Rating][made["office_rating"]],
        body_rating=RATINGS[Rating][made["body_rating"]] if made["body_rating"] else None,
    )
