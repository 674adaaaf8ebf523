"""The figures of petition work: every variant over the demo county's register, and the cases each of them counts."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.schemas.petitions.kpis import KpiFormula
from tests.support.office import BODY, OPINION, OTHER, Office
from tests.support.petitions import County, Statements
from tests.support.registers import DEMO, imported

EXPECTED = Path(__file__).parents[2] / "data" / "demo-expected.json"


def shown(kpis: dict[str, Any], formula: str) -> str:
    """A figure as the demo county's sheet of expected figures writes it."""
    found = next(figure for figure in kpis["figures"] if figure["formula"] == formula)
    return f"{found['numerator']['case_count']}/{found['denominator']['case_count']}"


def counts(slices: list[dict[str, Any]], name: str = "key") -> dict[str, int]:
    return {found[name]: found["case_count"] for found in slices if found["key"] is not None}


async def test_both_variants_and_every_group_of_the_demo_county(
    petition_county: County, petition_statements: Statements
) -> None:
    expected = json.loads(EXPECTED.read_text())["petitions"]
    await imported(petition_county, DEMO.read_bytes())
    before = len(petition_statements)
    kpis = await petition_county.read("/kpis", as_of=expected["as_of"], by="project")
    # BEGIN, the scope, what the county has set, the count and COMMIT.
    assert len(petition_statements) - before <= 5, petition_statements.texts[before:]
    assert shown(kpis, "on_time_reply_due") == expected["on_time_reply"]
    assert shown(kpis, "timely_decision_due") == expected["timely_acceptance"]
    assert [shown(kpis, f"{how}_acceptance_due") for how in ("late", "overdue")] == ["36/267", "11/267"]
    assert [shown(kpis, f"{how}_reply_due") for how in ("late", "overdue")] == ["55/215", "29/215"]
    assert (shown(kpis, "timely_acceptance_all"), shown(kpis, "on_time_reply_all")) == ("220/300", "131/256")
    assert (shown(kpis, "replied_due"), shown(kpis, "closed_all")) == ("186/215", "186/300")
    assert shown(kpis, "repeats_confirmed_all") == "0/300"
    assert shown(kpis, "satisfaction_office_all") == "0/0"
    # Each group is what its own filter gives.
    assert counts(kpis["groups"] and [g | g["total"] for g in kpis["groups"]], "name") == expected["by_project"]
    for group in kpis["groups"][:3]:
        alone = await petition_county.read("/kpis", as_of=expected["as_of"], project_name=group["key"])
        assert (alone["total"], alone["figures"]) == (group["total"], group["figures"])
    # Value to four decimals, nothing to divide by is null.
    values = {figure["formula"]: figure["value"] for figure in kpis["figures"]}
    assert (values["timely_acceptance_due"], values["repeats_by_rule_all"]) == ("0.8240", "0.0100")
    assert values["satisfaction_office_all"] is None


async def test_the_list_of_a_figure_is_what_it_counts(petition_county: County) -> None:
    await imported(petition_county, DEMO.read_bytes())
    asked: dict[str, Any] = {"as_of": "2024-08-31", "since": "2024-03-01", "channel": "visit"}
    kpis = await petition_county.read("/kpis", **asked)
    assert {figure["formula"] for figure in kpis["figures"]} == set(KpiFormula)
    for figure in kpis["figures"]:
        for side in ("numerator", "denominator"):
            listed = await petition_county.every(
                "/kpis/petitions", formula=figure["formula"], side=side, limit=20, **asked
            )
            assert len({item["id"] for item in listed}) == len(listed)
            tally = {"case_count": len(listed), "people_count": sum(item["people_count"] for item in listed)}
            assert tally == figure[side], (figure["formula"], side)


async def test_a_figure_knows_nothing_of_later_days_or_later_records(petition_county: County) -> None:
    county, clock = petition_county, petition_county.service.clock
    office = await Office(county).open()
    case = await office.sent("2026-11-02")
    await office.done(case, "accept", "2026-11-23", unit=BODY, petition_class="appeal_claim", legal_route=6)
    accepted = clock.now().isoformat()

    async def stood(**asked: Any) -> list[str]:
        kpis = await county.read("/kpis", **asked)
        return [shown(kpis, f"{name}_due") for name in ("timely_acceptance", "late_acceptance", "overdue_acceptance")]

    # Due on 17 November, told on the 23rd.
    assert await stood(as_of="2026-11-01") == ["0/0", "0/0", "0/0"]
    assert await stood(as_of="2026-11-17") == ["0/0", "0/0", "0/0"]
    assert await stood(as_of="2026-11-18") == ["0/1", "0/1", "1/1"]
    assert await stood() == ["0/1", "1/1", "0/1"]
    # An opinion of today is not known before it was written down.
    await office.done(case, "reply", "2026-11-23", unit=BODY, opinion=OPINION)
    assert shown(await county.read("/kpis"), "on_time_reply_due") == "1/1"
    before = await county.read("/kpis", known_at=accepted)
    assert (shown(before, "on_time_reply_due"), shown(before, "closed_all")) == ("0/0", "0/1")


