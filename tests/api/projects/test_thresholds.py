"""A county sets its own thresholds; another county keeps ours."""

import asyncio

from services.projects.thresholds import THRESHOLDS
from tests.support.projects import County, Projects

REASON = {"reason": "县委专题会议纪要〔2026〕3号"}


async def test_our_defaults_stand_until_a_county_sets_its_own(county: County, projects: Projects) -> None:
    before = await county.read("/thresholds/truth_signals")
    assert (before["value"], before["version"]) == (THRESHOLDS["truth_signals"].default, 0)
    answer = await county.call(
        "PUT", "/thresholds/truth_signals", json=REASON | {"value": 4}, headers={"If-Match": '"0"'}
    )
    assert (answer.status_code, answer.json()["value"], answer.headers["etag"]) == (200, 4, '"1"')
    listed = {item["name"]: item["value"] for item in (await county.read("/thresholds"))["items"]}
    assert listed == {name: known.default for name, known in THRESHOLDS.items()} | {"truth_signals": 4}
    elsewhere = await projects.county().read("/thresholds/truth_signals")
    assert elsewhere["value"] == before["value"]


async def test_a_threshold_is_set_within_its_bounds_at_the_version_read(county: County) -> None:
    async def put(value: int, version: int, name: str = "truth_signals") -> int:
        headers = {"If-Match": f'"{version}"'}
        return (
            await county.call("PUT", f"/thresholds/{name}", json=REASON | {"value": value}, headers=headers)
        ).status_code

    assert await put(99, 0) == 422
    assert await put(3, 1) == 412
    assert await put(3, 0, "nobody_knows") == 404
    assert (await county.read("/thresholds/truth_signals"))["version"] == 0
    assert await put(3, 0) == 200
    assert await put(4, 0) == 412
    assert await put(4, 1) == 200


async def test_of_those_who_set_one_at_once_one_does(county: County) -> None:
    async def put(value: int, version: int) -> int:
        body, headers = REASON | {"value": value}, {"If-Match": f'"{version}"'}
        return (await county.call("PUT", "/thresholds/truth_signals", json=body, headers=headers)).status_code

    for version in (0, 1):
        codes = await asyncio.gather(*(put(value, version) for value in (2, 3, 4, 5)))
        assert codes.count(200) == 1
        assert set(codes) <= {200, 409, 412}
    assert (await county.read("/thresholds/truth_signals"))["version"] == 2
