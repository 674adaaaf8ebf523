"""What a petitioner asks without an account: a call of each operation, with the number and the code of a petition."""

from collections.abc import Mapping

from tests.support.county import Call, County
from tests.support.intake import petition
from tests.support.work.petitions_ratings import reply
from tests.support.work.petitions_registry import office

WITH_CODE = {"petition_code": "{petition_code}", "query_code": "{query_code}"}


async def _registered(county: County) -> dict[str, str]:
    body = {"division_code": county.code} | petition()
    made = await county.post("/v1/petitions/petitions", await office(county), body)
    return {name: made[name] for name in ("id", "petition_code", "query_code")}


async def _replied(county: County) -> Mapping[str, str]:
    row = await _registered(county)
    await reply(county, row["id"])
    return row


async def seed(county: County) -> None:
    """Rows that the calls name, into `county.rows`."""
    row = await _registered(county)
    county.rows |= {name: row[name] for name in ("petition_code", "query_code")}


CALLS: Mapping[str, Call] = {
    "query_petition_publicly": Call(json=WITH_CODE),
    "rate_petition_publicly": Call(
        json=WITH_CODE | {"office_rating": "satisfied", "body_rating": "satisfied"}, fresh=_replied
    ),
}
