"""Quality and safety: rectification until somebody else has seen it, who signs an acceptance, how bad an incident is.
Pure.

Sources: 建设工程质量管理条例 (2019) art. 16 (who accepts), art. 49 (filed within 15 days);
生产安全事故报告和调查处理条例 (2007) art. 3 (levels).
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from shared.chassis.calendar import WorkCalendar
from shared.errors import Conflict, FieldError, Invalid, SamePerson
from shared.schemas.projects import acceptances
from shared.schemas.projects.acceptances import AcceptanceRole, AcceptanceStage, IncidentLevel
from shared.schemas.projects.quality import LABELS, DefectSeverity, DefectStatus

S, R = DefectStatus, AcceptanceRole
ROLES = acceptances.LABELS[AcceptanceRole]

MOVES: dict[DefectStatus, tuple[DefectStatus, ...]] = {
    S.found: (S.ordered,),
    # An order may be given anew: another unit, another day.
    S.ordered: (S.ordered, S.rectified),
    S.rectified: (S.closed, S.ordered),
    S.closed: (),
}
SIGNERS: dict[AcceptanceStage, tuple[AcceptanceRole, ...]] = {
    # The ground is what the survey said it was, or not.
    AcceptanceStage.foundation: (R.owner, R.survey, R.design, R.builder, R.supervisor),
    AcceptanceStage.structure: (R.owner, R.design, R.builder, R.supervisor),
    AcceptanceStage.completion: (R.owner, R.design, R.builder, R.supervisor),
}
FILING_DAYS = 15
FILING_BASIS = "建设工程质量管理条例 第四十九条：竣工验收合格之日起 15 日内备案"
YI = 10_000_000_000
"""一亿元 in fen."""
LEVELS: tuple[tuple[IncidentLevel, int, int, int], ...] = (
    (IncidentLevel.extraordinary, 30, 100, YI),
    (IncidentLevel.major, 10, 50, YI // 2),
    (IncidentLevel.larger, 3, 10, YI // 10),
)
"""From this many dead, seriously injured, or fen lost on; below all of them it is an ordinary one."""


class StepNotAllowed(Conflict):
    code, title, title_en = "step_not_allowed", "整改还没有到这一步", "Step not allowed"


class SignerMissing(Invalid):
    code, title, title_en = "signer_missing", "验收各方不齐", "Signer missing"


class DefectsOpen(Conflict):
    code, title, title_en = "defects_open", "尚有严重缺陷未闭合", "Critical defects open"


class NothingToFile(Conflict):
    code, title, title_en = "nothing_to_file", "无须备案或已备案", "Nothing to file"


def check_move(current: DefectStatus, to: DefectStatus) -> None:
    if to in MOVES[current]:
        return
    labels = LABELS[DefectStatus]
    allowed = "、".join(labels[step] for step in MOVES[current]) or "（已闭合）"
    raise StepNotAllowed(f"现为“{labels[current]}”，接下来只能：{allowed}")


def check_another(rectified_by: str, subject: str) -> None:
    if rectified_by == subject:
        raise SamePerson("报告整改完成的人不能复查自己的整改")


def days_late(defect: Mapping[str, Any], today: dt.date) -> int | None:
    """How long after its order's day a rectification came, or is still missing; None where it is not late."""
    if defect["due_on"] is None:
        return None
    done = defect["rectified_on"] if defect["status"] in (S.rectified, S.closed) else today
    late = (done - defect["due_on"]).days
    return late if late > 0 else None


def check_signers(stage: AcceptanceStage, passed: bool, present: Iterable[AcceptanceRole]) -> None:
    """A passed acceptance carries the paper of every party; a failed one of whoever was there."""
    missing = [role for role in SIGNERS[stage] if role not in set(present)] if passed else []
    if missing:
        named = "、".join(ROLES[role] for role in missing)
        raise SignerMissing(errors=[FieldError("/parties", "signer_missing", f"还缺：{named}")])


def check_defects(stage: AcceptanceStage, passed: bool, open_severities: Iterable[str]) -> None:
    if passed and stage is AcceptanceStage.completion and DefectSeverity.critical in set(open_severities):
        raise DefectsOpen("严重缺陷整改闭合之前，不能通过竣工验收")


@dataclass(frozen=True, slots=True)
class Filing:
    """备案 of one acceptance; `due_on` is rolled out of a rest period, `internal_due_on` is not."""

    internal_due_on: dt.date
    due_on: dt.date
    calendar: Literal["official", "provisional"]
    filed_on: dt.date | None
    days_late: int | None


def must_file(stage: str, passed: bool) -> bool:
    return passed and stage == AcceptanceStage.completion


def filing(accepted_on: dt.date, filed_on: dt.date | None, today: dt.date, calendar: WorkCalendar) -> Filing:
    """The deadline of art. 49: the day of acceptance does not count (民法典 201), the last one rolls (203)."""
    internal = accepted_on + dt.timedelta(days=FILING_DAYS)
    try:
        due = calendar.roll_to_workday(internal)
        provisional = calendar.provisional(due.year)
    except Invalid:  # outside the years of the calendar: nothing is refused for it
        due, provisional = internal, True
    late = ((filed_on or today) - due).days
    return Filing(internal, due, "provisional" if provisional else "official", filed_on, late if late > 0 else None)


def check_filing(stage: str, passed: bool, filed_on: dt.date | None) -> None:
    if not must_file(stage, passed) or filed_on is not None:
        raise NothingToFile("只有通过的竣工验收须备案，且只备案一次")


def level(dead: int, seriously_injured: int, loss_fen: int | None) -> IncidentLevel:
    """By the worst of the three; a loss nobody knows yet makes it no better and no worse."""
    for found, deaths, injuries, loss in LEVELS:
        if dead >= deaths or seriously_injured >= injuries or (loss_fen or 0) >= loss:
            return found
    return IncidentLevel.ordinary


@dataclass(frozen=True, slots=True)
class Built:
    """What quality knows of a project: filed completion acceptances, and defects not yet closed.

    `whole`: an acceptance that names no building and so covers all; `parts`: buildings with one of their own.
    """

    whole: bool
    parts: int
    open_defects: int


def built(acceptances: Sequence[Mapping[str, Any]], open_severities: Sequence[str]) -> Built:
    filed = {a["part"] for a in acceptances if must_file(a["stage"], a["passed"]) and a["filed_on"] is not None}
    return Built(None in filed, len(filed - {None}), len(open_severities))
