"""Users and clients: who may manage whom, and what is refused."""

from typing import Any

import pytest

from tests.support.gateway import ADMIN, ADMIN_PASSWORD, PASSWORD, Gateway

PLATFORM = {"id": "platform", "name": "市平台", "role": "platform", "division_code": "999900"}


def body(**changed: Any) -> dict[str, Any]:
    person = {"username": "clerk", "name": "李明", "password": PASSWORD, "roles": ["office"]}
    return person | {"division_code": "999902"} | changed


async def test_an_admin_stays_in_its_own_divisions(gateway: Gateway) -> None:
    root = await gateway.admin()
    await gateway.user(root, "admin-02", ["admin"], "999902")
    await gateway.user(root, "admin-city", ["admin"], "999900")
    other = await gateway.user(root, "clerk-01", ["office"], "999901")
    county = await gateway.login("admin-02")
    city = await gateway.login("admin-city")

    own = await gateway.user(county, "clerk-02", ["office"], "999902")
    for home in ("999901", "999900", "990000", "000000"):
        answer = await gateway.call(county, "POST", "/v1/auth/users", json=body(division_code=home))
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    for action in ("disable", "enable", "revoke-tokens"):
        path = f"/v1/auth/users/{other['id']}/{action}"
        assert (await gateway.call(county, "POST", path)).status_code == 404
    path = f"/v1/auth/users/{other['id']}"
    change = {"json": {"name": "x"}, "headers": {"If-Match": '"1"'}}
    assert (await gateway.call(county, "PATCH", path, **change)).status_code == 404
    assert (await gateway.call(county, "GET", path)).status_code == 404
    listed = (await gateway.call(county, "GET", "/v1/auth/users")).json()["items"]
    assert {user["username"] for user in listed} == {"admin-02", "clerk-02"}
    listed = (await gateway.call(city, "GET", "/v1/auth/users")).json()["items"]
    assert {user["username"] for user in listed} == {"admin-02", "clerk-02", "admin-city", "clerk-01"}
    assert (await gateway.call(city, "POST", f"/v1/auth/users/{own['id']}/disable")).status_code == 200
    clerk = await gateway.call(await gateway.login("clerk-01"), "GET", "/v1/auth/users")
    assert clerk.status_code == 403


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"password": "short-1A"}, "weak_password"),
        ({"password": "alllowercaseletters1"}, "weak_password"),
        ({"password": "Clerk-2024-xyz"}, "weak_password"),
        ({"roles": ["admin", "auditor"]}, "conflicting_roles"),
        ({"roles": ["inspector", "admin"]}, "conflicting_roles"),
        ({"roles": ["office", "office"]}, "invalid"),
        ({"roles": []}, "invalid"),
        ({"roles": ["service"]}, "invalid"),
        ({"division_code": "119902"}, "invalid"),
        ({"unit_code": "NOBODY"}, "invalid"),
        ({"password": "Anju\x00-2024-ok"}, "invalid"),
        ({"username": "Ürgen"}, "invalid"),
    ],
)
async def test_refused_users(gateway: Gateway, changed: dict[str, Any], code: str) -> None:
    answer = await gateway.call(await gateway.admin(), "POST", "/v1/auth/users", json=body(**changed))
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert PASSWORD not in answer.text


