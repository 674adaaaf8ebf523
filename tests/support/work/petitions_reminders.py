"""催办督办: what a sweep of a seeded county makes of petitions left alone, and a granted call for each operation."""

import asyncio
from collections.abc import Mapping
from typing import Any

from tests.support.county import HERE, Call, County
from tests.support.intake import petition
from tests.support.work.petitions_registry import office

PETITIONS = "/v1/petitions"
LONG_AGO = "2025-01-06"
"""Registered and sent to the department then, and never looked at: reminded of all bands, and supervised."""
ANSWER = {"answer": "已安排专人办理"}
WRITTEN = ANSWER | {"document_number": "住建函〔2026〕18号", "is_adopted": True}
SWEEP_SECONDS = 60.0
AT_ONCE = 12
Rows = Mapping[str, str]
_spare: dict[tuple[int, str], list[Rows]] = {}


async def _swept(county: County) -> str:
    """The id of a sweep that has ended."""
    async with county.house.client(await office(county)) as client, asyncio.timeout(SWEEP_SECONDS):
        accepted = await client.post(f"{PETITIONS}/sweeps")
        assert accepted.status_code == 202, accepted.text
        while True:
            found: dict[str, Any] = (await client.get(accepted.headers["location"])).json()
            if found["state"] == "finished":
                return str(found["id"])
            await asyncio.sleep(0.1)


async def _forgotten(county: County) -> str:
    """A petition the department has not worked on."""
    await county.house.user("department", county.code)
    body = {"division_code": county.code} | petition(registered_on=LONG_AGO)
    made = await county.post(f"{PETITIONS}/petitions", await office(county), body)
    sent = {"unit_code": "DEPARTMENT", "on": LONG_AGO}
    await county.post(f"{PETITIONS}/petitions/{made['id']}/forward", await office(county), sent)
    return str(made["id"])


async def _reminded(county: County) -> list[Rows]:
    """The last reminder and the supervision of several, after one sweep; of those it did not pass by."""
    petitions = [await _forgotten(county) for _ in range(AT_ONCE)]
    sweep = await _swept(county)
    made: list[Rows] = []
    async with county.house.client(await office(county)) as client:
        for each in petitions:
            of = {"petition_id": each}
            reminders = (await client.get(f"{PETITIONS}/reminders", params=of)).json()["items"]
            supervisions = (await client.get(f"{PETITIONS}/supervisions", params=of)).json()["items"]
            if reminders and supervisions:
                rows = {"reminder_id": reminders[0]["id"], "petition_supervision_id": supervisions[0]["id"]}
                made.append(rows | {"petitions_sweep_id": sweep})
    return made


async def _left_alone(county: County) -> Rows:
    """Rows nobody has answered; a sweep is asked for only when those of the last one are used up."""
    spare = _spare.setdefault((id(county.house), county.code), [])
    while not spare:
        # One that was under way when they were registered may have passed them by.
        spare += await _reminded(county)
    return spare.pop()


async def _answered(county: County) -> Rows:
    rows = await _left_alone(county)
    department = await county.house.user("department", county.code)
    await county.post(f"{PETITIONS}/supervisions/{rows['petition_supervision_id']}/answer", department, WRITTEN)
    return rows


async def seed(county: County) -> None:
    """Rows that the calls name, into `county.rows`."""
    county.rows |= await _left_alone(county)


CALLS: Mapping[str, Call] = {
    "run_petitions_sweep": Call(),
    "list_petitions_sweeps": Call(),
    "get_petitions_sweep": Call(),
    "list_petition_reminders": Call(query=HERE),
    "acknowledge_petition_reminder": Call(fresh=_left_alone),
    "answer_petition_reminder": Call(json=ANSWER, fresh=_left_alone),
    "list_petition_supervisions": Call(query=HERE),
    "get_petition_supervision": Call(),
    "answer_petition_supervision": Call(json=WRITTEN, fresh=_left_alone),
    "review_petition_supervision": Call(json={"verdict": "accepted"}, fresh=_answered),
}
