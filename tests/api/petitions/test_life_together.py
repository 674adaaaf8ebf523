"""Several at work on one petition: units beside the lead, officers at once, those who may not know of it at all."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.support.office import BODY, CLAIM, DELIVERED, GOVERNMENT, OPINION, OTHER, Office
from tests.support.petitions import County, Statements
from tests.support.sql import inside

ACTS: dict[str, dict[str, Any]] = {
    "forward": {"unit_code": OTHER},
    "assign": {"unit_code": OTHER},
    "receive": {},
    "object": {"reasons": "不是本单位"},
    "objection-decision": {"consents": True},
    "notify": {},
    "accept": CLAIM,
    "reject": {"reason": "ended", "explanation": "已终结"},
    "route-to-legal-channel": {"legal_route": 1, "explanation": "请向法院提出"},
    "convert": {"reasons": "需要调查"},
    "extension": {"days": 10, "reasons": "需要调查"},
    "extension-review": {"approved": False, "reasons": "不需要"},
    "reply": {"opinion": OPINION},
    "settle": {
        "kind": "mediation",
        "agreement": "双方同意",
        "petitioner_agreed": True,
        "other_side_agreed": True,
    },
    "withdraw": {},
    "stand-aside": {"reasons": "亲属"},
    "comments": {"text": "备注"},
    "deliver": {"document": "opinion", **DELIVERED},
    "review": {"unit_code": GOVERNMENT},
    "review-decision": {"outcome": "uphold", "opinion": "维持"},
    "hearing": {},
    "hearing-end": {},
    "terminate": {},
}
"""Every act with what it says."""


async def kept(county: County, petition: str) -> dict[str, list[Any]]:
    """What audit and outbox have of a petition, and the numbers of its acts."""
    async with inside(county) as connection:
        audited = await connection.fetch(
            "select action from audit_entry where subject_id = $1 and subject_type = 'petition' order by seq", petition
        )
        told = await connection.fetch(
            "select subject_version, visibility from outbox where subject = $1 order by 1", f"petition/{petition}"
        )
        acts = await connection.fetch(
            "select number from petition_act where petition_id = $1 order by 1", UUID(petition)
        )
    return {
        "audit": [row["action"] for row in audited],
        "outbox": [tuple(row) for row in told],
        "acts": [row["number"] for row in acts],
    }


async def test_units_beside_the_lead_answer_by_their_own_day(office: Office) -> None:
    case = await office.registered("2026-11-02")
    beside = [{"unit_code": OTHER, "due_on": "2026-11-10"}, {"unit_code": GOVERNMENT}]
    sent = {"unit_code": BODY, "due_on": "2026-11-20", "co_units": beside}
    await office.done(case, "assign", "2026-11-02", **sent)
    listed = {to["unit_code"]: to for to in await office.county.every("/assignments", petition_id=case)}
    assert {code: (to["is_lead"], to["due_on"], to["days_late"]) for code, to in listed.items()} == {
        BODY: (True, "2026-11-20", 3),
        OTHER: (False, "2026-11-10", 13),
        GOVERNMENT: (False, None, 0),
    }
    answer = {"on": "2026-11-12", "answer": "欠薪 12 人，已责令支付"}
    path = f"/assignments/{listed[OTHER]['id']}/answer"
    of_another = await office.county.call("POST", path, json=answer, role="department", unit=GOVERNMENT)
    assert (of_another.status_code, of_another.json()["code"]) == (403, "not_your_petition")
    answered = await office.county.call("POST", path, json=answer, role="department", unit=OTHER)
    assert answered.status_code == 200, answered.text
    assert (answered.json()["answered_on"], answered.json()["days_late"]) == ("2026-11-12", 2)
    twice = await office.county.call("POST", path, json=answer, role="department", unit=OTHER)
    assert (twice.status_code, twice.json()["code"]) == (409, "assignment_over")
    # The lead reads what was answered; another unit beside it sees that it was, not what; the leaders neither.
    for unit, text in ((BODY, answer["answer"]), (GOVERNMENT, None)):
        page = await office.county.call("GET", "/assignments", role="department", unit=unit)
        of_other = next(to for to in page.json()["items"] if to["unit_code"] == OTHER)
        assert (of_other["answer"], of_other["answered_on"]) == (text, "2026-11-12")
    assert await office.refused(case, "accept", unit=OTHER, **CLAIM) == (403, "not_your_petition")


async def test_returned_it_is_no_longer_theirs(office: Office) -> None:
    case = await office.registered("2026-11-18")
    await office.done(case, "forward", "2026-11-18", unit_code=BODY, co_units=[{"unit_code": OTHER}])
    (one,) = await office.county.every("/assignments", petition_id=case, unit_code=OTHER)
    await office.done(case, "object", "2026-11-19", unit=BODY, reasons="不是本单位")
    await office.done(case, "objection-decision", "2026-11-20", consents=True)
    for unit in (BODY, OTHER):
        answer = await office.county.call("GET", f"/petitions/{case}/acts", role="department", unit=unit)
        assert answer.status_code == 404
    late = await office.county.call("POST", f"/assignments/{one['id']}/answer", json={"answer": "已办"})
    assert (late.status_code, late.json()["code"]) == (409, "assignment_over")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("accept", CLAIM), ("accept", CLAIM)),
        (("accept", CLAIM), ("route-to-legal-channel", ACTS["route-to-legal-channel"])),
        (("notify", {}), ("notify", {})),
        (("reject", ACTS["reject"]), ("accept", CLAIM)),
        (("withdraw", {}), ("route-to-legal-channel", ACTS["route-to-legal-channel"])),
    ],
)
async def test_of_two_officers_at_once_one_wins_and_nothing_is_lost(
    office: Office, one: tuple[str, Any], other: tuple[str, Any]
) -> None:
    case = await office.sent("2026-11-20")
    both = await asyncio.gather(
        office.tell(case, *one, unit=BODY, subject="user:a"), office.tell(case, *other, unit=BODY, subject="user:b")
    )
    assert sorted(answer.status_code for answer in both) == [200, 409]
    found = await kept(office.county, case)
    won = next(answer.json() for answer in both if answer.status_code == 200)
    assert found["acts"] == [1, 2, 3]
    assert won["acts"] == 3
    assert len(found["audit"]) == len(found["outbox"]) == 3
    assert [version for version, _ in found["outbox"]] == [1, 2, 3]


async def test_ten_comments_at_once_are_ten_acts_without_a_gap(office: Office) -> None:
    case = await office.sent("2026-11-20")
    before = await office.running(case)
    said = await asyncio.gather(*(office.tell(case, "comments", {"text": f"第 {n} 次走访"}) for n in range(10)))
    assert {answer.status_code for answer in said} == {200}
    found = await kept(office.county, case)
    assert found["acts"] == list(range(1, 13))
    assert len(found["audit"]) == len(found["outbox"]) == 12
    assert await office.running(case) == before


async def test_a_refused_act_leaves_nothing(office: Office) -> None:
    case = await office.sent("2026-11-20")
    before = await kept(office.county, case)
    for act, body in ACTS.items():
        answer = await office.tell(case, act, body, unit=OTHER)
        assert answer.status_code == 404, f"{act} {answer.text}"
    await office.refused(case, "terminate")
    assert await kept(office.county, case) == before


async def test_an_accusation_does_not_exist_for_the_accused_unit(office: Office) -> None:
    """Arts. 30, 46: not at any route, not even where it would handle or co-handle it."""
    case = await office.registered("2026-11-18", petition_class="accusation", accused_unit_code=BODY)
    beside: dict[str, Any] = {"unit_code": OTHER, "co_units": [{"unit_code": BODY}]}
    for act, sent in (("forward", {"unit_code": BODY}), ("forward", beside), ("assign", {"unit_code": BODY})):
        assert await office.refused(case, act, **sent) == (403, "accused_unit")
    await office.done(case, "forward", "2026-11-18", unit_code=OTHER)
    (to,) = await office.county.every("/assignments", petition_id=case)
    for role in ("department", "township", "taskforce", "judicial", "inspector", "petition_office"):
        asks = {"role": role, "unit": BODY}
        for act, body in ACTS.items():
            answer = await office.tell(case, act, body, **asks)
            assert answer.status_code == 404, f"{role} {act} {answer.text}"
        for path in ("acts", "clocks"):
            answer = await office.county.call("GET", f"/petitions/{case}/{path}", **asks)
            assert answer.status_code == 404, f"{role} {path}"
        told = await office.county.call("POST", f"/assignments/{to['id']}/answer", json={"answer": "x"}, **asks)
        assert told.status_code == 404
        for path in (f"/assignments?petition_id={case}", "/assignments", f"/clock-changes?petition_id={case}"):
            listed = await office.county.call("GET", path, **asks)
            assert (listed.status_code, listed.json()["items"]) == (200, [])
    # Nor for the leading group's office; the unit that handles it goes on.
    assert (await office.county.call("GET", f"/petitions/{case}/acts", role="office")).status_code == 404
    await office.done(case, "accept", "2026-11-19", unit=OTHER)
    assert {visibility for _, visibility in (await kept(office.county, case))["outbox"][1:]} == {"sealed"}


async def test_found_to_be_an_accusation_it_is_sealed_from_then_on(office: Office) -> None:
    case = await office.sent("2026-11-18")
    assert (await office.county.call("GET", f"/petitions/{case}/clocks", role="leader")).status_code == 200
    await office.done(case, "accept", "2026-11-19", unit=BODY, petition_class="accusation")
    assert (await office.county.call("GET", f"/petitions/{case}/clocks", role="leader")).status_code == 404
    assert (await kept(office.county, case))["outbox"][-1][1] == "sealed"


async def test_what_officers_write_is_sealed_and_opened_for_those_who_handle_it(office: Office) -> None:
    case = await office.told()
    words = OPINION["facts_and_reasons"]

    async def opinion(role: str, unit: str | None = None) -> Any:
        asks = {"role": role, "unit": unit, "subject": "user:reader"}
        found = await office.county.call("GET", f"/petitions/{case}/acts", **asks)
        assert found.status_code == 200, found.text
        (act,) = [act for act in found.json()["items"] if act["kind"] == "issue_opinion"]
        assert act["is_text_kept"]
        assert act["reason"] == OPINION["outcome"]
        return act["opinion"]

    assert await opinion("petition_office") == OPINION
    assert await opinion("department", BODY) == OPINION
    assert await opinion("inspector") == OPINION
    for role in ("leader", "office"):
        assert await opinion(role) is None
    async with inside(office.county) as connection:
        rows = await connection.fetch("select text_sealed, facts from petition_act where petition_id = $1", UUID(case))
        said = await connection.fetch("select body from audit_entry where subject_id = $1", case)
    assert any(row["text_sealed"] for row in rows)
    everything = b"".join([row["text_sealed"] or b"" for row in rows]) + str([*rows, *said]).encode()
    assert words.encode() not in everything
    assert BODY.encode() not in b"".join(row["text_sealed"] or b"" for row in rows)


async def test_acts_are_never_changed_nor_taken_away(office: Office) -> None:
    case = await office.sent("2026-11-20")
    async with inside(office.county) as connection:
        for statement in (
            "update petition_act set acted_on = acted_on - 1 where petition_id = $1",
            "delete from petition_act where petition_id = $1",
            "delete from petition_clock where petition_id = $1",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement, UUID(case))
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute(
                "insert into assignment (division_code, id, petition_id, act_number, unit_code, unit_name, is_lead,"
                " sent_on, version, created_by, created_at, updated_at) select division_code, gen_random_uuid(),"
                " petition_id, 2, 'TWO', 'TWO', true, sent_on, 1, '', now(), now() from assignment"
                " where petition_id = $1",
                UUID(case),
            )


async def test_a_list_costs_the_same_for_one_and_for_many(office: Office, petition_statements: Statements) -> None:
    async def cost(path: str) -> int:
        before = len(petition_statements)
        answer = await office.county.call("GET", path)
        assert answer.status_code == 200, answer.text
        return len(petition_statements) - before

    case = await office.sent("2026-11-20")
    paths = ("/assignments", f"/petitions/{case}/acts", f"/petitions/{case}/clocks", "/clock-changes")
    few = [await cost(path) for path in paths]
    for _ in range(5):
        await office.sent("2026-11-20")
        await office.done(case, "comments", "2026-11-23", text="再次走访")
    assert [await cost(path) for path in paths] == few
    # BEGIN and the scope, then one statement of the list; a petition's own asks for the petition first.
    assert max(few) <= 7


async def test_acts_are_paged_in_the_order_they_were_done(office: Office) -> None:
    case = await office.sent("2026-11-20")
    for n in range(5):
        await office.done(case, "comments", "2026-11-23", text=f"第 {n} 次走访")
    acts = await office.county.every(f"/petitions/{case}/acts", limit=3)
    assert [act["number"] for act in acts] == list(range(1, 8))


async def test_who_wrote_a_comment_reads_it(office: Office) -> None:
    case = await office.sent("2026-11-20")
    await office.tell(case, "comments", {"text": "请抓紧"}, role="leader", subject="user:leader")
    for subject, text in (("user:leader", "请抓紧"), ("user:another", None)):
        found = await office.county.call("GET", f"/petitions/{case}/acts", role="leader", subject=subject)
        assert found.json()["items"][-1]["text"] == text


async def test_the_simple_procedure_for_a_first_petition_is_not_for_a_repeat(office: Office) -> None:
    first = await office.sent("2026-11-20")
    repeat = await office.sent("2026-11-20")
    async with inside(office.county) as connection:
        await connection.execute("update petition set repeat_of = $1 where id = $2", UUID(first), UUID(repeat))
    ground = CLAIM | {"simple_ground": "clear_first"}
    assert await office.refused(repeat, "accept", unit=BODY, **ground) == (422, "bad_act")
    await office.done(repeat, "accept", "2026-11-20", unit=BODY, **ground | {"simple_ground": "promised"})


async def test_a_retried_act_is_done_once(office: Office) -> None:
    case = await office.sent("2026-11-20")
    key = {"headers": {"Idempotency-Key": "once-and-no-more"}}
    answers = [await office.tell(case, "accept", {"on": "2026-11-20", **CLAIM}, unit=BODY, **key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert (await kept(office.county, case))["acts"] == [1, 2, 3]
