from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.docs.merge import MergeError, merge

REF = {"$ref": "#/components/schemas/Page"}


def document(path: str = "/v1/a", operation_id: str = "list_a", **schemas: Any) -> dict[str, Any]:
    problem = {"content": {"application/json": {"schema": {"type": "object"}}, "application/problem+json": {}}}
    responses = {"200": {"content": REF if "Page" in schemas else {}}, "404": problem}
    operation = {"operationId": operation_id, "tags": ["台账"], "responses": responses}
    return {
        "openapi": "3.1.0",
        "paths": {path: {"get": operation | {"security": [{"HTTPBearer": []}]}}},
        "components": {"schemas": schemas, "securitySchemes": {"HTTPBearer": {"type": "http"}}},
    }


def test_equal_components_are_shared_and_refs_stay() -> None:
    page = {"type": "object"}
    merged = merge({"gateway": document(Page=page), "projects": document("/v1/b", "list_b", Page=page)})
    assert merged["components"]["schemas"] == {"Page": page}
    assert merged["paths"]["/v1/b"]["get"]["responses"]["200"]["content"] == REF


def test_different_components_are_named_after_their_service_wherever_they_are_referred_to() -> None:
    outer = {"properties": {"page": REF}, "discriminator": {"mapping": {"a": REF["$ref"]}}}
    merged = merge(
        {
            "gateway": document(Page={"type": "object"}, Outer=outer, Same={"type": "null"}),
            "projects": document("/v1/b", "list_b", Page={"type": "string"}, Outer=outer, Same={"type": "null"}),
        }
    )
    schemas = merged["components"]["schemas"]
    assert set(schemas) == {"GatewayPage", "ProjectsPage", "GatewayOuter", "ProjectsOuter", "Same"}
    assert schemas["ProjectsOuter"]["properties"]["page"]["$ref"] == "#/components/schemas/ProjectsPage"
    assert schemas["ProjectsOuter"]["discriminator"]["mapping"]["a"] == "#/components/schemas/ProjectsPage"
    assert merged["paths"]["/v1/a"]["get"]["responses"]["200"]["content"]["$ref"].endswith("/GatewayPage")


def test_one_security_scheme_for_all_but_public_operations() -> None:
    public = document("/v1/b", "create_token")
    public["paths"]["/v1/b"]["get"]["security"] = []
    merged = merge({"gateway": public, "projects": document()})
    assert list(merged["components"]["securitySchemes"]) == ["OAuth2"]
    flows = merged["components"]["securitySchemes"]["OAuth2"]["flows"]
    assert {flow["tokenUrl"] for flow in flows.values()} == {"/v1/auth/token"}
    assert "security" not in merged["paths"]["/v1/a"]["get"]
    assert merged["paths"]["/v1/b"]["get"]["security"] == []


def test_errors_are_documented_as_problems() -> None:
    response = merge({"gateway": document()})["paths"]["/v1/a"]["get"]["responses"]["404"]
    assert response["content"] == {"application/problem+json": {"schema": {"type": "object"}}}


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (document("/v1/b", "list_a"), "operationId list_a 重复：gateway GET /v1/a 与 projects GET /v1/b"),
        (document("/v1/a", "list_b"), "地址 /v1/a 不止一个服务提供"),
        (document("/v1/b", ""), "缺少 operationId：projects GET /v1/b"),
        (document("/v1/b", "list_b", Outer=REF), "引用了不存在的组件：#/components/schemas/Page"),
        (document("/v1/b", "list_b") | {"openapi": "3.0.3"}, "不同的 OpenAPI 版本"),
    ],
)
def test_contradictions_are_refused_by_name(other: dict[str, Any], says: str) -> None:
    with pytest.raises(MergeError, match=says):
        merge({"gateway": document(), "projects": other})


names = st.sampled_from(["A", "B", "C", "D"])
bodies = st.one_of(
    st.sampled_from([{"type": "object"}, {"type": "string"}]),
    names.map(lambda name: {"items": {"$ref": f"#/components/schemas/{name}"}}),
)
services = st.fixed_dictionaries({"A": bodies, "B": bodies, "C": bodies, "D": bodies})


def resolved(schemas: dict[str, Any], name: str, depth: int = 5) -> Any:
    body = schemas[name]
    if depth and "items" in body:
        return [resolved(schemas, body["items"]["$ref"].rpartition("/")[2], depth - 1)]
    return body.get("type")


@given(services, services)
def test_every_reference_means_after_the_merge_what_it_meant_before(one: dict[str, Any], two: dict[str, Any]) -> None:
    merged = merge({"one": document(**one), "two": document("/v1/b", "list_b", **two)})["components"]["schemas"]
    for service, schemas in (("One", one), ("Two", two)):
        for name in schemas:
            kept = service + name if service + name in merged else name
            assert resolved(merged, kept) == resolved(schemas, name)
