"""The persons of a petition between their sealed rows and people: sealed and indexed in, masked or opened out.

`masked` is the only way a person leaves the service unless somebody said what for (`revealed`).
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.petitions.registry.models import (
    ADDRESS,
    BY_ID_NUMBER,
    BY_NAME,
    BY_PHONE,
    ID_NUMBER,
    NAME,
    PHONE,
)
from shared.errors import FieldError, Invalid
from shared.schemas.masking import Mask, is_mask_of, is_masked, mask_address, mask_citizen_id, mask_mobile, mask_name
from shared.schemas.petitions.intake import PetitionerRole
from shared.schemas.petitions.people import PERSONAL, PetitionerOut, PetitionerPatch
from shared.storage.ids import new_id
from shared.storage.rows import Row
from shared.storage.sealed import BlindColumn, SealedColumn
from shared.storage.secrets import Vault

SEALED: Mapping[str, SealedColumn] = {"name": NAME, "id_number": ID_NUMBER, "phone": PHONE, "address": ADDRESS}
INDEXED: Mapping[str, BlindColumn] = {"name": BY_NAME, "id_number": BY_ID_NUMBER, "phone": BY_PHONE}
MASKS: Mapping[str, Mask] = {
    "name": mask_name,
    "id_number": mask_citizen_id,
    "phone": mask_mobile,
    "address": mask_address,
}
ORDER = list(PetitionerRole)


class MaskedValue(Invalid):
    code, title, title_en = "masked_value", "这是脱敏后的内容", "Masked value"


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody of a petition, as plain text: to be sealed, and to be kept nowhere else."""

    role: PetitionerRole = PetitionerRole.petitioner
    name: str | None = None
    id_number: str | None = None
    phone: str | None = None
    address: str | None = None


def rows_of(
    vault: Vault,
    division_code: str,
    petition_id: UUID,
    persons: Iterable[NewPerson],
    created_by: str,
    now: dt.datetime,
    *,
    taken: Mapping[PetitionerRole, int] | None = None,
) -> list[Row]:
    """Whole rows of `petitioner`; persons of one role are counted in their order, from those `taken` on."""
    counted = Counter(taken or {})
    rows = []
    for person in persons:
        counted[person.role] += 1
        row = {
            "division_code": division_code,
            "id": new_id(),
            "petition_id": petition_id,
            "role": person.role.value,
            "ordinal": counted[person.role],
            "version": 1,
            "created_by": created_by,
            "created_at": now,
            "updated_at": now,
        }
        rows.append(row | sealed(vault, row, {field: getattr(person, field) for field in PERSONAL}))
    return rows


def sealed(vault: Vault, row: Mapping[str, Any], values: Mapping[str, str | None]) -> Row:
    """The columns of `petitioner` that hold these values of the person in `row`."""
    columns: Row = {}
    for field, value in values.items():
        columns[f"{field}_sealed"] = None if value is None else SEALED[field].seal(vault, row, value)
        if field in INDEXED:
            index = None if value is None else INDEXED[field].of(vault, row["division_code"], value)
            columns[f"{field}_index"] = index
    return columns


def opened(vault: Vault, row: Mapping[str, Any]) -> dict[str, str | None]:
    """Name, papers, phone and address in the clear. Raises `Damaged`."""
    return {field: column.open(vault, row) for field, column in SEALED.items()}


def is_nobody(row: Mapping[str, Any]) -> bool:
    """A person whose every value was taken away; the row stays because rows are never deleted."""
    return all(row[f"{field}_sealed"] is None for field in PERSONAL)


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Who brings it, who speaks for it, who signed, for whom it is; without those who were taken away."""
    there = [row for row in rows if not is_nobody(row)]
    return sorted(there, key=lambda row: (ORDER.index(PetitionerRole(row["role"])), row["ordinal"]))


def masked(vault: Vault, rows: Iterable[Row]) -> list[PetitionerOut]:
    return [_shown(row, _masked(opened(vault, row))) for row in in_order(rows)]


def revealed(vault: Vault, rows: Iterable[Row]) -> list[PetitionerOut]:
    return [_shown(row, opened(vault, row)) for row in in_order(rows)]


def masked_name(vault: Vault, row: Mapping[str, Any]) -> str | None:
    """Of a row that has at least what opening a name takes."""
    name = NAME.open(vault, row)
    return None if name is None else mask_name(name)


def _masked(values: Mapping[str, str | None]) -> dict[str, str | None]:
    return {field: None if value is None else MASKS[field](value) for field, value in values.items()}


def _shown(row: Row, values: Mapping[str, str | None]) -> PetitionerOut:
    return PetitionerOut(id=row["id"], role=row["role"], ordinal=row["ordinal"], **values)


def changed(vault: Vault, row: Row, given: PetitionerPatch, pointer: str) -> dict[str, str | None]:
    """What `given` says that is news of this person; stars are none, and no other stars are taken."""
    stored, news = opened(vault, row), dict[str, str | None]()
    for field in PERSONAL:
        if field not in given.model_fields_set:
            continue
        value: str | None = getattr(given, field)
        if value == stored[field] or (value is not None and is_mask_of(value, stored[field], MASKS[field])):
            continue
        require_unmasked(value, f"{pointer}/{field}")
        news[field] = value
    return news


def require_unmasked(value: str | None, pointer: str) -> None:
    if value is not None and is_masked(value):
        message = "请填写完整内容，或不要提交此项"
        raise MaskedValue(errors=[FieldError(pointer, "masked_value", message)])


def names_of(vault: Vault, rows: Sequence[Row]) -> list[str]:
    return [name for row in rows if (name := NAME.open(vault, row))]
