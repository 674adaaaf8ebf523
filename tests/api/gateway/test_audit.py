"""The audit chain under attack: whoever can write to the database cannot do so unseen."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from joserfc import jws
from joserfc.jwk import KeySet

from deploy.postgres.databases import Database
from gateway.settings import GatewaySettings
from gateway.worker import work
from shared.chassis.clock import SystemClock
from shared.clients.gateway import GatewayClient
from shared.errors import BadGateway, Forbidden
from shared.schemas.audit import HeadIn
from shared.storage.journal import chain_hash
from tests.support.gateway import PROJECTS_SECRET, Gateway, running

COUNTY = "999902"


@asynccontextmanager
async def owner(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """The strongest attacker short of the gateway's key: the tables' owner, row security lifted."""
    connection = await asyncpg.connect(database.owner_url.replace("+asyncpg", ""))
    try:
        await connection.execute("alter table audit_entry no force row level security")
        await connection.execute("alter table audit_head no force row level security")
        await connection.execute("alter table checkpoint no force row level security")
        yield connection
    finally:
        await connection.close()


async def checkpointed(settings: GatewaySettings) -> None:
    """One round of the worker."""
    stop = asyncio.Event()
    before = settings.checkpoint_file.stat().st_size if settings.checkpoint_file.exists() else 0
    running = asyncio.create_task(work(settings, SystemClock(), stop))
    while not settings.checkpoint_file.exists() or settings.checkpoint_file.stat().st_size == before:  # noqa: ASYNC110 - a file has no event
        await asyncio.sleep(0.05)
    stop.set()
    await running


async def seeded(gateway: Gateway) -> str:
    """A dozen entries in the county's chain, and an auditor's token."""
    root = await gateway.admin()
    await gateway.user(root, "auditor", ["auditor"], COUNTY)
    for number in range(8):
        await gateway.user(root, f"clerk-{number}", ["office"], COUNTY)
    return await gateway.login("auditor")


async def chain(gateway: Gateway, token: str) -> dict[str, Any]:
    answer = await gateway.call(token, "GET", "/v1/auth/audit/verify")
    assert answer.status_code == 200
    body = answer.json()
    [found] = [each for each in body["chains"] if each["division_code"] == COUNTY]
    assert body["ok"] == found["ok"]
    return dict(found)


async def test_entries(gateway: Gateway) -> None:
    token = await seeded(gateway)
    answer = (await gateway.call(token, "GET", "/v1/auth/audit?action=create&limit=3")).json()
    assert [entry["seq"] for entry in answer["items"]] == [9, 8, 7]
    assert all(entry["division_code"] == COUNTY for entry in answer["items"])
    following = await gateway.call(token, "GET", f"/v1/auth/audit?action=create&limit=3&cursor={answer['next_cursor']}")
    assert [entry["seq"] for entry in following.json()["items"]] == [6, 5, 4]
    assert "clerk-" not in json.dumps(answer["items"])
    logins = (await gateway.call(token, "GET", "/v1/auth/audit?action=login")).json()["items"]
    assert len(logins) == 1
    elsewhere = await gateway.call(token, "GET", "/v1/auth/audit?division_code=999901")
    assert elsewhere.status_code == 404
    clerk = await gateway.login("clerk-1")
    assert (await gateway.call(clerk, "GET", "/v1/auth/audit")).status_code == 403


async def test_failed_logins_are_recorded(gateway: Gateway) -> None:
    token = await seeded(gateway)
    await gateway.grant(grant_type="password", username="clerk-1", password="wrong")
    [entry] = (await gateway.call(token, "GET", "/v1/auth/audit?action=login_failed")).json()["items"]
    assert entry["subject_type"] == "user"
    assert entry["detail"] == {"locked": False, "disabled": False}


async def test_an_intact_chain(gateway: Gateway, gateway_settings: GatewaySettings) -> None:
    token = await seeded(gateway)
    found = await chain(gateway, token)
    assert (found["ok"], found["entries"], found["anchored_until"], found["unanchored_since"]) == (True, 10, 0, None)
    await checkpointed(gateway_settings)
    found = await chain(gateway, token)
    assert (found["ok"], found["anchored_until"], found["what"]) == (True, 10, None)
    assert found["unanchored_since"]


DAMAGE = {
    "edited body": (
        "update audit_entry set body = replace(body, 'create', 'remove') where division_code = $1 and seq = 4",
        4,
        "edited",
    ),
    "edited column": ("update audit_entry set actor = 'user:x' where division_code = $1 and seq = 4", 4, "edited"),
    "deleted": ("delete from audit_entry where division_code = $1 and seq = 4", 4, "deleted"),
    "deleted first": ("delete from audit_entry where division_code = $1 and seq = 1", 1, "deleted"),
    "swapped rows": (
        """with moved as (delete from audit_entry where division_code = $1 and seq in (4, 7) returning *)
        insert into audit_entry select division_code, 11 - seq, body, subject_type, subject_id, action, actor,
        recorded_at, hash from moved""",
        4,
        "swapped",
    ),
    "swapped contents": (
        """update audit_entry a set body = b.body, subject_id = b.subject_id, subject_type = b.subject_type,
        action = b.action, actor = b.actor, recorded_at = b.recorded_at from audit_entry b
        where a.division_code = $1 and b.division_code = $1 and (a.seq, b.seq) in ((4, 7), (7, 4))""",
        4,
        "swapped",
    ),
    "truncated": ("delete from audit_entry where division_code = $1 and seq > 6", 7, "truncated"),
    "emptied": ("delete from audit_entry where division_code = $1", 1, "truncated"),
    "head gone": ("delete from audit_head where division_code = $1", 1, "truncated"),
}


@pytest.mark.parametrize("attack", DAMAGE)
async def test_damage_is_named(
    gateway: Gateway, gateway_settings: GatewaySettings, gateway_database: Database, attack: str
) -> None:
    statement, seq, what = DAMAGE[attack]
    token = await seeded(gateway)
    await checkpointed(gateway_settings)
    async with owner(gateway_database) as connection:
        with_swap = "insert into" in statement
        if with_swap:
            # One statement cannot delete and insert the same key.
            await connection.execute(
                "update audit_entry set seq = -seq where division_code = $1 and seq in (4, 7)", COUNTY
            )
            statement = "update audit_entry set seq = 11 + seq where division_code = $1 and seq < 0"
        await connection.execute(statement, COUNTY)
    found = await chain(gateway, token)
    assert (found["ok"], found["first_bad_seq"], found["what"]) == (False, seq, what)


async def rewrite(connection: asyncpg.Connection, first: int, until: int) -> None:
    """Change entry `first` and compute every later hash and the head anew, as whoever knows the formula can."""
    rows = await connection.fetch(
        "select seq, body, hash from audit_entry where division_code = $1 and seq <= $2 order by seq", COUNTY, until
    )
    last = bytes(32)
    for row in rows:
        body = row["body"].replace('"version":1', '"version":2') if row["seq"] == first else row["body"]
        last = chain_hash(last, COUNTY, row["seq"], body)
        await connection.execute(
            "update audit_entry set body = $3, hash = $4 where division_code = $1 and seq = $2",
            *(COUNTY, row["seq"], body, last),
        )
    await connection.execute("delete from audit_entry where division_code = $1 and seq > $2", COUNTY, until)
    await connection.execute("update audit_head set seq = $2, hash = $3 where division_code = $1", COUNTY, until, last)


async def test_a_chain_written_anew(
    gateway: Gateway, gateway_settings: GatewaySettings, gateway_database: Database
) -> None:
    token = await seeded(gateway)
    await checkpointed(gateway_settings)
    root = await gateway.admin()
    for number in range(4):
        await gateway.user(root, f"late-{number}", ["office"], COUNTY)
    await checkpointed(gateway_settings)
    async with owner(gateway_database) as connection:
        await rewrite(connection, 12, 14)
    found = await chain(gateway, token)
    assert (found["ok"], found["first_bad_seq"], found["what"]) == (False, 11, "rewritten")


async def test_a_shortened_chain_with_a_fresh_head(
    gateway: Gateway, gateway_settings: GatewaySettings, gateway_database: Database
) -> None:
    token = await seeded(gateway)
    await checkpointed(gateway_settings)
    async with owner(gateway_database) as connection:
        await rewrite(connection, 0, 6)
    found = await chain(gateway, token)
    assert (found["ok"], found["first_bad_seq"], found["what"]) == (False, 7, "truncated")


async def test_what_no_checkpoint_reached_is_told_as_unanchored(
    gateway: Gateway, gateway_settings: GatewaySettings, gateway_database: Database
) -> None:
    token = await seeded(gateway)
    await checkpointed(gateway_settings)
    await gateway.user(await gateway.admin(), "late", ["office"], COUNTY)
    async with owner(gateway_database) as connection:
        await rewrite(connection, 0, 10)
    found = await chain(gateway, token)
    assert (found["ok"], found["anchored_until"]) == (True, 10)
    assert found["unanchored_since"]


async def test_a_forged_checkpoint_counts_for_nothing(
    gateway: Gateway, gateway_settings: GatewaySettings, gateway_database: Database
) -> None:
    token = await seeded(gateway)
    await checkpointed(gateway_settings)
    async with owner(gateway_database) as connection:
        await connection.execute("update checkpoint set seq = 5 where division_code = $1", COUNTY)
    assert (await chain(gateway, token))["anchored_until"] == 0
    lines = gateway_settings.checkpoint_file.read_text().splitlines()
    [kept] = [line for line in map(json.loads, lines) if line["division_code"] == COUNTY]
    keys = KeySet.import_key_set((await gateway.http.get("/.well-known/jwks.json")).json())
    signed = json.loads(jws.deserialize_compact(kept["signature"], keys, algorithms=["Ed25519"]).payload)
    assert (signed["seq"], signed["hash"], signed["division_code"]) == (10, kept["hash"], COUNTY)


async def test_checkpoints_of_a_service(gateway: Gateway) -> None:
    heads = [HeadIn(division_code=COUNTY, seq=3, hash="ab" * 32), HeadIn(division_code="999901", seq=9, hash="cd" * 32)]
    async with GatewayClient(gateway.url, "projects", PROJECTS_SECRET) as client:
        kept = await client.record_checkpoints(heads)
        assert [(each.service, each.seq) for each in kept] == [("projects", 3), ("projects", 9)]
        assert await client.record_checkpoints(heads)
        assert [each.seq for each in await client.list_checkpoints("")] == [9, 3]
        assert [each.seq for each in await client.list_checkpoints("9999")] == [9, 3]
        assert [each.seq for each in await client.list_checkpoints(COUNTY)] == [3]
    async with GatewayClient(gateway.url, "projects", "a wrong secret") as client:
        with pytest.raises(BadGateway):
            await client.list_checkpoints("")
    root = await gateway.admin()
    await gateway.user(root, "clerk", ["office"])
    clerk = await gateway.login("clerk")
    body = {"heads": [head.model_dump() for head in heads]}
    answer = await gateway.call(clerk, "POST", "/v1/audit/checkpoints", json=body)
    assert answer.status_code == Forbidden.status


async def test_a_client_without_gateway() -> None:
    async with GatewayClient("http://127.0.0.1:1", "projects", PROJECTS_SECRET) as client:
        with pytest.raises(BadGateway):
            await client.list_units(COUNTY)


async def test_the_client_follows_a_rotated_key(gateway_settings: GatewaySettings) -> None:
    """A refused token is replaced once, without the caller noticing."""
    async with running(gateway_settings) as gateway, GatewayClient(gateway.url, "projects", PROJECTS_SECRET) as client:
        assert await client.list_units(COUNTY) == []
        client._token = "refused"
        assert await client.list_units(COUNTY) == []
