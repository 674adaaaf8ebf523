"""Lists: cursors, one predicate for list, count, export and statistics, and the contract of every item."""

import random
from typing import Any

import pytest

from shared.chassis.http import Cursors
from shared.schemas.projects.facts import ConstructionStatus, ListMembership, ProjectKind, ResolutionStatus
from shared.schemas.projects.ledger import ProjectPage
from tests.support.projects import County
from tests.support.sheets import cells_of

TOWNS, FIRMS, UNITS = ["城关镇", "东街道"], ["甲公司", "乙公司"], ["住建局", "自然资源局"]


async def fill(county: County, seed: int, size: int) -> None:
    rng = random.Random(seed)

    def perhaps(values: Any) -> Any:
        return rng.choice([*values, None])

    for number in range(size):
        await county.create(
            f"项目{number}{rng.choice(['花园', '新城'])}",
            aliases=rng.choice([[], [f"别名{number % 3}"]]),
            kind=rng.choice(list(ProjectKind)),
            lists=rng.sample(list(ListMembership), rng.randint(0, 2)),
            construction_status=perhaps(ConstructionStatus),
            resolution_status=perhaps(ResolutionStatus),
            location={"township": perhaps(TOWNS)},
            parties={"developer": perhaps(FIRMS)},
            work={
                "responsible_unit": perhaps(UNITS),
                "problem_types": perhaps([["funding"], ["funding", "legal"], []]),
                "problem_note": 'a "quote", a \\ and a\nline; 中文 \u2028',
            },
            size={"gfa_m2": perhaps(["0", "0.000001", "123456789012.5"])},
            money={"funding_gap_fen": perhaps([0, 10**15])},
            schedule={"stopped_on": perhaps(["2020-02-29"])},
        )


@pytest.mark.parametrize("sort", ["-updated_at", "updated_at", "project_code", "name"])
async def test_pages_hold_every_project_once_while_others_are_added(county: County, sort: str) -> None:
    await fill(county, 1, 12)
    known = set(await county.named())
    names: list[str] = []
    cursor = None
    while True:
        page = await county.read("/projects", sort=sort, limit=5, cursor=cursor)
        names += [p["name"] for p in page["items"]]
        cursor = page["next_cursor"]
        await county.create(f"新增{len(names)}")
        if cursor is None or len(names) > 60:
            break
    assert len(names) == len(set(names))
    assert known <= set(names)
    ordered = await county.every("/projects", sort=sort, limit=200)
    values = [p[sort.removeprefix("-")] for p in ordered]
    if sort != "name":  # ordered as the database's language has it
        assert values == sorted(values, reverse=sort.startswith("-"))
    assert ordered == await county.every("/projects", sort=sort, limit=3)


async def test_a_cursor_holds_only_for_the_question_it_was_made_for(county: County) -> None:
    await fill(county, 2, 3)
    page = await county.read("/projects", limit=1, sort="name")
    cursor = page["next_cursor"]
    assert (await county.call("GET", "/projects", params={"limit": 2, "sort": "name", "cursor": cursor})).is_success
    others: list[tuple[County, dict[str, Any]]] = [
        (county, {"cursor": cursor}),
        (county, {"cursor": cursor, "sort": "project_code"}),
        (county, {"cursor": cursor, "sort": "name", "kind": "shantytown"}),
        (county, {"cursor": cursor, "sort": "name", "q": "项"}),
        (County(county.projects, county.code, "user:2"), {"cursor": cursor, "sort": "name"}),
        (county.projects.county(), {"cursor": cursor, "sort": "name"}),
        (County(county.projects, f"{county.code[:4]}00"), {"cursor": cursor, "sort": "name"}),
    ]
    others += [
        (county, {"cursor": changed, "sort": "name"})
        for changed in (cursor[:-1], "A" + cursor[1:], cursor + "A", cursor[: len(cursor) // 2], "AAAA", cursor + "=")
        if changed != cursor
    ]
    for asking, query in others:
        answer = await asking.call("GET", "/projects", params=query)
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor"), query


async def test_a_cursor_signed_with_another_secret_is_refused(county: County) -> None:
    forged = Cursors(b"another secret of the tests").encode(["x", "018f0000-0000-7000-8000-000000000000"], [])
    assert (await county.call("GET", "/projects", params={"cursor": forged})).status_code == 422


async def test_items_are_the_contract(county: County) -> None:
    await fill(county, 3, 10)
    answer = await county.call("GET", "/projects", params={"limit": 10, "count": "true"})
    page = ProjectPage.model_validate_json(answer.text)
    assert page.total == 10
    for item in page.items:
        one = await county.read(f"/projects/{item.id}")
        one.pop("derived")
        assert ProjectPage.model_validate({"items": [one]}).items == [item]


QUESTIONS: list[dict[str, str]] = [
    {},
    {"kind": "shantytown"},
    {"list_membership": "whitelist"},
    {"construction_status": "stopped"},
    {"resolution_status": "resolved"},
    {"problem_type": "legal"},
    {"township": "城关镇"},
    {"developer": "甲公司"},
    {"responsible_unit": "住建局"},
    {"q": "花园"},
    {"q": "别名1"},
    {"q": "%"},
    {"kind": "stalled_housing", "township": "东街道"},
    {"developer": "乙公司", "problem_type": "funding", "q": "新城"},
    {"township": "'; drop table project; --"},
]


async def test_list_count_export_and_statistics_speak_of_the_same_projects(county: County) -> None:
    await fill(county, 4, 30)
    other = county.projects.county()
    await other.create("项目花园", kind="shantytown")
    nonempty = 0
    for question in QUESTIONS:
        listed = {p["project_code"] for p in await county.every("/projects", limit=7, **question)}
        page = await county.read("/projects", limit=1, count="true", **question)
        assert page["total"] == len(listed)
        book = await county.call("GET", "/export", params=question)
        cells = cells_of(book.content)
        header = next(i for i, row in enumerate(cells) if "项目编号" in row)
        codes = cells[header].index("项目编号")
        assert {row[codes] for row in cells[header + 1 :]} == listed
        for query in (question, {**question, "known_at": "2030-01-01T00:00:00Z"}):
            assert (await county.read("/statistics", **query))["projects"] == len(listed), question
        nonempty += bool(listed)
    assert nonempty >= 10
