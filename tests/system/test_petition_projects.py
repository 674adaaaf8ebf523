"""A petition's project is asked from the projects service through the gateway: named as in the ledger, or refused."""

from typing import Any

import httpx

from tests.support.county import County
from tests.support.intake import petition
from tests.support.work.petitions_registry import office

PETITIONS = "/v1/petitions/petitions"


async def test_a_petition_is_linked_to_a_project_of_its_own_county(county: County, neighbour: County) -> None:
    async with county.house.client(await county.office()) as ledger:
        project = (await ledger.get(f"/v1/projects/projects/{county.rows['project_id']}")).json()
    named = {"project_id": project["id"], "project_code": project["project_code"], "project_name": project["name"]}
    async with county.house.client(await office(county)) as client:

        async def register(**facts: Any) -> httpx.Response:
            return await client.post(PETITIONS, json={"division_code": county.code} | petition(**facts))

        made = await register(project_id=project["id"])
        assert made.status_code == 201, made.text
        assert made.json() | named == made.json()
        assert made.json()["project_asked_at"] is not None
        listed = (await client.get(PETITIONS, params={"project_id": project["id"], "is_linked": "true"})).json()
        assert made.json()["id"] in {one["id"] for one in listed["items"]}
        for elsewhere in (neighbour.rows["project_id"], made.json()["id"]):
            refused = await register(project_id=elsewhere)
            assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "unknown_project"), refused.text

        link = f"{PETITIONS}/{made.json()['id']}/project"
        freed = await client.post(link, json={"project_id": None})
        assert (freed.status_code, freed.json()["project_name"], freed.json()["version"]) == (200, None, 2), freed.text
        refused = await client.post(link, json={"project_id": neighbour.rows["project_id"]})
        assert refused.status_code == 422, refused.text
        again = await client.post(link, json={"project_id": project["id"]})
        assert again.json() | named == again.json(), again.text
