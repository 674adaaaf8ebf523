"""A petition register comes in: its figures, its second and later versions, what is wrong with it, what is kept."""

import datetime as dt
import json

from sqlalchemy import text

from shared.chassis import scope
from tests.support.petitions import County, Statements
from tests.support.registers import DEMO, EXPECTED, HEADS, counts, imported, row, stated, upload, workbook


async def test_the_demo_register_gives_its_figures_and_a_second_time_nothing(petition_county: County) -> None:
    await petition_county.unit("ZJJ", "示范县住房和城乡建设局")
    done = await imported(petition_county, DEMO.read_bytes(), mode="all_or_nothing")
    assert (done["state"], counts(done)) == ("succeeded", [300, 0, 0, 0, 0])
    assert done["unknown_columns"] == []
    assert {"县法院", "紫薇花园"} <= set(done["unmapped_names"])
    assert [error["code"] for error in done["errors"]] == ["projects_unreachable"]
    kpis = await petition_county.read("/kpis", as_of=EXPECTED["as_of"])
    assert stated(kpis) == EXPECTED
    again = await imported(petition_county, DEMO.read_bytes())
    assert counts(again) == [0, 0, 300, 0, 0]
    assert (await petition_county.read("/kpis", as_of=EXPECTED["as_of"]))["figures"] == kpis["figures"]


async def test_a_row_becomes_acts_that_say_what_was_assumed(petition_county: County) -> None:
    await petition_county.unit("ZJJ", "示范县住房和城乡建设局")
    late = row(受理告知日期=dt.date(2024, 1, 10), 是否延期="是", 答复日期=dt.date(2024, 3, 20), 满意度="满意")
    done = await imported(petition_county, workbook(HEADS, late))
    petition = await petition_county.read(f"/petitions/{done['rows'][0]['petition_id']}")
    assert (petition["petition_class"], petition["legal_route"], petition["is_class_assumed"]) == (
        "appeal_claim",
        6,
        True,
    )
    acts = await petition_county.every(f"/petitions/{petition['id']}/acts")
    assert sorted((act["number"], act["kind"], act["on"], act["is_assumed"]) for act in acts) == [
        (1, "register", "2024-01-02", False),
        (2, "forward", "2024-01-02", True),
        (3, "accept", "2024-01-10", False),
        (4, "request_extension", "2024-01-10", True),
        (5, "approve_extension", "2024-01-10", True),
        (6, "issue_opinion", "2024-03-20", False),
        (7, "deliver", "2024-03-20", True),
    ]
    assert len({act["actor_name"] for act in acts if "extension" in act["kind"]}) == 2
    assert petition["persons"][0]["name"] == "欧阳**"


async def test_a_later_register_adds_what_was_missing(petition_county: County) -> None:
    assert counts(await imported(petition_county, workbook(HEADS, row()))) == [1, 0, 0, 0, 0]
    accepted = row(受理告知日期=dt.date(2024, 1, 10))
    done = await imported(petition_county, workbook(HEADS, accepted))
    assert (counts(done), done["rows"][0]["changed"]) == ([0, 1, 0, 0, 0], ["accept"])
    answered = row(受理告知日期=dt.date(2024, 1, 10), 答复日期=dt.date(2024, 2, 20), 满意度="不满意")
    done = await imported(petition_county, workbook(HEADS, answered))
    assert done["rows"][0]["changed"] == ["issue_opinion", "deliver", "body_rating", "rated_on"]
    assert counts(await imported(petition_county, workbook(HEADS, answered))) == [0, 0, 1, 0, 0]
    # An older version again: what it leaves open is no news.
    assert counts(await imported(petition_county, workbook(HEADS, accepted))) == [0, 0, 1, 0, 0]
    clocks = await petition_county.read(f"/petitions/{done['rows'][0]['petition_id']}/clocks")
    assert {clock["kind"]: clock["state"] for clock in clocks["items"]}["handle"] == "met"


async def test_days_that_contradict_are_conflicts_and_change_nothing(petition_county: County) -> None:
    first = row(受理告知日期=dt.date(2024, 1, 10), 答复日期=dt.date(2024, 2, 20))
    await imported(petition_county, workbook(HEADS, first))
    other = row(受理告知日期=dt.date(2024, 1, 11), 答复日期=dt.date(2024, 2, 20), 满意度="满意")
    done = await imported(petition_county, workbook(HEADS, other))
    assert counts(done) == [0, 0, 0, 0, 1]
    assert done["rows"][0]["conflicts"] == [
        {"fact": "accepted_on", "cell": "信访登记!L2", "current": "2024-01-10", "incoming": "2024-01-11"}
    ]
    somebody = row(信访人="李四", 身份证号="999901199003014736")
    done = await imported(petition_county, workbook(HEADS, somebody))
    assert [conflict["fact"] for conflict in done["rows"][0]["conflicts"]] == ["id_numbers"]
    assert "李四" not in json.dumps(done, ensure_ascii=False)
    assert counts(await imported(petition_county, workbook(HEADS, first))) == [0, 0, 1, 0, 0]


