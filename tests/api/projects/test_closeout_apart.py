"""Who takes which step of a close-out: never the same person or unit twice, not even by the database, not at once."""

import asyncio

import asyncpg
import pytest

from tests.support.closeout import (
    ATTESTED,
    DEPARTMENT,
    LEADER,
    OFFICE,
    REPORTER,
    SITE,
    Closing,
)
from tests.support.sql import inside


async def test_who_attests(closing: Closing) -> None:
    await closing.request()
    body = {"item": "funds_audited", "outstanding": 0, "document_number": "审〔2026〕3号", "attested_on": "2026-11-20"}
    path = f"{closing.path}/attest"
    for unit, who, status, code in (
        ("ZJJ", DEPARTMENT | {"unit": "BGS"}, 403, "not_your_unit"),
        ("ZB", OFFICE, 409, "same_unit"),
        ("NOBODY", OFFICE, 422, "invalid"),
        ("ZJJ", DEPARTMENT, 200, None),
    ):
        answer = await closing.post(path, body | {"unit_code": unit}, who)
        assert (answer.status_code, answer.json().get("code")) == (status, code), unit
    future = await closing.post(path, body | {"unit_code": "ZJJ", "attested_on": "2026-11-24"}, OFFICE)
    assert future.status_code == 422


@pytest.mark.parametrize("kind", ["department", "site"])
async def test_the_reporter_checks_nothing_through_the_door(closing: Closing, kind: str) -> None:
    await closing.request()
    await closing.attest(*ATTESTED)
    if kind == "site":
        assert (await closing.check("department", DEPARTMENT)).status_code == 200
    for who, status, code in (
        (REPORTER | {"role": "department"}, 409, "same_person"),
        (REPORTER | {"role": "office", "unit": "BGS"}, 409, "same_person"),
        (REPORTER | {"role": "department", "subject": "user:colleague"}, 409, "same_unit"),
        ({"role": "department", "subject": "user:colleague"}, 403, "unit_required"),
    ):
        answer = await closing.check(kind, who)
        assert (answer.status_code, answer.json()["code"]) == (status, code), who
    assert (await closing.now())["status"] == ("requested" if kind == "department" else "department_checked")


async def test_who_asked_or_checked_does_not_approve(closing: Closing) -> None:
    await closing.to_site_checked()
    for who, code in (
        (REPORTER | {"role": "leader", "unit": "XWB"}, "same_person"),
        (LEADER | {"unit": "ZB"}, "same_unit"),
        (DEPARTMENT | {"role": "office", "unit": "BGS"}, "same_person"),
        (SITE | {"role": "leader", "unit": "XWB"}, "same_person"),
    ):
        answer = await closing.approve(who)
        assert (answer.status_code, answer.json()["code"]) == (409, code), who
    assert (await closing.approve(OFFICE)).status_code == 200


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("status = 'department_checked'", "department_first"),
        ("status = 'site_checked'", "department_first"),
        ("status = 'closed'", "approved_first"),
        ("status = 'reopened'", "approved_first"),
        *(
            (f"{step}_by = 'user:{by}', {step}_unit = '{unit}', {step}_on = '2026-11-23'", f"{step}_by_another")
            for step in ("department_checked", "site_checked", "approved")
            for by, unit in (("reporter", "ZJJ"), ("somebody", "ZB"), ("reporter", "ZB"))
        ),
        ("department_checked_by = 'user:somebody'", "department_checked_by_another"),
        ("department_checked_by = 'user:somebody', department_checked_unit = 'ZJJ'", "department_checked_by_another"),
    ],
)
async def test_the_database_refuses_what_the_service_would(closing: Closing, change: str, constraint: str) -> None:
    await closing.request()
    async with inside(closing.county) as database:
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await database.execute(f"update closeout set {change} where id = $1", closing.closeout_id)
    assert refused.value.constraint_name == f"closeout_{constraint}_check"


async def test_the_database_lets_no_checker_approve_and_nothing_close_unapproved(closing: Closing) -> None:
    await closing.to_site_checked()
    for change, constraint in (
        ("status = 'closed'", "approved_first"),
        ("status = 'published'", "notice_first"),
        (
            "status = 'closed', approved_by = 'user:site', approved_unit = 'XWB', approved_on = '2026-11-23'",
            "approved_by_another",
        ),
        (
            "department_checked_by = null, department_checked_unit = null, department_checked_on = null",
            "department_first",
        ),
    ):
        async with inside(closing.county) as database:
            with pytest.raises(asyncpg.CheckViolationError) as refused:
                await database.execute(f"update closeout set {change} where id = $1", closing.closeout_id)
        assert refused.value.constraint_name == f"closeout_{constraint}_check", change


async def test_two_approvals_at_once_are_one(closing: Closing) -> None:
    await closing.to_site_checked()
    answers = await asyncio.gather(*(closing.approve(who) for who in (LEADER, OFFICE, LEADER, OFFICE)))
    assert sorted(a.status_code for a in answers) == [200, 409, 409, 409]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"step_not_allowed"}
    history = await closing.county.read(f"/projects/{closing.project_id}/history", fact="resolution_status")
    assert [h["facts"]["resolution_status"] for h in history["items"]] == ["resolved", "resolving"]


async def test_two_requests_at_once_are_one(closing: Closing) -> None:
    answers = await asyncio.gather(*(closing.request() for _ in range(4)))
    assert sorted(a.status_code for a in answers) == [201, 409, 409, 409]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"already_live"}
