"""Who may do what: every operation of the house × every role × where the caller stands, on rows that exist.

The answers expected are in `tests/data/authorisation.txt`; whoever changes a permission changes a line there.
`ANJU_REGENERATE=authorisation` writes the file anew from what the house answers, to be read before it is committed.
"""

import asyncio
import os
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from joserfc import jwt
from joserfc.jwk import OKPKey
from starlette.routing import BaseRoute, Route

from deploy.parts import PARTS, SERVICES, Part
from gateway.docs.merge import operations
from gateway.settings import read_key
from shared.chassis.identity import Caller, claims_of, sign
from shared.chassis.permissions import ROLES
from shared.schemas.gateway.identity import NATION
from tests.support.calls import CALLS
from tests.support.county import CITY, COUNTY, NEIGHBOUR, Call, County
from tests.support.document import applications, merged_document
from tests.support.house import Headers, House

EXPECTED = Path(__file__).resolve().parent.parent / "data" / "authorisation.txt"
PLACES = {"own": COUNTY, "other": NEIGHBOUR, "above": CITY}
COLUMNS = ("anonymous", "forged", *ROLES)
OPEN_PATHS = {"/healthz", "/readyz", "/metrics", "/openapi.json", "/docs", "/docs/{name}"}
"""Routes outside the document: probes and the document itself, which hold nothing of any county."""
HEAD = f"""\
# What each caller is answered about rows of {COUNTY}. Columns are callers: without a token, with a token signed by
# another key, and one of each role. Rows are operations and where the caller stands: own = {COUNTY},
# other = {NEIGHBOUR}, above = the city {CITY}. The role `service` belongs to the nation, wherever it stands.
"""

Matrix = dict[tuple[str, str], list[str]]


async def caller(house: House, column: str, place: str) -> Headers:
    if column == "anonymous":
        return {}
    if column == "forged":
        key = stranger_called(str(read_key(house.secrets["ANJU_GATEWAY_SIGNING_KEY"]).kid))
        claims = claims_of(Caller("user:1", "forger", frozenset({"office", "admin"}), "", NATION)) | {"ver": 1}
        return bearer(sign(key, claims, audience="anju", seconds=300, kind="at+jwt"))
    return await house.user(column, NATION if column == "service" else PLACES[place])


def stranger_called(kid: str) -> OKPKey:
    """A fresh key under a name of one's choice."""
    pem = OKPKey.generate_key("Ed25519", private=True).as_pem(private=True)
    return OKPKey.import_key(pem, {"kid": kid})


def bearer(token: str) -> Headers:
    return {"Authorization": f"Bearer {token}"}


def belongs(path: str, part: Part) -> bool:
    """Whether this part answers the path; the gateway answers what no service does."""
    if part in SERVICES:
        return path.startswith(f"/v1/{part.name}/")
    return not any(belongs(path, service) for service in SERVICES)


@dataclass(frozen=True)
class Line:
    """One operation asked from one place, by each caller in turn."""

    county: County
    client: httpx.AsyncClient
    call: Call
    method: str
    path: str
    place: str
    roles: Collection[str]

    async def request(self, column: str) -> dict[str, Any]:
        who = await caller(self.county.house, column, self.place)
        asked = await self.call.request(self.county, self.method, self.path, granted=column in self.roles)
        return asked | {"headers": asked["headers"] | who}

    async def answer(self, column: str) -> str:
        return str((await self.client.request(**await self.request(column))).status_code)


async def answered(county: County, part: Part, place: str) -> Matrix:
    """Every operation of a part from one place, the callers of a line at the same time where they may."""
    matrix: Matrix = {}
    async with county.house.client() as client:
        document = (await client.get("/openapi.json")).json()
        for path, method, operation in operations(document):
            if not belongs(path, part):
                continue
            name, roles = operation["operationId"], operation.get("x-roles", COLUMNS)
            line = Line(county, client, CALLS[name], method, path, place, roles)
            if CALLS[name].if_match:  # who changes a thing makes the version that the next one has read stale
                matrix[name, place] = [await line.answer(column) for column in COLUMNS]
            else:
                asked = [await line.request(column) for column in COLUMNS]
                answers = await asyncio.gather(*(client.request(**request) for request in asked))
                matrix[name, place] = [str(answer.status_code) for answer in answers]
    return matrix


