"""满意度评价 and what a county sets: a call that is granted for each operation."""

from collections.abc import Mapping

from tests.support.county import HERE, Call, County
from tests.support.work.petitions_registry import office, registered

PETITIONS = "/v1/petitions"
RATING = {"office_rating": "satisfied", "body_rating": "satisfied"}


async def replied(county: County) -> Mapping[str, str]:
    """A suggestion that a body has answered."""
    row = await registered(county)
    path, writer = f"{PETITIONS}/petitions/{row['petition_id']}", await office(county)
    for act, body in (
        ("forward", {"unit_code": "TARGET"}),
        ("accept", {"petition_class": "suggestion"}),
        ("reply", {"answer": {"result": "adopted", "text": "已采纳"}}),
    ):
        await county.post(f"{path}/{act}", writer, body)
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
