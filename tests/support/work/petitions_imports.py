"""登记簿导入: a call that is granted for each operation, on an import of this feature's own that wrote nothing."""

import asyncio
from collections.abc import Mapping

from tests.support.county import DATA, HERE, Call, County
from tests.support.sheets import XLSX
from tests.support.work.petitions_registry import office

REGISTER = DATA / "demo-999901-petitions.xlsx"
PURPOSE = {"purpose": "verification", "purpose_note": "核对导入结果"}
DRY = {"dry_run": "true"}


async def _imported(county: County) -> Mapping[str, str]:
    who = await office(county)
    sent = (REGISTER.name, await asyncio.to_thread(REGISTER.read_bytes), XLSX)
    async with county.house.client(who) as client:
        answer = await client.post("/v1/petitions/imports", params=DRY, files={"file": sent})
    assert answer.status_code == 202, answer.text
    found = await county.ended(answer.headers["location"], who)
    assert (found["state"], found["created"]) == ("succeeded", 300), found
    return {"import_id": found["id"]}


async def seed(county: County) -> None:
    """Nothing: what the calls name they make."""


CALLS: Mapping[str, Call] = {
    "import_petitions": Call(query=DRY, form=HERE, file=REGISTER),
    "list_petition_imports": Call(),
    "get_petition_import": Call(fresh=_imported),
    "download_petition_import_result": Call(query=PURPOSE, fresh=_imported),
}
