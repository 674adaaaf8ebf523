"""Persons who exist nowhere else: whatever is found of one of them has got out.

Tests that register somebody draw from `PEOPLE`; `MENTIONED` are spoken of in texts, which some readers may open.
"""

import datetime as dt
import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from stdnum.cn import ric

SURNAMES = "翟亓郤鄢"
GIVEN = "翀芃晔珩旻铖翊珺玥祎垚玘劼昕烜枞沄洺骞懿昶煊翯翙珒峣"
EACH = 338
BORN_FROM = dt.date(1951, 3, 7)
PHONES_FROM = 19_973_000_017


@dataclass(frozen=True)
class Person:
    name: str
    id_number: str
    phone: str
    home: str
    """What of the address no mask shows."""

    @property
    def values(self) -> tuple[str, ...]:
        return self.name, self.id_number, self.phone, self.home

    @property
    def address(self) -> str:
        return f"安居县信和镇幸福社区{self.home}"

    @property
    def facts(self) -> dict[str, str]:
        """As a request names a person."""
        return {"name": self.name, "id_number": self.id_number, "phone": self.phone, "address": self.address}


def _person(number: int) -> Person:
    first, second = divmod(number, len(GIVEN))
    name = SURNAMES[(first + second) % len(SURNAMES)] + GIVEN[first] + GIVEN[second]
    born = BORN_FROM + dt.timedelta(days=37 * number)
    unchecked = f"650102{born:%Y%m%d}{number % 999:03}"
    home = f"{1_300 + number}号楼{number % 7 + 1}单元{2_000 + 3 * number}室"
    return Person(name, unchecked + ric.calc_check_digit(unchecked), str(PHONES_FROM + 6_013 * number), home)


PEOPLE, MENTIONED = (tuple(_person(number) for number in range(start, start + EACH)) for start in (0, EACH))
VALUES: Mapping[str, Person] = {value: person for person in PEOPLE for value in person.values}
DRAWN: set[Person] = set()
_people, _mentioned = itertools.cycle(PEOPLE), itertools.cycle(MENTIONED)


def draw() -> Person:
    """Another one each time, until all have been."""
    person = next(_people)
    DRAWN.add(person)
    return person


def mention() -> Person:
    """Another one of those who are spoken of."""
    return next(_mentioned)
