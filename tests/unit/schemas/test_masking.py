"""Masks hide what they must, are known again, and never come back as a value."""

import datetime as dt
import re
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.schemas.masking import (
    Mask,
    NotMasked,
    has_numbers,
    is_mask_of,
    is_masked,
    mask_address,
    mask_bank_card,
    mask_citizen_id,
    mask_mobile,
    mask_name,
    scrub,
)

MASKS = (mask_name, mask_citizen_id, mask_mobile, mask_bank_card, mask_address)
han = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=6)
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
ids = st.builds(
    lambda region, day, rest: f"{region}{day:%Y%m%d}{rest}",
    st.from_regex(r"[1-9][0-9]{5}", fullmatch=True),
    st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2026, 1, 1)),
    st.from_regex(r"[0-9]{3}[0-9X]", fullmatch=True),
)
words = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=8)
gaps = st.sampled_from(["", "，", "：", " ", "(", "电话"])


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (mask_name, "张三", "张*"),
        (mask_name, "张三丰", "张**"),
        (mask_name, "欧阳锋", "欧阳*"),
        (mask_name, "欧阳震华", "欧阳**"),
        (mask_name, "欧阳", "欧*"),
        (mask_name, "买买提·吐尔逊", "买**"),
        (mask_name, "张", "*"),
        (mask_citizen_id, "11010519491231002x", "110105********002X"),
        (mask_citizen_id, "110105 19491231 002X", "110105********002X"),
        (mask_citizen_id, "110105491231002", "110105******002"),
        (mask_citizen_id, "E12345678", "E****8"),
        (mask_citizen_id, "E12", "****"),
        (mask_mobile, "13812345678", "138****5678"),
        (mask_mobile, "+86 138-1234-5678", "138****5678"),
        (mask_mobile, "0311-86001234", "****1234"),
        (mask_mobile, "110", "****"),
        (mask_bank_card, "6222 0200 0001 2345 678", "************5678"),
        (mask_bank_card, "1234", "************"),
        (
            mask_address,
            "石家庄市长安区建北街道阳光社区3号楼2单元501室",
            "石家庄市长安区建北街道阳光社区****",
        ),
        (mask_address, "安居县城关镇东关村四组12号", "安居县城关镇东关村****"),
        (mask_address, "安居县城关镇人民路88号碧水园小区", "安居县城关镇****"),
        (mask_address, "安居县人民路８８号阳光社区", "安居县****"),
        (mask_address, "88号", "****"),
    ],
)
def test_what_is_shown(mask: Mask, value: str, shown: str) -> None:
    assert mask(value) == shown


@given(st.sampled_from(MASKS), st.text(min_size=1))
def test_every_mask_is_known_again(mask: Mask, value: str) -> None:
    assert is_masked(mask(value))
    assert is_mask_of(mask(value), value, mask)


@given(han, ids, mobiles)
def test_what_people_have_is_not_taken_for_a_mask(name: str, citizen_id: str, mobile: str) -> None:
    assert not any(is_masked(value) for value in (name, citizen_id, mobile, f"{name}社区3号楼", "长3*5米"))


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_mask_of_somebody_else_is_not_the_stored_value(one: str, other: str) -> None:
    assert is_mask_of(mask_name(one), other, mask_name) == (mask_name(one) == mask_name(other))
    assert not is_mask_of(mask_name(one), None, mask_name)


@given(han.filter(lambda name: len(name) > 1))
def test_a_name_shows_its_surname_only(name: str) -> None:
    assert set(name[2:]) & set(mask_name(name)) <= set(name[:2])


@given(ids, mobiles)
def test_a_number_shows_no_birthday_and_no_middle(citizen_id: str, mobile: str) -> None:
    assert re.fullmatch(r"[0-9]{6}\*{8}[0-9]{3}[0-9X]", mask_citizen_id(citizen_id))
    assert re.fullmatch(r"[0-9]{3}\*{4}[0-9]{4}", mask_mobile(mobile))


@given(words, gaps, ids, gaps, mobiles, words)
def test_no_number_stays_in_a_scrubbed_text(
    before: str, gap: str, citizen_id: str, between: str, mobile: str, after: str
) -> None:
    text = f"{before}{gap}{citizen_id}{between}{mobile}{after}"
    scrubbed = scrub(text)
    assert citizen_id not in scrubbed
    assert mobile not in scrubbed
    assert scrubbed.startswith(before)
    assert scrubbed.endswith(after)
    assert scrub(scrubbed) == scrubbed
    assert is_masked(scrubbed)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "身份证１１０１０５１９４９１２３１００２Ｘ，电话１３８１２３４５６７８。",
            "身份证110105********002X，电话138****5678。",
        ),
        ("请拨138 1234 5678或+86-139-8765-4321", "请拨138****5678或139****4321"),
        ("旧证110105491231002", "旧证110105******002"),
        ("110105 19491231 002x张三", "110105********002X张三"),
        (
            "（２０２６）第１号，预售证20241130001号，共123456789012元",
            "（２０２６）第１号，预售证20241130001号，共123456789012元",
        ),
        ("长3*5米", "长3*5米"),
        ("", ""),
    ],
)
def test_scrubbing(text: str, shown: str) -> None:
    assert scrub(text) == shown


@given(st.text())
def test_scrubbing_ends_at_once(text: str) -> None:
    assert scrub(scrub(text)) == scrub(text)


def test_a_new_value_is_no_mask() -> None:
    checked = TypeAdapter(Annotated[str, NotMasked])
    assert checked.validate_python("张三") == "张三"
    with pytest.raises(ValidationError, match="脱敏"):
        checked.validate_python("张*")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("反映楼盘二期逾期交房", False),
        ("欠款1380013元，登记号20261123", False),
        ("电话13812345678", True),
        ("电话138-1234-5678", True),
        ("身份证11010519491231002x", True),
        ("１１０１０５１９４９１２３１００２Ｘ", True),
        ("旧证110105491231002", True),
    ],
)
def test_personal_numbers_in_a_text_are_seen(text: str, expected: bool) -> None:
    assert has_numbers(text) is expected
    assert (scrub(text) != text) is expected
