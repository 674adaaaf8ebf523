"""Lists of the register: one predicate for list, count and export, one statement a page, Chinese words in summaries."""

import io
from typing import Any

import openpyxl
import pytest

from shared.schemas.petitions.registry import PetitionItem, PetitionOut, PetitionPage
from tests.support.intake import DETAILS, MASKED, PERSON, known_petition, petition
from tests.support.petitions import County, Petitions, Statements

BODY = "ZJJ"


@pytest.fixture
async def county(petition_county: County) -> County:
    await petition_county.unit(BODY, "住建局")
    return petition_county


async def codes(county: County, **query: Any) -> list[str]:
    """The ends of the numbers of what is listed; a count and an export of the same say as many."""
    listed = await county.every("/petitions", limit=2, **query)
    page = await county.read("/petitions", count="true", limit=1, **query)
    assert page["total"] == len(listed)
    if "sort" not in query:
        answer = await county.call("GET", "/export", params=query)
        assert answer.status_code == 200, answer.text
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert sheet is not None
        assert {row[0].value for row in sheet.iter_rows(min_row=4)} == {one["petition_code"] for one in listed}
    return [one["petition_code"][-1] for one in listed]


@pytest.fixture
async def seven(county: County) -> County:
    for facts in (
        {"registered_on": "2026-11-02", "content_class": "010101"},
        {"registered_on": "2026-11-09", "demand": "wages", "channel_detail": DETAILS["hotline"]},
        {"registered_on": "2026-11-16", "summary": "反映农民工工资被拖欠", "content_class": "030101"},
        {"registered_on": "2026-11-20", "people_count": 5, "township": "城关镇"},
        {"registered_on": "2026-11-20", "petition_class": "accusation"},
        {"registered_on": "2026-11-23", "to_unit": BODY, "petition_class": "appeal_claim"},
        {"registered_on": "2026-11-23", "people_count": 9, "channel_detail": DETAILS["letter"]},
    ):
        await county.create(**known_petition(**facts))
    return county


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "7654321"),
        ({"sort": "registered_on"}, "1234567"),
        ({"sort": "due"}, "1234567"),
        ({"sort": "internal_due"}, "1234567"),
        ({"state": "forwarded"}, "6"),
        ({"petition_class": "appeal_claim"}, "6"),
        ({"channel": "hotline"}, "2"),
        ({"demand": "wages"}, "2"),
        ({"content_class": "01"}, "1"),
        ({"content_class": "030101"}, "3"),
        ({"visit_level": "city"}, "65431"),
        ({"township": "城关镇"}, "4"),
        ({"body_unit_code": BODY}, "6"),
        ({"is_sealed": "true"}, "5"),
        ({"is_group": "true"}, "4"),
        ({"is_group": "false", "is_sealed": "false"}, "76321"),
        ({"is_repeat": "true"}, ""),
        ({"is_linked": "false", "channel": "hotline"}, "2"),
        ({"registered_from": "2026-11-16", "registered_until": "2026-11-20"}, "543"),
        ({"due_until": "2026-11-24"}, "21"),
        ({"due_from": "2026-12-08"}, "76"),
        ({"internal_due_until": "2026-11-17"}, "1"),
        ({"q": "农民工"}, "3"),
        ({"q": "逾期", "demand": "wages"}, "2"),
        ({"q": "欧阳"}, ""),
        ({"q": "%"}, ""),
    ],
)
async def test_every_filter_means_the_same_in_list_count_and_export(
    seven: County, query: dict[str, Any], expected: str
) -> None:
    assert "".join(await codes(seven, **query)) == expected


async def test_a_page_is_what_the_contract_says_and_costs_one_statement(
    seven: County, petition_statements: Statements
) -> None:
    for sort in ("due", "internal_due", "registered_on", "-registered_on"):
        petition_statements.texts.clear()
        answer = await seven.call("GET", "/petitions", params={"sort": sort, "limit": 200})
        assert len(petition_statements) == 3, petition_statements.texts
        page = PetitionPage.model_validate_json(answer.content)
        assert [item.petitioner for item in page.items] == [MASKED["name"]] * 7
    petition_statements.texts.clear()
    await seven.call("GET", "/petitions", params={"sort": "due", "count": "true"})
    assert len(petition_statements) == 4
    one = PetitionOut.model_validate(await seven.read(f"/petitions/{page.items[0].id}"))
    assert PetitionItem(**{name: getattr(one, name) for name in PetitionItem.model_fields}) == page.items[0]


async def test_words_are_looked_for_in_one_county(petitions: Petitions, seven: County) -> None:
    city = petitions.token("petition_office", f"{seven.code[:4]}00")
    answer = await petitions.call(city, "GET", "/petitions", params={"q": "逾期"})
    assert answer.json()["errors"][0]["pointer"] == "query:division_code"
    answer = await petitions.call(city, "GET", "/petitions", params={"q": "逾期", "division_code": seven.code})
    assert len(answer.json()["items"]) == 6
    due = await petitions.call(city, "GET", "/petitions", params={"sort": "due", "limit": 200})
    days = [item["next_due_on"] for item in due.json()["items"]]
    assert days == sorted(days)
    assert (await petitions.county().call("GET", "/petitions")).json()["items"] == []


async def test_a_unit_lists_what_was_sent_to_it(seven: County) -> None:
    async def seen(**who: Any) -> list[str]:
        answer = await seven.call("GET", "/petitions", params={"sort": "due", "count": "true"}, **who)
        assert answer.json()["total"] == len(answer.json()["items"])
        return [item["petition_code"][-1] for item in answer.json()["items"]]

    assert await seen(role="department", unit=BODY) == ["6"]
    assert await seen(role="department", unit="RSJ") == []
    assert await seen(role="township") == []
    assert await seen(role="leader") == ["1", "2", "3", "4", "6", "7"]


async def test_a_cursor_is_good_for_the_same_question_only(seven: County) -> None:
    first = await seven.read("/petitions", sort="due", limit=2)
    same = {"sort": "due", "limit": 2, "cursor": first["next_cursor"]}
    assert (await seven.call("GET", "/petitions", params=same)).status_code == 200
    for changed, who in (
        ({"sort": "internal_due"}, {}),
        ({"demand": "wages"}, {}),
        ({}, {"unit": BODY}),
        ({}, {"role": "inspector"}),
        ({}, {"subject": "user:2"}),
    ):
        answer = await seven.call("GET", "/petitions", params=same | changed, **who)
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor"), (changed, who)


async def test_the_first_named_is_who_brings_it(county: County) -> None:
    named = [
        {"role": "co_signer", "name": "签名人"},
        {"role": "represented", "name": "被代表人"},
        PERSON | {"role": "representative"},
        {"phone": "13812345678"},
    ]
    made = await county.create(**petition(persons=named, people_count=2))
    assert [one["role"] for one in made["persons"]] == ["petitioner", "representative", "co_signer", "represented"]
    assert made["petitioner"] == MASKED["name"]
    assert (await county.every("/petitions"))[0]["petitioner"] == MASKED["name"]
