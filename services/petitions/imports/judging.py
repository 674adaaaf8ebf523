"""Which petition a row of a register is, and what the row would do to it. Pure: rows in, verdicts out.

A row is known by our own row key, by its number in the register, else by its day, people and demand. What it says of
a petition that is already here is added where we do not know it; days that contradict ours are conflicts, other facts
that differ are only noted: neither overwrites anything.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.petitions.imports import history, persons
from services.petitions.imports.bodies import Bodies
from services.petitions.imports.cells import PERSONAL, ROOM, UNRECOGNISED
from services.petitions.imports.history import Course, Note, Who
from services.petitions.imports.known import Known, Stored
from services.petitions.imports.people_cells import CHECK_DIGIT, MASKED
from services.petitions.registry.people import NewPerson
from shared.chassis.calendar import WorkCalendar
from shared.errors import FieldError, Problem
from shared.schemas.imports import FieldConflict, RowVerdict
from shared.schemas.petitions.intake import Channel, Demand
from shared.schemas.projects.names import FoundProject
from shared.workbook.imports import verdicts as shared_verdicts
from shared.workbook.reader import Row, Sheet
from shared.workbook.readings import canonical

FILLED = ("visit_level", "township", "building", "involved_count", "purpose")
"""Facts that are added to a petition that lacks them."""
COMPARED = ("channel", "demand", "visit_level")
RATED = {"rating": "body_rating", "office_rating": "office_rating"}
_BY_HEADS = {
    "来访": Channel.visit,
    "来信": Channel.letter,
    "来电": Channel.phone,
    "网信": Channel.online,
    "12345": Channel.hotline,
}
FLAGS = "is_anonymous is_skip_level is_threat is_backlog is_litigation is_cross_region is_joint".split()
_MARKS = {
    MASKED: ("masked", "脱敏后的内容不能登记，未采用"),
    CHECK_DIGIT: ("check_digit", "身份证号末位校验不符，已按原样登记，请核对"),
    PERSONAL: ("personal", "含有身份证号或手机号，未采用"),
    ROOM: ("room", "只保留楼栋，房号未采用；需要时请填入住址"),
    UNRECOGNISED: ("unrecognised", "没有认出此项，未采用"),
}
_OTHER_DEMAND = ("unrecognised", "没有认出诉求类别，记为“其他”")


@dataclass(slots=True)
class Verdict(shared_verdicts.Verdict):
    """`course` and what follows are there for created and updated rows. `ratings` are columns of the rating."""

    target: Stored | None = None
    course: Course | None = None
    columns: dict[str, Any] = field(default_factory=dict)
    persons: Sequence[NewPerson] = ()
    ratings: dict[str, Any] = field(default_factory=dict)

    @property
    def changed(self) -> list[str]:
        if self.target is None or self.course is None:
            return []
        return [*(act.kind.value for act in self.course.acts), *self.columns, *self.ratings]


@dataclass(frozen=True, slots=True)
class Ground:
    """What rows are judged by. `projects`: those of the ledger by the name that was asked; None where nobody said."""

    bodies: Bodies
    projects: Mapping[str, FoundProject] | None
    who: Who
    calendar: WorkCalendar
    today: dt.date
    asked_at: dt.datetime


class Judge:
    def __init__(self, sheet: Sheet, ground: Ground) -> None:
        self._sheet, self._ground = sheet, ground
        self._channel = next(
            (
                channel
                for word, channel in _BY_HEADS.items()
                if word in sheet.name or any(word in column.head for column in sheet.columns)
            ),
            None,
        )
        self.unmapped: set[str] = set()

    def judge(self, known: Known) -> list[Verdict]:
        """One verdict per row, in the order of the sheet."""
        taken: dict[Any, int] = {}
        return [self._row(row, known, taken) for row in self._sheet.rows]

    def _row(self, row: Row, known: Known, taken: dict[Any, int]) -> Verdict:
        people = persons.persons_of(row.facts)
        wrong = [(name, code, message) for name, code, message in history.impossible(row.facts, self._ground.today)]
        wrong += persons.too_many_representatives(people)
        wrong += persons.numbered_by_person(row.facts, people)
        if row.facts.get("channel") is None and self._channel is None and row.key is None:
            wrong.append(("channel", "channel_missing", "请填写信访形式，例如来访、来信、网上信访、来电、12345转办"))
        errors = [*row.errors, *(self._error(row, *one) for one in wrong)]
        if row.key is not None and (errors or row.key not in known.by_id):
            errors = row.errors or [self._error(row, "petition_id", "unknown_row_key", "系统ID在本县登记簿中不存在")]
        if errors:
            return Verdict(
                row, RowVerdict.rejected, errors=list({e.pointer: e for e in reversed(errors)}.values())[::-1]
            )
        target = known.find(row, people)
        code = row.facts.get("register_code")
        identity = target.row["id"] if target else code
        if identity is not None and (first := taken.setdefault(identity, row.number)) != row.number:
            twice = self._error(row, "register_code", "row_repeated", f"与第 {first} 行是同一件，请合并为一行")
            return Verdict(row, RowVerdict.rejected, errors=[twice])
        verdict = self._new(row, people) if target is None else self._known(row, target, people, known)
        verdict.notes += self._marked(row)
        return verdict

    def _error(self, row: Row, name: str, code: str, message: str) -> FieldError:
        related = {"accepted_on": ("accepted_on", "is_accepted"), "extended_on": ("extended_on", "is_extended")}
        return FieldError(self._sheet.cell(row.number, *related.get(name, (name,))), code, message)

    def _marked(self, row: Row) -> list[FieldError]:
        found = []
        for name, mark in row.marks.items():
            code, message = _MARKS.get(mark, ("approximate", f"只写到“{mark}”，请核对"))
            if name == "demand" and mark == UNRECOGNISED:
                code, message = _OTHER_DEMAND
            found.append(self._error(row, name, code, message))
        return found

    def _new(self, row: Row, people: Sequence[NewPerson]) -> Verdict:
        facts, ground = row.facts, self._ground
        course = Course(ground.calendar)
        sent, unknown = ground.bodies.read(facts["responsible_unit"]) if facts.get("responsible_unit") else ([], [])
        try:
            history.begin(course, facts, sent, ground.who)
            notes = history.carry_on(course, facts, ground.who)
        except Problem as problem:
            refused = self._error(row, "registered_on", problem.code, _said(problem))
            return Verdict(row, RowVerdict.rejected, errors=[refused])
        self.unmapped.update(unknown)
        count, more = persons.people_count(facts, people)
        petition_class, _, is_assumed = history.class_of(facts)
        columns = {name: facts.get(name) for name in FILLED}
        columns |= self._project(facts) | {
            "channel": facts.get("channel") or self._channel,
            "petitioned_on": facts.get("petitioned_on") or history.registered_on(facts),
            "people_count": count,
            "demand": facts.get("demand") or Demand.other.value,
            "is_class_assumed": is_assumed,
            "is_sealed": petition_class == "accusation",
        }
        columns |= {name: bool(facts.get(name)) for name in FLAGS}
        verdict = Verdict(row, RowVerdict.created, course=course, columns=columns, persons=people)
        verdict.ratings = self._ratings(facts, course, {})
        verdict.notes += [self._error(row, *note) for note in [*notes, *more]]
        if facts.get("channel") is None:
            verdict.notes.append(self._error(row, "channel", "channel_assumed", "没有信访形式，按表头推定"))
        return verdict

    def _project(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """As the ledger calls it, with when it was asked; a name nobody knows stays what it is."""
        name = facts.get("project_name")
        found = self._ground.projects.get(name) if name and self._ground.projects is not None else None
        if found is None:
            if name:
                self.unmapped.add(name)
            return {"project_name": name}
        return {
            "project_id": found.project_id,
            "project_code": found.project_code,
            "project_name": found.name,
            "developer": found.developer,
            "project_asked_at": self._ground.asked_at,
        }

    def _known(self, row: Row, target: Stored, people: Sequence[NewPerson], known: Known) -> Verdict:
        facts, stored = row.facts, target.row
        conflicts = self._contradictions(row, target)
        if not known.is_same_person(target, people):
            cell = self._sheet.cell(row.number, "id_numbers", "names")
            conflicts.append(FieldConflict(fact="id_numbers", cell=cell, current="另一人", incoming="表中所列的人"))
        course = Course(self._ground.calendar, target.case)
        notes = list[Note]()
        if not conflicts:
            try:
                notes = history.carry_on(course, facts, self._ground.who)
            except Problem as problem:
                cell = self._sheet.cell(row.number, "opinion_on" if stored["accepted_on"] else "accepted_on")
                conflicts.append(
                    FieldConflict(fact="state", cell=cell, current=stored["state"], incoming=_said(problem))
                )
        rated = target.rating or {}
        ratings = self._ratings(facts, course, rated)
        for name, column in RATED.items():
            if column in ratings and rated.get(column) is not None:
                conflicts.append(self._conflict(row, name, rated[column], facts[name]))
        if conflicts:
            return Verdict(row, RowVerdict.conflict, target=target, conflicts=conflicts)
        columns = {name: facts[name] for name in FILLED if facts.get(name) is not None and stored[name] is None}
        if stored["project_id"] is None and facts.get("project_name"):
            linked = self._project(facts)
            columns |= linked if "project_id" in linked or stored["project_name"] is None else {}
        said = [self._error(row, *note) for note in notes] + self._differing(row, stored)
        news = bool(course.acts or columns or ratings)
        verdict = Verdict(row, RowVerdict.updated if news else RowVerdict.unchanged, notes=said, target=target)
        if news:
            verdict.course, verdict.columns, verdict.ratings = course, columns, ratings
        return verdict

    def _conflict(self, row: Row, fact: str, current: Any, incoming: Any) -> FieldConflict:
        cell = self._sheet.cell(row.number, fact)
        return FieldConflict(fact=fact, cell=cell, current=canonical(current), incoming=canonical(incoming))

    def _contradictions(self, row: Row, target: Stored) -> list[FieldConflict]:
        facts, stored, case = row.facts, target.row, target.case
        answered = facts.get("opinion_on")
        if answered and case.accepted_on:
            answered = max(answered, case.accepted_on)
        pairs = [
            ("registered_on", stored["registered_on"], facts.get("registered_on")),
            ("accepted_on", case.accepted_on, facts.get("accepted_on")),
            ("opinion_on", case.opinion_on, answered),
            ("delivered_on", case.delivered_on, facts.get("delivered_on")),
        ]
        found = [self._conflict(row, *pair) for pair in pairs if None not in pair and pair[1] != pair[2]]
        extended = facts.get("is_extended")
        is_past = case.opinion_on is not None and facts.get("extended_on") is None
        if (extended is False and case.is_extended) or (extended and not case.is_extended and is_past):
            found.append(self._conflict(row, "is_extended", case.is_extended, extended))
        return found

    def _differing(self, row: Row, stored: Mapping[str, Any]) -> list[FieldError]:
        return [
            self._error(row, name, "differs", "与系统中的不同，未改动")
            for name in (*COMPARED, "people_count")
            if row.facts.get(name) is not None and stored[name] is not None and row.facts[name] != stored[name]
        ]

    def _ratings(self, facts: Mapping[str, Any], course: Course, stored: Mapping[str, Any]) -> dict[str, Any]:
        """Columns that are news; on the day of the answer where the register names no day."""
        given = {column: facts[name] for name, column in RATED.items() if facts.get(name) is not None}
        news = {column: value for column, value in given.items() if stored.get(column) != value}
        case = course.case
        if not news or case is None:
            return {}
        on = facts.get("rated_on") or stored.get("rated_on") or case.delivered_on or case.opinion_on or case.last_on
        return news | {"rated_on": on}


def _said(problem: Problem) -> str:
    return "；".join(error.message for error in problem.errors) or problem.detail or problem.title
