"""The token endpoint: grants, rotation, locks, and revocation felt by every gateway process."""

import asyncio
import datetime as dt
import json
from collections.abc import Awaitable, Callable

import httpx
from joserfc.jwk import OKPKey
from pydantic import SecretStr

from gateway.identity.tokens import STALE_SECONDS
from gateway.settings import GatewaySettings
from shared.chassis.clock import SHANGHAI, FixedClock
from tests.support.gateway import ADMIN, ADMIN_PASSWORD, PASSWORD, PROJECTS_SECRET, Gateway, running

NOON = dt.datetime(2024, 11, 30, 12, tzinfo=SHANGHAI)


def refused(answer: httpx.Response, status: int, error: str) -> None:
    body = answer.json()
    assert (answer.status_code, body["error"]) == (status, error)
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["status"] == status
    assert body["trace_id"]
    assert body["error_description"].isascii()


async def eventually(condition: Callable[[], Awaitable[bool]], seconds: float) -> bool:
    deadline = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < deadline:
        if await condition():
            return True
        await asyncio.sleep(0.1)
    return False


async def test_password_grant(gateway: Gateway) -> None:
    answer = await gateway.grant(
        grant_type="password", username=ADMIN.upper(), password=ADMIN_PASSWORD, unknown="is ignored"
    )
    body = answer.json()
    assert answer.status_code == 200
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 900)
    assert answer.headers["cache-control"] == "no-store"
    me = (await gateway.call(body["access_token"], "GET", "/v1/auth/me")).json()
    assert me["roles"] == ["admin"]
    assert (me["scope"], me["division_code"]) == ("", "000000")


async def test_malformed_requests(gateway: Gateway) -> None:
    refused(await gateway.grant(), 415, "invalid_request")
    refused(await gateway.grant(grant_type="implicit"), 400, "unsupported_grant_type")
    refused(await gateway.grant(grant_type="password", username="a"), 400, "invalid_request")
    refused(await gateway.http.post("/v1/auth/token", json={"grant_type": "password"}), 415, "invalid_request")
    form = {"content-type": "application/x-www-form-urlencoded"}
    for content in (b"grant_type=password&grant_type=password", b"grant_type=%ff", b"\xff", b"grant_type=a%00"):
        refused(await gateway.http.post("/v1/auth/token", content=content, headers=form), 400, "invalid_request")
    nobody = await gateway.grant(grant_type="password", username="x" * 4000, password="p" * 4000)
    refused(nobody, 400, "invalid_grant")
    refused(await gateway.grant(grant_type="refresh_token", refresh_token="短"), 400, "invalid_grant")


async def test_client_credentials(gateway: Gateway) -> None:
    grant = {"grant_type": "client_credentials"}
    by_basic = await gateway.http.post("/v1/auth/token", data=grant, auth=("projects", PROJECTS_SECRET))
    assert by_basic.status_code == 200
    assert "refresh_token" not in by_basic.json()
    wrong = await gateway.http.post("/v1/auth/token", data=grant, auth=("projects", "wrong"))
    refused(wrong, 401, "invalid_client")
    assert wrong.headers["www-authenticate"].startswith("Basic")
    refused(await gateway.grant(**grant, client_id="nobody", client_secret="wrong"), 401, "invalid_client")
    both = await gateway.http.post("/v1/auth/token", data=grant | {"client_secret": "x"}, auth=("projects", "x"))
    refused(both, 400, "invalid_request")


