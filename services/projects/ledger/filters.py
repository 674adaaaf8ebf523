"""What a list of projects is about, and the one predicate of its count, its export and its statistics."""

from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list, its count, its export and its statistics are about. `None` does not filter."""

    division: str
    """Six digits for one division, else a prefix."""
    kind: str | None = None
    list_membership: str | None = None
    construction_status: str | None = None
    resolution_status: str | None = None
    problem_type: str | None = None
    township: str | None = None
    developer: str | None = None
    responsible_unit: str | None = None
    q: str | None = None

    @property
    def shape(self) -> tuple[str, ...]:
        given = [f.name for f in fields(self) if f.name != "division" and getattr(self, f.name) is not None]
        return ("one_division" if len(self.division) == 6 else "divisions", *given)

    @property
    def is_whole_division(self) -> bool:
        return len(self.shape) == 1

    @property
    def values(self) -> dict[str, Any]:
        named = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) is not None}
        prefix = named.pop("division")
        if len(prefix) == 6:
            return named | {"division": prefix}
        return named | {"lo": prefix or "0", "hi": f"{prefix}~"}


PREDICATES = {
    "one_division": "division_code = :division",
    "divisions": "division_code >= :lo and division_code < :hi",
    "kind": "kind = :kind",
    "list_membership": "lists @> array[:list_membership]::text[]",
    "construction_status": "construction_status = :construction_status",
    "resolution_status": "resolution_status = :resolution_status",
    "problem_type": "problem_types @> array[:problem_type]::text[]",
    "township": "township = :township",
    "developer": "developer = :developer",
    "responsible_unit": "responsible_unit = :responsible_unit",
    "q": "(strpos(name, :q) > 0 or strpos(project_code, :q) > 0 or :q = any(aliases))",
}


def where(shape: tuple[str, ...]) -> str:
    return " and ".join(PREDICATES[name] for name in shape)
