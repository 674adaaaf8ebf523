"""When a project may be closed and when it comes back: the state machine of `domain.md` 5.4. Pure.

The order of checks, who may take them and what the checklist asks stand here; the database holds the first two again.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.projects.ledger.rules import AT_A_STANDSTILL
from shared.chassis.days import happened_on
from shared.errors import Conflict, FieldError, Invalid, SamePerson, SameUnit
from shared.schemas.projects.closeout import LABELS, CloseoutCheckKind, CloseoutStatus, PetitionRebound, ReboundCause
from shared.schemas.projects.facts import ConstructionStatus, ResolutionStatus

S = CloseoutStatus

MOVES: dict[CloseoutStatus, tuple[CloseoutStatus, ...]] = {
    S.requested: (S.department_checked, S.returned),
    S.department_checked: (S.site_checked, S.returned),
    S.site_checked: (S.published, S.closed, S.returned),
    S.published: (S.closed, S.returned),
    S.closed: (S.reopened,),
    # Either way the project asks anew, with a fresh self-check.
    S.returned: (),
    S.reopened: (),
}
CHECKED = {CloseoutCheckKind.department: S.department_checked, CloseoutCheckKind.site: S.site_checked}
GROUP_VISIT = 5
"""集体访 begins at five people (信访 statistics, `domain.md` 1.4)."""


class StepNotAllowed(Conflict):
    code, title, title_en = "step_not_allowed", "销号程序还没有到这一步", "Step not allowed"


class NotUnderResolution(Conflict):
    code, title, title_en = "not_under_resolution", "项目尚未进入处置", "Not under resolution"


class PathUnknown(Conflict):
    code, title, title_en = "path_unknown", "项目尚未确定化解方式", "Path of resolution unknown"


class NoticeRunning(Conflict):
    code, title, title_en = "notice_running", "公示期未满", "Public notice still running"


class NotARebound(Invalid):
    code, title, title_en = "not_a_rebound", "不构成反弹", "Not a rebound"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who takes a step: the account, and the unit it belongs to."""

    by: str
    unit: str


def check_under_resolution(resolution: str | None) -> None:
    """A close-out follows 处置; a project the ledger merely *says* is resolved may catch up on it."""
    if resolution not in (ResolutionStatus.resolving, ResolutionStatus.resolved):
        raise NotUnderResolution("请先把化解状态变更为“正在化解”，再办理销号")


def check_step(current: CloseoutStatus, to: CloseoutStatus) -> None:
    if to in MOVES[current]:
        return
    labels = LABELS[CloseoutStatus]
    allowed = "、".join(labels[step] for step in MOVES[current]) or "重新申请"
    raise StepNotAllowed(f"现为“{labels[current]}”，接下来只能：{allowed}")


def check_apart(reporter: Signer, signer: Signer, *checkers: str) -> None:
    """核查人 ≠ 申请人, 核查单位 ≠ 申请单位; who approves or looks again is none of the `checkers` either."""
    if signer.by == reporter.by:
        raise SamePerson("申请人不能核查、审定或抽查自己的申请")
    if signer.unit == reporter.unit:
        raise SameUnit("核查、审定和抽查须由申请单位以外的单位办理")
    if signer.by in checkers:
        raise SamePerson("参与初核或现场核查的人不能审定或抽查")


def check_notice_over(until: dt.date | None, today: dt.date) -> None:
    if until is not None and today <= until:
        raise NoticeRunning(f"公示至 {until.isoformat()}，期满后方可审定")


def check_petition(
    cause: PetitionRebound, people: int | None, *, occurred_on: dt.date | None, closed_on: dt.date, today: dt.date
) -> dt.date:
    """The day it came: only what came after the close-out is a rebound, and a group begins at five."""
    day = happened_on(occurred_on, today, "/occurred_on", since=closed_on)
    if cause is PetitionRebound.group_petition and (people is None or people < GROUP_VISIT):
        where = FieldError("/people_count", "not_a_group", f"群体信访为 {GROUP_VISIT} 人以上，请填写人次")
        raise NotARebound(errors=[where])
    return day


