"""Who may claim, check and vouch; how far a claim is from what was found; how far a unit can be believed. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from services.projects.ledger.rules import enterprise_key
from shared.errors import Conflict, FieldError, Invalid, SamePerson, SameUnit
from shared.schemas.projects.facts import ConstructionStatus, ResolutionStatus
from shared.schemas.projects.progress import ReporterRole

FOUR_PLACES = Decimal("0.0001")
SIGNAL_KEEPERS = frozenset({"office", "department", "township"})
RELIABILITY_SAMPLES = 12
"""The newest inspections that count: a unit can earn its name back."""
RELIABILITY_NEEDED = 3
"""Fewer say nothing about a unit; the score is then null, not 0."""


class NotAnswerable(Conflict):
    """Only who answers for the project as enterprise or task force can claim progress for it."""

    code, title, title_en = "not_answerable", "不是本项目的责任企业或专班", "Not answerable for the project"


class NotFromOutside(Conflict):
    """Who claims does not check, and who builds does not vouch."""

    code, title, title_en = "not_from_outside", "须由项目以外的单位和人员进行", "Not from outside"


class AlreadyRecorded(Conflict):
    """One standing row per day; another is a correction and says why."""

    code, title, title_en = "already_recorded", "同一天已有记录", "Already recorded"


class NothingToCorrect(Conflict):
    code, title, title_en = "nothing_to_correct", "没有可更正的记录", "Nothing to correct"


class SignalsMissing(Conflict):
    code, title, title_en = "signals_missing", "现场信号不足，不能认定复工", "Signals missing"


class NotComparable(Invalid):
    code, title, title_en = "not_comparable", "不能与这份报告核对", "Not comparable"


class UnitRequired(Invalid):
    code, title, title_en = "unit_required", "须写明单位", "Unit required"


def reporting_unit(given: str | None, own: str | None, *, is_office: bool) -> str:
    """Which unit a report is for: one's own, or the one the office names.

    Raises `UnitRequired`, `NotAnswerable` where somebody but the office names another.
    """
    unit = given or (None if is_office else own)
    if unit is None:
        where = FieldError("/unit_code", "unit_required", "请写明由哪个企业或专班报告")
        raise UnitRequired(errors=[where])
    if not is_office and unit != own:
        raise NotAnswerable("只能为本单位报告；代报由领导小组办公室进行")
    return unit


def reporter_role(role: str | None) -> ReporterRole:
    """`role`: in which capacity the unit answers for the project."""
    if role not in set(ReporterRole):
        raise NotAnswerable("报告单位须是本项目现任的责任企业或专班，请先登记包抓责任")
    return ReporterRole(role)


def builders(project: Mapping[str, Any]) -> frozenset[str]:
    """The name keys of a project's developer, owner and general contractor, as far as the ledger knows them."""
    facts = ("developer", "owner_unit", "general_contractor")
    return frozenset(enterprise_key(project[fact]) for fact in facts if project[fact])


def require_outside(role: str | None, name: str, project: Mapping[str, Any], pointer: str | None = None) -> None:
    """A unit of this name that answers for the project as `role` may not check it or vouch for it.

    Those who build it may not either, whether or not duty names them.
    """
    if role in set(ReporterRole) or enterprise_key(name) in builders(project):
        message = "本项目的企业、总包和专班不能核查本项目，也不能为其提供信号"
        raise NotFromOutside(
            message, [FieldError(pointer, "not_from_outside", "请换项目以外的单位")] if pointer else ()
        )


def require_keeper(roles: frozenset[str]) -> None:
    """A firm vouches for itself only; authorities enter what any independent source gives them.

    Raises `NotFromOutside`.
    """
    if not roles & SIGNAL_KEEPERS:
        where = FieldError("/source_unit_code", "not_from_outside", "请填写本单位编码")
        raise NotFromOutside("企业只能报送本单位出具的信号", [where])


def require_another(unit: str, subject: str, report: Mapping[str, Any] | None) -> None:
    """Neither the reporting unit nor the person who entered the claim checks it."""
    if report is None:
        return
    if unit == report["unit_code"]:
        raise SameUnit("报告单位不能核查自己的报告")
    if subject == report["created_by"]:
        raise SamePerson("填报这份报告的人不能再作核查")


