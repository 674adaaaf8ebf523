"""What a petition register's cells say that their kind alone does not tell: words, flags, days."""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from services.petitions.imports.people_cells import TEXT, id_numbers, names_of, number_of, phones
from services.petitions.imports.words import WORDS, value_in
from shared.schemas.masking import has_numbers
from shared.schemas.petitions.building import building_of
from shared.schemas.petitions.intake import Channel, Demand, Purpose, VisitLevel
from shared.schemas.petitions.ratings import Rating
from shared.schemas.petitions.states import PetitionClass
from shared.workbook.cells import text_of
from shared.workbook.dates import parse_date
from shared.workbook.dictionary import Manner, Special
from shared.workbook.readings import UNKNOWN, CellError, CellParser, Raw, Reading, Several, Value
from shared.workbook.wording import plain

UNRECOGNISED, PERSONAL, ROOM = "unrecognised", "personal", "room"
"""Marks of a fact that become notes of its row."""

_YES = frozenset(["是", "有", "已", "√", "✓", "✔", "y", "yes", "true", "1"])
_NO = frozenset(["否", "无", "未", "没有", "不是", "×", "x", "n", "no", "false", "0"])
_NOT_YET = re.compile(r"(?:未|尚未|还未|暂未|没有|无|待|正在|在|办理中|处理中|进行中|逾期未|超期未|即将|暂不|已逾期).*")


def _label(kind: type[StrEnum], fact: str, *, is_strict: bool) -> Callable[[Manner], CellParser]:
    """A label, else the longest known word in the cell; what is neither is refused or only noted."""
    wrong = CellError("label_invalid", f"请填其中之一：{WORDS.listed(kind)}；不清楚请填“不详”")

    def parse(raw: Raw) -> Reading:
        reading = TEXT(raw)
        if not isinstance(reading, Value):
            return reading
        if (value := value_in(kind, reading.value)) is not None:
            return Value(value)
        if _NOT_YET.fullmatch(plain(reading.value)):
            return UNKNOWN
        return wrong if is_strict else Several({}, {fact: UNRECOGNISED})

    return lambda manner: parse


def _channel(manner: Manner) -> CellParser:
    """`进京访` is a visit, and how far it went."""
    label = _label(Channel, "channel", is_strict=True)(manner)

    def parse(raw: Raw) -> Reading:
        reading = label(raw)
        if isinstance(reading, Value) and reading.value == Channel.visit and "visit_level" not in manner.elsewhere:
            level = re.search("进京|赴京|到京|赴省|到省|赴市|到市|到县", text_of(raw))
            if level:
                return Several({"channel": reading.value, "visit_level": value_in(VisitLevel, level[0])})
        return reading

    return parse


def _demand(manner: Manner) -> CellParser:
    """What cannot be told is `other`; a whole sentence is also what was said."""

    def parse(raw: Raw) -> Reading:
        reading = TEXT(raw)
        if not isinstance(reading, Value):
            return reading
        text = reading.value
        nature = WORDS.value(PetitionClass, text) if "petition_class" not in manner.elsewhere else None
        if nature is not None and WORDS.value(Demand, text) is None:
            return Several({"petition_class": nature})
        value = value_in(Demand, text)
        facts: dict[str, Any] = {"demand": value or Demand.other.value}
        if len(text) > 20 and "statement" not in manner.elsewhere:
            facts["statement"] = text
        return Several(facts, {} if value else {"demand": UNRECOGNISED})

    return parse


def _legal_route(_: Manner) -> CellParser:
    known = {
        "法院|诉讼|司法|公安|检察": 1,
        "仲裁": 2,
        "党内|党员|组织": 3,
        "复议|裁决|确认|许可|处罚": 4,
        "履行|查处|职责": 5,
    }
    wrong = CellError("legal_route_invalid", "请填第三十一条的第几项，例如“第六项”“6”；不清楚请填“不详”")

    def parse(raw: Raw) -> Reading:
        reading = TEXT(raw)
        if not isinstance(reading, Value):
            return reading
        word = plain(reading.value)
        if found := re.fullmatch(r"(?:第?三十一条)?第?\(?([1-6一二三四五六])\)?[项类款]?(?:\.0)?", word):
            return Value(number_of(found[1]))
        for pattern, route in known.items():
            if re.search(pattern, word):
                return Value(route)
        return Value(6) if "信访" in word or "意见" in word else wrong

    return parse


