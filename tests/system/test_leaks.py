"""What people send by mistake stays with them: an ID number and a phone, planted wherever a request has room for
them, come back in no error and stand in no log of any process."""

import asyncio
import io
import secrets
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import openpyxl
import pytest

from gateway.docs.merge import Document, operations
from shared.schemas.gateway.identity import NATION
from tests.support.county import COUNTY, LEDGER, County
from tests.support.house import Headers, House
from tests.support.profile import report
from tests.support.sheets import XLSX

ID_NUMBER, PHONE = "11010519491231002X", "13812345678"
PLANTED = f"{ID_NUMBER} {PHONE}"
HEADERS = (
    "if-match",
    "if-none-match",
    "idempotency-key",
    "x-request-id",
    "traceparent",
    "accept",
    "accept-language",
    "content-type",
    "origin",
    "referer",
    "user-agent",
    "x-anju-on-behalf-of",
    "x-forwarded-for",
    "x-forwarded-host",
    ID_NUMBER,
)
Request = dict[str, Any]
SHARES = 8
"""Of the operations, each a test of its own."""


def resolved(document: Document, schema: Any) -> Any:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def bodies(document: Document, schema: Any) -> Iterator[Any]:
    """A body for each field the schema knows, however deep, with the planted words there and nowhere else."""
    schema = resolved(document, schema)
    for option in schema.get("anyOf", ()):
        yield from bodies(document, option)
    for name, inner in schema.get("properties", {}).items():
        yield {name: PLANTED}
        yield {name: int(PHONE)}
        for deeper in bodies(document, inner):
            yield {name: deeper}
    if "items" in schema:
        yield [PLANTED]
        yield from ([deeper] for deeper in bodies(document, schema["items"]))


def spoilt(document: Document, county: County, path: str, method: str, operation: Document) -> Iterator[Request]:
    """Every request of one operation with the planted words in one place of it."""
    url, body = path.format(**county.rows), operation.get("requestBody", {}).get("content", {})
    names = [parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "query"]
    for name in (*names, ID_NUMBER, "unknown"):
        yield {"url": url, "params": {name: PLANTED}}
    for name in county.rows:
        if f"{{{name}}}" in path:
            for word in (ID_NUMBER, PHONE, f"{PHONE}%00", f"..%2F{ID_NUMBER}", f"{ID_NUMBER}/{PHONE}"):
                yield {"url": path.format(**county.rows | {name: word})}
    for name in HEADERS:
        yield {"url": url, "headers": {name: ID_NUMBER}}
    if json := body.get("application/json"):
        for spoiled in bodies(document, json["schema"]):
            yield {"url": url, "json": spoiled | {"unknown": PLANTED, ID_NUMBER: 1}}
        broken = (
            f'{{"name": "{PLANTED}", "name": "{PLANTED}"',
            f'"{PLANTED}"',
            f"[{PHONE}, NaN]",
            f'{{"{ID_NUMBER}": 1e999}}',
        )
        for text in broken:
            yield {"url": url, "content": text.encode(), "headers": {"content-type": "application/json"}}
    if form := body.get("multipart/form-data") or body.get("application/x-www-form-urlencoded"):
        for name in (*resolved(document, form["schema"])["properties"], ID_NUMBER):
            yield {"url": url, "data": {name: PLANTED}}
            yield {"url": url, "data": {name: PLANTED}, "files": {"file": (f"{PLANTED}.xlsx", PLANTED.encode())}}
            yield {"url": url, "files": {name: (f"{PLANTED}.xlsx", PLANTED.encode(), PLANTED)}}


def reveals(answer: httpx.Response) -> bool:
    said = answer.text + repr(answer.headers.multi_items())
    return ID_NUMBER in said or PHONE in said


@pytest.fixture(scope="module")
async def client(house: House, county: County) -> AsyncIterator[httpx.AsyncClient]:
    async with house.client() as client:
        yield client


async def keeper(county: County, operation: Document) -> Headers:
    """Someone the operation lets in."""
    role = "office" if "office" in operation.get("x-roles", ["office"]) else operation["x-roles"][0]
    return await county.house.user(role, NATION if role == "service" else COUNTY)


async def everything_logged(house: House, client: httpx.AsyncClient) -> str:
    """All logs once a request sent now is in them."""
    mark = secrets.token_hex(16)
    await client.get("/v1/projects/projects", headers={"traceparent": f"00-{mark}-{'1' * 16}-01"})
    for _ in range(100):
        logged = house.log_text()
        if logged.count(mark) >= 1:
            await asyncio.sleep(0.5)
            return house.log_text()
        await asyncio.sleep(0.1)
    raise AssertionError("the request was never logged")


def assert_not_logged(logged: str) -> None:
    assert [line for line in logged.splitlines() if ID_NUMBER in line or PHONE in line] == []


@pytest.mark.parametrize("share", range(SHARES))
async def test_planted_words_are_in_no_error_and_no_log(county: County, client: httpx.AsyncClient, share: int) -> None:
    document = (await client.get("/openapi.json")).json()
    sent = refused = 0
    for path, method, operation in list(operations(document))[share::SHARES]:
        who = await keeper(county, operation)
        for request in spoilt(document, county, path, method, operation):
            headers = (
                who | request.pop("headers", {}) if operation.get("security") != [] else request.pop("headers", {})
            )
            answer = await client.request(method.upper(), **request, headers=headers)
            sent += 1
            assert answer.status_code < 500, f"{operation['operationId']} {request}"
            if answer.status_code >= 400:
                refused += 1
                assert not reveals(answer), f"{operation['operationId']} {request} {answer.text}"
    report("planted words", share=share, sent=sent, refused=refused)
    assert refused > 500
    assert_not_logged(await everything_logged(county.house, client))


