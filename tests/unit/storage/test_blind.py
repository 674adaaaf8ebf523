"""Blind indexes: equal for equal persons of one county, for nobody else, and under every key there is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from shared.chassis.keys import Keys
from shared.storage.blind import citizen_id, exact, mobile, name
from shared.storage.secrets import Vault

OLD, NEW = b"data-key-of-the-tests", b"next data key of the tests"
VAULT = Vault(Keys(1, {1: OLD}), "petitions")
BOTH = Vault(Keys(2, {1: OLD, 2: NEW}), "petitions")
COUNTY, OTHER = "999901", "999902"
ID = "11010519491231002X"


def test_an_index_is_short_and_says_which_key_made_it() -> None:
    index = VAULT.blind("citizen_id", citizen_id).of(COUNTY, ID)
    assert index is not None
    assert (len(index), index[0]) == (17, 1)
    assert ID.encode() not in index


def test_it_tells_persons_counties_purposes_services_and_keys_apart() -> None:
    ids = VAULT.blind("citizen_id", citizen_id)
    indexes = {
        ids.of(COUNTY, ID),
        ids.of(OTHER, ID),
        ids.of(COUNTY, "110105194912310011"),
        VAULT.blind("mobile", exact).of(COUNTY, ID),
        Vault(Keys(1, {1: OLD}), "funding").blind("citizen_id", citizen_id).of(COUNTY, ID),
        BOTH.blind("citizen_id", citizen_id).of(COUNTY, ID),
    }
    assert len(indexes) == 6
    assert len({index[1:] for index in indexes if index}) == 6


def test_a_search_knows_what_is_indexed_under_any_key() -> None:
    sought = BOTH.blind("citizen_id", citizen_id).any_of(COUNTY, ID.lower())
    assert set(sought) == {vault.blind("citizen_id", citizen_id).of(COUNTY, ID) for vault in (VAULT, BOTH)}


@pytest.mark.parametrize("value", ["", " ", "　"])
def test_nobody_is_found_by_nothing(value: str) -> None:
    for normalise in (citizen_id, mobile, name):
        index = VAULT.blind("x", normalise)
        assert (index.of(COUNTY, value), index.any_of(COUNTY, value)) == (None, ())


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("11010519491231002x", ID),
        (" 110105 19491231 002X ", ID),
        ("１１０１０５１９４９１２３１００２Ｘ", ID),
        ("110105-19491231-002X", ID),
        ("110105491231002", ID),
        ("110105194912310029", "110105194912310029"),
        ("E12345678", "E12345678"),
    ],
)
def test_citizen_ids(written: str, normal: str) -> None:
    assert citizen_id(written) == normal


@given(st.from_regex(r"[1-9][0-9]{16}", fullmatch=True))
def test_an_old_number_becomes_the_new_one_of_the_same_person(digits: str) -> None:
    longer = f"{digits[:6]}19{digits[8:]}"
    assert citizen_id(longer[:6] + longer[8:]) == longer + ric.calc_check_digit(f"{longer}0")


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("13812345678", "13812345678"),
        ("+86 138 1234 5678", "13812345678"),
        ("0086-138-1234-5678", "13812345678"),
        ("8613812345678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("0311-86001234", "031186001234"),
        ("86001234", "86001234"),
    ],
)
def test_mobiles(written: str, normal: str) -> None:
    assert mobile(written) == normal


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("张 三", "张三"),
        ("　张三 ", "张三"),
        ("买买提·吐尔逊", "买买提吐尔逊"),
        ("买买提•吐尔逊", "买买提吐尔逊"),
        ("ＬＩ Lei", "LILei"),
    ],
)
def test_names(written: str, normal: str) -> None:
    assert name(written) == normal


@given(st.text(st.characters(codec="utf-8")))
def test_what_is_normal_stays(value: str) -> None:
    for normalise in (mobile, name):
        once = normalise(value)
        assert once is None or normalise(once) == once
