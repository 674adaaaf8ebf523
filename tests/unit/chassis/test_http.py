"""ETags, preconditions and cursors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from shared.chassis.http import BadCursor, Cursors, etag, if_match, not_modified, require_version
from shared.errors import PreconditionRequired, Stale

CURSORS = Cursors(b"secret of the tests")
BOUND = ["user:1", ("kind",), {"kind": "x"}]


def asking(tag: str) -> Request:
    return Request({"type": "http", "headers": [(b"if-none-match", tag.encode())]})


def test_a_tag_is_the_version_and_what_else_the_answer_depends_on() -> None:
    assert etag(7) == '"7"'
    assert etag(7, "2026-11-23") == '"7.2026-11-23"'


@pytest.mark.parametrize("given_tag", ['"7"', 'W/"7"', '"6", "7"', "*"])
def test_what_is_known_is_not_sent_again(given_tag: str) -> None:
    answer = not_modified(asking(given_tag), '"7"')
    assert answer is not None
    assert (answer.status_code, answer.headers["etag"]) == (304, '"7"')


@pytest.mark.parametrize("given_tag", ["", '"6"', "7", '"7.2026-11-23"'])
def test_anything_else_is_sent(given_tag: str) -> None:
    assert not_modified(asking(given_tag), '"7"') is None


@pytest.mark.parametrize("header", ['"7"', 'W/"7"', '"7.2026-11-23"', ' "7.2026-11-23.masked" '])
async def test_if_match_names_a_version(header: str) -> None:
    assert await if_match(header) == 7


@pytest.mark.parametrize("header", [None, "", "*", " * "])
async def test_if_match_is_required(header: str | None) -> None:
    with pytest.raises(PreconditionRequired):
        await if_match(header)


@pytest.mark.parametrize("header", ["7", '"x"', '"-1"', '"7', '"7" "8"', '"7", "8"', '"1234567890"', '"٧x"'])
async def test_a_tag_that_is_none_of_ours_is_stale(header: str) -> None:
    with pytest.raises(Stale):
        await if_match(header)


def test_only_the_present_version_is_changed() -> None:
    require_version(3, 3)
    with pytest.raises(Stale):
        require_version(4, 3)


@given(st.lists(st.one_of(st.text(), st.integers(-(2**63), 2**63 - 1), st.none()), max_size=4))
def test_a_cursor_comes_back_as_it_was(position: list[object]) -> None:
    assert CURSORS.decode(CURSORS.encode(position, BOUND), BOUND) == position


@given(st.integers(0, 10**6), st.integers(0, 63))
def test_a_cursor_with_any_character_changed_is_refused(place: int, letter: int) -> None:
    cursor = CURSORS.encode(["2026-11-23T09:00:00+08:00", "018f0000-0000-7000-8000-000000000000"], BOUND)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    at = place % len(cursor)
    changed = cursor[:at] + alphabet[letter] + cursor[at + 1 :]
    if changed != cursor:
        with pytest.raises(BadCursor):
            CURSORS.decode(changed, BOUND)


@given(st.text(max_size=60))
def test_no_text_is_a_cursor_by_chance(text: str) -> None:
    with pytest.raises(BadCursor) as refused:
        CURSORS.decode(text, BOUND)
    assert len(refused.value.errors) == 1


@pytest.mark.parametrize("bound", [[], ["user:2", *BOUND[1:]], [*BOUND, 1], ["user:1", ("kind",), {"kind": "y"}]])
def test_a_cursor_holds_for_one_question_of_one_caller(bound: list[object]) -> None:
    with pytest.raises(BadCursor):
        CURSORS.decode(CURSORS.encode([1], BOUND), bound)


def test_another_secret_makes_another_cursor() -> None:
    with pytest.raises(BadCursor):
        CURSORS.decode(Cursors(b"another secret").encode([1], BOUND), BOUND)


def test_a_cursor_outlives_a_change_of_key() -> None:
    after = Cursors(b"next secret of the tests", b"secret of the tests")
    assert after.decode(CURSORS.encode([1], BOUND), BOUND) == [1]
    with pytest.raises(BadCursor):
        CURSORS.decode(after.encode([1], BOUND), BOUND)
