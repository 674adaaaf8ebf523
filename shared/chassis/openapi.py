"""The OpenAPI document of one app, as `/docs` and generated clients need it."""

from typing import Any

from fastapi import FastAPI

from shared.chassis.permissions import is_public
from shared.chassis.problems import MEDIA_TYPE
from shared.schemas.base import ProblemOut

_REF = "#/components/schemas/{model}"
IF_MATCH: dict[str, Any] = {
    "required": True,
    "description": "要修改的版本，取自 ETag",
    "schema": {"type": "string", "pattern": r'^(W/)?"\d{1,9}(\.[A-Za-z0-9.:-]*)?"$', "examples": ['"1"']},
}
IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "idempotency-key",
    "in": "header",
    "description": "同一请求重试时用同一个值，结果只发生一次",
    "schema": {"type": "string", "pattern": "^[!-~]{8,128}$"},
}


def document(app: FastAPI) -> dict[str, Any]:
    """FastAPI's document with problem+json for every error, bearer security, and each operation's roles."""
    found = app.openapi()
    if found.get("x-anju"):
        return found
    permissions = app.state.permissions
    for path in found["paths"].values():
        for method, operation in path.items():
            responses = operation["responses"]
            if is_public(permissions, operation["operationId"]):
                operation["security"] = []
            _name_headers(method, operation)
            for status, response in responses.items():
                if status >= "400" and "application/problem+json" not in response.get("content", {}):
                    response["content"] = {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model=ProblemOut.__name__)}}}
            if operation.get("security") != []:
                operation["security"] = [{"oauth2": []}]
                operation["x-roles"] = sorted(permissions.get(operation["operationId"], ()))
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = ProblemOut.model_json_schema(ref_template=_REF)
    schemas |= problem.pop("$defs") | {ProblemOut.__name__: problem}
    found["components"]["securitySchemes"] = {
        "oauth2": {
            "type": "oauth2",
            "flows": {
                "password": {"tokenUrl": "/v1/auth/token", "refreshUrl": "/v1/auth/token", "scopes": {}},
                "clientCredentials": {"tokenUrl": "/v1/auth/token", "scopes": {}},
            },
        }
    }
    found["x-anju"] = {"service": app.state.settings.service}
    return found


def _name_headers(method: str, operation: dict[str, Any]) -> None:
    """If-Match is demanded, with an answer of its own (428); a retry of any POST may find the first still running."""
    for parameter in operation.get("parameters", []):
        if parameter["name"] == "if-match":
            parameter.update(IF_MATCH)
    if method == "post" and operation.get("security") != []:
        operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
        operation["responses"].setdefault("409", {"description": "与现有数据冲突，或同一请求正在处理"})