def is_group_rebound(closed: Mapping[str, Any], on: dt.date, people: int) -> bool:
    """A group that came on a day after the project was closed; what came before was known when it was."""
    return bool(on > closed["approved_on"] and people >= GROUP_VISIT)


def undelivered(facts: Mapping[str, Any]) -> bool:
    """Known to be undelivered; where homes are not counted the construction status speaks."""
    sold, delivered = facts["units_sold"], facts["units_delivered"]
    if sold is not None and delivered is not None:
        return bool(delivered < sold)
    return facts["construction_status"] not in (None, ConstructionStatus.delivered)


def still_due(days: Iterable[dt.date | None], closed_on: dt.date) -> dt.date | None:
    """The first of the promised days that was not over when the project was closed."""
    return min((day for day in days if day is not None and day >= closed_on), default=None)


REBOUND_FACTS = (
    "resolution_status",
    "construction_status",
    "units_sold",
    "units_delivered",
    "planned_delivery_on",
)


def rebound(closed: Mapping[str, Any], facts: Mapping[str, Any], today: dt.date) -> ReboundCause | None:
    """Why a closed project is not closed any more, if it is not.

    A stop counts when it is worse than what the leading group knew: a liquidated site that never worked again has not
    rebounded by standing still. What was promised at the close-out stays promised, whatever the ledger says later.
    """
    if facts["resolution_status"] != ResolutionStatus.resolved:
        return ReboundCause.moved_back
    if _standing(facts["construction_status"]) < _standing(closed["approved_construction_status"]):
        return ReboundCause.stopped_again
    due = still_due((closed["deliver_by"], facts["planned_delivery_on"]), closed["approved_on"])
    if due is not None and due < today and undelivered(facts):
        return ReboundCause.delivery_missed
    return None


def _standing(status: str | None) -> int:
    """0 stopped, 1 partly stopped, 2 anything else."""
    return next((n for n, worst in enumerate(AT_A_STANDSTILL) if status == worst), len(AT_A_STANDSTILL))


def choose(population: Sequence[UUID], percent: int, seed: int) -> list[UUID]:
    """The close-outs to look at again: the first ⌈percent⌉ by sha256 of `seed:id`, so anybody can draw them anew."""
    number = -(-len(population) * percent // 100)
    return sorted(population, key=lambda id_: hashlib.sha256(f"{seed}:{id_}".encode()).digest())[:number]


def year_before(day: dt.date) -> dt.date:
    """The first of the twelve months that end on `day`: 2026-03-02 for 2027-03-01; from 29 February, 1 March."""
    if (day.month, day.day) == (2, 29):
        return dt.date(day.year - 1, 3, 1)
    return day.replace(year=day.year - 1) + dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Closure:
    """One project once closed: since when, and from which day on no longer, and why."""

    project_id: UUID
    closed_on: dt.date
    reopened_on: dt.date | None
    cause: str | None


@dataclass(frozen=True, slots=True)
class Tally:
    """Numerators and denominators of both rates; projects, not acts."""

    closed: int
    on_ledger: int
    reopened_of_recent: int
    recently_closed: int
    by_cause: dict[str, int]
    resolved_without: int


def tally(closures: Sequence[Closure], ledger: Mapping[UUID, ResolutionStatus | None], as_of: dt.date) -> Tally:
    """销号率 = closed now ÷ ledger; 反弹率 = reopened of those closed in twelve months ÷ closed in them."""
    since = year_before(as_of)
    known = [c for c in closures if c.closed_on <= as_of]
    back = {c for c in known if c.reopened_on is not None and c.reopened_on <= as_of}
    closed = {c.project_id for c in known if c not in back}
    recent = [c for c in known if c.closed_on >= since]
    causes = [c.cause for c in recent if c in back and c.cause]
    return Tally(
        closed=len(closed),
        on_ledger=len(ledger),
        reopened_of_recent=len({c.project_id for c in recent if c in back}),
        recently_closed=len({c.project_id for c in recent}),
        by_cause={cause: causes.count(cause) for cause in sorted(set(causes))},
        resolved_without=sum(s is ResolutionStatus.resolved and p not in closed for p, s in ledger.items()),
    )
