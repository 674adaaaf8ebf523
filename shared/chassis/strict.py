"""Strict input: what nobody asked for is an error, told before the body is validated.

Unknown or repeated query names, NUL anywhere, a duplicate JSON key, NaN, and a wrong content type are 4xx here; types
and unknown body fields are the contract's business (`shared.schemas.base`).
"""

import json
from collections.abc import Iterable
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from starlette.datastructures import FormData
from starlette.requests import Request

from shared.errors import FieldError, Invalid, Problem, UnsupportedMediaType


class BadQuery(Invalid):
    code, title, title_en = "bad_query", "查询参数有误", "Bad query"


class BadJson(Problem):
    status, code, title, title_en = 400, "bad_json", "内容不是合法的 JSON", "Malformed JSON"


class BadPath(Problem):
    status, code, title, title_en = 400, "bad_path", "地址有误", "Bad path"


def check_target(request: Request, known: Iterable[str]) -> None:
    """The path carries no NUL; the query has only known names, each once."""
    raw_path: bytes = request.scope.get("raw_path") or b""
    if b"%00" in raw_path or "\x00" in request.scope["path"]:
        raise BadPath("地址中含有不允许的字符")
    query: bytes = request.scope["query_string"]
    if not query:
        return
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100)
    except (ValueError, UnicodeDecodeError):
        raise BadQuery("查询参数不是合法的 UTF-8 编码") from None
    names = [name for name, _ in pairs]
    allowed = sorted(known)
    if any("\x00" in text for pair in pairs for text in pair):
        raise BadQuery("查询参数中含有不允许的字符")
    if set(names) - set(allowed):
        accepted = "、".join(allowed) or "（无）"
        raise BadQuery("有不认识的查询参数", [FieldError("query:", "unknown_parameter", f"可用参数：{accepted}")])
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise BadQuery("查询参数重复", [FieldError(f"query:{n}", "repeated", "只能出现一次") for n in repeated])


def check_form(form: FormData, known: Iterable[str]) -> None:
    """Only known fields, each once, without NUL."""
    names = [name for name, _ in form.multi_items()]
    if any("\x00" in text for pair in form.multi_items() for text in pair if isinstance(text, str)):
        raise Invalid("表单中含有不允许的字符")
    if set(names) - set(known):
        accepted = "、".join(sorted(known))
        raise Invalid("有不认识的表单字段", [FieldError("/", "extra_forbidden", f"可用字段：{accepted}")])
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise Invalid("表单字段重复", [FieldError(f"/{name}", "repeated", "只能出现一次") for name in repeated])


def check_content_type(request: Request, expected: str) -> None:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    alternatives = {expected, "application/merge-patch+json"} if request.method == "PATCH" else {expected}
    if given not in alternatives:
        raise UnsupportedMediaType(f"Content-Type 须为 {expected}")


def loads(body: bytes) -> Any:
    """JSON without duplicate keys, NaN, NUL or lone surrogates."""

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(found)
        if len(result) != len(found):
            raise BadJson("同一个字段出现了两次")
        return result

    def constant(_: str) -> NoReturn:
        raise BadJson("不能使用 NaN 或 Infinity")

    try:
        return json.loads(body, object_pairs_hook=pairs, parse_constant=constant)
    except (ValueError, RecursionError):
        raise BadJson("内容不是合法的 UTF-8 JSON") from None
