"""线索移交: a row of each kind in a seeded county, and a call that is granted for each operation."""

from collections.abc import Mapping

from tests.support.county import HERE, Call, County

CLUE = {
    "recipient": "political_legal",
    "subject": "抽挪监管资金",
    "matter": "监管账户资金去向不明",
    "transferred_on": "2026-03-02",
}
RECEIVE = {"document_number": "收字〔2026〕{n}号", "received_on": "2026-03-03"}
RESULT = {"outcome": "case_filed", "result_on": "2026-03-04", "document_number": "立字〔2026〕{n}号"}


async def seed(county: County) -> None:
    """Rows that the calls name, into `county.rows`."""
    county.rows |= await transferred(county)
    receive = f"/v1/projects/clues/{county.rows['clue_id']}/receive"
    await county.post(receive, await county.house.user("inspector", county.code), RECEIVE)


async def transferred(county: County) -> Mapping[str, str]:
    """A clue nobody has received yet: its reader finds it, since who transfers is told no id."""
    number = (await county.post("/v1/projects/clues", await county.office(), CLUE))["receipt_number"]
    async with county.house.client(await county.house.user("inspector", county.code)) as client:
        items = (await client.get("/v1/projects/clues", params={"limit": 200})).json()["items"]
    return {"clue_id": next(item["id"] for item in items if item["receipt_number"] == number)}


CALLS: Mapping[str, Call] = {
    "transfer_clue": Call(json=CLUE),
    "list_clues": Call(query=HERE),
    "get_clue": Call(),
    "receive_clue": Call(json=RECEIVE, fresh=transferred),
    "record_clue_result": Call(json=RESULT),
}
