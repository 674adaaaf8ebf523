"""What stands in the cells of registers, county by county."""

import datetime as dt
from enum import StrEnum

import pytest

from services.petitions.imports.bodies import Bodies
from services.petitions.imports.dictionary import REGISTER
from services.petitions.imports.heads import HEADS
from services.petitions.imports.people_cells import people_in
from services.petitions.imports.service import kept
from services.petitions.imports.words import SYNONYMS, value_in
from shared.schemas.gateway.directory import UnitKind, UnitOut
from shared.schemas.petitions.intake import Channel, Demand, VisitLevel
from shared.workbook.cells import parser_for
from shared.workbook.columns import lookup
from shared.workbook.dictionary import Manner
from shared.workbook.labels import label_form
from shared.workbook.readings import UNKNOWN, CellError, Several, Value
from shared.workbook.wording import head_form


def test_no_word_means_two_things() -> None:
    heads = [(head_form(word), fact) for fact, words in HEADS.items() for word in words]
    assert len({word for word, _ in heads}) == len(set(heads))
    for by_value in SYNONYMS.values():
        words = [(label_form(word), value) for value, listed in by_value.items() for word in listed.split()]
        assert len({word for word, _ in words}) == len(set(words))


@pytest.mark.parametrize(
    ("head", "fact"),
    [
        ("信访人联系电话", "phones"),
        ("来访人 身份证号码", "id_numbers"),
        ("人次（人）", "people_count"),
        ("信访人数", "people_count"),
        ("办结时间", "opinion_on"),
        ("*责任单位：", "responsible_unit"),
        ("信访日期", "petitioned_on"),
        ("楼盘（小区）名称", "project_name"),
    ],
)
def test_heads(head: str, fact: str) -> None:
    assert lookup(REGISTER, head)[0] == fact


@pytest.mark.parametrize(
    ("cell", "names", "said"),
    [
        ("张三、李四等5人", ["张三", "李四"], 5),
        ("张三等十二人", ["张三"], 12),
        ("业主代表：张三（女）、李四共20余人", ["张三", "李四"], 20),
        ("张 三", ["张三"], None),
        ("张三 李四", ["张三", "李四"], None),
        ("欧阳建国和李四", ["欧阳建国", "李四"], None),
        ("张和平", ["张和平"], None),
        ("张三13812345678", ["张三"], None),
    ],
)
def test_names(cell: str, names: list[str], said: int | None) -> None:
    assert people_in(cell)[:2] == (names, said)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (Channel, "网上信访（国家平台）", "online"),
        (Channel, "12345热线转办件", "hotline"),
        (Channel, "县委书记信箱", "online"),
        (VisitLevel, "赴自治区信访局", "province"),
        (VisitLevel, "到南京市", "city"),
        (VisitLevel, "进京非访", "beijing"),
        (Demand, "逾期未办理房产证", "title"),
        (Demand, "房屋渗水严重", "quality"),
        (Demand, "物业收费", None),
    ],
)
def test_free_words(kind: type[StrEnum], cell: str, value: str | None) -> None:
    assert value_in(kind, cell) == value


@pytest.mark.parametrize(
    ("fact", "cell", "reading"),
    [
        ("is_extended", "延期15日", Several({"is_extended": True, "extension_days": 15})),
        ("is_extended", "未延期", Value(False)),
        ("is_extended", "2024-03-01", Several({"is_extended": True, "extended_on": dt.date(2024, 3, 1)})),
        ("opinion_on", "办理中", UNKNOWN),
        ("accepted_on", "不予受理", Several({"is_accepted": False})),
        ("rating", "未评价", UNKNOWN),
        ("rating", "非常满意", Value("satisfied")),
        ("legal_route", "第（六）项", Value(6)),
        ("phones", 13812345678.0, Several({"phones": ["13812345678"]})),
        ("id_numbers", 340524800101001.0, Several({"id_numbers": ["340524800101001"]})),
        ("id_numbers", "341226********1234", Several({}, {"id_numbers": "masked"})),
        ("names", "匿名", Several({"is_anonymous": True})),
        ("demand", "物业收费", Several({"demand": "other"}, {"demand": "unrecognised"})),
        ("channel", "赴省访", Several({"channel": "visit", "visit_level": "province"})),
    ],
)
def test_cells(fact: str, cell: str | float, reading: object) -> None:
    assert parser_for(REGISTER, fact, Manner())(cell) == reading


@pytest.mark.parametrize(("fact", "cell"), [("is_extended", "60天"), ("id_numbers", "张三"), ("id_numbers", 3.4e17)])
def test_what_cannot_be_meant_is_asked_back(fact: str, cell: str | float) -> None:
    assert isinstance(parser_for(REGISTER, fact, Manner())(cell), CellError)


def test_units_are_known_by_name_alias_and_without_their_county() -> None:
    def unit(code: str, name: str, *aliases: str, kind: UnitKind = UnitKind.DEPARTMENT) -> UnitOut:
        more = {"id": "01a20a00-78ef-7095-84b0-a631c53ffe65", "division_code": "999901", "version": 1}
        more |= dict.fromkeys(("created_at", "updated_at"), "2026-11-23T09:00:00+08:00")
        return UnitOut.model_validate(more | {"code": code, "name": name, "aliases": aliases, "kind": kind})

    bodies = Bodies(
        [
            unit("ZJJ", "示范县住房和城乡建设局", "县住建局"),
            unit("CZJ", "示范县财政局"),
            unit("XY", "甲公司", kind=UnitKind.ENTERPRISE),
        ]
    )
    sent, unknown = bodies.read("住建局、县财政局；甲公司")
    assert [(to.unit_code, to.unit_name) for to in sent][:2] == [
        ("ZJJ", "示范县住房和城乡建设局"),
        ("CZJ", "示范县财政局"),
    ]
    assert unknown == ["甲公司"]


def test_what_is_kept_of_a_result_masks_numbers_but_not_our_own_keys() -> None:
    own = "01a20a1a-c291-73e2-a688-14112345678f"
    told = {
        "rows": [{"petition_id": own, "register_code": "13812345678", "row": 7}],
        "unmapped_names": ["张13812345678"],
    }
    assert kept(told) == {
        "rows": [{"petition_id": own, "register_code": "138****5678", "row": 7}],
        "unmapped_names": ["张138****5678"],
    }
    assert kept("欧阳建国上访.xlsx") == "信访登记簿.xlsx"