def written(matrix: Matrix) -> str:
    lines = [("operation", "place", *COLUMNS), *((*key, *statuses) for key, statuses in matrix.items())]
    widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
    shown = ["  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return HEAD + "\n".join(shown) + "\n"


def committed() -> Matrix:
    lines = [line.split() for line in EXPECTED.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {(name, place): statuses for name, place, *statuses in lines[1:]}


@pytest.mark.usefixtures("neighbour")  # whose units and persons bodies may name, whoever else seeded it before
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
async def test_every_route_answers_every_role_as_the_committed_table_says(
    county: County, part: Part, place: str
) -> None:
    found = await answered(county, part, place)
    expected = committed()
    if os.environ.get("ANJU_REGENERATE") == "authorisation":
        EXPECTED.write_text(written({key: found.get(key) or expected[key] for key in in_order(expected | found)}))
        expected = committed()
    assert found == {key: statuses for key, statuses in expected.items() if key in found}
    assert not [key for key, statuses in found.items() if any(status.startswith("5") for status in statuses)]


def in_order(matrix: Matrix) -> list[tuple[str, str]]:
    """The lines of operations that still exist, as the document has them."""
    names = [operation["operationId"] for _, _, operation in operations(merged_document())]
    return [(name, place) for name in names for place in PLACES if (name, place) in matrix]


def test_the_committed_table_is_in_the_order_of_the_document() -> None:
    assert list(committed()) == in_order(committed())
    assert EXPECTED.read_text(encoding="utf-8") == written(committed())


def routes_of(routes: Iterable[BaseRoute]) -> Iterator[Route]:
    """FastAPI keeps an included router as one entry."""
    for route in routes:
        if isinstance(route, Route):
            yield route
        else:
            yield from routes_of(route.original_router.routes)  # type: ignore[attr-defined]  # what an entry is, is private


def test_no_route_is_outside_the_table() -> None:
    """Read from the apps themselves: a route the document hides is one of the open ones."""
    routes = [route for app in applications().values() for route in routes_of(app.routes)]
    told = {route.operation_id for route in routes if isinstance(route, APIRoute) and route.include_in_schema}
    assert told == set(CALLS)
    assert {route.path for route in routes if not route.include_in_schema} == OPEN_PATHS


def unfit_tokens(house: House, service: Part, access: str) -> Mapping[str, str | None]:
    """What somebody inside the network could bring to a service's own port."""
    key = read_key(house.secrets["ANJU_GATEWAY_SIGNING_KEY"])
    named, unknown = stranger_called(str(key.kid)), stranger_called("nobody")
    claims = claims_of(Caller("user:1", "x", frozenset(ROLES), "", NATION))
    fit: dict[str, Any] = {"audience": service.name, "seconds": 30, "kind": "internal+jwt"}
    others = [{"audience": other.name} for other in SERVICES if other is not service]
    now = int(time.time())
    stated = claims | {"iss": "anju-gateway", "aud": service.name, "iat": now, "exp": now + 30}
    return {
        "none": None,
        "a client's access token": access,
        **{f"for {other['audience']}": sign(key, claims, **fit | other) for other in others},
        "for the door": sign(key, claims, **fit | {"audience": "anju"}),
        "expired": sign(key, claims, **fit | {"seconds": -60}),
        "of another kind": sign(key, claims, **fit | {"kind": "at+jwt"}),
        "by another key of the same name": sign(named, claims, **fit),
        "by a key nobody knows": sign(unknown, claims, **fit),
        "by another issuer": jwt.encode(
            {"alg": "Ed25519", "kid": key.kid, "typ": "internal+jwt"},
            stated | {"iss": "x"},
            key,
            algorithms=["Ed25519"],
        ),
        "no token at all": "x.y.z",
    }


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
async def test_a_service_believes_nobody_but_the_gateway(county: County, service: Part) -> None:
    house = county.house
    office = (await county.office())["Authorization"].removeprefix("Bearer ")
    key = read_key(house.secrets["ANJU_GATEWAY_SIGNING_KEY"])
    claims = claims_of(Caller("user:1", "x", frozenset({"auditor"}), COUNTY, COUNTY))
    fit = sign(key, claims, audience=service.name, seconds=30, kind="internal+jwt")
    async with house.client(url=house.urls[service.name]) as port:
        document = (await port.get("/openapi.json")).json()
        assert (await port.get(f"/v1/{service.name}/audit", headers=bearer(fit))).status_code == 200
        for path, method, operation in operations(document):
            request = await CALLS[operation["operationId"]].request(county, method, path)
            for what, token in unfit_tokens(house, service, office).items():
                headers = request["headers"] | ({} if token is None else bearer(token))
                answer: httpx.Response = await port.request(**request | {"headers": headers})
                assert answer.status_code == 401, f"{operation['operationId']} with a token {what}"
