"""现场证据: a row of each kind in a seeded county, and a call that is granted for each operation."""

import asyncio
from collections.abc import Mapping

from tests.support.county import DATA, HERE, Call, County

PHOTO = DATA / "site-photo.jpg"
SUBJECT = {"subject_type": "inspection", "subject_id": "site-{county}"}


async def seed(county: County) -> None:
    """Rows that the calls name, into `county.rows`."""
    content = await asyncio.to_thread(PHOTO.read_bytes)
    path = f"/v1/projects/projects/{county.rows['project_id']}/evidence"
    async with county.house.client(await county.office()) as client:
        form = {"subject_type": "inspection", "subject_id": f"site-{county.code}"}
        answer = await client.post(path, data=form, files={"file": (PHOTO.name, content, "image/jpeg")})
    assert answer.status_code == 201, answer.text
    county.rows["evidence_id"] = answer.json()["id"]


CALLS: Mapping[str, Call] = {
    "add_evidence": Call(form=SUBJECT, file=PHOTO),
    "list_evidence": Call(query=HERE),
    "get_evidence": Call(),
    "download_evidence": Call(query={"copy": "public"}),
    "get_site_code": Call(),
    "get_project_site": Call(),
    "set_project_site": Call(json={"latitude": "38.0421", "longitude": "114.5143", "datum": "cgcs2000"}, if_match=True),
}
