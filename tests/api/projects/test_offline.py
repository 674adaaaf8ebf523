"""Export, edit offline, import: what was changed meanwhile is a conflict, and nothing is overwritten."""

from tests.support.projects import County
from tests.support.sheets import cells_of, edited


async def exported(county: County, **query: str) -> bytes:
    answer = await county.call("GET", "/export", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/vnd.openxmlformats")
    assert "filename*=UTF-8''" in answer.headers["content-disposition"]
    return answer.content


def address(content: bytes, name: str, head: str) -> str:
    """Where a project's value under a head stands."""
    cells = cells_of(content)
    header = next(i for i, row in enumerate(cells) if "项目名称" in row)
    names = cells[header].index("项目名称")
    row = next(i for i, r in enumerate(cells) if r[names] == name)
    column = cells[header].index(head)
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


async def two_projects(county: County) -> bytes:
    await county.create(
        "甲小区",
        aliases=["甲苑", "老甲"],
        construction_status="stopped",
        resolution_status="unresolved",
        size={"units_total": 100, "units_sold": 80, "gfa_m2": "12345.678901"},
        money={"funding_gap_fen": 123456789},
        schedule={"stopped_on": "2023-01-05"},
        work={"problem_types": ["funding", "legal"], "problem_note": "资金断裂；涉诉"},
    )
    await county.create("乙小区", size={"units_total": 50})
    return await exported(county)


async def test_an_export_that_nobody_edited_changes_nothing(county: County) -> None:
    book = await two_projects(county)
    before = await county.every("/projects")
    result = await county.load(book)
    assert result["unchanged"] == 2, result["rows"]
    assert await county.every("/projects") == before


async def test_an_edit_offline_is_taken_over(county: County) -> None:
    book = await two_projects(county)
    result = await county.load(edited(book, {address(book, "乙小区", "总套数"): 55}))
    assert (result["updated"], result["unchanged"]) == (1, 1)
    assert (await county.named())["乙小区"]["size"]["units_total"] == 55


async def test_a_row_changed_meanwhile_is_a_conflict_with_both_values(county: County) -> None:
    book = await two_projects(county)
    mine = edited(book, {address(book, "甲小区", "总套数"): 111, address(book, "乙小区", "总套数"): 55})
    await county.change((await county.named())["甲小区"], size={"units_total": 99})
    online = (await county.named())["甲小区"]
    result = await county.load(mine)
    rows = {r["name"]: r for r in result["rows"]}
    assert rows["乙小区"]["verdict"] == "updated"
    assert rows["甲小区"]["verdict"] == "conflict"
    (conflict,) = rows["甲小区"]["conflicts"]
    assert (conflict["fact"], conflict["current"], conflict["incoming"]) == ("units_total", 99, 111)
    assert conflict["cell"].endswith(address(book, "甲小区", "总套数"))
    assert (await county.named())["甲小区"] == online
    answer = await county.call("GET", f"/imports/{result['id']}/result")
    told = next(row for row in cells_of(answer.content) if "甲小区" in row)
    assert "冲突" in told
    assert any("99" in str(cell) and "111" in str(cell) for cell in told)


async def test_a_conflict_stops_an_import_that_wants_all_or_nothing(county: County) -> None:
    book = await two_projects(county)
    mine = edited(book, {address(book, "甲小区", "总套数"): 111, address(book, "乙小区", "总套数"): 55})
    await county.change((await county.named())["甲小区"], size={"units_total": 99})
    result = await county.load(mine, mode="all_or_nothing")
    assert (result["state"], result["conflicts"]) == ("rejected", 1)
    assert (await county.named())["乙小区"]["size"]["units_total"] == 50


async def test_a_row_key_nobody_knows_is_refused(county: County) -> None:
    book = await two_projects(county)
    strange = edited(book, {address(book, "乙小区", "项目ID"): "018f0000-0000-7000-8000-000000000000"})
    result = await county.load(strange)
    (refused,) = [r for r in result["rows"] if r["verdict"] == "rejected"]
    assert refused["errors"][0]["code"] == "unknown_row_key"


async def test_the_key_of_another_county_is_unknown_here(county: County) -> None:
    book = await two_projects(county)
    other = county.projects.county()
    result = await other.load(book)
    assert result["rejected"] == 2
    assert await other.named() == {}


async def test_an_export_holds_what_the_filter_lists(county: County) -> None:
    await two_projects(county)
    cells = cells_of(await exported(county, construction_status="stopped"))
    assert sum("甲小区" in row for row in cells) == 1
    assert not any("乙小区" in row for row in cells)
