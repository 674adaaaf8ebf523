"""The OpenAPI document of one app, as `/docs` and generated clients need it."""

from typing import Any

from fastapi import FastAPI

from shared.chassis.problems import MEDIA_TYPE


def document(app: FastAPI) -> dict[str, Any]:
    """FastAPI's document with problem+json for every error, bearer security, and each operation's roles."""
    found = app.openapi()
    if found.get("x-anju"):
        return found
    permissions = app.state.permissions
    for path in found["paths"].values():
        for operation in path.values():
            responses = operation["responses"]
            if "HTTPValidationError" in str(responses.get("422")):
                responses["422"]["content"] = {
                    "application/json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}
                }
            for status, response in responses.items():
                content = response.get("content", {})
                if status >= "400" and "application/json" in content:
                    response["content"] = {MEDIA_TYPE: content["application/json"]}
            if operation.get("security") != []:
                operation["security"] = [{"oauth2": []}]
                operation["x-roles"] = sorted(permissions.get(operation["operationId"], ()))
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
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
