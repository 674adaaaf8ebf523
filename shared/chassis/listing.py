"""A list on the wire: the divisions it is about, one page of it, and the signed cursor of the next.

`Paging` is for lists below one thing (the visits to a project), `Listing` for those a caller may narrow to a division.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, Protocol, TypeVar

from fastapi import Depends
from starlette.requests import Request

from shared.chassis.http import Cursor, Cursors, Limit
from shared.chassis.identity import Caller, prefix_of
from shared.errors import NotFound
from shared.schemas.base import DivisionCode

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Fetch(Protocol[T_co]):
    """At most `limit` rows after a position; the position is what `Paging.page` was told to take of a row."""

    def __call__(self, *, after: list[Any] | None, limit: int) -> Awaitable[Sequence[T_co]]: ...


def scope_of(caller: Caller, division_code: str | None) -> str:
    """The divisions a list is about: the one asked for with what lies beneath it, else all that the caller sees."""
    if division_code is None:
        return caller.scope
    if not caller.covers(prefix := prefix_of(division_code)):
        raise NotFound("没有此行政区划，或不在您的管辖范围内")
    return prefix


def id_of(row: Any) -> list[Any]:
    return [row["id"] if isinstance(row, Mapping) else row.id]


class Paging:
    def __init__(self, caller: Caller, cursors: Cursors, limit: int, cursor: str | None) -> None:
        self._caller, self._cursors, self._limit, self._cursor = caller, cursors, limit, cursor
        self.scope = caller.scope

    async def page(
        self, name: str, filters: Any, fetch: Fetch[T], position: Callable[[T], list[Any]] = id_of
    ) -> tuple[Sequence[T], str | None]:
        """One page and the cursor of the next. A cursor is good for the same caller, list, scope and filters only."""
        bound = [self._caller.subject, name, self.scope, filters]
        after = self._cursors.decode(self._cursor, bound) if self._cursor else None
        found = await fetch(after=after, limit=self._limit + 1)
        if len(found) <= self._limit:
            return found, None
        return found[: self._limit], self._cursors.encode(position(found[self._limit - 1]), bound)


class Listing(Paging):
    """`scope` is the division asked for, else all that the caller sees."""

    def __init__(
        self, caller: Caller, cursors: Cursors, limit: int, cursor: str | None, division_code: str | None
    ) -> None:
        super().__init__(caller, cursors, limit, cursor)
        self.scope = scope_of(caller, division_code)


async def paging(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Paging:
    return Paging(request.scope["anju.caller"], request.app.state.cursors, limit, cursor)


async def listing(
    request: Request, division_code: DivisionCode | None = None, limit: Limit = 50, cursor: Cursor = None
) -> Listing:
    return Listing(request.scope["anju.caller"], request.app.state.cursors, limit, cursor, division_code)


CurrentPaging = Annotated[Paging, Depends(paging)]
CurrentListing = Annotated[Listing, Depends(listing)]
