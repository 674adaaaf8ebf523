"""ETag, If-Match, the page of a list and signed cursors, with the parameters routes take for them."""

import base64
import hashlib
import hmac
import re
from typing import Annotated, Any

import orjson
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from fastapi import Depends, Header, Query, Response
from starlette.requests import Request

from shared.errors import FieldError, Invalid, PreconditionRequired, Stale

_ETAG = re.compile(r'(?:W/)?"(\d{1,9})(?:\.[A-Za-z0-9.:-]*)?"')


class BadCursor(Invalid):
    code, title, title_en = "bad_cursor", "分页游标无效", "Bad cursor"


def etag(version: int, *parts: str) -> str:
    """`"7"`, or `"7.2026-11-23"` where the answer also depends on the day, the view, …"""
    return f'"{".".join([str(version), *parts])}"'


def created(response: Response, location: str, version: int) -> None:
    """What a 201 says beside its body: where the new thing is, and which version of it this is."""
    response.headers["Location"] = location
    response.headers["ETag"] = etag(version)


def not_modified(request: Request, tag: str) -> Response | None:
    """304 when `If-None-Match` names this tag."""
    given = [t.strip().removeprefix("W/") for t in request.headers.get("if-none-match", "").split(",")]
    return Response(status_code=304, headers={"ETag": tag}) if tag in given or given == ["*"] else None


async def if_match(if_match: Annotated[str | None, Header(description="要修改的版本，取自 ETag")] = None) -> int:
    """The version a change is based on: 428 when absent, 412 when it is no version of ours."""
    if not if_match or if_match.strip() == "*":
        raise PreconditionRequired("修改前请先读取，并在 If-Match 中带上所读到的 ETag")
    found = _ETAG.fullmatch(if_match.strip())
    if found is None:
        raise Stale("If-Match 中的版本号无效，请重新读取")
    return int(found[1])


IfMatch = Annotated[int, Depends(if_match)]
Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=500)]


def require_version(current: int, given: int) -> None:
    if current != given:
        raise Stale(f"当前版本为 {current}，请刷新后再改")


class Cursors:
    """Opaque positions in a list, signed and bound to the filter, sort and caller's scope they were made for.

    Made under the first secret, taken under any: a list that is being read outlives a change of key.
    """

    def __init__(self, *secrets: bytes) -> None:
        self._keys = [HKDF(SHA256(), 32, None, b"anju cursor").derive(secret) for secret in secrets]

    def _sign(self, key: bytes, body: bytes, bound_to: Any) -> bytes:
        context = orjson.dumps(bound_to, option=orjson.OPT_SORT_KEYS, default=str)
        return hmac.digest(key, hashlib.sha256(context).digest() + body, "sha256")[:16]

    def encode(self, position: list[Any], bound_to: Any) -> str:
        body = orjson.dumps(position, default=str)
        return base64.urlsafe_b64encode(self._sign(self._keys[0], body, bound_to) + body).rstrip(b"=").decode()

    def decode(self, cursor: str, bound_to: Any) -> list[Any]:
        try:
            raw = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except ValueError:
            raw = b""
        # The spare bits of the last character are the caller's own work too.
        is_ours = base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == cursor
        signed = any(hmac.compare_digest(self._sign(key, raw[16:], bound_to), raw[:16]) for key in self._keys)
        if not is_ours or not signed:
            message = "请从第一页重新开始；游标只对同样的筛选和排序有效"
            raise BadCursor(errors=[FieldError("query:cursor", "bad_cursor", message)])
        position: list[Any] = orjson.loads(raw[16:])
        return position
