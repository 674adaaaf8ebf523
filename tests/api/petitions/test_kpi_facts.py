"""Ratings, repeats, resolutions, periods and places: what each figure makes of a single case, as of which day."""

from typing import Any

from tests.support.intake import DETAILS, PERSON
from tests.support.office import BODY, OPINION, OTHER, Office
from tests.support.petitions import Petitions

OTHERS = {"name": "李小红", "id_number": "110105194912310038"}


async def figures(office: Office, *formulas: str, **asked: Any) -> list[str]:
    kpis = await office.county.read("/kpis", **asked)
    found = {f["formula"]: f"{f['numerator']['case_count']}/{f['denominator']['case_count']}" for f in kpis["figures"]}
    return [found[formula] for formula in formulas]


async def replied(office: Office, on: str, **facts: Any) -> str:
    case = await office.registered("2026-08-03", **{"persons": [PERSON]} | facts)
    await office.done(case, "forward", "2026-08-03", unit_code=BODY)
    await office.done(case, "accept", "2026-08-04", unit=BODY, petition_class="appeal_claim", legal_route=6)
    await office.done(case, "reply", on, unit=BODY, opinion=OPINION)
    return case


async def test_who_was_not_asked_in_time_is_not_silent(office: Office) -> None:
    """Of the office and the body apart: rated, silent, and still free to speak."""
    await replied(office, "2026-08-20")
    rated = await replied(office, "2026-11-02", persons=[OTHERS])
    await replied(office, "2026-11-10", persons=[{"name": "王五"}])
    body = {"office_rating": "basically_satisfied", "body_rating": "dissatisfied", "rated_on": "2026-11-20"}
    answer = await office.county.call("POST", f"/petitions/{rated}/rating", json=body)
    assert answer.status_code == 201, answer.text
    names = [
        f"{name}_{who}_{how}"
        for name, how in (("satisfaction", "all"), ("participation", "due"), ("rated_satisfaction", "due"))
        for who in ("body", "office")
    ]
    assert await figures(office, *names) == ["0/1", "1/1", "1/2", "1/2", "0/2", "1/2"]
    # The day before it was given nobody had rated; the first window, 30 days from 20 August, was over.
    assert await figures(office, *names, as_of="2026-11-19") == ["0/0", "0/0", "0/1", "0/1", "0/1", "0/1"]
    assert await figures(office, *names, as_of="2026-09-19") == ["0/0"] * 6


async def test_a_repeat_is_one_by_rule_or_confirmed_from_its_day(office: Office) -> None:
    names = ("repeats_by_rule_all", "repeats_confirmed_all", "first_time_resolution_all", "first_time_resolution_due")
    first = await replied(office, "2026-08-20")
    # 60 days after 20 August is 19 October: on the 20th the window is over.
    assert await figures(office, *names, as_of="2026-10-19") == ["0/1", "0/1", "1/1", "0/0"]
    assert await figures(office, *names, as_of="2026-10-20") == ["0/1", "0/1", "1/1", "1/1"]
    again = await office.registered("2026-10-19", persons=[PERSON])
    by_other = await office.registered("2026-11-02", persons=[OTHERS])
    assert await figures(office, *names) == ["1/3", "0/3", "0/1", "0/1"]
    assert await figures(office, *names, as_of="2026-10-18") == ["0/1", "0/1", "1/1", "0/0"]
    # A shorter window, and one the county has set.
    assert (await figures(office, *names, resolution_window_days=59))[2:] == ["1/1", "1/1"]
    body = {"main_petition_id": first, "reason": "同一诉求", "decided_on": "2026-11-10"}
    before = office.county.service.clock.now().isoformat()
    answer = await office.county.call("POST", f"/petitions/{by_other}/repeat", json=body)
    assert answer.status_code in (200, 201), answer.text
    assert (await figures(office, *names))[:2] == ["1/3", "1/3"]
    assert (await figures(office, *names, as_of="2026-11-09"))[1] == "0/3"
    assert (await figures(office, *names, known_at=before))[1] == "0/3"
    listed = await office.county.every("/kpis/petitions", formula="repeats_by_rule_all")
    assert [item["id"] for item in listed] == [again]


async def test_the_window_of_a_resolution_is_what_the_county_has_set(office: Office) -> None:
    await replied(office, "2026-08-20")
    await office.registered("2026-10-19", persons=[PERSON])
    assert await figures(office, "first_time_resolution_due") == ["0/1"]
    answer = await office.county.call(
        "PUT",
        "/thresholds/resolution_window_days",
        json={"value": 30, "reason": "省级口径"},
        headers={"If-Match": '"0"'},
    )
    assert answer.status_code == 200, answer.text
    assert await figures(office, "first_time_resolution_due") == ["1/1"]
    assert (await office.county.read("/kpis"))["resolution_window_days"] == 30