def require_comparable(report: Mapping[str, Any], project_id: UUID, day: dt.date) -> None:
    """A check is compared with a claim of its own project that was already made for that day or an earlier one."""
    if report["project_id"] != project_id or report["effective_on"] > day:
        message = "须是本项目在核查日及以前的进度报告"
        raise NotComparable(errors=[FieldError("/report_id", "not_comparable", message)])


def require_new(standing: Mapping[str, Any] | None, reason: str | None) -> None:
    """A day is told once; again only with a reason."""
    where = "/correction_reason"
    if standing is not None and reason is None:
        message = "要更正已有数字请写明原因，原记录仍会保留"
        raise AlreadyRecorded(message, [FieldError(where, "already_recorded", "请填写更正原因")])
    if standing is None and reason is not None:
        raise NothingToCorrect("这一天还没有记录，不需要更正原因", [FieldError(where, "nothing_to_correct", "请留空")])


def points(claimed: Decimal | None, checked: Decimal | None) -> Decimal | None:
    return None if claimed is None or checked is None else claimed - checked


def difference(claimed: int | None, checked: int | None) -> int | None:
    return None if claimed is None or checked is None else claimed - checked


def overstatement(claimed: Decimal | int | None, checked: Decimal | int | None) -> Decimal | None:
    """(claimed − checked) ÷ checked, 4 decimals half up; null where a side is unknown or the checked figure is 0."""
    if claimed is None or not checked:
        return None
    return ((Decimal(claimed) - checked) / Decimal(checked)).quantize(FOUR_PLACES, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Sample:
    """One inspection beside the claim it checked."""

    claimed_pct: Decimal | None
    checked_pct: Decimal | None
    claimed_fen: int | None
    checked_fen: int | None

    @property
    def agreements(self) -> list[Decimal]:
        pairs = ((self.claimed_pct, self.checked_pct), (self.claimed_fen, self.checked_fen))
        return [agreement(Decimal(a), Decimal(b)) for a, b in pairs if a is not None and b is not None]

    @property
    def is_overstated(self) -> bool:
        work, money = points(self.claimed_pct, self.checked_pct), difference(self.claimed_fen, self.checked_fen)
        return (work or 0) > 0 or (money or 0) > 0


@dataclass(frozen=True, slots=True)
class Reliability:
    """`score` is None while `samples` < `RELIABILITY_NEEDED`."""

    unit_code: str
    unit_name: str
    role: ReporterRole
    samples: int
    score: Decimal | None
    overstated: int


def agreement(claimed: Decimal, checked: Decimal) -> Decimal:
    """min ÷ max: 1 where they agree, ½ where one is twice the other, 0 where something stands against nothing."""
    larger = max(claimed, checked)
    return min(claimed, checked) / larger if larger else Decimal(1)


def reliability(unit_code: str, unit_name: str, role: ReporterRole, newest_first: Sequence[Sample]) -> Reliability:
    """score = mean over the newest `RELIABILITY_SAMPLES` inspections of the mean agreement of work and of money.

    An inspection that shares no figure with its report is no sample.
    """
    samples = [sample for sample in newest_first if sample.agreements][:RELIABILITY_SAMPLES]
    score = None
    if len(samples) >= RELIABILITY_NEEDED:
        score = mean(mean(sample.agreements) for sample in samples).quantize(FOUR_PLACES, ROUND_HALF_UP)
    overstated = sum(sample.is_overstated for sample in samples)
    return Reliability(unit_code, unit_name, role, len(samples), score, overstated)


def mean(values: Iterable[Decimal]) -> Decimal:
    listed = list(values)
    return sum(listed, Decimal()) / len(listed)


def is_open(standing: Mapping[str, Any]) -> bool:
    """The county still works on it: neither resolved nor, as far as is believed, delivered."""
    counted = standing["counted_construction_status"] or standing["construction_status"]
    return bool(standing["resolution_status"] != ResolutionStatus.resolved and counted != ConstructionStatus.delivered)


def missed(since: dt.date, today: dt.date, every_days: int) -> int:
    """How many reports have not come since the last one (or since the duty began): one is due every `every_days`, until
    the end of its day, so that it is missed from the day after."""
    return max((today - since).days - 1, 0) // every_days
