"""schemathesis against the running house: what the document promises is what every operation does.

For each operation: a call that must succeed, boundary cases of the document, and drawn ones, valid and not, NUL
included, as callers of every role and place; drawn calls go as they are or to rows that exist. Nothing may answer
5xx, with a status or shape the document does not have, or take what the document calls invalid.
"""

import asyncio
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.config import ChecksConfig, ProjectConfig, ProjectsConfig
from schemathesis.specs.openapi.schemas import OpenApiSchema

from shared.chassis.permissions import ROLES
from shared.schemas.gateway.identity import NATION
from tests.support.calls import CALLS
from tests.support.county import CITY, COUNTY, NEIGHBOUR, Call, County
from tests.support.house import PASSWORD, Headers, House
from tests.support.profile import SEED, count, report
from tests.support.watching import WATCH

Operation = schemathesis.APIOperation[Any, Any, Any, Any]
Case = schemathesis.Case[Any]
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
BOUNDARY, DRAWN = 60, 40
"""Calls of one operation in a proof: of as many operations as there are, what fits its time."""
REFUSED_BY_RULE = ("400", "412", "413", "415", "422", "431")
"""The document says what is well formed; rules of the ledger, versions, grants and workbooks say more."""


@dataclass
class Contract:
    """The document of the running house, and a token of every role in every place."""

    county: County
    schema: OpenApiSchema
    callers: Mapping[tuple[str, str], Headers]
    answers: dict[str, Counter[int]] = field(default_factory=dict)

    def note(self, operation: str, status: int) -> None:
        self.answers.setdefault(operation, Counter())[status] += 1


@pytest.fixture(scope="session")
async def contract(house: House, county: County) -> Contract:
    load_all_checks()
    checks = ChecksConfig()
    for check, more in (
        (checks.positive_data_acceptance, REFUSED_BY_RULE),
        (checks.negative_data_rejection, ("412", "413", "431")),
        (checks.missing_required_header, ("428",)),
    ):
        check.expected_statuses = [*check.expected_statuses, *more]
    config = schemathesis.Config(projects=ProjectsConfig(default=ProjectConfig(checks=checks)))
    async with house.client() as client:
        document = (await client.get("/openapi.json")).json()
    callers: dict[tuple[str, str], Headers] = {("anonymous", COUNTY): {}}
    for role, place in itertools.product(ROLES, (COUNTY, NEIGHBOUR, CITY)):
        where = NATION if role == "service" else place
        callers[role, where] = await house.user(role, where)
    return Contract(county, schemathesis.openapi.from_dict(document, config=config), callers)


def permitted(contract: Contract, operation: Operation) -> list[tuple[str, str]]:
    """Callers at home in the county, or the nation's service, whom the document lets in; who sees every row first."""
    roles = operation.definition.raw.get("x-roles", ["office"])
    found = [who for who in contract.callers if who[0] in roles and who[1] in (COUNTY, NATION)]
    return sorted(found, key=lambda who: who[0] != "petition_office" or "/petitions/" not in operation.path)


async def valid_call(contract: Contract, operation: Operation) -> dict[str, Any]:
    """A call that the house grants, with the headers of who may make it."""
    county, name = contract.county, operation.definition.raw["operationId"]
    headers = contract.callers[permitted(contract, operation)[0]]
    call = CALLS[name]
    if name == "create_token":
        call = Call(form=county.house.client_grant("platform", COUNTY))
    if name == "change_password":
        headers = await county.new_account()
        call = Call(json={"current_password": PASSWORD, "new_password": "Anju-2024-changed"})
    request = await call.request(county, operation.method, operation.path)
    return request | {"headers": request["headers"] | headers}


