"""Which units and persons the gateway's directory knows, for telling the names that nobody knows."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from shared.clients.gateway import GatewayClient
from shared.schemas.projects.imports import UnmappedName

Kind = Literal["unit", "person"]
KIND_OF: dict[str, Kind] = {"responsible_unit": "unit", "competent_dept": "unit", "lead_official": "person"}
"""Facts that name a unit or a leader."""
_POST = re.compile(r"[（(][^（()）]*[）)]")
_BETWEEN = re.compile(r"[、，,;；/]")


@dataclass(frozen=True, slots=True)
class Directory:
    """(division, kind, name or alias) of everybody known."""

    known: frozenset[tuple[str, Kind, str]]

    def unmapped(self, names: Iterable[Mapping[str, Any]]) -> list[UnmappedName]:
        """The names (`division_code`, `fact`, `name`, `projects`) of which some part is known to nobody."""
        found = []
        for row in names:
            kind = KIND_OF[row["fact"]]
            bare = without_post(row["name"]) if kind == "person" else row["name"]
            parts = {part.strip() for part in _BETWEEN.split(bare)} - {""}
            if not all((row["division_code"], kind, part) in self.known for part in parts):
                found.append(UnmappedName.model_validate({**row, "kind": kind}))
        return found


async def ask(
    gateway: GatewayClient, division_code: str | None = None, *, on_behalf_of: str | None = None
) -> Directory:
    """The directory of one division, or of everything the asker may see."""
    units = await gateway.list_units(division_code, on_behalf_of=on_behalf_of)
    persons = await gateway.list_persons(division_code, on_behalf_of=on_behalf_of)
    known: set[tuple[str, Kind, str]] = set()
    for unit in units:
        known |= {(unit.division_code, "unit", name) for name in (unit.name, *unit.aliases)}
    for person in persons:
        known |= {(person.division_code, "person", name) for name in (person.name, *person.aliases)}
    return Directory(frozenset(known))


def without_post(text: str) -> str:
    """`何磊（副县长（政法））` names 何磊."""
    while (bare := _POST.sub("", text)) != text:
        text = bare
    return text
