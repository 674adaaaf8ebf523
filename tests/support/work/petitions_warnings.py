"""信访预警: a project that has boiled over, and a call that is granted for each operation."""

from collections.abc import Mapping

from tests.support.county import HERE, Call, County
from tests.support.work.petitions_registry import office, registered

PETITIONS = "/v1/petitions"
SURGE = 4
"""So many at once, of a project nobody complained about before."""


async def _warned(county: County) -> Mapping[str, str]:
    headers, project_id = await office(county), await county.new_project()
    for _ in range(SURGE):
        petition_id = (await registered(county))["petition_id"]
        await county.post(f"{PETITIONS}/petitions/{petition_id}/project", headers, {"project_id": project_id})
    await county.post(f"{PETITIONS}/warnings/refresh", headers, {})
    async with county.house.client(headers) as client:
        found = (await client.get(f"{PETITIONS}/warnings", params={"project_id": project_id})).json()
    return {"warning_id": found["items"][0]["id"]}


async def seed(county: County) -> None:
    """Rows that the calls name, into `county.rows`."""
    county.rows |= await _warned(county)


CALLS: Mapping[str, Call] = {
    "list_petition_warnings": Call(query=HERE),
    "get_petition_warning": Call(),
    "list_petition_warning_readings": Call(),
    "acknowledge_petition_warning": Call(json={"note": "已安排包案领导接访"}, fresh=_warned),
    "close_petition_warning": Call(json={"outcome": "handled", "note": "诉求已兑付"}, fresh=_warned),
    "refresh_petition_warnings": Call(),
}
