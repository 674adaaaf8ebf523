"""A sealed value is unreadable, opens only where it was sealed, and shows every change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.chassis.keys import Keys
from shared.storage.secrets import Damaged, Vault

OLD, NEW = b"data-key-of-the-tests", b"next data key of the tests"
VAULT = Vault(Keys(1, {1: OLD}), "projects")
BOTH = Vault(Keys(2, {1: OLD, 2: NEW}), "projects")
FORMAT_1 = bytes.fromhex("0160e4379f117614ce07b2b61075aa6509f697700fc90925b11816bfea7cbf7372f8f0df586979ea1e")
"""监管账户, sealed for (clue, 1) by the version before keys had ids."""
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
    for vault in (Vault(Keys(1, {1: b"another data key of tests"}), "projects"), Vault(Keys(1, {1: OLD}), "petitions")):
        with pytest.raises(Damaged):
            vault.open(sealed)
    for length in range(len(sealed)):
        with pytest.raises(Damaged):
            VAULT.open(sealed[:length])


def test_a_ring_seals_under_its_current_key_and_opens_under_any() -> None:
    old, new = VAULT.seal("监管账户", "clue"), BOTH.seal("监管账户", "clue")
    assert (old[:2], new[:2]) == (b"\x02\x01", b"\x02\x02") == (VAULT.header, BOTH.header)
    assert BOTH.open(old, "clue") == BOTH.open(new, "clue") == "监管账户"
    alone = Vault(Keys(2, {2: NEW}), "projects")
    assert alone.open(new, "clue") == "监管账户"
    for vault, sealed in ((VAULT, new), (alone, old)):
        with pytest.raises(Damaged):
            vault.open(sealed, "clue")


def test_one_key_under_the_id_of_another_opens_nothing() -> None:
    sealed = BOTH.seal("监管账户")
    with pytest.raises(Damaged):
        BOTH.open(sealed[:1] + b"\x01" + sealed[2:])
    with pytest.raises(Damaged):
        Vault(Keys(2, {2: OLD}), "projects").open(sealed)


def test_values_of_before_keys_had_ids_open_under_whichever_key_fits() -> None:
    assert VAULT.open(FORMAT_1, "clue", "1") == BOTH.open(FORMAT_1, "clue", "1") == "监管账户"
    with pytest.raises(Damaged):
        Vault(Keys(2, {2: NEW}), "projects").open(FORMAT_1, "clue", "1")
    with pytest.raises(Damaged):
        BOTH.open(b"\x02\x01" + FORMAT_1[1:], "clue", "1")


@pytest.mark.parametrize(("current", "known"), [(1, {2: OLD}), (0, {0: OLD}), (256, {256: OLD}), (1, {1: OLD, 0: NEW})])
def test_a_ring_is_whole(current: int, known: dict[int, bytes]) -> None:
    with pytest.raises(ValueError, match="key ids"):
        Keys(current, known)


def test_a_ring_tells_nobody_its_secrets() -> None:
    assert "data-key" not in repr(Keys(1, {1: OLD}))