async def test_an_extension_that_was_written_down_late_was_not_known(petition_county: County) -> None:
    county, clock = petition_county, petition_county.service.clock
    office = await Office(county).open()
    case = await office.accepted("2026-09-01")
    believed = clock.now().isoformat()
    await office.done(case, "extension", "2026-10-20", unit=BODY, days=30, reasons="需要鉴定")
    granted = {"approved": True, "told_on": "2026-10-21", "reasons": "同意"}
    await office.done(case, "extension-review", "2026-10-21", unit=BODY, subject="user:head", **granted)
    # 60 days end on 2 November (31 October is a Saturday), 90 on 30 November.
    assert shown(await county.read("/kpis"), "overdue_reply_due") == "0/0"
    assert shown(await county.read("/kpis", known_at=believed), "overdue_reply_due") == "1/1"


async def test_a_redone_case_is_open_again_and_late_once_is_late(petition_county: County) -> None:
    office = await Office(petition_county).open()
    case = await office.told("2026-09-01")
    await office.done(case, "review", "2026-09-10", unit_code="XZF")
    assert shown(await petition_county.read("/kpis"), "closed_all") == "1/1"
    redo = {"outcome": "redo", "opinion": "事实不清，重新办理"}
    await office.done(case, "review-decision", "2026-09-12", unit="XZF", **redo)
    kpis = await petition_county.read("/kpis")
    assert (shown(kpis, "closed_all"), shown(kpis, "on_time_reply_due")) == ("0/1", "0/1")
    assert shown(kpis, "overdue_reply_due") == "1/1", "60 days from 12 September are over"
    before = await petition_county.read("/kpis", as_of="2026-09-11")
    assert (shown(before, "closed_all"), shown(before, "on_time_reply_due")) == ("1/1", "1/1")


async def test_who_is_asked_sees_only_what_is_theirs(petition_county: County) -> None:
    office = await Office(petition_county).open()
    await office.sent("2026-11-02")
    await office.done(await office.registered("2026-11-03"), "forward", "2026-11-03", unit_code=OTHER)
    sealed = await office.registered("2026-11-04", petition_class="accusation", accused_unit_code=OTHER)
    await office.done(sealed, "forward", "2026-11-04", unit_code=BODY)

    async def cases(role: str, unit: str | None = None) -> int:
        answer = await petition_county.call("GET", "/kpis", role=role, unit=unit)
        assert answer.status_code == 200, answer.text
        return int(answer.json()["total"]["case_count"])

    assert await cases("petition_office") == 3
    assert await cases("leader") == 2
    assert (await cases("department", BODY), await cases("department", OTHER)) == (2, 1)
    assert (await cases("department"), await cases("department", "GAJ")) == (0, 0)
    refused = await petition_county.call("GET", "/kpis", role="enterprise", unit=BODY)
    assert refused.status_code == 403
    by_unit = (await petition_county.read("/kpis"))["by_unit"]
    assert [(found["key"], found["name"], found["case_count"]) for found in by_unit] == [
        (BODY, "住建局", 2),
        (OTHER, "人社局", 1),
    ]


@pytest.mark.parametrize(
    "query",
    [
        {"as_of": "2026-11-24"},
        {"as_of": "2026-13-01"},
        {"known_at": "2026-11-01"},
        {"by": "person"},
        {"resolution_window_days": "0"},
        {"name": "张三"},
    ],
)
async def test_what_cannot_be_asked(petition_county: County, query: dict[str, str]) -> None:
    assert (await petition_county.call("GET", "/kpis", params=query)).status_code == 422


async def test_figures_of_another_county_are_not_there(petitions: Any, petition_county: County) -> None:
    other = petitions.county()
    await Office(petition_county).registered("2026-11-02")
    assert (await other.read("/kpis"))["total"]["case_count"] == 0
    answer = await other.call("GET", "/kpis", params={"division_code": petition_county.code})
    assert answer.status_code == 404
    answer = await other.call(
        "GET", "/kpis/petitions", params={"division_code": petition_county.code, "formula": "closed_all"}
    )
    assert answer.status_code == 404
