"""A sealed value is unreadable, opens only where it was sealed, and shows every change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.storage.secrets import Damaged, Vault

VAULT = Vault(b"data-key-of-the-tests", "projects")
texts = st.text(st.characters(codec="utf-8"))


@given(text=texts, bound=st.lists(texts, max_size=3))
def test_what_was_sealed_opens_where_it_was_sealed(text: str, bound: list[str]) -> None:
    assert VAULT.open(VAULT.seal(text, *bound), *bound) == text


def test_sealing_twice_gives_two_values_and_hides_the_text() -> None:
    one, other = VAULT.seal("监管账户", "clue", "1"), VAULT.seal("监管账户", "clue", "1")
    assert one != other
    assert "监管账户".encode() not in one


@given(one=st.lists(texts, max_size=3), other=st.lists(texts, max_size=3))
def test_it_opens_nowhere_else(one: list[str], other: list[str]) -> None:
    sealed = VAULT.seal("x", *one)
    if one != other:
        with pytest.raises(Damaged):
            VAULT.open(sealed, *other)


@given(st.data())
def test_a_changed_byte_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(VAULT.seal("监管账户", "clue", "1"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Damaged):
        VAULT.open(bytes(sealed), "clue", "1")


def test_another_key_another_purpose_and_a_piece_do_not_open_it() -> None:
    sealed = VAULT.seal("监管账户")
    for vault in (Vault(b"another data key of tests", "projects"), Vault(b"data-key-of-the-tests", "petitions")):
        with pytest.raises(Damaged):
            vault.open(sealed)
    for length in range(len(sealed)):
        with pytest.raises(Damaged):
            VAULT.open(sealed[:length])