async def test_planted_words_in_a_token_or_an_unknown_address_stay_there(
    county: County, client: httpx.AsyncClient
) -> None:
    for headers in ({"authorization": f"Bearer {ID_NUMBER}"}, {"authorization": PLANTED}):
        for path in ("/v1/projects/projects", "/v1/auth/me", f"/v1/{ID_NUMBER}", f"/{ID_NUMBER}?{PHONE}={PHONE}"):
            answer = await client.get(path, headers=headers)
            assert answer.status_code in (401, 404)
            assert not reveals(answer)
    assert_not_logged(await everything_logged(county.house, client))


async def test_a_taken_name_is_told_without_repeating_it(county: County, client: httpx.AsyncClient) -> None:
    """Uniqueness is the database's word, and PostgreSQL likes to quote the key."""
    office, admin = await county.office(), await county.house.user("admin", COUNTY)
    here = {"division_code": COUNTY}
    project, unit = {"name": PLANTED, "project_code": PLANTED}, {"code": ID_NUMBER, "name": "甲局", "kind": "other"}
    user = {"username": f"u{PHONE}", "name": PLANTED, "password": f"Aa-{PLANTED}", "roles": ["leader"]}
    taken: tuple[tuple[Headers, str, dict[str, Any], dict[str, Any]], ...] = (
        (office, "/v1/projects/projects", project, {}),
        (office, "/v1/projects/projects", project, {"name": f"{PLANTED} 二"}),
        (office, "/v1/projects/projects", project, {"project_code": None}),
        (admin, "/v1/directory/units", unit, {"name": "乙局"}),
        (admin, "/v1/directory/units", unit | {"code": "C", "name": PLANTED}, {"code": "D"}),
        (admin, "/v1/directory/persons", {"code": ID_NUMBER, "name": PLANTED}, {}),
        (admin, "/v1/auth/users", user, {}),
        (admin, "/v1/auth/clients", {"id": f"c{PHONE}", "name": PLANTED, "role": "platform"}, {}),
    )
    for who, path, body, other in taken:
        await client.post(path, json=body | here, headers=who)
        answer = await client.post(path, json=body | other | here, headers=who)
        assert answer.status_code == 409, answer.text
        assert not reveals(answer), answer.text
    changed = await client.patch(
        f"/v1/projects/projects/{await county.new_project()}",
        json={"name": PLANTED},
        headers=office | {"if-match": '"1"'},
    )
    assert changed.status_code == 409
    assert not reveals(changed)
    assert_not_logged(await everything_logged(county.house, client))


def workbook() -> bytes:
    """The seed's ledger with the planted words in cells of every column and in a row of its own.

    Not in the sheet's name: that is half of a cell's address, which an error must tell.
    """
    book = openpyxl.load_workbook(LEDGER)
    sheet = book.active
    assert sheet is not None
    for column in range(1, sheet.max_column + 1):
        for row in range(4, sheet.max_row + 1, 2):
            if not isinstance(cell := sheet.cell(row, column), openpyxl.cell.cell.MergedCell):
                cell.value = PLANTED
    sheet.cell(sheet.max_row + 1, 2, PLANTED)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("mode", ["row_by_row", "all_or_nothing"])
async def test_cells_of_a_workbook_are_pointed_at_not_quoted(
    county: County, client: httpx.AsyncClient, mode: str
) -> None:
    office = await county.office()
    file = {"file": (f"{PLANTED}.xlsx", workbook(), XLSX)}
    accepted = await client.post("/v1/projects/imports?dry_run=true", files=file, data={"mode": mode}, headers=office)
    if accepted.status_code >= 400:
        assert not reveals(accepted)
    else:
        found = await county.ended(accepted.headers["location"])
        assert found["rejected"] > 0
        told = repr([found["errors"], *(row["errors"] + row["notes"] for row in found["rows"])])
        assert ID_NUMBER not in told
        assert PHONE not in told
    assert_not_logged(await everything_logged(county.house, client))


async def test_bytes_that_are_no_request_leave_no_trace(house: House, client: httpx.AsyncClient) -> None:
    for url in house.urls.values():
        host, port = url.removeprefix("http://").split(":")
        for text in (
            f"{ID_NUMBER} /{PHONE} HTTP/1.1\r\nhost: x\r\n\r\n",
            f"GET /{PHONE} HTTP/9.9\r\n{ID_NUMBER}\r\n\r\n",
            f"{PLANTED}\r\n\r\n",
            f"POST /v1/projects/projects HTTP/1.1\r\nhost: x\r\ncontent-length: {ID_NUMBER}\r\n\r\n",
            f"GET /?{PHONE}= HTTP/1.1\r\nhost: x\r\n{ID_NUMBER}: {'1' * 70000}\r\n\r\n",
        ):
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(text.encode())
            answered = await asyncio.wait_for(reader.read(65536), 15)
            writer.close()
            assert ID_NUMBER.encode() not in answered
            assert PHONE.encode() not in answered
    assert_not_logged(await everything_logged(house, client))
