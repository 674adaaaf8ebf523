"""Writes of a sweep: a whole batch of reminders, supervisions and steps."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, update

from services.petitions.reminders.duties import Source
from services.petitions.reminders.models import petition_supervision, petition_supervision_step, reminder
from shared.storage import Session
from shared.storage.bulk import insert_many
from shared.storage.rows import Row

LOOKED = ("next_reminder_on", "reminded")
CLIMBED = ("level", "level_on", "next_due_on", "version")


async def remind(
    session: Session,
    source: Source,
    looked: Sequence[Row],
    reminders: Sequence[Mapping[str, Any]],
    supervisions: Sequence[Mapping[str, Any]],
) -> None:
    """What a batch of duties has come to. A step taken before breaks its key: no duty takes one twice."""
    await insert_many(session, reminder, reminders)
    await insert_many(session, petition_supervision, supervisions)
    of = source.table
    # One by its key after the other: joined to a list, the planner may prefer to read every duty of a small county.
    move = (
        update(of)
        .where(
            of.c.division_code == bindparam("of_division"),
            of.c.petition_id == bindparam("of_petition"),
            source.key == bindparam("of_key"),
        )
        .values({name: bindparam(f"new_{name}") for name in LOOKED})
    )
    keyed = [
        {
            "of_division": row["division_code"],
            "of_petition": row["petition_id"],
            "of_key": row["key"],
        }
        | {f"new_{name}": row[name] for name in LOOKED}
        for row in looked
    ]
    await session.execute(move, keyed)


async def look_again(session: Session, source: Source, division_code: str, today: dt.date) -> None:
    """Every duty that something is still to come of; where nobody is to be reminded yet, its day is counted anew."""
    of = source.table
    await session.execute(
        update(of)
        .where(of.c.division_code == division_code, of.c.next_reminder_on > today)
        .values(next_reminder_on=today)
    )


async def climb(session: Session, climbed: Sequence[Row], steps: Sequence[Mapping[str, Any]], now: dt.datetime) -> None:
    """The steps of a batch and the supervisions they move."""
    await insert_many(session, petition_supervision_step, steps)
    of = petition_supervision
    move = (
        update(of)
        .where(of.c.division_code == bindparam("of_division"), of.c.id == bindparam("of_id"))
        .values({name: bindparam(f"new_{name}") for name in (*CLIMBED, "updated_at")})
    )
    await session.execute(
        move,
        [
            {"of_division": row["division_code"], "of_id": row["id"], "new_updated_at": now}
            | {f"new_{name}": row[name] for name in CLIMBED}
            for row in climbed
        ],
    )
