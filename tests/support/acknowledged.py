"""What is in the databases of a house against what its clients were told: every change once, with its audit row, its
outbox row and its Idempotency-Key, and no change besides."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence

from deploy.parts import GATEWAY, PETITIONS, PROJECTS, SERVICES
from shared.chassis.permissions import ROLES
from tests.support.house import House
from tests.support.persistent import Acknowledged, Told
from tests.support.rows import rows

Versions = Counter[tuple[str, int]]
"""How often each version of a row was told of: once."""


def check_projects(house: House, told: Told) -> int:
    """Projects, imports, history, audit and outbox against what was acknowledged; gives the rows compared."""
    database = PROJECTS.database
    projects = rows(house.server, database, "select division_code, id::text, name, version, units_total from project")
    imported = {name: each for each in told.imports for name in each.names}
    created = {row["id"]: row["name"] for row in projects if row["name"] not in imported}
    assert created == {each.id: each.names[0] for each in told.projects}
    arrived = {row["name"]: row for row in projects if row["name"] in imported}
    assert arrived.keys() == imported.keys()
    assert len(projects) == len(told.projects) + len(imported)
    assert {(row["version"], row["units_total"]) for row in arrived.values()} == {(2, 120)}

    check_imports(house, database, "ledger_import", told.imports, told.updates)

    changes = rows(house.server, database, "select project_id::text, version, import_id::text from project_change")
    told_once = Counter({(row["id"], version): 1 for row in projects for version in range(1, row["version"] + 1)})
    assert Counter((row["project_id"], row["version"]) for row in changes) == told_once
    per_import = Counter(row["import_id"] for row in changes if row["import_id"])
    assert per_import == Counter({each.id: len(each.names) for each in (*told.imports, *told.updates)})
    everyone = (*told.projects, *told.imports, *told.updates)
    return len(projects) + check_journal(house, database, "project", told_once) + check_keys(house, database, everyone)


def check_petitions(house: House, told: Told) -> int:
    """Petitions, their numbers, acts, audit and outbox, and the registers they came in by; gives the rows compared."""
    database = PETITIONS.database
    columns = "id::text, petition_code, register_code, summary, version, acts, state"
    petitions = rows(house.server, database, f"select {columns} from petition")
    registered = [row for row in petitions if row["register_code"] is None]
    assert {row["id"]: row["summary"] for row in registered} == {each.id: each.names[0] for each in told.petitions}
    assert Counter(row["id"] for row in registered) == Counter(each.id for each in told.forwards)
    assert {(row["version"], row["acts"], row["state"]) for row in registered} == {(2, 2, "forwarded")}
    imported = Counter(row["register_code"] for row in petitions if row["register_code"] is not None)
    assert imported == Counter(code for each in told.registers for code in each.names)
    arrived = [row for row in petitions if row["register_code"] is not None]
    assert {(row["version"], row["acts"], row["state"]) for row in arrived} == {(2, 3, "accepted")}
    numbers: dict[str, list[int]] = {}
    for row in petitions:
        of_year, _, number = row["petition_code"].rpartition("-")
        numbers.setdefault(of_year, []).append(int(number))
    assert all(sorted(given) == list(range(1, len(given) + 1)) for given in numbers.values())

    acts = rows(house.server, database, "select petition_id::text, number from petition_act")
    done = Counter({(row["id"], number): 1 for row in petitions for number in range(1, row["acts"] + 1)})
    assert Counter((row["petition_id"], row["number"]) for row in acts) == done
    check_imports(house, database, "register_import", told.registers, told.acceptances)
    told_once = Counter({(row["id"], version): 1 for row in petitions for version in range(1, row["version"] + 1)})
    everyone = (*told.petitions, *told.forwards, *told.registers, *told.acceptances)
    compared = check_journal(house, database, "petition", told_once) + check_keys(house, database, everyone)
    return len(petitions) + len(acts) + compared


def check_imports(
    house: House, database: str, table: str, first: Sequence[Acknowledged], second: Sequence[Acknowledged]
) -> None:
    """The first made its rows, the second changed them all."""
    imports = rows(house.server, database, f"select id::text, state, outcome from {table}")
    assert Counter(row["id"] for row in imports) == Counter(each.id for each in (*first, *second))
    outcome = {row["id"]: row["outcome"] for row in imports}
    assert all(outcome[each.id]["created"] == len(each.names) for each in first)
    assert all(outcome[each.id]["updated"] == len(each.names) for each in second)


def check_units(house: House, told: Told) -> int:
    database = GATEWAY.database
    units = rows(house.server, database, "select id::text, version, code from unit")
    # The house gives each of its users a unit called after the role.
    of_users = {row["id"] for row in units if row["code"].lower() in ROLES}
    told_once = Counter({(unit_id, 1): 1 for unit_id in (*of_users, *(each.id for each in told.units))})
    assert Counter((row["id"], row["version"]) for row in units) == told_once
    return len(units) + check_journal(house, database, "unit", told_once) + check_keys(house, database, told.units)


def check_journal(house: House, database: str, subject: str, wanted: Versions) -> int:
    """One audit row and one outbox row for each version, and none besides."""
    audit = rows(
        house.server,
        database,
        "select subject_id, (body::json ->> 'version')::int as version from audit_entry "
        f"where subject_type = '{subject}'",
    )
    assert Counter((row["subject_id"], row["version"]) for row in audit) == wanted
    outbox = rows(
        house.server,
        database,
        f"select split_part(subject, '/', 2) as id, subject_version from outbox where subject like '{subject}/%'",
    )
    assert Counter((row["id"], row["subject_version"]) for row in outbox) == wanted
    return len(audit) + len(outbox)


def check_keys(house: House, database: str, everyone: Iterable[Acknowledged]) -> int:
    kept = rows(house.server, database, "select key from idempotency")
    assert {each.key for each in everyone} == {row["key"] for row in kept}
    return len(kept)


def check_jobs(house: House) -> None:
    """No job is left behind, nobody holds a transaction open for long."""
    for service in SERVICES:
        states = rows(house.server, service.database, "select state, count(*) from job group by 1")
        assert {row["state"] for row in states} == {"succeeded"}, service.name
    assert house.transactions_left() == set()


async def check_chains(house: House, counties: Iterable[str]) -> None:
    """Whole, and anchored up to its end by checkpoints of workers that were killed too."""
    for code in counties:
        async with house.client(await house.user("auditor", code)) as client:
            for path in ("/v1/projects/audit/verify", "/v1/petitions/audit/verify", "/v1/auth/audit/verify"):
                async with asyncio.timeout(60):
                    while True:
                        found = (await client.get(path)).json()
                        [chain] = found["chains"]
                        assert found["ok"], chain
                        assert chain["entries"] > 0
                        if chain["anchored_until"] == chain["entries"]:
                            break
                        await asyncio.sleep(0.2)
