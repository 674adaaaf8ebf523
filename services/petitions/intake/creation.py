"""How a petition comes to be: one function for who registers one and for an import that brings thousands.

What was done so far is a list of acts from `register` on; their fold is the case (`life.rules`), its clocks are kept.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.petitions.intake import writes
from services.petitions.life import records
from services.petitions.life import rules as law
from services.petitions.life import service as life
from services.petitions.life import writes as life_writes
from services.petitions.life.case import Act, Case
from services.petitions.life.service import Paper
from services.petitions.registry import people
from services.petitions.registry import service as registry
from services.petitions.registry.models import STATEMENT, petition
from services.petitions.registry.people import NewPerson
from services.petitions.repeats.byrule import by_rule
from shared.chassis.calendar import WorkCalendar
from shared.chassis.clock import Clock
from shared.chassis.identity import Caller
from shared.schemas.petitions.intake import Channel
from shared.schemas.petitions.states import ActKind, PetitionState
from shared.storage import Session, work
from shared.storage.calendar import load_calendar
from shared.storage.ids import new_id
from shared.storage.rows import Row
from shared.storage.secrets import Vault

SENDS = frozenset({ActKind.forward, ActKind.assign})
ENDS = SENDS | {ActKind.consent_to_return}
"""What takes a petition from the units that had it."""


@dataclass(frozen=True, slots=True)
class NewPetition:
    """`facts` are columns of `petition` as the contract names them, without those that acts, numbers or keys decide.

    `acts` begin with `register`; `papers` are those of the acts by their number, from 1. `unit_names` name the units of
    the acts by code. `id` where the caller must know it beforehand.
    """

    channel: Channel
    facts: Mapping[str, Any]
    acts: Sequence[Act]
    persons: Sequence[NewPerson] = ()
    statement: str | None = None
    papers: Mapping[int, Paper] = field(default_factory=dict)
    unit_names: Mapping[str, str] = field(default_factory=dict)
    id: UUID = field(default_factory=new_id)


def petition_code(division_code: str, year: int, number: int) -> str:
    return f"{division_code}-{year}-{number:06d}"


async def create(
    session: Session, caller: Caller, vault: Vault, division_code: str, given: NewPetition, clock: Clock
) -> Row:
    """The row of the new petition. Raises what its acts raise."""
    calendar = await load_calendar(session)
    return (await create_many(session, caller, vault, division_code, [given], calendar, clock.now()))[0]


async def create_many(
    session: Session,
    caller: Caller,
    vault: Vault,
    division_code: str,
    given: Sequence[NewPetition],
    calendar: WorkCalendar,
    now: dt.datetime,
) -> list[Row]:
    """The rows of the new petitions, in the order given, with their persons, acts, clocks, audit and outbox rows.

    As many statements for a thousand as for one.
    """
    codes = await _codes(session, division_code, given, now)
    petitions, persons, acts, clocks, sent = list[Row](), list[Row](), list[Row](), list[Row](), list[Row]()
    for one, code in zip(given, codes, strict=True):
        case, since = _fold(one.acts, calendar)
        row = {
            **writes.EMPTY,
            **one.facts,
            **records.columns_of(case, calendar),
            "division_code": division_code,
            "id": one.id,
            "petition_code": code,
            "channel": one.channel.value,
            "state_since": since,
            "sender_unit_name": one.unit_names.get(case.sender or ""),
            "body_unit_name": one.unit_names.get(case.body or ""),
            "version": 1,
            "created_by": caller.subject,
            "created_at": now,
            "updated_at": now,
        }
        row["statement_sealed"] = None if one.statement is None else STATEMENT.seal(vault, row, one.statement)
        petitions.append(row)
        persons += people.rows_of(vault, division_code, one.id, one.persons, caller.subject, now)
        clocks += [
            life_writes.clock_row(division_code, one.id, case, clock.number, calendar, now) for clock in case.clocks
        ]
        own = list[Row]()
        for number, act in enumerate(one.acts, 1):
            paper = one.papers.get(number) or Paper(to_unit_name=one.unit_names.get(act.to_unit or ""))
            acts.append(life.act_row(vault, division_code, one.id, act, number, caller, paper, now))
            if act.kind in ENDS:
                own = [earlier | {"ended_on": earlier["ended_on"] or act.on} for earlier in own]
            if act.kind in SENDS:
                handed = life.assignment_rows(division_code, one.id, act, number, caller, paper, now)
                own += [unit | {"answered_on": None, "answer_sealed": None, "ended_on": None} for unit in handed]
        sent += own
    await writes.insert_petitions(session, petitions)
    await writes.insert_petitioners(session, persons)
    await life_writes.insert_acts(session, acts)
    await life_writes.insert_clocks(session, clocks)
    await life_writes.insert_assignments(session, sent)
    numbers = {one.id: [person.id_number for person in one.persons if person.id_number] for one in given}
    firsts = await by_rule(session, caller, vault, division_code, numbers, now)
    for row in petitions:
        row["rule_repeat_of"] = firsts.get(row["id"])
        _trace(session, caller, row, now)
    return petitions


async def _codes(session: Session, division_code: str, given: Sequence[NewPetition], now: dt.datetime) -> list[str]:
    """In the order given; years in order, so that two imports never wait for each other in a ring."""
    by_year: dict[int, list[int]] = defaultdict(list)
    for place, one in enumerate(given):
        by_year[one.acts[0].on.year].append(place)
    codes = [""] * len(given)
    for year, places in sorted(by_year.items()):
        for place, number in zip(
            places, await writes.take_numbers(session, division_code, year, len(places), now), strict=True
        ):
            codes[place] = petition_code(division_code, year, number)
    return codes


def _fold(acts: Sequence[Act], calendar: WorkCalendar) -> tuple[Case, dt.date]:
    """The case, and since when it is in its state."""
    case, since = None, acts[0].on
    state: PetitionState | None = None
    for act in acts:
        case = law.apply(case, act, calendar)
        if case.state is not state:
            state, since = case.state, act.on
    assert case is not None, "a petition begins with its registration"
    return case, since


def _trace(session: Session, caller: Caller, row: Row, now: dt.datetime) -> None:
    """Of an accusation nothing is told but that it was registered."""
    detail = {"act": "register", "on": row["registered_on"], "petition_code": row["petition_code"]}
    if not row["is_sealed"]:
        detail |= {name: row[name] for name in ("channel", "state", "people_count", "demand", "body_unit_code")}
    work.trace(
        session,
        petition,
        caller,
        row,
        "register",
        now,
        visibility=registry.visibility_of(row),
        detail=detail,
    )
