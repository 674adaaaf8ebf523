"""Divisions, units and persons."""

from shared.clients.gateway import GatewayClient
from tests.support.gateway import PROJECTS_SECRET, Gateway

UNIT = {
    "division_code": "999902",
    "code": "ZJJ",
    "name": "住房和城乡建设局",
    "kind": "department",
    "aliases": ["住建局"],
}
PERSON = {"division_code": "999902", "code": "P001", "name": "张三", "post": "副县长", "unit_code": "ZJJ"}


async def test_divisions_of_a_county(gateway: Gateway) -> None:
    root = await gateway.admin()
    await gateway.user(root, "clerk", ["office"], "999902")
    found = (await gateway.call(await gateway.login("clerk"), "GET", "/v1/directory/divisions")).json()["items"]
    assert [division["code"] for division in found] == ["000000", "990000", "999900", "999902"]
    found = (await gateway.call(root, "GET", "/v1/directory/divisions?limit=200")).json()["items"]
    assert {"999901", "999902"} <= {division["code"] for division in found}


async def test_units(gateway: Gateway) -> None:
    root = await gateway.admin()
    await gateway.user(root, "clerk-01", ["office"], "999901")
    other = await gateway.login("clerk-01")
    made = await gateway.call(root, "POST", "/v1/directory/units", json=UNIT)
    assert made.status_code == 201
    path = made.headers["location"]
    assert (await gateway.call(other, "GET", path)).status_code == 404
    assert (await gateway.call(other, "GET", "/v1/directory/units")).json()["items"] == []
    assert (await gateway.call(other, "POST", "/v1/directory/units", json=UNIT)).status_code == 404
    same_code = await gateway.call(root, "POST", "/v1/directory/units", json=UNIT | {"name": "另一个局", "aliases": []})
    assert (same_code.status_code, same_code.json()["code"]) == (409, "code_taken")
    same_name = await gateway.call(root, "POST", "/v1/directory/units", json=UNIT | {"code": "X", "name": "住建局"})
    assert (same_name.status_code, same_name.json()["code"]) == (409, "ambiguous_name")
    patch = {"json": {"aliases": ["县住建局", "住建"]}, "headers": {"If-Match": '"1"'}}
    changed = await gateway.call(root, "PATCH", path, **patch)
    assert (changed.json()["aliases"], changed.headers["etag"]) == (["县住建局", "住建"], '"2"')
    for q, count in (("建设", 1), ("住建", 1), ("住建局", 0)):
        found = await gateway.call(root, "GET", "/v1/directory/units", params={"q": q})
        assert len(found.json()["items"]) == count, q


async def test_persons(gateway: Gateway) -> None:
    root = await gateway.admin()
    unknown = await gateway.call(root, "POST", "/v1/directory/persons", json=PERSON)
    assert unknown.json()["errors"][0]["code"] == "unknown_unit"
    await gateway.call(root, "POST", "/v1/directory/units", json=UNIT)
    made = await gateway.call(root, "POST", "/v1/directory/persons", json=PERSON)
    assert made.status_code == 201
    patch = {"json": {"post": None, "aliases": ["张副县长"]}, "headers": {"If-Match": '"1"'}}
    changed = (await gateway.call(root, "PATCH", made.headers["location"], **patch)).json()
    assert (changed["post"], changed["aliases"], changed["unit_code"]) == (None, ["张副县长"], "ZJJ")
    await gateway.user(root, "builder", ["enterprise"])
    builder = await gateway.login("builder")
    assert (await gateway.call(builder, "GET", "/v1/directory/persons")).status_code == 403


async def test_a_service_reads_the_directory(gateway: Gateway) -> None:
    root = await gateway.admin()
    for number in range(201):
        unit = UNIT | {"code": f"U{number}", "name": f"单位{number}", "aliases": []}
        assert (await gateway.call(root, "POST", "/v1/directory/units", json=unit)).status_code == 201
    async with GatewayClient(gateway.url, "projects", PROJECTS_SECRET) as client:
        assert len(await client.list_units("999902")) == 201
        assert await client.list_persons("999902") == []
        assert await client.list_units("999901") == []
