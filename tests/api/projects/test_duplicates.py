"""Photos sent again, as they were or changed a little: the county's first is named, also when they come at once."""

import asyncio
import datetime as dt

from tests.support.evidence import add, honest, rows_of, with_site
from tests.support.photos import SHOTS, another, copies, jpeg, original
from tests.support.profile import count, report
from tests.support.projects import County, Projects


async def test_a_copy_names_its_original_across_projects_and_years(county: County) -> None:
    first, second = await with_site(county), await with_site(county, "乙小区")
    originals = count(4, 16)
    kept = [await add(county, first, honest(number)) for number in range(originals)]
    county.projects.clock.advance(dt.timedelta(days=400))
    found = total = 0
    for number in range(originals):
        for _, content in copies(original(number), number):
            made = await add(county, second, content)
            named = (made["duplicate_of"], made["duplicate_project_id"]) == (kept[number]["id"], first["id"])
            found, total = found + named, total + 1
            assert ("near_duplicate" in made["flags"]) == (made["likeness"] is not None)
    others = [jpeg(another(number, originals // SHOTS)) for number in range(count(8, 40))]
    mistaken = [p for p in others if "near_duplicate" in (await add(county, second, p))["flags"]]
    report("near duplicates over HTTP", copies=total, found=found, others=len(others), mistaken=len(mistaken))
    assert found / total >= 0.95
    assert not mistaken


async def test_another_county_is_not_searched(county: County, projects: Projects) -> None:
    await add(county, await with_site(county), honest())
    elsewhere = projects.county()
    made = await add(elsewhere, await with_site(elsewhere), honest())
    assert (made["duplicate_of"], {"exact_duplicate", "near_duplicate"} & set(made["flags"])) == (None, set())


async def test_the_same_photo_twice_at_once_is_one_file_and_the_second_is_marked(county: County) -> None:
    here, there = await with_site(county), await with_site(county, "乙小区")
    content = honest()
    made = await asyncio.gather(*(add(county, project, content) for project in (here, there, here)))
    unmarked = [e for e in made if "exact_duplicate" not in e["flags"]]
    assert len(unmarked) == 1
    assert {(e["duplicate_of"], e["likeness"]) for e in made if e not in unmarked} == {(unmarked[0]["id"], "1.0000")}
    assert (await rows_of(county, "stored_file"), await rows_of(county, "evidence")) == (1, 3)


async def test_two_copies_of_one_picture_at_once_see_each_other(county: County) -> None:
    project = await with_site(county)
    again = [jpeg(original(0), quality=quality) for quality in (90, 70, 50, 35)]
    made = await asyncio.gather(*(add(county, project, content) for content in again))
    first = [e for e in made if "near_duplicate" not in e["flags"]]
    assert len(first) == 1
    assert {e["duplicate_of"] for e in made if e not in first} == {first[0]["id"]}
