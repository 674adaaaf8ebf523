"""Which project a row of a workbook is about, and what the row would do to it. Pure: rows in, verdicts out.

A row is known by our own row key when the workbook came from an export, else by project code, else by normalised name
or alias, and developer where both sides know one. Several candidates are never guessed between.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.projects.ledger import rules
from services.projects.ledger.changes import Plan, construction_facts, held_since, plan, standing
from shared.errors import FieldError, Problem
from shared.schemas.base import SHANGHAI
from shared.schemas.imports import FieldConflict, RowVerdict
from shared.schemas.projects.facts import GROUP_OF, ConstructionStatus, ProjectKind, ResolutionStatus
from shared.workbook.imports import verdicts as shared_verdicts
from shared.workbook.reader import Row, Sheet

Project = Mapping[str, Any]
NEW: dict[str, Any] = {"aliases": [], "kind": ProjectKind.stalled_housing, "lists": []}


@dataclass(slots=True)
class Verdict(shared_verdicts.Verdict):
    """`plan` is there for created and updated rows, and for what is only restated."""

    target: Project | None = None
    plan: Plan | None = None

    @property
    def changed(self) -> list[str]:
        return self.plan.changed if self.plan and self.target is not None else []


class Known:
    """The division's projects by everything a row may call them."""

    def __init__(self, projects: Iterable[Project]) -> None:
        self.by_id: dict[str, Project] = {}
        self.by_code: dict[str, Project] = {}
        self.by_name: dict[str, list[Project]] = defaultdict(list)
        for project in projects:
            self.by_id[str(project["id"])] = project
            self.by_code[project["project_code"]] = project
            for key in {project["name_key"], *project["alias_keys"]}:
                self.by_name[key].append(project)

    def find(self, row: Row, cell: str) -> Project | FieldError | None:
        """The project, the reason why it cannot be told, or None for a new one."""
        if row.key is not None:
            found = self.by_id.get(row.key)
            return found or FieldError(cell, "unknown_row_key", "行标识在本县台账中不存在；新增项目请清空项目ID")
        code = row.facts.get("project_code")
        if code is not None and code in self.by_code:
            return self.by_code[code]
        candidates = self.by_name.get(rules.name_key(row.facts["name"]), [])
        developer = row.facts.get("developer")
        if developer is not None:
            key = rules.enterprise_key(developer)
            exact = [c for c in candidates if c["developer_key"] == key]
            candidates = exact or [c for c in candidates if not c["developer_key"]]
        if len(candidates) > 1:
            listed = "、".join(f"{c['project_code']} {c['developer'] or '开发企业不详'}" for c in candidates)
            return FieldError(cell, "several_candidates", f"有多个同名项目，请填写项目编号或开发企业：{listed}")
        return candidates[0] if candidates else None


def judge(
    sheet: Sheet,
    projects: Sequence[Project],
    *,
    past: Mapping[Any, Project] | None,
    effective_on: dt.date,
    is_dated: bool,
    today: dt.date,
    clear_unknown: bool,
) -> list[Verdict]:
    """One verdict per row, in the order of the sheet.

    `past` are the projects by id as they stood on `effective_on`; None where nothing we hold is from a later day.
    `is_dated`: somebody said which day the sheet speaks of.
    """
    known = Known(projects)
    taken: dict[Any, int] = {}
    verdicts = []
    for row in sheet.rows:
        cell = sheet.cell(row.number)
        if row.errors:
            verdicts.append(Verdict(row, RowVerdict.rejected, errors=list(row.errors)))
            continue
        target = known.find(row, cell)
        if isinstance(target, FieldError):
            verdicts.append(Verdict(row, RowVerdict.rejected, errors=[target]))
            continue
        identity = _identity(row, target)
        first = taken.setdefault(identity, row.number)
        if first != row.number:
            twice = FieldError(cell, "row_repeated", f"与第 {first} 行是同一个项目，请合并或注明开发企业、期数")
            verdicts.append(Verdict(row, RowVerdict.rejected, target=target, errors=[twice]))
            continue
        before = None if past is None or target is None else past.get(target["id"], {})
        verdicts.append(_judge_one(sheet, row, target, before, effective_on, is_dated, today, clear_unknown))
    _refuse_taken(verdicts, projects, lambda row: sheet.cell(row.number))
    return verdicts


