"""The documentation page needs nobody but us."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from gateway.docs import pages
from shared.chassis import problems
from tests.support.listening import listening

POLICY = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"


def service(path: str, operation_id: str) -> FastAPI:
    app = FastAPI()

    async def answer() -> dict[str, int]:
        return {}

    app.add_api_route(path, answer, operation_id=operation_id)
    problems.install(app)
    return app


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with listening(service("/v1/projects/x", "get_x")) as port:
        app = service("/v1/own", "get_own")
        documents = pages.Documents(app.openapi, {"projects": f"http://127.0.0.1:{port}"})
        app.router.routes[:0] = pages.routes(documents)
        async with listening(app) as own, httpx.AsyncClient(base_url=f"http://127.0.0.1:{own}") as client:
            yield client


async def test_the_document_is_everybodys(client: httpx.AsyncClient) -> None:
    answer = await client.get("/openapi.json")
    assert set(answer.json()["paths"]) == {"/v1/own", "/v1/projects/x"}
    again = await client.get("/openapi.json", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_service_that_is_away_makes_the_document_unavailable(unused_tcp_port: int) -> None:
    app = service("/v1/own", "get_own")
    documents = pages.Documents(app.openapi, {"projects": f"http://127.0.0.1:{unused_tcp_port}"})
    app.router.routes[:0] = pages.routes(documents)
    async with listening(app) as port, httpx.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{port}/openapi.json")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


async def test_the_page_and_all_it_loads_are_ours(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    loads = re.findall(r'(?:src|href)="([^"]*)"', page.text)
    assert len(loads) == 4
    assert "<style" not in page.text
    assert " style=" not in page.text
    assert not re.search(r"<script(?![^>]* src=)|\son\w+=", page.text)
    sheet = (await client.get("/docs/swagger-ui.css")).text
    icons = re.findall(r"url\(([^)]*)\)", sheet)
    assert icons
    assert "@import" not in sheet
    for address in loads + icons:
        assert address.startswith("/docs/")
        answer = await client.get(address)
        assert answer.status_code == 200
        assert answer.headers["content-security-policy"] == POLICY
    start = (await client.get("/docs/init.js")).text
    assert "validatorUrl: null" in start
    assert "://" not in start


async def test_head_answers_as_get_does(client: httpx.AsyncClient) -> None:
    for path in ("/docs", "/docs/init.js", "/openapi.json"):
        get, head = await client.get(path), await client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == get.headers["content-length"]


async def test_an_unknown_file_is_404(client: httpx.AsyncClient) -> None:
    answer = await client.get("/docs/merge.py")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
