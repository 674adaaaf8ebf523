"""The audit operations every service carries, on the petitions service's own chain."""

import pytest

from shared.chassis.permissions import ROLES
from tests.support.petitions import County, Petitions


@pytest.mark.parametrize("path", ["/audit", "/audit/verify"])
async def test_the_audit_is_open_to_those_who_watch(petitions: Petitions, petition_county: County, path: str) -> None:
    assert (await petitions.http.get(petitions.base + path)).status_code == 401
    for role in ROLES:
        answer = await petition_county.call("GET", path, role=role)
        assert answer.status_code == (200 if role in ("auditor", "inspector") else 403), f"{role} {answer.text}"


async def test_an_empty_chain_is_whole(petition_county: County) -> None:
    answer = await petition_county.call("GET", "/audit/verify", role="auditor")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["ok"], answer.json()["chains"]) == (True, [])
