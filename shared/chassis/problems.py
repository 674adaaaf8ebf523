"""Every non-2xx answer as `application/problem+json` (RFC 9457).

Two doors: `problem_body`/`problem_response` for code that holds a `Problem`, and `install` for a FastAPI app, which
maps framework errors and unexpected exceptions onto the same shape. Nothing that was sent is ever repeated.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared import errors
from shared.chassis import trace
from shared.errors import FieldError, Problem

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = "2"
log = logging.getLogger("anju.problems")

_BY_STATUS: dict[int, type[Problem]] = {
    kind.status: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Problem)
}

# pydantic's own English sentences can quote the input, so every message is ours.
_MESSAGES = {
    "missing": "必填",
    "extra_forbidden": "没有这个字段",
    "string_too_short": "不能为空",
    "string_too_long": "文字过长",
    "string_type": "须为文字",
    "string_pattern_mismatch": "格式不正确",
    "int_type": "须为整数",
    "bool_type": "须为 true 或 false",
    "greater_than_equal": "数值过小",
    "less_than_equal": "数值过大",
    "enum": "不在可选值之内",
    "literal_error": "不在可选值之内",
    "list_type": "须为列表",
    "too_long": "项数过多",
    "dict_type": "须为对象",
    "model_type": "须为对象",
    "model_attributes_type": "须为对象",
    "uuid_parsing": "编号格式不正确",
    "json_invalid": "不是合法的 JSON",
    "timezone_aware": "时间须带时区",
}


def problem_body(problem: Problem, *, trace_id: str, language: str | None = None) -> bytes:
    """The JSON document of a problem; `language` is the request's Accept-Language."""
    english = (language or "").lstrip().lower().startswith("en")
    return orjson.dumps(
        {
            "type": f"urn:anju:problem:{problem.code}",
            "title": problem.title_en if english else problem.title,
            "status": problem.status,
            "code": problem.code,
            "detail": problem.detail or problem.title,
            "errors": [{"pointer": e.pointer, "code": e.code, "message": e.message} for e in problem.errors],
            "trace_id": trace_id,
        }
    )


def problem_response(problem: Problem, *, trace_id: str, language: str | None = None) -> Response:
    headers = dict(problem.headers)
    if problem.status == 401:
        headers.setdefault("WWW-Authenticate", "Bearer")
    if problem.status in {429, 502, 503, 504}:
        headers.setdefault("Retry-After", RETRY_AFTER_SECONDS)
    body = problem_body(problem, trace_id=trace_id, language=language)
    return Response(body, problem.status, headers, media_type=MEDIA_TYPE)


def from_validation(found: Sequence[Mapping[str, Any]]) -> Problem:
    """pydantic's findings as one `Invalid`: pointers and our own sentences, never the input."""
    listed = []
    for error in found:
        place, *path = error["loc"]
        pointer = "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in path)
        if error["type"] == "extra_forbidden":
            # The name of an unknown field is input too.
            pointer = pointer.rsplit("/", 1)[0] or "/"
        if place != "body":
            pointer = f"{place}:{pointer.lstrip('/')}"
        message = _MESSAGES.get(error["type"])
        if message is None and error["type"] == "value_error":
            message = str(error.get("ctx", {}).get("error") or "不符合要求")
        listed.append(FieldError(pointer, error["type"], message or "不符合要求"))
    return errors.Invalid(f"{len(listed)} 处需要修改", listed)


def install(app: FastAPI) -> None:
    """Map everything that can go wrong in a FastAPI app onto a problem document."""

    def answer(request: Request, problem: Problem) -> Response:
        return problem_response(
            problem, trace_id=trace.current().trace_id, language=request.headers.get("accept-language")
        )

    async def on_problem(request: Request, exc: Exception) -> Response:
        assert isinstance(exc, Problem)
        return answer(request, exc)

    async def on_validation(request: Request, exc: Exception) -> Response:
        assert isinstance(exc, RequestValidationError)
        return answer(request, from_validation(exc.errors()))

    async def on_http(request: Request, exc: Exception) -> Response:
        assert isinstance(exc, HTTPException)
        kind = _BY_STATUS.get(exc.status_code, Problem)
        return answer(request, kind(headers=dict(exc.headers or {})))

    handlers: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
        Problem: on_problem,
        RequestValidationError: on_validation,
        HTTPException: on_http,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