def _flag(yes: str, no: str) -> Callable[[Manner], CellParser]:
    """Besides 是 and 否, words: `集体访` and `个访` under 集体访."""
    wrong = CellError("flag_invalid", "请填“是”或“否”；不清楚请填“不详”")
    is_yes, is_no = re.compile(yes), re.compile(no)

    def parse(raw: Raw) -> Reading:
        word = plain(text_of(raw))
        if word in _YES or word in _NO:
            return Value(word in _YES)
        reading = TEXT(raw)
        if not isinstance(reading, Value):
            return reading
        if is_no.search(word):
            return Value(False)
        return Value(True) if is_yes.search(word) else wrong

    return lambda manner: parse


def _extended(_: Manner) -> CellParser:
    """`是`, `延期30日`, `15天`, or the day it was granted."""
    flag = _flag("延|批准|同意", "未|不|无|否|没有")(Manner())
    wrong = CellError("extension_invalid", "请填“是”或“否”，或延长的天数（至多 30 日）")

    def parse(raw: Raw) -> Reading:
        word = plain(text_of(raw))
        if found := re.fullmatch(r"(?:延期|延长)?(\d{1,3})(?:日|天|个?工作日)?", word):
            days = int(found[1])
            if 2 <= days <= 30:
                return Several({"is_extended": True, "extension_days": days})
            return Value(days == 1) if days < 2 else wrong
        if re.search(r"\d{4}", word):
            reading = parse_date(raw)
            return Several({"is_extended": True, "extended_on": reading.value}) if isinstance(reading, Value) else wrong
        return flag(raw)

    return parse


def _day(fact: str) -> Callable[[Manner], CellParser]:
    """A day; `办理中` is none yet, and `不予受理` is said of the petition."""

    def parse(raw: Raw) -> Reading:
        if isinstance(raw, str):
            word = plain(raw)
            if fact == "accepted_on" and re.match("不予|不再", word):
                return Several({"is_accepted": False})
            if not re.search(r"\d", word) and _NOT_YET.fullmatch(word):
                return UNKNOWN
        return parse_date(raw)

    return lambda manner: parse


def _clear(fact: str) -> CellParser:
    """Text that is kept in the clear."""

    def parse(raw: Raw) -> Reading:
        reading = TEXT(raw)
        is_personal = isinstance(reading, Value) and has_numbers(reading.value)
        return Several({}, {fact: PERSONAL}) if is_personal else reading

    return parse


def _building(raw: Raw) -> Reading:
    """Without its room, which would say who lives there."""
    reading = _clear("building")(raw)
    if not isinstance(reading, Value):
        return reading
    found = building_of(reading.value)
    if found == reading.value:
        return reading
    return Several({} if found is None else {"building": found}, {"building": ROOM})


def _special(parser: CellParser) -> Special:
    return Special(lambda manner: parser)


CLEAR = ("project_name", "township", "responsible_unit", "opinion_number")
DAYS = ("accepted_on", "opinion_on", "delivered_on", "forwarded_on", "extended_on", "rated_on")
SPECIAL = {
    "names": Special(names_of("names")),
    "representatives": Special(names_of("representatives")),
    "id_numbers": Special(id_numbers),
    "phones": Special(phones),
    "channel": Special(_channel),
    "visit_level": Special(_label(VisitLevel, "visit_level", is_strict=True)),
    "demand": Special(_demand),
    "purpose": Special(_label(Purpose, "purpose", is_strict=False)),
    "petition_class": Special(_label(PetitionClass, "petition_class", is_strict=False)),
    "rating": Special(_label(Rating, "rating", is_strict=True)),
    "office_rating": Special(_label(Rating, "office_rating", is_strict=True)),
    "legal_route": Special(_legal_route),
    "is_extended": Special(_extended),
    "is_accepted": Special(_flag("受理|同意|已", "不|未|否")),
    "is_group": Special(_flag("集|群|联名|多人", "个|单|非|否|不")),
    "is_joint": Special(_flag("联名", "非|不|否|单")),
    "is_anonymous": Special(_flag("匿名", "实名|署名|非|不")),
    "is_skip_level": Special(_flag("越级", "逐级|非|不|未")),
    "is_threat": Special(_flag("扬言|过激|有", "无|没|不|未")),
    "is_backlog": Special(_flag("积案", "非|不|否")),
    "is_litigation": Special(_flag("涉", "非|不|否|未")),
    "is_cross_region": Special(_flag("三跨|跨", "非|不|否|未")),
    "building": _special(_building),
    **{day: Special(_day(day)) for day in DAYS},
    **{fact: _special(_clear(fact)) for fact in CLEAR},
}
