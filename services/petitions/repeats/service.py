"""Use cases of repeats: who looks like one, who decides it is one, and what becomes of the main case."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from services.petitions.life import reading as life_reading
from services.petitions.life import service as life
from services.petitions.registry import people
from services.petitions.registry import queries as registry_queries
from services.petitions.registry import service as registry
from services.petitions.registry.models import petition
from services.petitions.repeats import queries, rules
from services.petitions.repeats.byrule import by_rule
from services.petitions.repeats.models import REASON, WITHDRAWAL, repeat_decision
from services.petitions.repeats.rules import Agreement, Judged
from shared.chassis.clock import Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.schemas.petitions.repeats import (
    MatterAgreement,
    PersonAgreement,
    PersonKey,
    RepeatCandidate,
    RepeatCandidates,
    RepeatCase,
    RepeatIn,
    RepeatOut,
    RepeatVerdict,
    RepeatWithdrawal,
)
from shared.storage import Session, work
from shared.storage.ids import new_id
from shared.storage.rows import Row
from shared.storage.secrets import Vault
from shared.storage.turns import take_turns

__all__ = ["by_rule", "candidates", "case_of", "confirm", "ended_before", "unconfirm"]

NEIGHBOURS = 300
"""Petitions whose matter is compared, newest first."""
SHOWN = 50
KEYS = {"id_number": PersonKey.id_number, "phone": PersonKey.phone, "name": PersonKey.name}
ORDER = list(RepeatVerdict)


async def candidates(session: Session, caller: Caller, vault: Vault, petition_id: UUID) -> RepeatCandidates:
    """What may be the same matter of the same person, the likeliest first, with what speaks for it."""
    row = await registry.load(session, caller, petition_id)
    judged, is_cut = await _judged(session, caller, vault, row)
    found = [(other, judgement) for other, judgement in judged if judgement.verdict is not None]
    found.sort(
        key=lambda one: (
            ORDER.index(one[1].verdict),  # type: ignore[arg-type]  # those without one are left out above
            -one[1].score,
            one[0]["registered_on"],
        )
    )
    return RepeatCandidates(
        petition_id=petition_id,
        looked_at=len(judged),
        is_cut=is_cut or len(found) > SHOWN,
        items=[_shown(other, judgement) for other, judgement in found[:SHOWN]],
    )


async def ended_before(session: Session, caller: Caller, vault: Vault, petition_id: UUID) -> list[RepeatCandidate]:
    """Likely earlier cases whose three levels are used up: once a person confirms one, it is not accepted again."""
    found = await candidates(session, caller, vault, petition_id)
    return [one for one in found.items if one.is_ended and one.verdict is RepeatVerdict.likely]


async def _judged(session: Session, caller: Caller, vault: Vault, row: Row) -> tuple[list[tuple[Row, Judged]], bool]:
    """Every petition compared, and whether there were more than that."""
    persons = await registry_queries.petitioners(session, row["division_code"], row["id"])
    agreements = await _agreements(session, vault, row, persons)
    near = await queries.same_matters(session, caller, row, NEIGHBOURS + 1)
    is_cut = len(near) > NEIGHBOURS or sum(map(len, agreements.values())) >= queries.MOST_PERSONS
    seen = {other["id"] for other in near}
    far = await queries.of_ids(session, caller, row, [found for found in agreements if found not in seen])
    return [(other, _judge(row, other, agreements)) for other in (*near[:NEIGHBOURS], *far)], is_cut


async def _agreements(session: Session, vault: Vault, row: Row, persons: Iterable[Row]) -> dict[UUID, list[Agreement]]:
    """By petition: persons of this one who are there too. Values are opened here and go nowhere."""
    roles: dict[tuple[str, bytes], str] = {}
    for person in persons:
        values = people.opened(vault, person)
        for name, by in people.INDEXED.items():
            if (value := values[name]) is not None:
                index = vault.blind(by.purpose, by.normalise)
                roles |= {(name, key): person["role"] for key in index.any_of(row["division_code"], value)}
    indexes: dict[str, list[bytes]] = defaultdict(list)
    for name, key in roles:
        indexes[f"{name}_index"].append(key)
    found: dict[UUID, list[Agreement]] = defaultdict(list)
    for other in await queries.same_persons(session, row["division_code"], row["id"], indexes):
        for name, kind in KEYS.items():
            if (role := roles.get((name, bytes(other[f"{name}_index"] or b"")))) is not None:
                found[other["petition_id"]].append(Agreement(kind, role, other["role"]))
    return found


def _judge(row: Row, other: Row, agreements: Mapping[UUID, list[Agreement]]) -> Judged:
    found = list(agreements.get(other["id"], ()))
    anonymous = row["is_anonymous"] and other["is_anonymous"]
    if anonymous and row["accused_unit_code"] is not None and row["accused_unit_code"] == other["accused_unit_code"]:
        found.append(Agreement(PersonKey.accused_unit, None, None))
    return rules.judge(row, other, found)


def _shown(other: Row, judged: Judged) -> RepeatCandidate:
    likeness = judged.likeness
    return work.shown(
        RepeatCandidate,
        other,
        petition_id=other["id"],
        is_ended=life.is_ended(other),
        verdict=judged.verdict,
        score=_percent(judged.score),
        person_score=_percent(judged.person),
        matter_score=_percent(judged.matter),
        persons=[
            PersonAgreement(key=agreed.key, role=agreed.role, other_role=agreed.other_role) for agreed in judged.persons
        ],
        matter=MatterAgreement(
            same_project=judged.same_project,
            same_demand=judged.same_demand,
            same_building=judged.same_building,
            similarity=f"{likeness.value:.4f}" if likeness else None,
            words=list(likeness.words) if likeness else [],
        ),
        reasons=judged.reasons,
    )


def _percent(score: float) -> int:
    return round(100 * score)


async def confirm(
    session: Session, caller: Caller, vault: Vault, petition_id: UUID, body: RepeatIn, clock: Clock
) -> RepeatCase:
    """A person says it is a repeat. What repeated it, or repeats the named case, goes to the first of the chain."""
    now = clock.now()
    await take_turns(session, "repeats", caller.home)
    row = await registry.load_own(session, caller, petition_id)
    named = await registry.load_own(session, caller, body.main_petition_id)
    rules.check_pair(row, named)
    if await queries.standing(session, row["division_code"], petition_id) is not None:
        raise rules.AlreadyDecided
    decided_on = happened_on(body.decided_on, today(clock), "/decided_on", since=row["registered_on"])
    persons = await registry_queries.petitioners(session, row["division_code"], petition_id)
    judged = _judge(row, named, await _agreements(session, vault, row, persons))
    grounds = {
        "keys": sorted({agreed.key for agreed in judged.persons}),
        "same_project": judged.same_project,
        "same_demand": judged.same_demand,
        "matter_score": _percent(judged.matter),
    }
    key = {"division_code": row["division_code"], "id": new_id()}
    values = {
        "id": key["id"],
        "petition_id": petition_id,
        "named_id": named["id"],
        "score": _percent(judged.score),
        "grounds": grounds,
        "decided_by_name": caller.name,
        "decided_on": decided_on,
        "reason_sealed": REASON.seal(vault, key, body.reason),
    }
    told = {name: values[name] for name in ("petition_id", "named_id", "score", "grounds", "decided_on")}
    before = {row["repeat_of"] or row["id"], named["repeat_of"] or named["id"]}
    ring = await queries.named_in(session, row["division_code"], sorted(before))
    mains = rules.main_cases(ring | {petition_id: named["id"]})
    added = await work.add(
        session,
        repeat_decision,
        caller,
        row["division_code"],
        values,
        now,
        action="confirm",
        visibility=registry.visibility_of(row),
        detail=told,
    )
    if added is None:
        raise rules.AlreadyDecided
    await _point(session, caller, row["division_code"], mains, now)
    return await case_of(session, caller, vault, petition_id)


async def unconfirm(
    session: Session, caller: Caller, vault: Vault, petition_id: UUID, body: RepeatWithdrawal, clock: Clock
) -> RepeatCase:
    """The decision was wrong: what was said to repeat this petition repeats it again, and nothing before it."""
    now, division_code = clock.now(), caller.home
    await take_turns(session, "repeats", division_code)
    row = await registry.load_own(session, caller, petition_id)
    decision = await queries.standing(session, division_code, petition_id, lock=True)
    if decision is None:
        raise rules.NotDecided
    values: dict[str, Any] = {
        "withdrawn_by": caller.subject,
        "withdrawn_by_name": caller.name,
        "withdrawn_on": today(clock),
        "withdrawal_sealed": WITHDRAWAL.seal(vault, decision, body.reason),
    }
    told = {"petition_id": petition_id, "named_id": decision["named_id"], "withdrawn_on": values["withdrawn_on"]}
    named = await queries.named_in(session, division_code, [row["repeat_of"]])
    await work.move(
        session,
        repeat_decision,
        caller,
        decision,
        values,
        now,
        action="withdraw",
        visibility=registry.visibility_of(row),
        detail=told,
    )
    del named[petition_id]
    mains: dict[UUID, UUID | None] = {petition_id: None, **rules.main_cases(named)}
    await _point(session, caller, division_code, mains, now)
    return await case_of(session, caller, vault, petition_id)


async def _point(
    session: Session, caller: Caller, division_code: str, mains: Mapping[UUID, UUID | None], now: dt.datetime
) -> None:
    """Every repeat at its main case, each with its audit and outbox rows where that is news."""
    for row in await queries.locked(session, division_code, sorted(mains)):
        if row["repeat_of"] != (main := mains[row["id"]]):
            told = {"repeat_of": main}
            await work.move(
                session,
                petition,
                caller,
                row,
                told,
                now,
                action="repeat",
                visibility=registry.visibility_of(row),
                detail=told,
            )


async def case_of(session: Session, caller: Caller, vault: Vault, petition_id: UUID) -> RepeatCase:
    """The main case of a petition, which may be itself, with everything that repeats it."""
    main = await registry.load(session, caller, petition_id)
    if main["repeat_of"] is not None:
        main = await registry.load(session, caller, main["repeat_of"])
    repeats = await queries.repeats_of(session, caller, main)
    return RepeatCase(
        main_petition_id=main["id"],
        main_petition_code=main["petition_code"],
        main_state=main["state"],
        no_longer_accepted=life.is_ended(main),
        case_count=1 + len(repeats),
        people_count=main["people_count"] + sum(row["people_count"] for row in repeats),
        repeats=[_told(caller, vault, row) for row in repeats],
    )


def _told(caller: Caller, vault: Vault, row: Row) -> RepeatOut:
    may = life_reading.may_open(caller, row["body_unit_code"])
    return work.shown(
        RepeatOut,
        row,
        named_petition_id=row["named_id"],
        reason=REASON.open(vault, row) if may else None,
        recorded_at=row["created_at"],
    )