async def test_where_nobody_can_be_told_the_decision_counts(office: Office) -> None:
    """Art. 23: exempt from telling, not from deciding."""
    anonymous = await office.registered("2026-11-02", persons=[], is_anonymous=True)
    await office.done(anonymous, "forward", "2026-11-02", unit_code=BODY)
    names = ("timely_acceptance_due", "timely_decision_due", "overdue_acceptance_due")
    assert await figures(office, *names, as_of="2026-11-17") == ["0/0", "0/0", "0/0"]
    assert await figures(office, *names, as_of="2026-11-18") == ["0/1", "0/1", "1/1"]


async def test_telling_and_deciding_are_two_terms(office: Office) -> None:
    case = await office.sent("2026-11-02")
    await office.done(case, "notify", "2026-11-03", unit=BODY)
    names = ("timely_acceptance_due", "timely_decision_due", "overdue_open_all", "timely_routing_due")
    assert await figures(office, *names) == ["1/1", "0/1", "1/1", "1/1"]


async def test_a_period_names_the_day_it_is_cut_by(office: Office) -> None:
    case = await office.registered("2026-10-30", petitioned_on="2026-09-30")
    await office.done(case, "forward", "2026-11-02", unit_code=BODY)
    for basis, month in (("registered", "10"), ("petitioned", "09"), ("forwarded", "11")):
        for asked in ("09", "10", "11"):
            kpis = await office.county.read(
                "/kpis", date_basis=basis, since=f"2026-{asked}-01", until=f"2026-{asked}-30"
            )
            assert (kpis["date_basis"], kpis["total"]["case_count"]) == (basis, int(asked == month)), (basis, asked)


async def test_every_filter_keeps_what_it_names(office: Office) -> None:
    one = await office.registered(
        "2026-11-02",
        channel_detail=DETAILS["phone"],
        demand="title",
        township="城关镇",
        people_count=7,
        persons=[PERSON, OTHERS | {"role": "co_signer"}],
    )
    await office.registered("2026-11-03")
    kept = {"channel": "phone", "demand": "title", "township": "城关镇"}
    for name, value in kept.items():
        listed = await office.county.every("/kpis/petitions", formula="closed_all", side="denominator", **{name: value})
        assert [item["id"] for item in listed] == [one], name
    kpis = await office.county.read("/kpis", channel="phone")
    assert kpis["total"] == {"case_count": 1, "people_count": 7}
    assert [(s["key"], s["name"], s["case_count"]) for s in kpis["by_demand"]] == [("title", "办证", 1)]


async def test_a_city_sees_its_counties_side_by_side(petitions: Petitions) -> None:
    here, there = petitions.county(), petitions.county()
    while here.code[:4] != there.code[:4]:
        here, there = there, petitions.county()
    for county, cases in ((here, 1), (there, 2)):
        for _ in range(cases):
            await Office(county).registered("2026-11-02")
    token = petitions.token("petition_office", f"{here.code[:4]}00")
    answer = await petitions.call(token, "GET", "/kpis", params={"by": "division"})
    assert answer.status_code == 200, answer.text
    groups = {group["key"]: group["total"]["case_count"] for group in answer.json()["groups"]}
    assert (groups[here.code], groups[there.code]) == (1, 2)
    narrowed = await petitions.call(token, "GET", "/kpis", params={"division_code": there.code})
    assert narrowed.json()["total"]["case_count"] == 2


async def test_by_unit_is_who_answers_for_a_case(office: Office) -> None:
    """The unit whose opinion it is stays responsible while another body reviews it."""
    case = await office.told("2026-09-01")
    await office.done(case, "review", "2026-09-10", unit_code="XZF")
    await office.done(await office.registered("2026-11-03"), "forward", "2026-11-03", unit_code=OTHER)
    kpis = await office.county.read("/kpis", by="unit")
    assert {group["key"]: group["total"]["case_count"] for group in kpis["groups"]} == {BODY: 1, OTHER: 1}
    alone = await office.county.read("/kpis", unit_code=BODY)
    assert alone["figures"] == next(group["figures"] for group in kpis["groups"] if group["key"] == BODY)


async def test_a_cursor_is_good_for_its_own_question(office: Office) -> None:
    for _ in range(2):
        await office.registered("2026-11-02")
    asked = {"formula": "closed_all", "side": "denominator", "limit": 1}
    cursor = (await office.county.read("/kpis/petitions", **asked))["next_cursor"]
    other = asked | {"side": "numerator", "cursor": cursor}
    answer = await office.county.call("GET", "/kpis/petitions", params=other)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")
