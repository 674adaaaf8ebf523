"""What an answer costs: a number of statements that does not grow with the ledger."""

from typing import Any

import pytest

from tests.support.projects import County, Statements
from tests.support.sheets import ledger


@pytest.mark.parametrize(
    ("path", "query", "cost"),
    [
        ("/projects", {}, 3),
        ("/projects", {"count": "true"}, 4),
        ("/statistics", {}, 4),
        ("/statistics", {"known_at": "2030-01-01T00:00:00Z"}, 4),
        ("/contradictions", {}, 4),
        ("/export", {}, 3),
    ],
)
async def test_reading_the_ledger_costs_the_same_whatever_its_size(
    county: County, statements: Statements, path: str, query: dict[str, Any], cost: int
) -> None:
    for size in (1, 12):
        for number in range(size):
            await county.create(f"第{size}批第{number}")
        statements.texts.clear()
        answer = await county.call("GET", path, params=query)
        assert answer.status_code == 200
        assert len(statements) == cost, statements.texts


async def test_one_project_is_one_statement(county: County, statements: Statements) -> None:
    project = await county.create("甲")
    statements.texts.clear()
    await county.read(f"/projects/{project['id']}")
    assert len(statements) == 3, statements.texts
    statements.texts.clear()
    await county.read(f"/projects/{project['id']}/history")
    assert len(statements) == 4, statements.texts


async def test_creating_costs_the_same_with_and_without_a_key(county: County, statements: Statements) -> None:
    await county.create("占位")
    statements.texts.clear()
    await county.create("甲")
    plain = len(statements)
    statements.texts.clear()
    body = {"division_code": county.code, "name": "乙"}
    await county.call("POST", "/projects", json=body, headers={"Idempotency-Key": "a-key-of-this-test"})
    assert plain == 8, statements.texts
    assert len(statements) == plain + 3, "the lock, the look and the answer kept"


async def test_an_import_costs_the_same_whatever_its_size(county: County, statements: Statements) -> None:
    costs = []
    for size in (100, 200):
        rows = [[f"第{size}批第{n}小区", n] for n in range(size)]
        await county.upload(ledger(["项目名称", "总套数"], *rows))
        statements.texts.clear()
        await county.projects.run_jobs()
        costs.append(len(statements))
    assert costs[0] == costs[1], statements.texts
