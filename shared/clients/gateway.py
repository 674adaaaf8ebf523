"""Typed calls of a service to the gateway, with the service's own credentials.

One client per process. Calls made while serving a request carry its trace; `on_behalf_of` is the internal token that
the request came with, for operations that ask for its caller's rights. Every error is a `Problem`.
"""

import asyncio
import datetime as dt
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Annotated, Any, Self, TypeVar
from uuid import UUID

import httpx
from fastapi import Depends, Request
from httpx_aiohttp import AiohttpTransport
from pydantic import BaseModel, ValidationError

from shared import errors
from shared.chassis import trace
from shared.errors import BadGateway, GatewayTimeout, Problem
from shared.schemas.audit import CheckpointOut, CheckpointPage, HeadIn, HeadsIn
from shared.schemas.gateway.directory import PersonOut, PersonPage, UnitOut, UnitPage
from shared.schemas.gateway.identity import TokenOut
from shared.schemas.projects.names import MOST_NAMES, FoundProject, FoundProjects

RENEW_BEFORE_SECONDS = 60
CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 10.0
PAGE = 200
CHECKPOINT_PAGE = 1000

Answer = TypeVar("Answer", bound=BaseModel)
_BY_STATUS: dict[int, type[Problem]] = {
    kind.status: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Problem)
}


class ProjectName(BaseModel):
    """What the projects service says a project is called; it says more."""

    project_id: UUID
    division_code: str
    project_code: str
    name: str
    developer: str | None = None


class Cases(BaseModel):
    case_count: int


class GroupVisitFigures(BaseModel):
    """`reference` stands for the petition and leads to nobody."""

    reference: str
    on: dt.date
    people_count: int


class PetitionFigures(BaseModel):
    """What the petitions service tells of a project: figures only; it says more."""

    project_id: UUID
    version: int
    open: Cases
    quiet_since: dt.date | None
    last_group_visit: GroupVisitFigures | None


class PetitionFiguresPage(BaseModel):
    items: list[PetitionFigures]
    next_cursor: str | None = None


