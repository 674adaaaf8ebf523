"""重件 by rule: the same ID number, project and demand as an earlier case. A figure of its own beside what persons
confirm; asked at registration and import, and anew where person, project or demand of a petition change."""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from services.petitions.registry import service as registry
from services.petitions.registry.models import BY_ID_NUMBER, ID_NUMBER, petition
from services.petitions.repeats import queries, writes
from shared.chassis.identity import Caller
from shared.storage import Session, work
from shared.storage.rows import Row
from shared.storage.secrets import Vault

MANY = 100
"""Persons from which a county's rows are read once instead of looked up one by one."""


async def by_rule(
    session: Session,
    caller: Caller,
    vault: Vault,
    division_code: str,
    numbers: Mapping[UUID, Sequence[str]],
    now: dt.datetime,
) -> dict[UUID, UUID]:
    """Set `rule_repeat_of` of new petitions, whose rows and persons stand, by the ID numbers of their persons.

    One petition or a whole import, in three statements; gives the first earlier case of those that have one. A case
    that turns out to be earlier than some on file becomes the first of theirs.
    """
    index = vault.blind(BY_ID_NUMBER.purpose, BY_ID_NUMBER.normalise)
    keys = [
        (petition_id, key)
        for petition_id, given in numbers.items()
        for number in given
        for key in index.any_of(division_code, number)
    ]
    if not keys:
        return {}
    is_many = len(keys) > MANY
    if is_many:
        await queries.join_by_hash(session, on=True)
    found = await queries.first_by_rule(session, division_code, keys)
    before = await queries.before_by_rule(session, division_code, keys)
    if is_many:
        await queries.join_by_hash(session, on=False)
    if found:
        await writes.set_first_by_rule(session, division_code, found)
    for row, first in before:
        await _move(session, caller, row, first, now)
    return found


async def again_by_rule(session: Session, caller: Caller, vault: Vault, row: Row, now: dt.datetime) -> Row:
    """A petition whose persons, project or demand have changed, and those that were repeats of it; its row then."""
    division_code = row["division_code"]
    led = await queries.led_by_rule(session, division_code, row["id"])
    numbers: dict[UUID, list[str]] = {one["id"]: [] for one in (row, *led)}
    for person in await queries.id_numbers(session, division_code, list(numbers)):
        if (number := ID_NUMBER.open(vault, person)) is not None:
            numbers[person["petition_id"]].append(number)
    firsts = await by_rule(session, caller, vault, division_code, numbers, now)
    for one in led:
        if (first := firsts.get(one["id"])) != row["id"]:
            await _move(session, caller, one, first, now)
    if row["rule_repeat_of"] is not None and row["id"] not in firsts:
        await writes.set_first_by_rule(session, division_code, {row["id"]: None})
    return row | {"rule_repeat_of": firsts.get(row["id"])}


async def _move(session: Session, caller: Caller, row: Row, first: UUID | None, now: dt.datetime) -> None:
    told = {"rule_repeat_of": first}
    await work.move(
        session,
        petition,
        caller,
        row,
        told,
        now,
        action="rule_repeat",
        visibility=registry.visibility_of(row),
        detail=told,
    )
