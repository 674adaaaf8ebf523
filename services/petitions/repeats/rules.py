"""When two petitions are one matter of one person, how sure that looks, and which of several is the main case. Pure.

同人: statistics count the same petitioner, co-signer, representative or represented person, and the same accused of
anonymous accusations. 同事: facts and claim basically the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.petitions.repeats.likeness import Likeness, compare
from shared.errors import Conflict, FieldError, Invalid
from shared.schemas.petitions.repeats import LABELS, PersonKey, RepeatVerdict

KEY_WEIGHT = {PersonKey.id_number: 1.0, PersonKey.phone: 0.9, PersonKey.accused_unit: 0.8, PersonKey.name: 0.4}
NAME_AT_ONE_PLACE = 0.7
"""Two of one name who complain about one project are rarely two."""
TEXT_WEIGHT, DEMAND_WEIGHT = 0.7, 0.3
WITHOUT_TEXT = 0.7
"""Of a register without summaries: the same demand about the same project is all there is to go by."""
OTHER_PROJECT, UNKNOWN_PROJECT, OTHER_BUILDING = 0.4, 0.8, 0.8
SAME_PERSON = 0.7
SAME_MATTER = 0.4
"""Where precision and recall of the labelled summaries are balanced (tests/unit/petitions/test_likeness.py)."""


class NotARepeat(Invalid):
    code, title, title_en = "not_a_repeat", "不能作为此件的重件", "Not a repeat"


class AlreadyDecided(Conflict):
    code, title, title_en = "already_decided", "已认定为重件，请先撤销", "Already decided"


class NotDecided(Conflict):
    code, title, title_en = "not_decided", "此件没有被认定为重件", "Not decided"


@dataclass(frozen=True, slots=True)
class Agreement:
    """A person of this petition is one of the other."""

    key: PersonKey
    role: str | None
    other_role: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """Scores from 0 to 1."""

    person: float
    matter: float
    persons: tuple[Agreement, ...]
    same_project: bool | None
    same_demand: bool
    same_building: bool | None
    likeness: Likeness | None

    @property
    def verdict(self) -> RepeatVerdict | None:
        """None where neither person nor matter agrees enough to show it; a name alone is no person."""
        if self.person >= SAME_PERSON and self.matter >= SAME_MATTER:
            return RepeatVerdict.likely
        if self.person >= SAME_PERSON:
            return RepeatVerdict.same_person
        return RepeatVerdict.similar_matter if self.matter >= SAME_MATTER else None

    @property
    def score(self) -> float:
        return (self.person + self.matter) / 2

    @property
    def reasons(self) -> list[str]:
        said = list(dict.fromkeys(LABELS[PersonKey][agreed.key] for agreed in self.persons))
        for same, yes, no in (
            (self.same_project, "同一项目", "项目不同"),
            (self.same_demand, "诉求类别相同", "诉求类别不同"),
            (self.same_building, "同一楼栋", "楼栋不同"),
        ):
            if same is not None:
                said.append(yes if same else no)
        if self.likeness is None:
            said.append("没有可比的摘要")
        else:
            about = "、".join(self.likeness.words)
            said.append(f"摘要相似度 {self.likeness.value:.0%}" + (f"，都说到：{about}" if about else ""))
        return said


def same_project(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool | None:
    """By the ledger's id, else by the name in the register; None where either names none."""
    if one["project_id"] is not None and other["project_id"] is not None:
        return bool(one["project_id"] == other["project_id"])
    if one["project_name"] is None or other["project_name"] is None:
        return None
    return bool(one["project_name"] == other["project_name"])


def judge(one: Mapping[str, Any], other: Mapping[str, Any], persons: Iterable[Agreement]) -> Judged:
    """Two petitions beside each other; `persons` are those of one found in the other."""
    found = tuple(sorted(set(persons), key=lambda a: (-KEY_WEIGHT[a.key], a.role or "", a.other_role or "")))
    place = same_project(one, other)
    building = None if one["building"] is None or other["building"] is None else one["building"] == other["building"]
    demand = one["demand"] == other["demand"]
    likeness = compare(one["summary"], other["summary"])
    if likeness is None:
        matter = WITHOUT_TEXT if demand and place is not False else 0.0
    else:
        matter = TEXT_WEIGHT * likeness.value + DEMAND_WEIGHT * demand
    matter *= {True: 1.0, False: OTHER_PROJECT, None: UNKNOWN_PROJECT}[place]
    if building is False:
        matter *= OTHER_BUILDING
    person = max((KEY_WEIGHT[agreed.key] for agreed in found), default=0.0)
    if place and PersonKey.name in {agreed.key for agreed in found}:
        person = max(person, NAME_AT_ONE_PLACE)
    return Judged(person, matter, found, place, demand, building, likeness)


def check_pair(row: Mapping[str, Any], main: Mapping[str, Any]) -> None:
    """A repeat comes after its main case, in the same county, and an accusation repeats an accusation only."""
    pointer = "/main_petition_id"
    if row["id"] == main["id"]:
        raise NotARepeat(errors=[FieldError(pointer, "itself", "不能是自己的重件")])
    if row["division_code"] != main["division_code"]:
        raise NotARepeat(errors=[FieldError(pointer, "other_division", "只能是本级的信访事项")])
    if row["is_sealed"] != main["is_sealed"]:
        raise NotARepeat(errors=[FieldError(pointer, "sealed", "检举控告与其他信访事项不能互为重件")])
    if main["registered_on"] > row["registered_on"]:
        raise NotARepeat(errors=[FieldError(pointer, "later", "主件应当先于重件登记")])


def main_cases(named: Mapping[UUID, UUID]) -> dict[UUID, UUID]:
    """The main case of every repeat: chains of who repeats whom collapse to their first. Raises on a ring."""
    mains: dict[UUID, UUID] = {}
    for petition in named:
        seen, at = {petition}, named[petition]
        while at in named:
            if at in seen:
                raise NotARepeat(errors=[FieldError("/main_petition_id", "ring", "所填主件已是本件的重件")])
            seen.add(at)
            at = named[at]
        mains[petition] = at
    return mains
