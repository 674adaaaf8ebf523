"""A register that is no ledger: its own heads, its own key, no column that names a row. Nothing of the ledger shows."""

import datetime as dt
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import pytest
from pydantic import BaseModel, Field

from shared.errors import Problem
from shared.schemas.base import Count, Day, Fen, Flag, LongText, Text
from shared.workbook.dictionary import Dictionary
from shared.workbook.export import write_export
from shared.workbook.kinds import Kind, facts_of
from shared.workbook.labels import Labels
from shared.workbook.problems import NoSheet
from shared.workbook.reader import Sheet, read
from shared.workbook.readings import CellError
from shared.workbook.totals import counted

SheetOf = Callable[..., Sheet]


class Channel(StrEnum):
    visit = "visit"
    phone = "phone"


class NoiseComplaint(BaseModel):
    """Noise at night, as a town's office writes it down."""

    complaint_code: Text | None = Field(None, title="受理号")
    received_on: Day = Field(title="受理日期")
    caller_phone: Text | None = Field(None, title="来电号码")
    channel: Channel | None = Field(None, title="渠道")
    people: Count | None = Field(None, title="影响人数")
    waited_days: Count | None = Field(None, title="等候天数")
    visited_again: Flag | None = Field(None, title="是否回访")
    fine_fen: Fen | None = Field(None, title="罚款")
    words: LongText | None = Field(None, title="反映内容")


NOISE = Dictionary(
    title="夜间噪声登记",
    facts=facts_of(NoiseComplaint),
    heads={
        "complaint_code": ("受理号", "受理编号"),
        "received_on": ("受理日期", "受理时间"),
        "caller_phone": ("来电号码", "电话"),
        "channel": ("渠道", "来源"),
        "people": ("影响人数", "规模@count"),
        "waited_days": ("等候天数", "等候时间@days"),
        "visited_again": ("是否回访",),
        "fine_fen": ("罚款", "规模@money"),
        "words": ("反映内容",),
    },
    labels=Labels({Channel: {"visit": "来访", "phone": "来电"}}, {Channel: {"phone": "电话 热线"}}),
    anchors=("received_on",),
    no_sheet=lambda: NoSheet("没有找到带“受理日期”列的表头"),
    required={"received_on": CellError("day_missing", "请填写受理日期")},
    code="complaint_code",
    key="complaint_id",
    key_head="登记ID",
    prefixes=("本次",),
    row_count="complaints",
    counters="件起",
)
HEADS = ["序号", "受理编号", "受理日期", "来源", "本次影响人数", "规模（元）", "是否回访", "项目名称"]


@pytest.fixture
def noise(sheet_of: SheetOf) -> SheetOf:
    return lambda rows, **options: sheet_of(rows, dictionary=NOISE, **options)


def test_the_contract_says_how_each_column_is_read() -> None:
    kinds = {name: fact.kind for name, fact in NOISE.facts.items()}
    assert kinds["waited_days"] is Kind.days
    assert (kinds["people"], kinds["visited_again"], kinds["fine_fen"]) == (Kind.count, Kind.flag, Kind.money)
    assert (kinds["caller_phone"], kinds["words"]) == (Kind.text, Kind.long_text)
    assert NOISE.facts["channel"].enum is Channel


def test_a_register_is_read_in_its_own_words(noise: SheetOf) -> None:
    sheet = noise(
        [
            ["某镇夜间噪声登记表（截至2024年11月30日）"],
            HEADS,
            [1, "N-7", dt.date(2024, 3, 1), "热线", "约5人", 200, "是", "星河湾"],
            [2, None, "2024.3.2", "来访", 1, 0, "√", "项目"],
            [3, "N-9", None, "传真", 1, 0, "待定", None],
            ["合计", "3件", None, "来电1件、来访1起", 7, 200, None, None],
        ]
    )
    assert (sheet.as_of, sheet.anchor.letter, sheet.unknown_columns) == (dt.date(2024, 11, 30), "C", ["项目名称"])
    assert [c.fact for c in sheet.columns[:2]] == ["serial", "complaint_code"]
    first, second, third = sheet.rows
    assert first.facts == {
        "complaint_code": "N-7",
        "received_on": dt.date(2024, 3, 1),
        "channel": "phone",
        "people": 5,
        "fine_fen": 20_000,
        "visited_again": True,
    }
    assert first.marks == {"people": "约"}
    assert second.facts["received_on"] == dt.date(2024, 3, 2)
    assert third.facts["visited_again"] is None
    assert {(e.pointer, e.code) for e in third.errors} == {("台账!C5", "day_missing"), ("台账!D5", "label_invalid")}
    stated = {total.fact: total.value for total in sheet.stated_totals}
    assert stated == {"complaints": 3, "channel.phone": 1, "channel.visit": 1, "people": 7, "fine_fen": 20_000}
    rows = [row.facts for row in sheet.rows]
    assert [counted(rows, fact, NOISE.row_count) for fact in ("complaints", "channel.visit", "people")] == [3, 1, 7]


def test_codes_stand_under_a_bare_number_head(noise: SheetOf) -> None:
    sheet = noise([["编号", "受理日期", "渠道"], ["N-1", "2024-03-01", "来访"], ["N-2", "2024-03-02", "来访"]])
    assert [row.facts["complaint_code"] for row in sheet.rows] == ["N-1", "N-2"]


def test_a_day_merged_over_rows_is_the_day_of_each(noise: SheetOf) -> None:
    rows = [["受理日期", "来电号码"], ["2024-03-01", "100"], [None, "101"]]
    assert [row.facts["received_on"].day for row in noise(rows, merged=["A2:A3"]).rows] == [1, 1]


def test_a_long_number_that_lost_its_digits_is_asked_back(noise: SheetOf) -> None:
    sheet = noise([["受理日期", "电话"], ["2024-03-01", 999901199003014736], ["2024-03-02", "999901199003014736"]])
    assert [e.code for e in sheet.rows[0].errors] == ["digits_lost"]
    assert sheet.rows[1].facts["caller_phone"] == "999901199003014736"


@pytest.mark.parametrize(("word", "flag"), [("是", True), ("否", False), ("无", False), (True, True), (0, False)])
def test_yes_and_no(noise: SheetOf, word: object, flag: bool) -> None:
    assert noise([["受理日期", "是否回访"], ["2024-03-01", word]]).rows[0].facts["visited_again"] is flag


def test_a_ledger_is_no_such_register(noise: SheetOf) -> None:
    with pytest.raises(Problem, match="no_sheet") as caught:
        noise([["项目名称", "总套数"], ["甲", 1]])
    assert "受理日期" in caught.value.detail


def test_an_export_comes_back_with_its_keys(tmp_path: Path) -> None:
    facts = {
        "complaint_code": "N-7",
        "received_on": dt.date(2024, 3, 1),
        "channel": "phone",
        "people": 5,
        "visited_again": False,
        "fine_fen": 12_345,
        "words": "第一行\n第二行",
    }
    row = facts | {"version": 4, "complaint_id": "abc"}
    write_export(NOISE, [row], tmp_path / "out.xlsx", title="登记", as_of=dt.date(2024, 11, 30))
    sheet = read(tmp_path / "out.xlsx", NOISE)
    assert (sheet.name, sheet.as_of) == (NOISE.title, dt.date(2024, 11, 30))
    (back,) = sheet.rows
    assert (back.facts, back.version, back.key, back.errors) == (facts, 4, "abc", [])
    assert sheet.columns[-1].head == "登记ID"