async def test_update_and_versions(gateway: Gateway) -> None:
    root = await gateway.admin()
    user = await gateway.user(root, "clerk", ["office"])
    path = f"/v1/auth/users/{user['id']}"
    taken = await gateway.call(root, "POST", "/v1/auth/users", json=body(division_code="999901"))
    assert (taken.status_code, taken.json()["code"]) == (409, "name_taken")
    assert (await gateway.call(root, "PATCH", path, json={"name": "王"})).status_code == 428
    stale = await gateway.call(root, "PATCH", path, json={"name": "王"}, headers={"If-Match": '"9"'})
    assert stale.status_code == 412
    same = await gateway.call(root, "PATCH", path, json={"name": "clerk"}, headers={"If-Match": '"1"'})
    assert (same.status_code, same.headers["etag"]) == (200, '"1"')
    reset = {"password": "Another-2024-pw", "name": "王"}
    changed = await gateway.call(root, "PATCH", path, json=reset, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"], changed.json()["name"]) == (200, '"2"', "王")
    assert await gateway.login("clerk", "Another-2024-pw")
    unchanged = await gateway.call(root, "GET", path, headers={"If-None-Match": '"2"'})
    assert unchanged.status_code == 304


async def test_an_admin_cannot_lock_itself_out(gateway: Gateway) -> None:
    root = await gateway.admin()
    me = (await gateway.call(root, "GET", "/v1/auth/me")).json()["subject"].removeprefix("user:")
    answer = await gateway.call(root, "POST", f"/v1/auth/users/{me}/disable")
    assert (answer.status_code, answer.json()["code"]) == (409, "own_account")
    roles = {"json": {"roles": ["auditor"]}, "headers": {"If-Match": '"1"'}}
    assert (await gateway.call(root, "PATCH", f"/v1/auth/users/{me}", **roles)).status_code == 409


async def test_change_password(gateway: Gateway) -> None:
    root = await gateway.admin()
    wrong = {"current_password": "wrong", "new_password": "Second-Login-2024"}
    answer = await gateway.call(root, "POST", "/v1/auth/me/password", json=wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_password")
    right = wrong | {"current_password": ADMIN_PASSWORD}
    assert (await gateway.call(root, "POST", "/v1/auth/me/password", json=right)).status_code == 204
    assert await gateway.login(ADMIN, "Second-Login-2024")


async def test_clients(gateway: Gateway) -> None:
    root = await gateway.admin()
    await gateway.user(root, "admin-city", ["admin"], "999900")
    await gateway.user(root, "admin-02", ["admin"], "999902")
    city, county = await gateway.login("admin-city"), await gateway.login("admin-02")
    service = PLATFORM | {"role": "service", "id": "petitions"}
    assert (await gateway.call(city, "POST", "/v1/auth/clients", json=service)).status_code == 403
    assert (await gateway.call(root, "POST", "/v1/auth/clients", json=service)).status_code == 403
    assert (await gateway.call(county, "POST", "/v1/auth/clients", json=PLATFORM)).status_code == 404
    made = await gateway.call(city, "POST", "/v1/auth/clients", json=PLATFORM)
    assert made.status_code == 201
    secret = made.json()["secret"]
    assert secret not in (await gateway.call(city, "GET", "/v1/auth/clients/platform")).text
    grant = {"grant_type": "client_credentials", "client_id": "platform", "client_secret": secret}
    machine = (await gateway.grant(**grant)).json()["access_token"]
    assert (await gateway.call(machine, "GET", "/v1/auth/me")).json()["scope"] == "9999"
    assert (await gateway.call(machine, "GET", "/v1/auth/users")).status_code == 403
    assert (await gateway.call(county, "POST", "/v1/auth/clients/platform/rotate-secret")).status_code == 404
    rotated = (await gateway.call(city, "POST", "/v1/auth/clients/platform/rotate-secret")).json()["secret"]
    assert (await gateway.grant(**grant)).status_code == 401
    assert (await gateway.grant(**(grant | {"client_secret": rotated}))).status_code == 200
    assert (await gateway.call(city, "POST", "/v1/auth/clients/platform/disable")).json()["disabled"]
    assert (await gateway.grant(**(grant | {"client_secret": rotated}))).status_code == 401


async def test_a_secret_is_not_kept_for_retries(gateway: Gateway) -> None:
    root = await gateway.admin()
    key = {"Idempotency-Key": "create-platform-1"}
    first = await gateway.call(root, "POST", "/v1/auth/clients", json=PLATFORM, headers=key)
    again = await gateway.call(root, "POST", "/v1/auth/clients", json=PLATFORM, headers=key)
    assert again.status_code == 201
    assert again.json() == first.json() | {"secret": None}


async def test_pages_of_users(gateway: Gateway) -> None:
    root = await gateway.admin()
    for number in range(5):
        await gateway.user(root, f"clerk-{number}", ["office"])
    seen, cursor = [], ""
    while True:
        page = (await gateway.call(root, "GET", f"/v1/auth/users?limit=2&role=office{cursor}")).json()
        seen += [user["username"] for user in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == [f"clerk-{number}" for number in range(5)]
    other = await gateway.call(root, "GET", f"/v1/auth/users?limit=2&role=admin{cursor}")
    assert (other.status_code, other.json()["code"]) == (422, "bad_cursor")
