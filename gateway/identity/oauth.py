"""The token endpoint's own form: RFC 6749 requests in, its error members beside ours out."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request
from starlette.responses import Response

from gateway.identity.login import GrantRefused, InvalidClient
from shared.chassis import trace
from shared.chassis.problems import problem_response
from shared.errors import Problem

FORM = "application/x-www-form-urlencoded"
MAX_VALUE = 4096


class NotAForm(GrantRefused):
    status, code, title, title_en = 415, "unsupported_media_type", "须为表单内容", "The content must be a form"


REQUEST_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        FORM: {
            "schema": {
                "type": "object",
                "required": ["grant_type"],
                "properties": {
                    "grant_type": {"type": "string", "enum": ["password", "refresh_token", "client_credentials"]},
                    "username": {"type": "string", "description": "grant_type=password"},
                    "password": {"type": "string", "format": "password", "description": "grant_type=password"},
                    "refresh_token": {"type": "string", "description": "grant_type=refresh_token，只能使用一次"},
                    "client_id": {"type": "string", "description": "grant_type=client_credentials，或用 HTTP Basic"},
                    "client_secret": {"type": "string", "format": "password"},
                },
            },
            "example": {"grant_type": "password", "username": "li.ming", "password": "Anju-2024-ok"},
        }
    },
}
ERROR_SCHEMA: dict[str, Any] = {
    "allOf": [
        {"$ref": "#/components/schemas/ProblemOut"},
        {
            "type": "object",
            "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
        },
    ]
}


async def read_form(request: Request) -> dict[str, str]:
    """Known and unknown parameters, each once; an empty value is an absent one (RFC 6749 3.2)."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise NotAForm(f"Content-Type 须为 {FORM}")
    try:
        pairs = parse_qsl(
            (await request.body()).decode(),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=50,
        )
    except ValueError:
        raise GrantRefused("不是合法的 UTF-8 表单") from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise GrantRefused("参数重复")
    if any("\x00" in value or len(value) > MAX_VALUE for _, value in pairs):
        raise GrantRefused("参数过长或含有不允许的字符")
    return {name: value for name, value in pairs if value}


def required(form: Mapping[str, str], name: str) -> str:
    """`name` is ours, so it may be told."""
    if name not in form:
        raise GrantRefused(f"缺少参数 {name}")
    return form[name]


def client_credentials(request: Request, form: Mapping[str, str]) -> tuple[str, str]:
    """(id, secret) from HTTP Basic or the form, never both (RFC 6749 2.3)."""
    kind, _, encoded = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return required(form, "client_id"), required(form, "client_secret")
    if "client_secret" in form:
        raise GrantRefused("客户端只能用一种方式证明身份")
    try:
        client_id, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise InvalidClient from None
    if not colon or "\x00" in client_id + secret:
        raise InvalidClient
    return client_id, secret


def refusal(request: Request, problem: Problem) -> Response:
    """A problem document that OAuth clients understand as well; `error_description` is ASCII by the RFC."""
    error = problem.error if isinstance(problem, GrantRefused) else "slow_down"
    if isinstance(problem, InvalidClient):
        problem.headers = {"WWW-Authenticate": 'Basic realm="anju"'} | dict(problem.headers)
    answer = problem_response(
        problem, trace_id=trace.current().trace_id, language=request.headers.get("accept-language")
    )
    body = orjson.loads(answer.body) | {"error": error, "error_description": problem.title_en}
    headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
    return Response(orjson.dumps(body), answer.status_code, headers | {"Pragma": "no-cache"})
