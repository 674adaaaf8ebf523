"""One OpenAPI document out of every service's: pure, and strict where generated clients would break."""

from collections.abc import Iterator, Mapping
from typing import Any

Document = dict[str, Any]
Component = tuple[str, str]
"""Kind and name: `("schemas", "ProjectOut")`."""

METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
PROBLEM = "application/problem+json"
SCHEME = "OAuth2"
TOKEN_URL = "/v1/auth/token"  # noqa: S105 # an address, not a secret
INFO = {
    "title": "安居 Anju 接口",
    "version": "1",
    "description": "问题楼盘化解工作平台。所有服务经网关提供；错误一律为 `application/problem+json`。",
}
_ROOT = "#/components/"


class MergeError(Exception):
    """The documents contradict each other; the message names the services and what they share."""


def merge(documents: Mapping[str, Document]) -> Document:
    """Merge documents by service name, in the order given.

    An operationId or a path in two services is a `MergeError`, as are another OpenAPI version and a reference to a
    component nobody has. A component that is the same everywhere stays one; one that differs is named after its
    service in each: `ProjectsPage`. FastAPI documents errors as plain JSON; here they are problem documents.
    """
    versions = {document["openapi"] for document in documents.values()}
    if len(versions) != 1:
        raise MergeError(f"不同的 OpenAPI 版本：{'、'.join(sorted(versions))}")
    _check_operation_ids(documents)
    conflicting = _conflicting(documents)
    paths: Document = {}
    components: dict[str, Document] = {}
    tags: dict[str, Document] = {}
    for service, document in documents.items():
        names = {_ref(kind, name): _ref(kind, _own(service, name)) for kind, name in conflicting}
        for path, item in document["paths"].items():
            if path in paths:
                raise MergeError(f"地址 {path} 不止一个服务提供，其一为 {service}")
            paths[path] = _renamed(_house_rules(item), names)
        for kind, name in _components(document):
            kept = _own(service, name) if (kind, name) in conflicting else name
            components.setdefault(kind, {})[kept] = _renamed(document["components"][kind][name], names)
        tags |= {tag["name"]: tag for tag in document.get("tags", [])}
    flow = {"tokenUrl": TOKEN_URL, "refreshUrl": TOKEN_URL, "scopes": {}}
    scheme = {
        "type": "oauth2",
        "description": "用户用 password，机器用 client_credentials",
        "flows": {"password": flow, "clientCredentials": flow},
    }
    known = {_ref(kind, name) for kind, named in components.items() for name in named}
    dangling = {text for text in _strings([paths, components]) if text.startswith(_ROOT)} - known
    if dangling:
        raise MergeError(f"引用了不存在的组件：{'、'.join(sorted(dangling))}")
    return {
        "openapi": versions.pop(),
        "info": INFO,
        "servers": [{"url": "/"}],
        "tags": list(tags.values()),
        "security": [{SCHEME: []}],
        "paths": paths,
        "components": components | {"securitySchemes": {SCHEME: scheme}},
    }


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Path, method and operation of a document."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield path, method, operation


def _check_operation_ids(documents: Mapping[str, Document]) -> None:
    seen: dict[str, str] = {}
    for service, document in documents.items():
        for path, method, operation in operations(document):
            here = f"{service} {method.upper()} {path}"
            name = operation.get("operationId")
            if not name:
                raise MergeError(f"缺少 operationId：{here}")
            if name in seen:
                raise MergeError(f"operationId {name} 重复：{seen[name]} 与 {here}")
            seen[name] = here


def _components(document: Document) -> Iterator[Component]:
    for kind, named in document.get("components", {}).items():
        if kind != "securitySchemes":
            yield from ((kind, name) for name in named)


def _conflicting(documents: Mapping[str, Document]) -> set[Component]:
    """What differs between services, and whatever refers to such a thing from more than one service."""
    homes: dict[Component, list[Any]] = {}
    for document in documents.values():
        for kind, name in _components(document):
            homes.setdefault((kind, name), []).append(document["components"][kind][name])
    shared = {component: bodies for component, bodies in homes.items() if len(bodies) > 1}
    found = {component for component, bodies in shared.items() if any(body != bodies[0] for body in bodies)}
    while True:
        refs = {_ref(*component) for component in found}
        more = {c for c, bodies in shared.items() if c not in found and refs & set(_strings(bodies[0]))}
        if not more:
            return found
        found |= more


def _house_rules(item: Document) -> Document:
    return {key: _house_rule(value) if key in METHODS else value for key, value in item.items()}


def _house_rule(operation: Document) -> Document:
    """Public operations stay public, the others follow the document; every error has the one media type."""
    kept = {key: value for key, value in operation.items() if key != "security" or value == []}
    kept["responses"] = {
        status: _as_problem(response) if status.startswith(("4", "5")) else response
        for status, response in operation["responses"].items()
    }
    return kept


def _as_problem(response: Document) -> Document:
    content = dict(response.get("content", {}))
    plain = content.pop("application/json", None)
    return response | {"content": content | {PROBLEM: plain}} if plain else response


def _own(service: str, name: str) -> str:
    return service.title().replace("_", "") + name


def _ref(kind: str, name: str) -> str:
    return f"{_ROOT}{kind}/{name}"


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, dict):
        return {key: _renamed(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, names) for inner in value]
    return value