async def test_late_is_taken_as_it_was_and_the_impossible_refused(petition_county: County) -> None:
    done = await imported(
        petition_county,
        workbook(
            HEADS,
            row(登记编号="1a", 受理告知日期=dt.date(2024, 6, 1), 答复日期=dt.date(2024, 5, 1)),
            row(登记编号="2a", 答复日期=dt.date(2024, 5, 1)),
            row(登记编号="3a", 受理告知日期=dt.date(2024, 9, 1), 答复日期=dt.date(2025, 12, 1)),
            row(登记编号="4a", 答复日期=dt.date(2024, 1, 1)),
            row(登记编号="5a", 受理告知日期=dt.date(2099, 1, 1)),
            row(登记编号="6a", 登记日期=None),
            row(登记编号="6a"),
            row(登记编号="6a"),
            row(登记编号="7a", 信访形式="飞鸽"),
        ),
    )
    assert counts(done) == [4, 0, 0, 5, 0]
    told = {
        found["row"]: [(e["pointer"], e["code"]) for e in found["errors"]] for found in done["rows"] if found["errors"]
    }
    assert told == {
        5: [("信访登记!N5", "before_registration")],
        6: [("信访登记!L6", "future_date")],
        7: [("信访登记!B7", "day_missing")],
        9: [("信访登记!A9", "row_repeated")],
        10: [("信访登记!C10", "label_invalid")],
    }
    noted = [[note["code"] for note in found["notes"]] for found in done["rows"][:3]]
    assert noted == [["answered_before_told"], ["acceptance_assumed"], []]


async def test_all_or_nothing_and_a_dry_run_write_nothing(petition_county: County) -> None:
    book = workbook(HEADS, row(), row(登记编号="XF-2", 答复日期=dt.date(2023, 1, 1)))
    done = await imported(petition_county, book, mode="all_or_nothing")
    assert (done["state"], counts(done)) == ("rejected", [1, 0, 0, 1, 0])
    assert (await imported(petition_county, book, dry_run="true"))["rows"][0]["petition_id"] is None
    assert (await petition_county.read("/petitions"))["items"] == []
    assert (await petition_county.read("/petitions", count="true"))["total"] == 0


async def test_nothing_personal_is_readable_at_rest_and_the_result_is_taken_for_a_purpose(
    petition_county: County,
) -> None:
    content = workbook(HEADS, row(备注=None), row(登记编号="XF-2", 信访人="李晓明", 身份证号="abc"))
    accepted = await upload(petition_county, content, filename="欧阳建国上访.xlsx")
    await petition_county.service.run_jobs()
    path = f"/imports/{accepted.json()['id']}"
    done = await petition_county.read(path)
    assert done["filename"] == "信访登记簿.xlsx"
    with scope.within(petition_county.code):
        async with petition_county.service.database.session() as session:
            readable = "select relname from pg_class where relkind = 'r' and has_table_privilege(oid, 'select')"
            wanted = f"{readable} and relnamespace = 'public'::regnamespace"
            kept = ""
            for name in sorted((await session.execute(text(wanted))).scalars()):
                kept += str((await session.execute(text(f'select jsonb_agg(t) from "{name}" t'))).scalar())
    assert "XF-1" in kept
    for secret in ("建国", "11010519491231002X", "13812345678", "李晓明"):
        assert secret not in kept
        assert secret.encode().hex() not in kept
    purpose = {"purpose": "verification", "purpose_note": "核对导入结果"}
    assert (await petition_county.call("GET", f"{path}/result")).status_code == 422
    answer = await petition_county.call("GET", f"{path}/result", params=purpose)
    assert answer.status_code == 200
    assert answer.content[:2] == b"PK"
    assert (await petition_county.call("GET", f"{path}/result", role="inspector", params=purpose)).status_code == 403
    log = await petition_county.call("GET", "/audit", role="auditor", params={"subject_type": "register_import"})
    assert "核对导入结果" in log.text


async def test_thousands_of_rows_are_as_many_statements_as_one(
    petition_county: County, petition_statements: Statements
) -> None:
    def book(how_many: int, start: int) -> bytes:
        return workbook(
            HEADS, *(row(登记编号=f"M{start + n}", 信访人=f"赵{n}", 身份证号=f"P{n:06}") for n in range(how_many))
        )

    async def cost(how_many: int, start: int) -> int:
        before = len(petition_statements)
        assert counts(await imported(petition_county, book(how_many, start)))[0] == how_many
        return len(petition_statements) - before

    assert await cost(600, 1000) <= await cost(60, 0) + 6