class GatewayClient:
    """`async with GatewayClient(url, id, secret) as gateway:`; safe for many tasks of one loop."""

    def __init__(self, base_url: str, client_id: str, secret: str) -> None:
        self._id, self._secret = client_id, secret
        timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
        self._http = httpx.AsyncClient(base_url=base_url, timeout=timeout, transport=AiohttpTransport())
        self._token, self._renew_at = "", 0.0
        self._renewing = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def list_units(self, division_code: str | None, *, on_behalf_of: str | None = None) -> list[UnitOut]:
        """Every unit of one division, or of all that the asker may see."""
        return [
            unit
            for page in await self._pages(UnitPage, "/v1/directory/units", division_code, on_behalf_of)
            for unit in page.items
        ]

    async def list_persons(self, division_code: str | None, *, on_behalf_of: str | None = None) -> list[PersonOut]:
        """Every person of one division, or of all that the asker may see."""
        return [
            person
            for page in await self._pages(PersonPage, "/v1/directory/persons", division_code, on_behalf_of)
            for person in page.items
        ]

    async def name_project(self, project_id: UUID) -> ProjectName:
        """Which project this is, as the projects service has it now; `NotFound` where there is none."""
        return await self._call(ProjectName, "GET", f"/v1/projects/projects/{project_id}/progress-summary")

    async def find_projects(self, division_code: str, names: Sequence[str]) -> dict[str, FoundProject]:
        """Projects of one division by each name that means exactly one of them."""
        found: dict[str, FoundProject] = {}
        for first in range(0, len(names), MOST_NAMES):
            body = {"division_code": division_code, "names": names[first : first + MOST_NAMES]}
            page = await self._call(FoundProjects, "POST", "/v1/projects/projects/find-by-name", json=body)
            found |= {project.asked: project for project in page.items}
        return found

    async def list_petition_figures(self, division_code: str) -> list[PetitionFigures]:
        """Every project of one division that has petitions."""
        path = "/v1/petitions/project-summaries"
        pages = await self._pages(PetitionFiguresPage, path, division_code, None)
        return [project for page in pages for project in page.items]

    async def record_checkpoints(self, heads: Sequence[HeadIn]) -> list[CheckpointOut]:
        """Have the heads of the service's own audit chains signed; at most 1,000."""
        body = HeadsIn(heads=list(heads)).model_dump(mode="json")
        return (await self._call(CheckpointPage, "POST", "/v1/audit/checkpoints", json=body)).items

    async def list_checkpoints(self, scope: str) -> list[CheckpointOut]:
        """Every checkpoint of the service's own chains in a division prefix (`shared.storage.audit.Anchors`)."""
        query: dict[str, Any] = {"service": self._id, "limit": CHECKPOINT_PAGE}
        if scope:
            query["division_code"] = scope.ljust(6, "0")
        found: list[CheckpointOut] = []
        while True:
            page = await self._call(CheckpointPage, "GET", "/v1/audit/checkpoints", params=query)
            found += page.items
            if page.next_cursor is None:
                return found
            query["cursor"] = page.next_cursor

    async def _pages(
        self, kind: type[Answer], path: str, division_code: str | None, on_behalf_of: str | None
    ) -> list[Answer]:
        query: dict[str, Any] = {"limit": PAGE} | ({"division_code": division_code} if division_code else {})
        pages: list[Answer] = []
        while True:
            page = await self._call(kind, "GET", path, params=query, on_behalf_of=on_behalf_of)
            pages.append(page)
            following = getattr(page, "next_cursor", None)
            if following is None:
                return pages
            query["cursor"] = following

    async def _call(
        self,
        kind: type[Answer],
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        on_behalf_of: str | None = None,
    ) -> Answer:
        headers = {"traceparent": trace.current().traceparent}
        if on_behalf_of is not None:
            headers["X-Anju-On-Behalf-Of"] = on_behalf_of
        token = await self._current_token()
        answer = await self._send(method, path, headers | _bearer(token), params=params, json=json)
        if answer.status_code == 401:
            # The secret was rotated, or the gateway's key: one new token, then the answer stands.
            token = await self._current_token(refused=token)
            answer = await self._send(method, path, headers | _bearer(token), params=params, json=json)
        return _read(kind, answer)

    async def _current_token(self, refused: str | None = None) -> str:
        async with self._renewing:
            if self._token == (refused or "") or time.monotonic() >= self._renew_at:
                form = {"grant_type": "client_credentials", "client_id": self._id, "client_secret": self._secret}
                asked_at = time.monotonic()
                headers = {"traceparent": trace.current().traceparent}
                token = _read(TokenOut, await self._send("POST", "/v1/auth/token", headers, data=form))
                self._token = token.access_token
                self._renew_at = asked_at + token.expires_in - RENEW_BEFORE_SECONDS
            return self._token

    async def _send(self, method: str, path: str, headers: Mapping[str, str], **content: Any) -> httpx.Response:
        try:
            return await self._http.request(method, path, headers=dict(headers), **content)
        except (httpx.ReadTimeout, httpx.WriteTimeout):
            raise GatewayTimeout("网关响应超时") from None
        except httpx.HTTPError:
            raise BadGateway("无法连接网关") from None


async def current_gateway(request: Request) -> GatewayClient:
    gateway: GatewayClient = request.app.state.gateway
    return gateway


CurrentGateway = Annotated[GatewayClient, Depends(current_gateway)]


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _read(kind: type[Answer], answer: httpx.Response) -> Answer:
    """The answer as the contract has it; the gateway's problem as our own of the same status, without its details."""
    if answer.is_success:
        try:
            return kind.model_validate_json(answer.content)
        except ValidationError:
            raise BadGateway("网关的回答不符合约定") from None
    if answer.status_code == 401:
        # Our own credentials failed, not those of whoever is calling us.
        raise BadGateway("网关不接受本服务的客户端凭证")
    raise _BY_STATUS.get(answer.status_code, BadGateway)()
