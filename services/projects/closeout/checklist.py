"""What a project must show before it is closed, by kind and path of resolution, and when an item is met. Pure.

An item the ledger, another feature or the petitions service can answer is asked there; every other is attested by the
department that owns the fact, until the service that will own it exists, and while that service is away.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from services.projects.quality.rules import Built
from shared.errors import Conflict, FieldError, Invalid
from shared.schemas.projects.closeout import LABELS, ChecklistItem, ChecklistSource
from shared.schemas.projects.facts import ProjectKind, ResolutionMode
from shared.schemas.projects.paths import PathStage

C, M, K = ChecklistItem, ResolutionMode, ProjectKind

BUILT = (C.homes_delivered, C.completion_accepted, C.defects_closed, C.certificates_issued)
"""交楼, 能住, 办证: what a path that ends in homes has to show."""
EVERYWHERE = (C.petitions_quiet, C.wages_cleared, C.funds_audited)

BY_PATH: dict[ResolutionMode, tuple[ChecklistItem, ...]] = {
    M.resume_and_deliver: (*BUILT, C.loans_on_schedule, *EVERYWHERE),
    M.merger_acquisition: (*BUILT, C.loans_on_schedule, *EVERYWHERE),
    M.subrogated_refund: (C.lawsuits_registered, C.refunds_paid, *EVERYWHERE),
    M.in_kind_settlement: (C.households_settled, C.certificates_issued, *EVERYWHERE),
    M.reorganization: (C.court_ruling, *BUILT, *EVERYWHERE),
    M.composition: (C.court_ruling, *BUILT, *EVERYWHERE),
    M.liquidation: (C.court_ruling, C.refunds_paid, *EVERYWHERE),
}
BY_KIND: dict[ProjectKind, tuple[ChecklistItem, ...]] = {
    K.shantytown: (C.households_settled, C.compensation_paid, C.loans_on_schedule, *EVERYWHERE),
    K.land_acquisition: (C.compensation_paid, C.land_cleared, C.petitions_quiet, C.funds_audited),
    K.resettlement: (*BUILT, C.households_settled, *EVERYWHERE),
}
"""Stalled housing goes by its path; the other kinds have one way each."""

OF_QUALITY = {C.completion_accepted, C.defects_closed}
OF_COURTS = {C.court_ruling, C.lawsuits_registered}
RULINGS = {
    M.reorganization: PathStage.plan_approved,
    M.composition: PathStage.composition_approved,
    M.liquidation: PathStage.proceedings_closed,
}
"""Where a court path has got what only the court gives (企业破产法 arts. 86, 98, 120)."""

REQUIREMENTS: dict[ChecklistItem, str] = {
    C.homes_delivered: "已售房屋全部交付",
    C.completion_accepted: "竣工验收合格并备案，覆盖全部楼栋",
    C.defects_closed: "质量缺陷全部整改并复查合格",
    C.certificates_issued: "未办证套数为 0",
    C.petitions_quiet: "连续 {weeks} 周无信访，且无未办结事项",
    C.wages_cleared: "拖欠农民工工资为 0",
    C.loans_on_schedule: "逾期借款为 0",
    C.funds_audited: "审计未整改问题为 0",
    C.lawsuits_registered: "已起诉立案，案件已登记",
    C.refunds_paid: "未兑付户数为 0",
    C.households_settled: "未安置户数为 0",
    C.compensation_paid: "未兑付补偿户数为 0",
    C.land_cleared: "未清表地块数为 0",
    C.court_ruling: "重整计划或和解协议已获法院裁定批准，或破产程序已裁定终结",
}


class ChecklistOpen(Conflict):
    code, title, title_en = "checklist_open", "销号清单尚未全部达到", "Checklist not met"


class NotOnChecklist(Conflict):
    code, title, title_en = "not_on_checklist", "本项目的销号清单没有此项", "Not on the checklist"


class PathChanged(Conflict):
    code, title, title_en = "path_changed", "化解方式已变更", "Path changed"


class FactIsKnown(Conflict):
    code, title, title_en = "fact_is_known", "此项由系统中的数据认定，不接受证明", "Fact is known"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known about one item: by whom, which figures, of which version, and whether that is enough."""

    source: ChecklistSource
    value: Mapping[str, int | str | None]
    met: bool
    version: int | None = None
    asked_at: dt.datetime | None = None
    """Of a fact another service has told."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """What the petitions service has told of a project; `weeks` are those a close-out asks for."""

    outstanding: int
    last_on: dt.date | None
    version: int
    asked_at: dt.datetime
    weeks: int
    today: dt.date

    @property
    def finding(self) -> Finding:
        """The same figures as an attestation would say."""
        found = attested(ChecklistItem.petitions_quiet, self.outstanding, self.last_on, self.today, self.weeks)
        return replace(found, source=ChecklistSource.petitions, version=self.version, asked_at=self.asked_at)


NOTHING_BUILT = Built(whole=False, parts=0, open_defects=0)


@dataclass(frozen=True, slots=True)
class Records:
    """What the system holds of a project: the ledger's row, what was built, how far the courts are on its path."""

    path: ResolutionMode | None
    project: Mapping[str, Any]
    built: Built
    stages: Mapping[PathStage, dt.date]
    lawsuits: int
    quiet: Quiet | None = None

    def day_of(self, stage: PathStage) -> str | None:
        """When a stage was reached, as JSON has it."""
        day = self.stages.get(stage)
        return day.isoformat() if day else None