def with_nul(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The same call with NUL in one text of it: the address, the query, the form, the body."""
    yield request | {"url": request["url"] + "%00"}
    yield request | {"params": (request["params"] or {}) | {"limit": "1\x00"}}
    for part in ("params", "data", "json"):
        for name, value in (request.get(part) or {}).items():
            if isinstance(value, str):
                yield request | {part: request[part] | {name: value + "\x00"}}


def on_real_rows(contract: Contract, case: Case) -> Case:
    """The drawn case about rows that exist, in the version that is there."""
    rows = contract.county.rows
    if case.path_parameters:
        case.path_parameters = {name: rows.get(name, value) for name, value in case.path_parameters.items()}
    if "if-match" in (case.headers or {}):
        keepers = {"projects": "office", "petitions": "petition_office"}
        keeper = contract.callers[keepers.get(case.operation.path.split("/")[2], "admin"), COUNTY]
        row = f"{case.operation.path.partition('}')[0]}}}".format(**rows)
        found = httpx.get(contract.county.house.gateway_url + row, headers=keeper, verify=False)
        case.headers = type(case.headers)(case.headers, **{"if-match": found.headers["etag"]})
    if "idempotency-key" in (case.headers or {}):
        # A key drawn twice is a retry: it is given the first answer, whatever else this case got wrong.
        case.headers = type(case.headers)(case.headers, **{"idempotency-key": f"drawn-{contract.county.number()}"})
    # Assigned, not changed in place: schemathesis then judges anew whether the case is still an invalid one.
    if isinstance(case.query, dict) and "division_code" in case.query:
        case.query = case.query | {"division_code": COUNTY}
    if isinstance(case.body, dict) and "division_code" in case.body:
        case.body = case.body | {"division_code": COUNTY}
    return case


@pytest.mark.parametrize("name", sorted(CALLS))
async def test_an_operation_keeps_its_contract(contract: Contract, name: str) -> None:
    operation = contract.schema.find_operation_by_id(name)
    first = await valid_call(contract, operation)
    async with contract.county.house.client() as client:
        for request in (first, *with_nul(first)):
            answer = await client.request(**request)
            answer.request.read()  # what was sent, for schemathesis to show
            contract.note(name, answer.status_code)
            assert answer.is_success if request is first else answer.is_client_error, answer.text
            operation.Case(path_parameters=contract.county.rows).validate_response(answer)
    await asyncio.to_thread(explore, contract, operation, name)
    tally = contract.answers[name]
    granted = sum(number for status, number in tally.items() if 200 <= status < 300)
    print(f"{name}: {granted}/{tally.total()} 2xx, {dict(sorted(tally.items()))}")
    report(f"contract of {name}", granted=granted, calls=tally.total())


def explore(contract: Contract, operation: Operation, name: str) -> None:
    """Synchronous, as schemathesis is."""
    base = contract.county.house.gateway_url
    callers, at_home = list(contract.callers), permitted(contract, operation)

    def ask(case: Case, who: tuple[str, str]) -> None:
        answer = case.call(base_url=base, headers=contract.callers[who])
        headers = {name: ", ".join(values) for name, values in answer.headers.items()}
        WATCH.answer(case.method, case.formatted_path, answer.status_code, headers, answer.content or b"")
        if case.method.upper() == operation.method.upper():  # an OPTIONS granted says nothing of the operation
            contract.note(name, answer.status_code)
        case.validate_response(answer, headers=contract.callers[who], transport_kwargs={"base_url": base})

    generation = operation.schema.config.generation_for(operation=operation)
    boundary = contract.schema.iter_coverage_cases(operation, generation_modes=MODES, generation_config=generation)
    for case in itertools.islice(boundary, count(5, BOUNDARY)):
        ask(case, at_home[0])

    can_be_invalid = bool(operation.path_parameters or operation.query or operation.body or operation.headers)
    modes = MODES if can_be_invalid else MODES[:1]
    cases = [operation.as_strategy(generation_mode=mode) for mode in modes]

    @seed(SEED)
    @settings(
        max_examples=count(6, DRAWN),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(
        case=st.one_of(cases),
        who=st.one_of(st.sampled_from(at_home), st.sampled_from(callers)),
        real=st.booleans(),
    )
    def drawn(case: Case, who: tuple[str, str], real: bool) -> None:
        ask(on_real_rows(contract, case) if real else case, who)

    drawn()


def test_every_operation_has_a_call(contract: Contract) -> None:
    document: Mapping[str, Any] = contract.schema.raw_schema
    named = {operation["operationId"] for item in document["paths"].values() for operation in item.values()}
    assert named == set(CALLS)
