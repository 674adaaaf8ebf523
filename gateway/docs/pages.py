"""`/openapi.json` and `/docs`: one document, one page, no outside host.

The page runs under `default-src 'self'` and nothing more: no inline script or style. Swagger UI's sheet carries its
icons as `data:` addresses, which that policy refuses, so they are served as files of their own. ReDoc has no page
here: it needs inline styles, a worker from a blob, and draws its logo from an outside host.
"""

import base64
import hashlib
import re
import time
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote_to_bytes

import aiohttp
import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.docs.merge import Document, merge
from shared.errors import NotFound, Unavailable

POLICY = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
FRESH_SECONDS = 30.0
ASK_SECONDS = 30.0
"""A service that has just started is still writing its document."""
METHODS = ["GET", "HEAD"]

_OWN = Path(__file__).parent / "static"
_ICON = re.compile(rb'url\("?data:(image/[a-z+]+)[^,"]*?(;base64)?,((?:\\.|[^"\\])*?)"?\)')
_TYPES = {"html": "text/html", "js": "text/javascript", "css": "text/css", "png": "image/png"}


class Documents:
    """The merged document of the gateway's `own` routes and of every service; asked again after `FRESH_SECONDS`."""

    def __init__(self, own: Callable[[], Document], upstreams: Mapping[str, str]) -> None:
        self._own, self._upstreams = own, upstreams
        self._body = b""
        self._until = 0.0

    async def body(self) -> bytes:
        """Canonical JSON. `Unavailable` while a service cannot be asked; `MergeError` is a fault of ours."""
        if time.monotonic() >= self._until:
            documents = {"gateway": self._own()}
            timeout = aiohttp.ClientTimeout(total=ASK_SECONDS)
            try:
                async with aiohttp.ClientSession(timeout=timeout) as session:
                    for service, url in self._upstreams.items():
                        async with session.get(f"{url}/openapi.json") as answer:
                            answer.raise_for_status()
                            documents[service] = orjson.loads(await answer.read())
            except (aiohttp.ClientError, TimeoutError, ValueError):
                raise Unavailable("暂时无法取得服务的接口文档") from None
            self._body, self._until = orjson.dumps(merge(documents)), time.monotonic() + FRESH_SECONDS
        return self._body


def routes(documents: Documents) -> list[Route]:
    """To stand before the routes of the gateway's app, whose own `/openapi.json` they replace; public."""
    assets = _assets()

    async def document(request: Request) -> Response:
        return _answer(request, await documents.body(), "application/json")

    async def asset(request: Request) -> Response:
        name = request.path_params.get("name", "docs.html")
        if name not in assets:
            raise NotFound("没有这个地址")
        body, media_type = assets[name]
        return _answer(request, body, media_type)

    return [
        Route("/openapi.json", document, methods=METHODS, include_in_schema=False),
        Route("/docs", asset, methods=METHODS, include_in_schema=False),
        Route("/docs/{name}", asset, methods=METHODS, include_in_schema=False),
    ]


def _answer(request: Request, body: bytes, media_type: str) -> Response:
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Content-Security-Policy": POLICY}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def _assets() -> dict[str, tuple[bytes, str]]:
    """File name → content and media type."""
    shipped = files("fastapi_offline") / "static"
    named = {name: (shipped / name).read_bytes() for name in ("swagger-ui-bundle.js", "favicon.png")}
    named |= {path.name: path.read_bytes() for path in _OWN.iterdir()}
    assets = {name: (body, _TYPES[name.rpartition(".")[2]]) for name, body in named.items()}

    def take_out(found: re.Match[bytes]) -> bytes:
        data = found[3].replace(b'\\"', b'"')
        name = f"icon-{len(assets)}"
        assets[name] = (base64.b64decode(data) if found[2] else unquote_to_bytes(data), found[1].decode())
        return f"url(/docs/{name})".encode()

    sheet = _ICON.sub(take_out, (shipped / "swagger-ui.css").read_bytes())
    assets["swagger-ui.css"] = (sheet, _TYPES["css"])
    return assets
