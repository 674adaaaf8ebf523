"""The petitions a register's rows may already be, and who their people are, without opening a name."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.petitions.imports import history
from services.petitions.life import records
from services.petitions.life.case import Case
from services.petitions.registry.models import BY_ID_NUMBER, BY_NAME
from services.petitions.registry.people import NewPerson
from shared.storage.rows import Row as Stored_
from shared.storage.secrets import Vault
from shared.workbook.reader import Row


@dataclass(slots=True)
class Stored:
    """A petition with its case, clocks, rating and the blind indexes of its people."""

    row: Stored_
    case: Case
    clocks: Sequence[Stored_]
    rating: Mapping[str, Any] | None
    ids: frozenset[bytes] = field(default_factory=frozenset)
    names: frozenset[bytes] = field(default_factory=frozenset)


class Known:
    def __init__(
        self,
        vault: Vault,
        division_code: str,
        petitions: Iterable[Stored_],
        clocks: Iterable[Stored_],
        ratings: Iterable[Stored_],
        persons: Iterable[Stored_],
    ) -> None:
        self._vault, self._division = vault, division_code
        of_clocks, of_persons = defaultdict[UUID, list[Stored_]](list), defaultdict[UUID, list[Stored_]](list)
        for clock in clocks:
            of_clocks[clock["petition_id"]].append(clock)
        for person in persons:
            of_persons[person["petition_id"]].append(person)
        of_ratings = {rating["petition_id"]: rating for rating in ratings}
        self.by_id: dict[str, Stored] = {}
        self._by_code: dict[str, Stored] = {}
        self._by_day: dict[tuple[dt.date, str], list[Stored]] = defaultdict(list)
        for row in petitions:
            own = of_persons[row["id"]]
            stored = Stored(
                row,
                records.case_of(row, of_clocks[row["id"]]),
                of_clocks[row["id"]],
                of_ratings.get(row["id"]),
                frozenset(bytes(p["id_number_index"]) for p in own if p["id_number_index"]),
                frozenset(bytes(p["name_index"]) for p in own if p["name_index"]),
            )
            self.by_id[str(row["id"])] = stored
            self._by_code[row["petition_code"]] = stored
            if row["register_code"] is None:
                self._by_day[row["registered_on"], row["demand"]].append(stored)
        for stored in list(self.by_id.values()):
            if stored.row["register_code"] is not None:
                self._by_code[stored.row["register_code"]] = stored
        self._taken: set[UUID] = set()

    def find(self, row: Row, people: Sequence[NewPerson]) -> Stored | None:
        """The petition, or None for a new one; one without a number is not given to two rows."""
        if row.key is not None:
            return self.by_id[row.key]
        if (code := row.facts.get("register_code")) is not None:
            return self._by_code.get(code)
        day = history.registered_on(row.facts)
        for stored in self._by_day.get((day, row.facts.get("demand") or "other"), []) if day else []:
            if stored.row["id"] not in self._taken and self._is_it(stored, people, row):
                self._taken.add(stored.row["id"])
                return stored
        return None

    def _is_it(self, stored: Stored, people: Sequence[NewPerson], row: Row) -> bool:
        if not people or not (stored.ids or stored.names):
            count = row.facts.get("people_count")
            return not people and not stored.names and count in (None, stored.row["people_count"])
        ids, names = self._indexes(people)
        return bool(ids & stored.ids) if ids and stored.ids else bool(names & stored.names)

    def is_same_person(self, stored: Stored, people: Sequence[NewPerson]) -> bool:
        """False where both sides know ID numbers, and none of them is the same."""
        ids, _ = self._indexes(people)
        return not (ids and stored.ids) or bool(ids & stored.ids)

    def _indexes(self, people: Sequence[NewPerson]) -> tuple[set[bytes], set[bytes]]:
        found = []
        for column, name in ((BY_ID_NUMBER, "id_number"), (BY_NAME, "name")):
            blind = self._vault.blind(column.purpose, column.normalise)
            values = [getattr(person, name) for person in people]
            found.append({index for v in values if v is not None for index in blind.any_of(self._division, v)})
        return found[0], found[1]