def _refuse_taken(verdicts: Iterable[Verdict], projects: Iterable[Project], cell: Callable[[Row], str]) -> None:
    """Reject rows that would give a project the name (with its developer) or the code of another one."""
    names: dict[tuple[str, str], Any] = {(p["name_key"], p["developer_key"]): p["id"] for p in projects}
    codes: dict[str, int] = {}
    for verdict in verdicts:
        if verdict.plan is None:
            continue
        after = dict(verdict.target or {}) | verdict.plan.columns
        me = after.get("id", verdict.row.number)
        taken = []
        if names.setdefault((after["name_key"], after.get("developer_key") or ""), me) != me:
            taken.append(FieldError(cell(verdict.row), "name_taken", "另一个项目已用此名称和开发企业，请核对"))
        code = verdict.row.facts.get("project_code") if verdict.target is None else None
        if code is not None and (first := codes.setdefault(code, verdict.row.number)) != verdict.row.number:
            taken.append(FieldError(cell(verdict.row), "code_repeated", f"项目编号与第 {first} 行相同"))
        if taken:
            verdict.verdict, verdict.plan, verdict.errors = RowVerdict.rejected, None, taken


def _identity(row: Row, target: Project | None) -> Any:
    if target is not None:
        return target["id"]
    developer = row.facts.get("developer")
    return rules.name_key(row.facts["name"]), rules.enterprise_key(developer) if developer else ""


def _judge_one(
    sheet: Sheet,
    row: Row,
    target: Project | None,
    past: Project | None,
    effective_on: dt.date,
    is_dated: bool,
    today: dt.date,
    clear_unknown: bool,
) -> Verdict:
    clearable = GROUP_OF if clear_unknown else ()
    facts = {n: v for n, v in row.facts.items() if n != "project_code" and (v is not None or n in clearable)}
    if target is None:
        status = facts.get("construction_status")
        incoming = NEW | facts | ({"counted_construction_status": status} if status else {})
        return Verdict(row, RowVerdict.created, plan=plan(None, incoming, row.marks, effective_on))
    # Another way to write the name we have is no new name.
    if rules.name_key(facts["name"]) in (target["name_key"], *target["alias_keys"]):
        facts.pop("name")
    errors = []
    for (fact, other), move in MACHINES.items():
        if facts.get(fact):
            try:
                facts |= move(target, past, facts[fact], effective_on, today)
            except Problem as problem:
                errors.append(FieldError(sheet.cell(row.number, fact, other), problem.code, problem.detail))
    if errors:
        return Verdict(row, RowVerdict.rejected, target=target, errors=errors)
    # Our own export is dated by the day it was made, and nobody has looked at every cell of it since.
    planned = plan(target, facts, row.marks, effective_on, past, restates=is_dated and row.version is None)
    if not planned.changed:
        return Verdict(row, RowVerdict.unchanged, target=target, plan=planned or None)
    if row.version is not None and row.version != target["version"]:
        conflicts = [
            FieldConflict(
                fact=fact,
                cell=sheet.cell(row.number, fact),
                current=rules.canonical(fact, target[fact]),
                incoming=planned.facts[fact],
            )
            for fact in planned.changed
        ]
        return Verdict(row, RowVerdict.conflict, target=target, conflicts=conflicts)
    return Verdict(row, RowVerdict.updated, target=target, plan=planned)


def _then(target: Project, past: Project | None, fact: str, effective_on: dt.date) -> Project:
    """What holds the status `fact` as it stood on the day the sheet speaks of."""
    if effective_on.isoformat() >= held_since(target, fact):
        return target
    return {"construction_status": None, "counted_construction_status": None, fact: None, **(past or {})}


def _construct(
    target: Project, past: Project | None, status: str, effective_on: dt.date, today: dt.date
) -> dict[str, Any]:
    before = standing(_then(target, past, "construction_status", effective_on))
    if status == before.status:
        return {}
    decided = rules.decide_construction(
        before, ConstructionStatus(status), effective_on=effective_on, last_effective_on=None, today=today
    )
    return construction_facts(decided)


def _resolve(
    target: Project, past: Project | None, status: str, effective_on: dt.date, today: dt.date
) -> dict[str, Any]:
    current = _then(target, past, "resolution_status", effective_on)["resolution_status"]
    if status == current:
        return {}
    before, to = ResolutionStatus(current) if current else None, ResolutionStatus(status)
    rules.decide_resolution(
        before, to, reason="工作簿导入", effective_on=effective_on, last_effective_on=None, today=today
    )
    recorded_on = target["created_at"].astimezone(SHANGHAI).date()
    rules.check_told(before, to, effective_on=effective_on, recorded_on=recorded_on)
    return {}


MACHINES = {
    ("construction_status", "resolution_status"): _construct,
    ("resolution_status", "construction_status"): _resolve,
}
"""Each status and, since clerks mix the two up, the other column it may have been read from."""
