"""The people of a row: who brings it, who speaks for it, how many they are. Pure."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from services.petitions.registry.people import NewPerson
from shared.schemas.petitions.intake import GROUP_STARTS_AT, MOST_REPRESENTATIVES, PetitionerRole

Note = tuple[str, str, str]
Facts = Mapping[str, Any]


def persons_of(facts: Facts) -> list[NewPerson]:
    """Names, ID numbers and phones stand in the same order; the address is the first one's."""
    if facts.get("is_anonymous"):
        return []
    names: Sequence[str] = facts.get("names") or []
    ids: Sequence[str] = facts.get("id_numbers") or facts.get("own_ids") or []
    phones: Sequence[str] = facts.get("phones") or facts.get("own_phones") or []
    spoken = [name for name in facts.get("representatives") or [] if name not in names]
    found = [
        NewPerson(PetitionerRole.petitioner, name, id_number, phone, facts.get("address") if place == 0 else None)
        for place, (name, id_number, phone) in enumerate(_beside(names, ids, phones))
    ]
    return found + [NewPerson(PetitionerRole.representative, name) for name in spoken]


def _beside(names: Sequence[str], ids: Sequence[str], phones: Sequence[str]) -> list[tuple[str | None, ...]]:
    """A second phone of one person is left out: there is one column for it."""
    most = max(len(names), len(ids)) or min(len(phones), 1)
    return list(zip_longest(names, ids, phones[:most]))


def people_count(facts: Facts, persons: Sequence[NewPerson]) -> tuple[int, list[Note]]:
    """As stated, else as many as are named or said to have come; never fewer than are named."""
    named = max(len(persons), 1)
    stated = facts.get("people_count")
    notes = list[Note]()
    if stated is None:
        count = max(named, facts.get("said") or 0)
    else:
        count = max(stated, named)
        if count != stated:
            notes.append(("people_count", "people_count_raised", f"人数少于所列姓名，按 {count} 人登记"))
    if facts.get("is_group") and count < GROUP_STARTS_AT:
        notes.append(("is_group", "group_too_small", f"集体访为 {GROUP_STARTS_AT} 人以上，请核对人数"))
    return count, notes


def numbered_by_person(facts: Facts, persons: Sequence[NewPerson]) -> list[Note]:
    """The number of a case stands in the clear; many a case has one that only looks like a citizen's."""
    code = facts.get("register_code") or ""
    if not any(number and number in code for person in persons for number in (person.id_number, person.phone)):
        return []
    return [("register_code", "personal", "登记编号不得使用信访人的证件号码或电话")]


def too_many_representatives(persons: Sequence[NewPerson]) -> list[Note]:
    if sum(person.role is PetitionerRole.representative for person in persons) <= MOST_REPRESENTATIVES:
        return []
    message = "代表不得超过 5 人：请按 5 名代表登记，其余人员计入人数（信访工作条例第二十条）"
    return [("representatives", "too_many_representatives", message)]
