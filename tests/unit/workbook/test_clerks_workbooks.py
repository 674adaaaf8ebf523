"""Other clerks' files: other words, units, merged and two-row heads, notes, totals in the middle."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from services.projects.ledger.workbook.dictionary import LEDGER, NoLedgerSheet
from shared.workbook.reader import Sheet, read

SheetOf = Callable[..., Sheet]


def test_two_row_merged_heads(sheet_of: SheetOf) -> None:
    sheet = sheet_of(
        [
            ["某县问题楼盘台账（截至2024年6月底）"],
            ["序号", "楼盘名称", "已售", None, "面积（万㎡）", None, "停贷情况", None],
            [None, None, "套数", "面积（㎡）", "总", "用地（亩）", "户数", "金额（亿元）"],
            [1, "甲小区", "１２０套", 9800.5, 3.2, 63, 12, 0.35],
        ],
        merged=["A1:H1", "A2:A3", "B2:B3", "C2:D2", "E2:F2", "G2:H2"],
    )
    assert sheet.header_rows == (2, 3)
    assert sheet.as_of == dt.date(2024, 6, 30)
    assert sheet.rows[0].facts == {
        "name": "甲小区",
        "units_sold": 120,
        "area_sold_m2": Decimal("9800.5"),
        "gfa_m2": Decimal(32000),
        "site_area_m2": Decimal(42000),
        "mortgage_suspension_households": 12,
        "mortgage_suspension_fen": 3_500_000_000,
    }


def test_group_heads_that_are_not_merged(sheet_of: SheetOf) -> None:
    sheet = sheet_of(
        [
            ["项目名称", "专项借款（万元）", None, None, "时间节点", None],
            [None, "批复", "拨付", "使用", "开工", "停工"],
            ["甲", 100, 50.5, "不详", "2020.3.1", "2021年5月"],
        ]
    )
    facts = sheet.rows[0].facts
    assert facts["special_loan_approved_fen"] == 100_000_000
    assert facts["special_loan_allotted_fen"] == 50_500_000
    assert facts["special_loan_used_fen"] is None
    assert facts["started_on"] == dt.date(2020, 3, 1)
    assert facts["stopped_on"] == dt.date(2021, 5, 1)
    assert sheet.rows[0].marks == {"stopped_on": "月"}


def test_other_words_and_units(sheet_of: SheetOf) -> None:
    sheet = sheet_of(
        [
            ["单位：亿元"],
            [
                "编号",
                "工程名称",
                "房开企业",
                "施工单位",
                "总建面（万平方米）",
                "售出",
                "资金\n缺口",
                "欠薪（元）",
                "挂联县领导",
            ],
            ["WT-01", "乙花园", "某房开\n公司", "某建", "4.2", "1,234户", 1.2, "３５００", "张某"],
            ["WT-02", "丙花园", "—", "待核", "**", "无法核实", "万元", "X", "/"],
        ]
    )
    assert sheet.rows[0].facts == {
        "project_code": "WT-01",
        "name": "乙花园",
        "developer": "某房开公司",
        "general_contractor": "某建",
        "gfa_m2": Decimal(42000),
        "units_sold": 1234,
        "funding_gap_fen": 12_000_000_000,
        "wage_arrears_fen": 350_000,
        "lead_official": "张某",
    }
    unknown = {fact for fact, value in sheet.rows[1].facts.items() if value is None}
    assert unknown == set(sheet.rows[0].facts) - {"project_code", "name"}
    assert not sheet.rows[1].errors


@pytest.mark.parametrize(
    "line",
    [
        "截至2024年11月30日",
        "截止 2024-11-30",
        "数据截至：2024.11.30",
        "填报单位：住建局    填报日期：2024/11/30",
        "（截至２０２４年１１月３０日）",
        "统计时间：20241130",
        "问题楼盘台账（2024.11.30）",
    ],
)
def test_the_day_of_a_sheet(sheet_of: SheetOf, line: str) -> None:
    assert sheet_of([[line], ["项目名称", "总套数"], ["甲", 3]]).as_of == dt.date(2024, 11, 30)


def test_the_day_in_a_cell_of_its_own_or_in_a_note(sheet_of: SheetOf) -> None:
    own = sheet_of([["台账"], [None, "截至：", dt.datetime(2024, 11, 30)], ["项目名称", "总套数", "备注"], ["甲", 3]])  # noqa: DTZ001 - a spreadsheet's own date
    note = sheet_of([["项目名称", "总套数"], ["甲", 3], ["注：数据截至2024年11月30日。"]])
    assert own.as_of == note.as_of == dt.date(2024, 11, 30)
    assert len(note.rows) == 1


def test_totals_notes_blank_rows_and_repeated_heads(sheet_of: SheetOf) -> None:
    heads = ["序号", "项目名称", "乡镇", "总套数", "总投资（万元）"]
    sheet = sheet_of(
        [
            ["台账"],
            heads,
            ["一、城关镇"],
            [1, "甲", "城关镇", 100, 10],
            ["小 计", "1个", None, 100, 10],
            [],
            ["台账"],
            heads,
            ["二、东河镇"],
            [1, "乙", "东河镇", "约200套", 20.5],
            [2, None, None, None, None],
            ["合  计", "共3个项目", None, 300, "30.5"],
            ["备注：每周五更新"],
            ["填表人：某某", "审核人：某某", "联系电话：略"],
        ]
    )
    assert [row.facts["name"] for row in sheet.rows] == ["甲", "乙"]
    assert [row.number for row in sheet.rows] == [4, 10]
    assert all(not row.errors for row in sheet.rows)
    assert sheet.rows[1].marks == {"units_total": "约"}
    assert [(t.fact, t.cell, t.value) for t in sheet.stated_totals] == [
        ("projects", "B12", 3),
        ("units_total", "D12", 300),
        ("total_investment_fen", "E12", 30_500_000),
    ]
    assert sheet.columns[0].fact == "serial"


def test_a_total_row_above_the_projects(sheet_of: SheetOf) -> None:
    sheet = sheet_of([["项目名称", "已售套数"], ["合计：2个", 30], ["甲", 10], ["乙", 20]])
    assert [row.facts["name"] for row in sheet.rows] == ["甲", "乙"]
    assert {t.fact: t.value for t in sheet.stated_totals} == {"projects": 2, "units_sold": 30}


def test_texts_merged_over_rows_are_repeated_and_numbers_refused(sheet_of: SheetOf) -> None:
    sheet = sheet_of(
        [["项目名称", "乡镇", "总套数"], ["甲", "城关镇", 10], ["乙", None, None], ["丙", "东河镇", 5]],
        merged=["B2:B3", "C2:C3"],
    )
    assert [row.facts["township"] for row in sheet.rows] == ["城关镇", "城关镇", "东河镇"]
    assert [[e.pointer for e in row.errors] for row in sheet.rows] == [["台账!C2"], ["台账!C3"], []]
    assert "units_total" not in sheet.rows[0].facts


def test_every_error_of_a_row_at_its_cell(sheet_of: SheetOf) -> None:
    sheet = sheet_of(
        [
            ["项目名称", "总套数", "统一社会信用代码", "停工时间", "建设状态", "资金缺口", "完成工程量（%）"],
            [None, "很多", "91110000600037341X", "去年", "一般般", 5, "120%"],
        ]
    )
    errors = {e.pointer: e.code for e in sheet.rows[0].errors}
    assert errors == {
        "台账!A2": "name_missing",
        "台账!B2": "count_invalid",
        "台账!C2": "credit_code_invalid",
        "台账!D2": "date_invalid",
        "台账!E2": "label_invalid",
        "台账!F2": "unit_missing",
        "台账!G2": "percent_invalid",
    }
    assert not any(word in e.message for e in sheet.rows[0].errors for word in ("很多", "去年", "一般般"))


def test_a_county_adds_its_own_head(sheet_of: SheetOf) -> None:
    rows = [["项目名称", "交房缺口套数", "总套数"], ["甲", 7, 9]]
    assert sheet_of(rows).unknown_columns == ["交房缺口套数"]
    own = sheet_of(rows, dictionary=LEDGER.with_heads({"交房缺口 套数": "units_undelivered_stated"}))
    assert own.rows[0].facts["units_undelivered_stated"] == 7


def test_percent_formatted_cells_and_progress_in_words(sheet_of: SheetOf) -> None:
    shares = sheet_of([["项目名称", "形象进度"], ["甲", 0.68], ["乙", "约35%"], ["丙", "主体封顶"], ["丁", 1]])
    assert [row.facts.get("progress_pct") for row in shares.rows] == [68, 35, None, 100]
    assert shares.rows[1].marks == {"progress_pct": "约"}
    assert shares.rows[2].facts["milestone"] == "主体封顶"
    percents = sheet_of([["项目名称", "完成工程量（%）"], ["甲", 0.5], ["乙", 60]])
    assert [row.facts["progress_pct"] for row in percents.rows] == [Decimal("0.5"), 60]


def test_serial_numbers_and_codes_are_told_apart(sheet_of: SheetOf) -> None:
    def fact(head: str, values: list[Any]) -> str | None:
        rows = [[value, f"项目{n}", 5] for n, value in enumerate(values)]
        return sheet_of([[head, "项目名称", "总套数"], *rows, ["合计", None, 5]]).columns[0].fact

    assert fact("编号", [1, 2, 3]) == "serial"
    assert fact("编号", ["1", "2", "3"]) == "serial"
    assert fact("编号", [20230001, 20230002]) == "project_code"
    assert fact("项目编号", ["A-1", "A-2"]) == "project_code"
    assert fact("序号", [1, 2, 2, 5]) == "serial"
    assert fact("序号", ["城关-1", "城关-2"]) == "project_code"


def test_mixed_up_status_columns(sheet_of: SheetOf) -> None:
    sheet = sheet_of([["项目名称", "项目状态"], ["甲", "正在化解"], ["乙", "全面停工"], ["丙", "已复工"]])
    assert [row.facts.get("construction_status") for row in sheet.rows] == [None, "stopped", "on_schedule"]
    assert sheet.rows[0].facts["resolution_status"] == "resolving"


def test_the_best_visible_sheet_is_read(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    cover = workbook.active
    assert cover is not None
    cover.append(["项目名称", "总套数"])
    ledger = workbook.create_sheet("正表")
    ledger.cell(3, 2, "项目名称")
    ledger.cell(3, 3, "总套数")
    ledger.cell(3, 4, "乡镇")
    ledger.cell(4, 2, "甲")
    hidden = workbook.create_sheet("旧表")
    hidden.append(["项目名称", "总套数", "乡镇", "开发企业"])
    hidden.sheet_state = "hidden"
    workbook.save(tmp_path / "many.xlsx")
    sheet = read(tmp_path / "many.xlsx", LEDGER)
    assert sheet.name == "正表"
    assert [c.cell for c in sheet.columns] == ["B3", "C3", "D3"]
    assert [row.number for row in sheet.rows] == [4]


def test_no_name_column_says_which_heads_are_accepted(sheet_of: SheetOf) -> None:
    with pytest.raises(NoLedgerSheet, match="no_ledger_sheet") as caught:
        sheet_of([["姓名", "电话"], ["某", "略"]])
    assert "楼盘名称" in caught.value.detail
