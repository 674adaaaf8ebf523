"""Paging: every row once, in order, whatever the size of a page; a cursor is good for its own list only."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.chassis.http import BadCursor, Cursors
from shared.chassis.identity import Caller
from shared.chassis.listing import Listing, Paging, scope_of
from shared.errors import NotFound

CURSORS = Cursors(b"secret of the tests")
COUNTY = Caller("user:1", "王文", frozenset({"office"}), "999901", "999901")
CITY = Caller("user:2", "市局", frozenset({"office"}), "9999", "999900")


class Rows:
    """Numbers that count down from `count`."""

    def __init__(self, count: int) -> None:
        self.count = count

    async def __call__(self, *, after: list[Any] | None, limit: int) -> list[dict[str, int]]:
        first = self.count if after is None else after[0] - 1
        return [{"id": n} for n in range(first, 0, -1)][:limit]


@given(count=st.integers(0, 40), limit=st.integers(1, 12))
async def test_the_pages_of_a_list_are_the_list(count: int, limit: int) -> None:
    seen: list[int] = []
    cursor = None
    for _ in range(count + 1):
        found, cursor = await Paging(COUNTY, CURSORS, limit, cursor).page("numbers", None, Rows(count))
        seen += [row["id"] for row in found]
        if cursor is None:
            break
    assert seen == list(range(count, 0, -1))


async def test_a_cursor_is_good_for_its_own_list_caller_scope_and_filters_only() -> None:
    _, cursor = await Listing(CITY, CURSORS, 2, None, "999901").page("numbers", {"kind": "a"}, Rows(5))
    found, _ = await Listing(CITY, CURSORS, 2, cursor, "999901").page("numbers", {"kind": "a"}, Rows(5))
    assert [row["id"] for row in found] == [3, 2]
    for caller, division, name, filters in (
        (COUNTY, "999901", "numbers", {"kind": "a"}),
        (CITY, "999902", "numbers", {"kind": "a"}),
        (CITY, None, "numbers", {"kind": "a"}),
        (CITY, "999901", "letters", {"kind": "a"}),
        (CITY, "999901", "numbers", {"kind": "b"}),
    ):
        with pytest.raises(BadCursor):
            await Listing(caller, CURSORS, 2, cursor, division).page(name, filters, Rows(5))


def test_a_list_is_about_what_the_caller_may_see() -> None:
    assert scope_of(CITY, None) == "9999"
    assert scope_of(CITY, "999901") == scope_of(COUNTY, None) == "999901"
    with pytest.raises(NotFound):
        scope_of(COUNTY, "999902")
