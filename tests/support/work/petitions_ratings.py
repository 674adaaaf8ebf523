"""满意度评价 and what a county sets: a call that is granted for each operation."""

from collections.abc import Mapping

from tests.support.county import HERE, Call, County
from tests.support.work.petitions_registry import office, registered

PETITIONS = "/v1/petitions"
RATING = {"office_rating": "satisfied", "body_rating": "satisfied"}


async def reply(county: County, petition_id: str) -> None:
    """A body answers the petition as a suggestion."""
    path, writer = f"{PETITIONS}/petitions/{petition_id}", await office(county)
    for act, body in (
        ("forward", {"unit_code": "TARGET"}),
        ("accept", {"petition_class": "suggestion"}),
        ("reply", {"answer": {"result": "adopted", "text": "已采纳"}}),
    ):
        await county.post(f"{path}/{act}", writer, body)


async def replied(county: County) -> Mapping[str, str]:
    row = await registered(county)
    await reply(county, row["petition_id"])
    return row


async def seed(county: County) -> None:
    """Rows that the calls name, into `county.rows`."""
    county.rows["petition_threshold"] = "rating_window_days"


CALLS: Mapping[str, Call] = {
    "rate_petition": Call(json=RATING, fresh=replied),
    "get_petition_rating": Call(),
    "list_petition_ratings": Call(query=HERE),
    "list_petition_thresholds": Call(),
    "get_petition_threshold": Call(),
    "set_petition_threshold": Call(json={"value": 30, "reason": "县委专题会议纪要"}, if_match=True),
}
