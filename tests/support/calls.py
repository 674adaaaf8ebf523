"""A county with one of everything, and for each operation of the house a call that its keeper may make."""

from collections.abc import Mapping

import pytest

from tests.support.county import COUNTY, HERE, LEDGER, LEDGERS, NEIGHBOUR, Call, County
from tests.support.house import House
from tests.support.work import (
    closeout,
    clues,
    duty,
    enterprises,
    evidence,
    meetings,
    paths,
    petitions_citizen,
    petitions_imports,
    petitions_kpis,
    petitions_leaders,
    petitions_life,
    petitions_public_order,
    petitions_ratings,
    petitions_registry,
    petitions_reminders,
    petitions_repeats,
    petitions_summaries,
    petitions_warnings,
    plan,
    problems,
    progress,
    quality,
    supervision,
)

FEATURES = (
    duty,
    plan,
    paths,
    enterprises,
    clues,
    problems,
    meetings,
    progress,
    evidence,
    quality,
    closeout,
    supervision,
    petitions_registry,
    petitions_repeats,
    petitions_summaries,
    petitions_warnings,
    petitions_life,
    petitions_kpis,
    petitions_imports,
    petitions_leaders,
    petitions_ratings,
    petitions_citizen,
    petitions_reminders,
    petitions_public_order,
)
"""In this order: a feature's rows may lean on those of the features before it."""


async def seeded(house: House, code: str) -> County:
    """Everything a call of `CALLS` needs."""
    county = County(house, code)
    admin = await house.user("admin", code)
    user = {"username": f"target-{code}", "name": "对象", "roles": ["department"], "password": "Anju-2024-target"}
    client = {"id": f"target-{code}", "name": "对象", "role": "platform"}
    unit = {"code": "TARGET", "name": "对象局", "kind": "department"}
    person = {"code": "TARGET", "name": "对象"}
    for name, path, body in (
        ("user_id", "/v1/auth/users", user),
        ("client_id", "/v1/auth/clients", client),
        ("unit_id", "/v1/directory/units", unit),
        ("person_id", "/v1/directory/persons", person),
    ):
        county.rows[name] = (await county.post(path, admin, body | {"division_code": code}))["id"]
    county.rows["import_id"] = await county.import_ledger(LEDGERS[code])
    county.rows["project_id"] = await county.new_project()
    county.rows["name"] = "truth_signals"
    for feature in FEATURES:
        await feature.seed(county)
    return county


@pytest.fixture(scope="session")
async def county(house: House) -> County:
    """One for all tests of a session, which may add to it but never take away."""
    return await seeded(house, COUNTY)


@pytest.fixture(scope="session")
async def neighbour(house: House) -> County:
    return await seeded(house, NEIGHBOUR)


STATUS = {"reason": "现场核实"}
HOUSE: Mapping[str, Call] = {
    "get_jwks": Call(),
    "create_token": Call(form={"grant_type": "password"}),
    "get_me": Call(),
    "change_password": Call(json={"current_password": "Not-my-2024-word", "new_password": "Anju-2024-newer"}),
    "list_users": Call(),
    "create_user": Call(
        json=HERE | {"username": "made-{n}", "name": "新人", "password": "Anju-2024-made", "roles": ["township"]}
    ),
    "get_user": Call(),
    "update_user": Call(json={"name": "对象"}, if_match=True),
    "disable_user": Call(),
    "enable_user": Call(),
    "revoke_tokens": Call(),
    "list_clients": Call(),
    "create_client": Call(json=HERE | {"id": "made-{n}", "name": "新平台", "role": "platform"}),
    "get_client": Call(),
    "rotate_client_secret": Call(),
    "disable_client": Call(),
    "list_divisions": Call(),
    "list_units": Call(query=HERE),
    "create_unit": Call(json=HERE | {"code": "U{n}", "name": "新设 {n} 局", "kind": "department"}),
    "get_unit": Call(),
    "update_unit": Call(json={"name": "对象局"}, if_match=True),
    "list_persons": Call(query=HERE),
    "create_person": Call(json=HERE | {"code": "P{n}", "name": "新人"}),
    "get_person": Call(),
    "update_person": Call(json={"name": "对象"}, if_match=True),
    "record_checkpoints": Call(json={"heads": [HERE | {"seq": 1, "hash": "0" * 64}]}),
    "list_checkpoints": Call(query=HERE),
    "list_gateway_audit_entries": Call(query=HERE),
    "verify_gateway_audit": Call(query=HERE),
    "list_project_labels": Call(),
    "list_projects": Call(query=HERE | {"count": "true"}),
    "create_project": Call(json=HERE | {"name": "新报 {county} {n} 号院"}),
    "get_project": Call(),
    "update_project": Call(json={"aliases": ["别名"]}, on_new_project=True, if_match=True),
    "change_construction_status": Call(json=STATUS | {"to": "stopped"}, on_new_project=True, if_match=True),
    "change_resolution_status": Call(json=STATUS | {"to": "resolving"}, on_new_project=True, if_match=True),
    "get_project_history": Call(),
    "find_projects_by_name": Call(json=HERE | {"names": ["星河湾畔"]}),
    "get_project_statistics": Call(query=HERE),
    "list_contradictions": Call(query=HERE),
    "list_unmapped_names": Call(query=HERE),
    "import_ledger": Call(query={"dry_run": "true"}, form=HERE, file=LEDGER),
    "list_imports": Call(),
    "get_import": Call(),
    "download_import_result": Call(),
    "export_ledger": Call(query=HERE),
    "list_thresholds": Call(),
    "get_threshold": Call(),
    "set_threshold": Call(json={"value": 3, "reason": "县委专题会议纪要"}, if_match=True),
    "list_audit_entries": Call(query=HERE),
    "verify_audit": Call(query=HERE),
    "list_petitions_audit_entries": Call(query=HERE),
    "verify_petitions_audit": Call(query=HERE),
}
CALLS: Mapping[str, Call] = {
    name: call for part in (HOUSE, *(f.CALLS for f in FEATURES)) for name, call in part.items()
}
"""Every operation. Their rows exist, their words are valid: what is refused is refused for who is calling."""
