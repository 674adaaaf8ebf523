"""一项目一策: a row of each kind in a seeded county, and a call that is granted for each operation."""

from collections.abc import Mapping

from tests.support.county import Call, County


async def seed(county: County) -> None:
    """Rows that the calls name, into `county.rows`."""


CALLS: Mapping[str, Call] = {}
