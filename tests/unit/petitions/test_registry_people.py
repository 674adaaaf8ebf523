"""The persons of a petition between rows and people: sealed in, masked out, changed by what is news only."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.petitions.registry import people
from services.petitions.registry.people import MASKS, MaskedValue, NewPerson
from shared.chassis.keys import Keys
from shared.schemas.petitions.intake import PetitionerRole
from shared.schemas.petitions.people import PERSONAL, PetitionerPatch
from shared.storage.secrets import Damaged, Vault
from tests.support.intake import MASKED, PERSON

VAULT = Vault(Keys(1, {1: b"a key of the tests"}), "petitions")
HERE, PETITION = "110101", UUID(int=1)
NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
R = PetitionerRole


def person(**values: Any) -> NewPerson:
    return NewPerson(**values)


def rows_of(*persons: NewPerson) -> list[dict[str, Any]]:
    return people.rows_of(VAULT, HERE, PETITION, persons, "user:1", NOW)


def test_a_row_holds_nothing_that_can_be_read() -> None:
    (row,) = rows_of(person(**PERSON))
    held = b"|".join(value for value in row.values() if isinstance(value, bytes))
    assert not [value for value in PERSON.values() if value.encode() in held]
    assert people.opened(VAULT, row) == PERSON
    (shown,) = people.masked(VAULT, [row])
    assert {name: getattr(shown, name) for name in MASKED} == MASKED


def test_a_value_opens_where_it_was_sealed_only() -> None:
    one, other = rows_of(NewPerson(name="张三"), NewPerson(name="李四"))
    with pytest.raises(Damaged):
        people.opened(VAULT, one | {"name_sealed": other["name_sealed"]})
    with pytest.raises(Damaged):
        people.opened(VAULT, one | {"name_sealed": one["name_sealed"], "division_code": "110102"})


def test_persons_are_counted_by_role() -> None:
    rows = rows_of(
        NewPerson(R.co_signer, "甲"), NewPerson(R.petitioner, "乙"), NewPerson(R.co_signer, "丙"), NewPerson(name="丁")
    )
    assert [(row["role"], row["ordinal"]) for row in rows] == [
        ("co_signer", 1),
        ("petitioner", 1),
        ("co_signer", 2),
        ("petitioner", 2),
    ]
    assert [shown.name for shown in people.revealed(VAULT, rows)] == ["乙", "丁", "甲", "丙"]


def test_who_was_emptied_is_nobody() -> None:
    there, gone = rows_of(NewPerson(name="张三"), NewPerson(name="李四"))
    gone |= people.sealed(VAULT, gone, dict.fromkeys(PERSONAL))
    assert (people.is_nobody(there), people.is_nobody(gone)) == (False, True)
    assert [shown.name for shown in people.masked(VAULT, [there, gone])] == ["张*"]


@given(
    st.fixed_dictionaries(
        {
            "name": st.text("张欧阳建国李·", min_size=1, max_size=8) | st.none(),
            "id_number": st.from_regex(r"\A[1-9][0-9]{5}(19|20)[0-9]{9}[0-9X]\Z") | st.none(),
            "phone": st.from_regex(r"\A1[3-9][0-9]{9}\Z") | st.none(),
            "address": st.text("安居县信和镇幸福社区3号楼室", min_size=1, max_size=20) | st.none(),
        }
    )
)
def test_an_answer_sent_back_is_no_news(values: dict[str, str | None]) -> None:
    (row,) = rows_of(person(**values))
    masked = {name: None if value is None else MASKS[name](value) for name, value in values.items()}
    back: Any
    for back in (masked, values):
        assert people.changed(VAULT, row, PetitionerPatch.model_construct(**back), "/persons/0") == {}


@pytest.mark.parametrize(
    ("field", "stars"),
    [
        ("name", "欧阳*"),
        ("name", "李**"),
        ("id_number", "110105********0021"),
        ("phone", "139****5678"),
        ("address", "安居县****"),
    ],
)
def test_stars_that_are_not_its_own_are_refused(field: str, stars: str) -> None:
    (row,) = rows_of(person(**PERSON))
    with pytest.raises(MaskedValue) as refused:
        people.changed(VAULT, row, PetitionerPatch.model_validate({field: stars}), "/persons/3")
    assert [error.pointer for error in refused.value.errors] == [f"/persons/3/{field}"]
    assert stars not in str(refused.value.errors)


def test_a_change_is_found_under_what_it_is_now() -> None:
    (row,) = rows_of(person(**PERSON))
    news = people.changed(VAULT, row, PetitionerPatch(phone="13900001111", address=None), "")
    assert news == {"phone": "13900001111", "address": None}
    columns = people.sealed(VAULT, row, news)
    assert set(columns) == {"phone_sealed", "phone_index", "address_sealed"}
    assert columns["phone_index"] == people.INDEXED["phone"].of(VAULT, HERE, "139 0000 1111")
    assert columns["address_sealed"] is None
