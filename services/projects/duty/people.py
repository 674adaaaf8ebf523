"""Persons and units of the directory as the columns of a term: code, and the name and post as they are on the day."""

from typing import Any

from shared.clients.parties import Known
from shared.schemas.gateway.directory import UnitKind


def person_columns(known: Known, code: str, pointer: str = "/person_code") -> dict[str, Any]:
    person = known.person(code, pointer)
    home = known.units.get(person.unit_code) if person.unit_code else None
    return {
        "person_code": person.code,
        "person_name": person.name,
        "post": person.post,
        "unit_code": home.code if home else None,
        "unit_name": home.name if home else None,
    }


def unit_columns(known: Known, code: str, *kinds: UnitKind, pointer: str = "/unit_code") -> dict[str, Any]:
    unit = known.unit(code, pointer, *kinds)
    return {"unit_code": unit.code, "unit_name": unit.name}
