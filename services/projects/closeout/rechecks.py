"""Sample re-checks 抽查: a draw nobody can lean on, and what was found. What fails is reopened."""

import secrets
from uuid import UUID

from services.projects import work
from services.projects.closeout import queries, rules, service, steps
from services.projects.closeout.models import closeout_draw, closeout_recheck
from services.projects.parties import Known
from services.projects.thresholds import service as thresholds
from shared.chassis.clock import Clock, today
from shared.chassis.identity import Caller
from shared.chassis.permissions import require_home
from shared.errors import Conflict
from shared.schemas.projects.closeout import ReboundCause, RecheckDraw, RecheckOut, RecheckResult
from shared.storage import Session
from shared.storage.ids import new_id
from shared.storage.rows import Row

SEED_BITS = 48
"""A seed is exact in JavaScript too."""


class RecheckDone(Conflict):
    code, title, title_en = "recheck_done", "抽查结果已登记", "Re-check done"


async def draw(session: Session, caller: Caller, division_code: str, clock: Clock) -> RecheckDraw:
    """Of every close-out that stands and was in no draw before, some to look at again.

    The seed is ours and each close-out is drawn over once, so that nobody draws until the lot suits him. Where none
    is new the draw was held all the same, over nobody.
    """
    require_home(caller, division_code)
    now = clock.now()
    # Locked first and sifted in a statement of its own: two draws at once see each other's work.
    standing = await queries.closed(session, division_code, lock=True)
    before = await queries.drawn(session, division_code)
    population = {row["id"]: row for row in sorted(standing, key=lambda row: row["id"]) if row["id"] not in before}
    percent = await thresholds.value(session, division_code, "recheck_percent")
    seed = secrets.randbits(SEED_BITS)
    chosen = rules.choose(list(population), percent, seed)
    values = {"seed": seed, "percent": percent, "drawn_on": today(clock)}
    told = values | {"population": list(population), "chosen": chosen}
    made = await work.add(session, closeout_draw, caller, division_code, values, now, action="draw", detail=told)
    assert made is not None, "a draw has no key but its id"
    common = {"division_code": division_code, "draw_id": made["id"], "version": 1, "created_by": caller.subject}
    common |= {"created_at": now, "updated_at": now}
    await queries.add_rechecks(
        session,
        [
            common
            | {name: row[name] for name in ("project_id", "reported_by", "reported_unit")}
            | {"id": new_id(), "closeout_id": id_, "chosen": id_ in chosen}
            for id_, row in population.items()
        ],
    )
    return _drawn(made, list(population), chosen)


async def drawn(session: Session, caller: Caller, draw_id: UUID) -> RecheckDraw:
    made = await work.load(session, closeout_draw, caller, draw_id, what="这次抽取")
    population = [row["closeout_id"] for row in await queries.of_draw(session, made["division_code"], draw_id)]
    return _drawn(made, population, rules.choose(population, made["percent"], made["seed"]))


def _drawn(made: Row, population: list[UUID], chosen: list[UUID]) -> RecheckDraw:
    kept = {name: made[name] for name in RecheckDraw.model_fields if name in made}
    return RecheckDraw.model_validate(kept | {"population": population, "chosen": chosen})


def shown(row: Row) -> RecheckOut:
    kept = {name: row[name] for name in RecheckOut.model_fields if name in row}
    return RecheckOut.model_validate(kept | {"rechecked": service.act(row, "rechecked")})


async def record(
    session: Session, caller: Caller, known: Known, recheck_id: UUID, body: RecheckResult, clock: Clock
) -> Row:
    """What was found on the second look, by somebody who did not ask for the close-out."""
    now, day = clock.now(), today(clock)
    seen = await work.load(session, closeout_recheck, caller, recheck_id, what="这次抽查")
    await work.own_project(session, caller, seen["project_id"], lock=True)
    row = await work.load_own(session, closeout_recheck, caller, recheck_id, None)
    if not row["chosen"] or row["passed"] is not None:
        raise RecheckDone("只登记抽中的项目，且只登记一次")
    rules.check_apart(steps.reporter_of(row), steps.signer_of(caller))
    drawn_on = row["created_at"].astimezone(now.tzinfo).date()
    on = rules.step_day(body.rechecked_on, not_before=drawn_on, today=day, pointer="/rechecked_on")
    values = steps.signed(caller, known, "rechecked", on, body.document_number, body.note) | {"passed": body.passed}
    told = {"passed": body.passed, "unit": caller.unit, "on": on, "closeout_id": row["closeout_id"]}
    moved = await work.move(session, closeout_recheck, caller, row, values, now, action="recheck", detail=told)
    if not body.passed:
        cause = ReboundCause.recheck_failed
        await service.reopen(session, caller, row["division_code"], row["project_id"], cause, now, occurred_on=on)
    return moved