def items_of(kind: ProjectKind, path: ResolutionMode | None) -> tuple[ChecklistItem, ...]:
    """The checklist, in order; empty for stalled housing whose path nobody has chosen."""
    if kind is not ProjectKind.stalled_housing:
        return BY_KIND[kind]
    return BY_PATH[path] if path is not None else ()


def requirement(item: ChecklistItem, quiet_weeks: int) -> str:
    return REQUIREMENTS[item].format(weeks=quiet_weeks)


def find(item: ChecklistItem, records: Records) -> Finding | None:
    """What the system itself knows; None where a department has to say it."""
    project, built = records.project, records.built
    if item is C.court_ruling and records.path is not None:
        stage = RULINGS[records.path]
        ruled_on = records.day_of(stage)
        return Finding(ChecklistSource.paths, {"stage": stage, "reached_on": ruled_on}, ruled_on is not None)
    if item is C.lawsuits_registered:
        filed_on, lawsuits = records.day_of(PathStage.suit_filed), records.lawsuits
        value = {"lawsuits": lawsuits, "reached_on": filed_on}
        return Finding(ChecklistSource.paths, value, filed_on is not None and lawsuits > 0)
    if item is C.completion_accepted:
        buildings: int | None = project["buildings"]
        met = built.whole or (buildings is not None and 0 < buildings <= built.parts)
        return Finding(ChecklistSource.quality, {"accepted": built.parts, "buildings": buildings}, met)
    if item is C.defects_closed:
        return Finding(ChecklistSource.quality, {"open": built.open_defects}, built.open_defects == 0)
    if item is C.petitions_quiet:
        return records.quiet.finding if records.quiet is not None else None
    if item is C.homes_delivered:
        sold, delivered = project["units_sold"], project["units_delivered"]
        if sold is None or delivered is None:
            return None
        value = {"units_sold": sold, "units_delivered": delivered}
        return Finding(ChecklistSource.ledger, value, delivered >= sold, project["version"])
    if item is C.wages_cleared and (arrears := project["wage_arrears_fen"]) is not None:
        return Finding(ChecklistSource.ledger, {"wage_arrears_fen": arrears}, arrears == 0, project["version"])
    return None


def attested(
    item: ChecklistItem, outstanding: int, last_on: dt.date | None, attested_on: dt.date, quiet_weeks: int
) -> Finding:
    """What a department attests; petitions are quiet when the last one is `quiet_weeks` whole weeks back."""
    if last_on is None:
        return Finding(ChecklistSource.attested, {"outstanding": outstanding}, outstanding == 0)
    if item is not C.petitions_quiet:
        raise Invalid(errors=[FieldError("/last_on", "not_expected", "只有信访一项填写最近一次日期")])
    if last_on > attested_on:
        raise Invalid(errors=[FieldError("/last_on", "bad_day", "不能晚于证明日期")])
    quiet = (attested_on - last_on).days // 7
    value: dict[str, int | str | None] = {"outstanding": outstanding, "last_on": last_on.isoformat(), "weeks": quiet}
    return Finding(ChecklistSource.attested, value, outstanding == 0 and quiet >= quiet_weeks)


def check_path(kind: ProjectKind, path: str | None, now: str | None) -> None:
    """The checklist of one path closes no project that has since gone another."""
    if kind is ProjectKind.stalled_housing and path != now:
        raise PathChanged("申请之后化解方式有变，销号清单不再适用，请退回后重新申请")


def check_complete(met: Mapping[ChecklistItem, bool | None]) -> None:
    """Every item met; the error names those that are not."""
    errors = [
        FieldError(f"/checklist/{item}", "not_met" if known is False else "unknown", LABELS[ChecklistItem][item])
        for item, known in met.items()
        if not known
    ]
    if errors:
        raise ChecklistOpen("以下各项未达到或尚无证明：" + "、".join(e.message for e in errors), errors)
