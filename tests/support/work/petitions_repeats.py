"""重复信访: a call that is granted for each operation; which petitions there are, the register's seed decides."""

from collections.abc import Mapping

from tests.support.county import Call, County
from tests.support.work.petitions_registry import office, registered

WHY = {"reason": "同一诉求，信访人确认"}


async def seed(_: County) -> None:
    """Everything a call needs is made by it or by the register."""


async def _repeat(county: County) -> Mapping[str, str]:
    row = await registered(county)
    body = WHY | {"main_petition_id": county.rows["main_petition_id"]}
    path = f"/v1/petitions/petitions/{row['petition_id']}/repeat"
    await county.post(path, await office(county), body)
    return row


CALLS: Mapping[str, Call] = {
    "list_repeat_candidates": Call(),
    "get_repeat_case": Call(),
    "confirm_repeat": Call(json=WHY | {"main_petition_id": "{main_petition_id}"}, fresh=registered),
    "unconfirm_repeat": Call(json=WHY, fresh=_repeat),
}
