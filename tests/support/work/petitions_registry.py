"""信访登记: petitions in a seeded county, and a call that is granted for each operation."""

import asyncio
from collections.abc import Mapping

from tests.support.county import DATA, HERE, Call, County
from tests.support.house import Headers
from tests.support.intake import petition

PHOTO = DATA / "site-photo.jpg"
PURPOSE = {"purpose": "contact", "purpose_note": "电话告知受理情况"}


async def office(county: County) -> Headers:
    return await county.house.user("petition_office", county.code)


async def registered(county: County) -> Mapping[str, str]:
    """A petition nobody has worked on yet."""
    body = {"division_code": county.code} | petition()
    made = await county.post("/v1/petitions/petitions", await office(county), body)
    return {"petition_id": made["id"], "petitioner_id": made["persons"][0]["id"]}


async def seed(county: County) -> None:
    """Rows that the calls name, into `county.rows`."""
    county.rows |= await registered(county)
    county.rows["main_petition_id"] = (await registered(county))["petition_id"]
    content = await asyncio.to_thread(PHOTO.read_bytes)
    path = f"/v1/petitions/petitions/{county.rows['petition_id']}/attachments"
    async with county.house.client(await office(county)) as client:
        answer = await client.post(path, data={"kind": "original"}, files={"file": ("来信.jpg", content, "image/jpeg")})
    assert answer.status_code == 201, answer.text
    county.rows["attachment_id"] = answer.json()["id"]


CALLS: Mapping[str, Call] = {
    "list_petitions_labels": Call(),
    "list_content_classes": Call(),
    "list_petitions": Call(query=HERE | {"count": "true", "sort": "due"}),
    "export_petitions": Call(query=HERE),
    "register_petition": Call(json=HERE | petition()),
    "get_petition": Call(),
    "update_petition": Call(json={"township": "信和镇"}, fresh=registered, if_match=True),
    "link_petition_project": Call(json={"project_id": "{project_id}"}, fresh=registered),
    "merge_petitions": Call(json={"into": "{main_petition_id}"}, fresh=registered),
    "split_petition": Call(
        json={"person_ids": ["{petitioner_id}"], "people_count": 1, "demand": "title", "summary": "反映办证问题"},
        fresh=registered,
    ),
    "reveal_petitioner": Call(json=PURPOSE),
    "find_petitions_by_person": Call(json=PURPOSE | {"phone": "13812345678"}),
    "issue_query_code": Call(),
    "add_petition_attachment": Call(form={"kind": "evidence"}, file=PHOTO),
    "list_petition_attachments": Call(),
    "download_petition_attachment": Call(),
}