async def test_refresh_rotates_and_reuse_ends_the_family(gateway: Gateway) -> None:
    first = (await gateway.grant(grant_type="password", username=ADMIN, password=ADMIN_PASSWORD)).json()
    second = await gateway.grant(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    refused(await gateway.grant(grant_type="refresh_token", refresh_token=first["refresh_token"]), 400, "invalid_grant")
    again = await gateway.grant(grant_type="refresh_token", refresh_token=second.json()["refresh_token"])
    refused(again, 400, "invalid_grant")

    async def is_out() -> bool:
        return (await gateway.call(second.json()["access_token"], "GET", "/v1/auth/me")).status_code == 401

    assert await eventually(is_out, 5)
    assert (await gateway.call(await gateway.admin(), "GET", "/v1/auth/me")).status_code == 200


async def test_parallel_refreshes_give_one_pair(gateway: Gateway) -> None:
    token = (await gateway.grant(grant_type="password", username=ADMIN, password=ADMIN_PASSWORD)).json()
    answers = await asyncio.gather(
        *(gateway.grant(grant_type="refresh_token", refresh_token=token["refresh_token"]) for _ in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 7


async def test_lock_after_five_failures(gateway_settings: GatewaySettings) -> None:
    clock = FixedClock(NOON)
    async with running(gateway_settings, clock) as gateway:
        for name in (ADMIN, "nobody-at-all"):
            answers = await asyncio.gather(
                *(gateway.grant(grant_type="password", username=name, password="wrong") for _ in range(12))
            )
            assert sorted(answer.status_code for answer in answers) == [400] * 5 + [429] * 7
            locked = await gateway.grant(grant_type="password", username=name, password=ADMIN_PASSWORD)
            refused(locked, 429, "slow_down")
            assert 0 < int(locked.headers["retry-after"]) <= 900
        clock.advance(dt.timedelta(minutes=15))
        assert await gateway.admin()
        refused(await gateway.grant(grant_type="password", username=ADMIN, password="wrong"), 400, "invalid_grant")
        assert await gateway.admin()


async def test_refresh_ends_with_the_login(gateway_settings: GatewaySettings) -> None:
    clock = FixedClock(NOON)
    async with running(gateway_settings, clock) as gateway:
        token = (await gateway.grant(grant_type="password", username=ADMIN, password=ADMIN_PASSWORD)).json()
        clock.advance(dt.timedelta(hours=11))
        token = (await gateway.grant(grant_type="refresh_token", refresh_token=token["refresh_token"])).json()
        clock.advance(dt.timedelta(hours=2))
        late = await gateway.grant(grant_type="refresh_token", refresh_token=token["refresh_token"])
        refused(late, 400, "invalid_grant")


async def test_revocation_is_felt_by_every_gateway(gateway_settings: GatewaySettings) -> None:
    async with running(gateway_settings) as one, running(gateway_settings) as other:
        admin = await one.admin()
        clerk = await one.user(admin, "clerk", ["office"])
        client = {"id": "platform", "name": "市平台", "role": "platform", "division_code": "999900"}
        secret = (await one.call(admin, "POST", "/v1/auth/clients", json=client)).json()["secret"]
        credentials = {"grant_type": "client_credentials", "client_id": "platform", "client_secret": secret}

        async def shut_out(token: str, path: str, **more: object) -> None:
            assert (await other.call(token, "GET", "/v1/auth/me")).status_code == 200
            method = "PATCH" if more else "POST"
            assert (await one.call(admin, method, path, **more)).status_code == 200

            async def is_out() -> bool:
                return (await other.call(token, "GET", "/v1/auth/me")).status_code == 401

            assert await eventually(is_out, 5)

        user = f"/v1/auth/users/{clerk['id']}"
        await shut_out(await other.login("clerk"), f"{user}/revoke-tokens")
        tag = (await one.call(admin, "GET", user)).headers["etag"]
        await shut_out(await other.login("clerk"), user, json={"roles": ["leader"]}, headers={"If-Match": tag})
        await shut_out(await other.login("clerk"), f"{user}/disable")
        answer = await other.grant(grant_type="password", username="clerk", password=PASSWORD)
        refused(answer, 400, "invalid_grant")
        machine = (await other.grant(**credentials)).json()["access_token"]
        await shut_out(machine, "/v1/auth/clients/platform/rotate-secret")
        refused(await other.grant(**credentials), 401, "invalid_client")


async def test_no_revocation_list_no_entry(gateway_settings: GatewaySettings) -> None:
    """A gateway that cannot ask who was shut out lets nobody in."""
    from gateway.identity.tokens import Door, Keys, Revocations
    from shared.errors import Unavailable
    from shared.storage.database import Database

    database = Database(gateway_settings.database_url.get_secret_value())
    revocations = Revocations(database, FixedClock(NOON))
    door = Door(Keys(gateway_settings), revocations, gateway_settings)
    async with running(gateway_settings) as gateway:
        token = await gateway.admin()
    await revocations.read()
    assert (await door.caller(token)).roles == {"admin"}
    revocations.read_at -= STALE_SECONDS
    try:
        await door.caller(token)
    except Unavailable:
        assert await revocations.complaint()
    else:
        raise AssertionError("a stale list must refuse")
    await database.close()


async def test_a_retired_key_still_verifies(gateway_settings: GatewaySettings) -> None:
    async with running(gateway_settings) as gateway:
        token = await gateway.admin()
        [old] = (await gateway.http.get("/.well-known/jwks.json")).json()["keys"]
    fresh = OKPKey.generate_key("Ed25519", private=True).as_pem(private=True).decode()
    rotated = {"signing_key": SecretStr(fresh), "retired_key": json.dumps(old)}
    async with running(gateway_settings.model_copy(update=rotated)) as gateway:
        assert (await gateway.call(token, "GET", "/v1/auth/me")).status_code == 200
        assert len((await gateway.http.get("/.well-known/jwks.json")).json()["keys"]) == 2
    async with running(gateway_settings.model_copy(update={"signing_key": SecretStr(fresh)})) as gateway:
        assert (await gateway.call(token, "GET", "/v1/auth/me")).status_code == 401


async def test_jwks(gateway: Gateway) -> None:
    keys = (await gateway.http.get("/.well-known/jwks.json")).json()["keys"]
    assert [set(key) for key in keys] == [{"kty", "crv", "x", "kid", "use", "alg"}]
