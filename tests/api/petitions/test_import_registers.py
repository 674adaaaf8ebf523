"""Registers as clerks keep them: other heads, no numbers, hostile cells, numbers of people where they do not belong."""

import io

import openpyxl

from tests.support.petitions import County
from tests.support.registers import HEADS, counts, imported, row, workbook


async def test_a_hostile_register(petition_county: County) -> None:
    done = await imported(
        petition_county,
        workbook(
            ["某县2024年来信来访登记表（截至2024年11月30日）"],
            ["填报单位：县信访局", None, None, None, None, None, None, None, None, "单位：人"],
            ["序号", "信访编号", "信访人信息", None, None, "来访情况", None, None, "办理情况", None, None, "备注"],
            [
                None,
                None,
                "姓名",
                "身份证号码",
                "联系电话",
                "来访时间",
                "来访形式",
                "人次",
                "承办单位",
                "受理时间",
                "办结时间",
                None,
            ],
            [
                1,
                "A1",
                "张三（代表）、李四等12人",
                340524800101001,
                13812345678,
                "2024年3月5日",
                "集体访",
                None,
                "住建局、财政局",
                "2024.3.9",
                "办理中",
                "多次",
            ],
            [
                2,
                "A2",
                "王 五",
                "340524198001010011、11010519491231002x",
                "0551-62345678",
                "20240306",
                "电话",
                "3人",
                None,
                "2024/3/10",
                "2024-03-30",
                None,
            ],
            [3, "A3", "匿名", "不详", "无", 45357, "网上投诉", 1, "某某公司", None, None, None],
            ["合计", "3件", None, None, None, None, None, 16, None, None, None, None],
            ["备注：以上数据由县信访局提供"],
            ["填表人：赵六", None, "联系电话：13900000000"],
            merged=["A1:L1", "A3:A4", "B3:B4", "C3:E3", "F3:H3", "I3:K3", "L3:L4"],
        ),
    )
    assert counts(done) == [3, 0, 0, 0, 0], done["rows"]
    assert done["unknown_columns"] == ["备注"]
    first, second, third = [await petition_county.read(f"/petitions/{found['petition_id']}") for found in done["rows"]]
    assert (first["channel"], first["people_count"], first["registered_on"]) == ("visit", 12, "2024-03-05")
    assert [person["name"] for person in first["persons"]] == ["张*", "李*"]
    assert (first["body_unit_name"], first["accepted_on"]) == ("住建局", "2024-03-09")
    assert (second["channel"], second["people_count"], second["opinion_on"]) == ("phone", 3, "2024-03-30")
    assert [person["id_number"] for person in second["persons"]] == ["340524********0011", "110105********002X"]
    assert (third["is_anonymous"], third["persons"], third["registered_on"]) == (True, [], "2024-03-06")


async def test_another_county_heads_its_columns_differently(petition_county: County) -> None:
    heads = (
        "信访号 收件日期 渠道 反映人 证件号码 联系方式 来访人次 小区 问题类别 层级 办理单位 书面告知日期 延长期限 "
        "出具意见日期 群众评价 反映内容"
    )
    done = await imported(
        petition_county,
        workbook(
            heads.split(),
            [
                "Z-1",
                "2024-02-01",
                "人民网留言",
                "赵六",
                None,
                None,
                1,
                "星河湾",
                "房子漏水",
                "赴省",
                "县住建局",
                "2024-02-05",
                "15天",
                "2024-04-10",
                "未评价",
                "我是赵六，家住3栋",
            ],
            [
                "Z-2",
                "2024-02-01",
                "12345政务服务热线",
                "钱七",
                None,
                None,
                2,
                None,
                "不给办房产证",
                "进京",
                "",
                "",
                "",
                "",
                "",
                "原文",
            ],
        ),
    )
    assert counts(done) == [2, 0, 0, 0, 0], done["rows"]
    one, two = [await petition_county.read(f"/petitions/{found['petition_id']}") for found in done["rows"]]
    assert (one["channel"], one["demand"], one["visit_level"]) == ("online", "quality", "province")
    assert (two["channel"], two["demand"], two["visit_level"]) == ("hotline", "title", "beijing")
    clocks = await petition_county.read(f"/petitions/{one['id']}/clocks")
    assert {c["kind"]: c["due_on"] for c in clocks["items"]}["handle"] == "2024-04-22"


async def test_a_register_without_numbers_is_known_again(petition_county: County) -> None:
    without = [head for head in HEADS if head != "登记编号"]
    rows = [
        row(信访人="甲某", 身份证号=None)[1:],
        row(信访人="乙某", 身份证号=None)[1:],
        row(信访人="乙某", 身份证号=None)[1:],
    ]
    assert counts(await imported(petition_county, workbook(without, *rows))) == [3, 0, 0, 0, 0]
    assert counts(await imported(petition_county, workbook(without, *rows))) == [0, 0, 3, 0, 0]


async def test_a_number_in_a_cell_that_is_kept_in_the_clear_is_not_taken(petition_county: County) -> None:
    done = await imported(
        petition_county,
        workbook(
            HEADS,
            row(涉及楼盘="紫薇花园13812345678", 责任单位="县住建局（11010519491231002X）"),
            row(登记编号="11010519491231002X"),
            row(登记编号="13812345678号"),
            row(登记编号="340524202401050012"),
            sheet="欧阳建国",
        ),
    )
    assert counts(done) == [2, 0, 0, 2, 0]
    first, *refused, last = done["rows"]
    assert [(note["pointer"], note["code"]) for note in first["notes"]] == [
        ("登记表!H2", "personal"),
        ("登记表!K2", "personal"),
    ]
    told = [[(error["pointer"], error["code"]) for error in found["errors"]] for found in refused]
    assert told == [[("登记表!A3", "personal")], [("登记表!A4", "personal")]]
    assert done["sheet"] == "登记表"
    petition = await petition_county.read(f"/petitions/{first['petition_id']}")
    assert (petition["project_name"], petition["body_unit_name"]) == (None, "登记单位")
    # A case's own number only looks like somebody's.
    kept = await petition_county.read(f"/petitions/{last['petition_id']}")
    assert kept["register_code"] == "340524202401050012"
    purpose = {"purpose": "verification", "purpose_note": "核对导入结果"}
    answer = await petition_county.call("GET", f"/imports/{done['id']}/result", params=purpose)
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames == ["欧阳建国"]
