"""Sample re-checks 抽查: a draw nobody can lean on, and what was found. What fails is reopened."""

import secrets
from uuid import UUID

from services.projects.closeout import queries, rules, service, steps
from services.projects.closeout.models import closeout, closeout_draw, closeout_recheck
from services.projects.ledger import service as ledger
from services.projects.thresholds import thresholds
from shared.chassis.clock import SHANGHAI, Clock, today
from shared.chassis.days import happened_on
from shared.chassis.identity import Caller
from shared.chassis.permissions import require_home
from shared.clients.parties import Known
from shared.errors import Conflict
from shared.schemas.projects.closeout import ReboundCause, RecheckDraw, RecheckOut, RecheckResult
from shared.storage import Session, work
from shared.storage.ids import new_id
from shared.storage.rows import Row
from shared.storage.turns import take_turns

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
    # Not the close-outs themselves: who reopens one has locked its project first, and a recheck refers to both.
    # The second sees what was in the first.
    await take_turns(session, "closeout draw", division_code)
    before = await queries.drawn(session, division_code)
    fresh = [row for row in await queries.closed(session, division_code) if row["id"] not in before]
    population = sorted(row["id"] for row in fresh)
    percent = await thresholds.value(session, division_code, "recheck_percent")
    seed = secrets.randbits(SEED_BITS)
    chosen = rules.choose(population, percent, seed)
    values = {"seed": seed, "percent": percent, "drawn_on": today(clock)}
    told = values | {"population": population, "chosen": chosen}
    made = await work.add(session, closeout_draw, caller, division_code, values, now, action="draw", detail=told)
    assert made is not None, "a draw has no key but its id"
    common = {"division_code": division_code, "draw_id": made["id"], "version": 1, "created_by": caller.subject}
    common |= {"created_at": now, "updated_at": now}
    await queries.add_rechecks(
        session,
        [
            common
            | {name: row[name] for name in ("project_id", "reported_by", "reported_unit")}
            | {"id": new_id(), "closeout_id": row["id"], "chosen": row["id"] in chosen}
            for row in fresh
        ],
    )
    return _drawn(made, population, chosen)


async def drawn(session: Session, caller: Caller, draw_id: UUID) -> RecheckDraw:
    made = await work.load(session, closeout_draw, caller, draw_id, what="这次抽取")
    population = [row["closeout_id"] for row in await queries.of_draw(session, made["division_code"], draw_id)]
    return _drawn(made, population, rules.choose(population, made["percent"], made["seed"]))


def _drawn(made: Row, population: list[UUID], chosen: list[UUID]) -> RecheckDraw:
    return work.shown(RecheckDraw, made, population=population, chosen=chosen)


def shown(row: Row) -> RecheckOut:
    return work.shown(RecheckOut, row, rechecked=service.act(row, "rechecked"))


async def record(
    session: Session, caller: Caller, known: Known, recheck_id: UUID, body: RecheckResult, clock: Clock
) -> Row:
    """What was found on the second look, by somebody who did not ask for the close-out."""
    now, day = clock.now(), today(clock)
    seen = await work.load(session, closeout_recheck, caller, recheck_id, what="这次抽查")
    await ledger.own_project(session, caller, seen["project_id"], lock=True)
    row = await work.load_own(session, closeout_recheck, caller, recheck_id, None)
    if not row["chosen"] or row["passed"] is not None:
        raise RecheckDone("只登记抽中的项目，且只登记一次")
    checked = await work.load(session, closeout, caller, row["closeout_id"])
    checkers = checked["department_checked_by"], checked["site_checked_by"]
    rules.check_apart(steps.reporter_of(row), steps.signer_of(caller), *checkers)
    drawn_on = row["created_at"].astimezone(SHANGHAI).date()
    on = happened_on(body.rechecked_on, day, "/rechecked_on", since=drawn_on)
    values = steps.signed(caller, known, "rechecked", on, body.document_number, body.note) | {"passed": body.passed}
    told = {"passed": body.passed, "unit": caller.unit, "on": on, "closeout_id": row["closeout_id"]}
    moved = await work.move(session, closeout_recheck, caller, row, values, now, action="recheck", detail=told)
    if not body.passed:
        cause = ReboundCause.recheck_failed
        await service.reopen(session, caller, row["division_code"], row["project_id"], cause, now, occurred_on=on)
    return moved
