"""The citizen's code: what it is made of, that only it fits, and that a re-key keeps it."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.petitions.citizen import codes
from shared.chassis.keys import Keys
from shared.storage.secrets import Vault

VAULT = Vault(Keys(1, {1: b"data-key-of-the-tests"}), "petitions")
CODES = st.text(codes.ALPHABET, min_size=codes.LENGTH, max_size=codes.LENGTH)


def row(code: str | None) -> dict[str, Any]:
    key = {"division_code": "999902", "id": uuid4()}
    return key | {"query_code_hash": codes.keep(VAULT, key, code) if code else None}


def test_a_code_is_of_signs_nobody_mistakes() -> None:
    made = {codes.new_code() for _ in range(2_000)}
    assert len(made) == 2_000
    assert {len(code) for code in made} == {codes.LENGTH}
    assert set("".join(made)) == set(codes.ALPHABET)
    assert not set(codes.ALPHABET) & set("0O1IL")


@given(CODES)
def test_a_code_fits_however_it_is_typed(code: str) -> None:
    typed = [code, code.lower(), f" {code[:4]}-{code[4:]} ", "".join(chr(ord(sign) + 0xFEE0) for sign in code)]
    kept = row(code)
    assert all(codes.fits(VAULT, kept, each) for each in typed)


@given(CODES, CODES)
def test_no_other_code_fits(code: str, other: str) -> None:
    assert codes.fits(VAULT, row(code), other) == (code == other)


@pytest.mark.parametrize("given_code", ["", "?", "4YXZFXCN"])
def test_nothing_fits_where_there_is_no_petition_or_none_with_a_code(given_code: str) -> None:
    assert not codes.fits(VAULT, None, given_code)
    assert not codes.fits(VAULT, row(None), given_code)


def test_what_is_kept_is_bound_to_its_row_and_says_nothing() -> None:
    code = codes.new_code()
    kept = row(code)
    assert code.encode() not in bytes(kept["query_code_hash"])
    with pytest.raises(Exception, match="sealed_value_damaged"):
        codes.fits(VAULT, kept | {"id": uuid4()}, code)
