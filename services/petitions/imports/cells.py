"""What a petition register's cells say that their kind alone does not tell: people, numbers of people, free words."""

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from stdnum.cn import ric

from services.petitions.imports.words import WORDS, value_in
from shared.schemas.masking import is_masked
from shared.schemas.petitions.intake import Channel, Demand, Purpose, VisitLevel
from shared.schemas.petitions.ratings import Rating
from shared.schemas.petitions.states import PetitionClass
from shared.workbook.cells import text_of, text_parser
from shared.workbook.dates import parse_date
from shared.workbook.dictionary import Manner, Special
from shared.workbook.kinds import Fact, Kind
from shared.workbook.readings import UNKNOWN, CellError, CellParser, Raw, Reading, Several, Value
from shared.workbook.wording import plain

MOST_NAMES = 500
MASKED, UNRECOGNISED, CHECK_DIGIT = "masked", "unrecognised", "check_digit"
"""Marks of a fact that become notes of its row."""

_NUMERALS = {numeral: number for number, numeral in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_ID = re.compile(r"(?<![0-9A-Za-z])(?:[1-9]\d{16}[\dXx]|[1-9]\d{14})(?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86-?)?(1[3-9]\d{9})(?!\d)")
_YES = frozenset(["是", "有", "已", "√", "✓", "✔", "y", "yes", "true", "1"])
_NO = frozenset(["否", "无", "未", "没有", "不是", "×", "x", "n", "no", "false", "0"])
_CROWD = re.compile(r"(?:等|共|计)*(\d+|[一二两三四五六七八九十百]+)(?:余|多)?(?:人|名|位|户)(?:代表|业主|群众)?")
_AND_OTHERS = re.compile(r"等(?:人|若干人|群众|业主|多人)?$")
_BRACKETED = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
_TITLED = re.compile(
    r"^(?:信访人|姓名|(?:业主|群众|信访)?代表|联系人|手机号?|电话|联系电话|身份证号?码?):|(?:手机号?码?|电话|身份证号?码?):?$"
)
_BETWEEN = re.compile(r"[、，,;；/|\n]+")
_PAPERS = re.compile(r"[0-9A-Za-z()-]{4,40}")
_PHONE = re.compile(r"[0-9+()-]{5,30}")
_ANONYMOUS = ("匿名", "未署名", "不具名", "没有署名", "无署名")
_NOT_YET = re.compile(r"(?:未|尚未|还未|暂未|没有|无|待|正在|在|办理中|处理中|进行中|逾期未|超期未|即将|暂不|已逾期).*")
_WORDS = text_parser(Fact(Kind.long_text, "", at_most=4000))
_ID_ERROR = CellError("id_number_invalid", "请填身份证号或其他证件号码，多人以顿号分开；不清楚请填“不详”")
_PHONE_ERROR = CellError("phone_invalid", "请填手机或固定电话，多个以顿号分开；不清楚请填“不详”")
_TOO_MANY = CellError("too_many_names", f"一格至多 {MOST_NAMES} 个姓名，其余人员计入人数")


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _number(word: str) -> int:
    """`12`, `十二`, `二十`, `一百` (nobody writes more in words)."""
    if word.isdecimal():
        return int(word)
    hundreds, _, rest = word.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    value = _NUMERALS.get(hundreds, 1 if "百" in word else 0) * 100
    return value + (_NUMERALS.get(tens, 1) * 10 if ten else 0) + _NUMERALS.get(ones, 0)


def people_in(text: str) -> tuple[list[str], int | None, list[str], list[str]]:
    """Names, how many there are said to be, ID numbers and mobiles in a cell such as `张三（138…）、李四等5人`."""
    said: int | None = None
    rest = _narrow(text).replace("\r", "\n")
    ids = [found[0].upper() for found in _ID.finditer(rest)]
    rest = _ID.sub("", rest)
    phones = [found[1] for found in _MOBILE.finditer(rest)]
    rest = _MOBILE.sub("", rest)
    if crowds := list(_CROWD.finditer(rest)):
        said = max(_number(found[1]) for found in crowds)
        rest = _CROWD.sub("", rest)
    rest = _BRACKETED.sub("", rest)
    names = [name for part in _BETWEEN.split(rest) for name in _spaced(part) if name]
    return names, said, ids, phones


def _spaced(part: str) -> list[str]:
    """`张 三` is one name written wide, `张三 李四` are two; so are `张三和李四`."""
    part = _AND_OTHERS.sub("", _TITLED.sub("", part.strip()).strip()).strip()
    pieces = [_AND_OTHERS.sub("", _TITLED.sub("", piece)) for piece in part.split()]
    if len(pieces) > 1 and len(pieces[0]) == 1:
        pieces = ["".join(pieces)]
    found = list[str]()
    for piece in pieces:
        both = re.split("[和与及]", piece)
        found += both if len(both) > 1 and all(len(one) >= 2 for one in both) else [piece]
    return [name.strip("-—.。:：") for name in found if not name.isdecimal()]


def _names(fact: str) -> Callable[[Manner], CellParser]:
    def parse(raw: Raw) -> Reading:
        reading = _WORDS(raw)
        if not isinstance(reading, Value):
            return reading
        if plain(reading.value).startswith(_ANONYMOUS):
            return Several({"is_anonymous": True})
        names, said, ids, phones = people_in(reading.value)
        if len(names) > MOST_NAMES:
            return _TOO_MANY
        whole = [name[:200] for name in names if not is_masked(name)]
        facts: dict[str, Any] = {fact: whole} if whole else {}
        facts |= {name: value for name, value in (("said", said), ("own_ids", ids), ("own_phones", phones)) if value}
        return Several(facts, {fact: MASKED} if len(whole) < len(names) else {})

    return lambda manner: parse


def _id_numbers(_: Manner) -> CellParser:
    def parse(raw: Raw) -> Reading:
        reading = _WORDS(raw)
        if not isinstance(reading, Value):
            return reading
        text = _narrow(reading.value).replace("'", "").upper()
        found, marks = [found[0] for found in _ID.finditer(re.sub(r"(?<=\d)[ -](?=[\dX])", "", text))], {}
        if not found:
            for piece in filter(None, (re.sub(r"\s", "", part) for part in _BETWEEN.split(text))):
                paper = piece.rpartition(":")[2]
                if is_masked(paper) or "*" in paper:
                    marks["id_numbers"] = MASKED
                elif _PAPERS.fullmatch(paper):
                    found.append(paper)
                else:
                    return _ID_ERROR
        if any(len(one) == 18 and one[:17].isdecimal() and not _checks(one) for one in found):
            marks["id_numbers"] = CHECK_DIGIT
        return Several({"id_numbers": found} if found else {}, marks)

    return parse


def _checks(number: str) -> bool:
    return str(ric.calc_check_digit(number)) == number[-1]


def _phones(_: Manner) -> CellParser:
    def parse(raw: Raw) -> Reading:
        reading = _WORDS(raw)
        if not isinstance(reading, Value):
            return reading
        text, found, marks = _narrow(reading.value).replace("'", ""), list[str](), {}
        mobiles = [one[1] for one in _MOBILE.finditer(re.sub(r"(?<=\d)[ -](?=\d)", "", text))]
        if mobiles:
            return Several({"phones": mobiles})
        for piece in filter(None, (re.sub(r"\s", "", part) for part in _BETWEEN.split(text))):
            number = piece.rpartition(":")[2]
            if "*" in number:
                marks["phones"] = MASKED
            elif _PHONE.fullmatch(number):
                found.append(number)
            else:
                return _PHONE_ERROR
        return Several({"phones": found} if found else {}, marks)

    return parse


def _label(kind: type[StrEnum], fact: str, *, is_strict: bool) -> Callable[[Manner], CellParser]:
    """A label, else the longest known word in the cell; what is neither is refused or only noted."""
    wrong = CellError("label_invalid", f"请填其中之一：{WORDS.listed(kind)}；不清楚请填“不详”")

    def parse(raw: Raw) -> Reading:
        reading = _WORDS(raw)
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
        reading = _WORDS(raw)
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
        reading = _WORDS(raw)
        if not isinstance(reading, Value):
            return reading
        word = plain(reading.value)
        if found := re.fullmatch(r"(?:第?三十一条)?第?\(?([1-6一二三四五六])\)?[项类款]?(?:\.0)?", word):
            return Value(_number(found[1]))
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
        reading = _WORDS(raw)
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


DAYS = ("accepted_on", "opinion_on", "delivered_on", "forwarded_on", "extended_on", "rated_on")
SPECIAL = {
    "names": Special(_names("names")),
    "representatives": Special(_names("representatives")),
    "id_numbers": Special(_id_numbers),
    "phones": Special(_phones),
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
    **{day: Special(_day(day)) for day in DAYS},
}
