"""The cells of a register that hold people: names, how many came, ID numbers and phones, however they are mixed."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from stdnum.cn import ric

from shared.schemas.masking import is_masked
from shared.workbook.cells import text_parser
from shared.workbook.dictionary import Manner
from shared.workbook.kinds import Fact, Kind
from shared.workbook.readings import CellError, CellParser, Raw, Reading, Several, Value
from shared.workbook.wording import plain

MOST_NAMES = 500
MASKED, CHECK_DIGIT = "masked", "check_digit"
"""Marks of a fact that become notes of its row."""

_NUMERALS = {numeral: number for number, numeral in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_ID = re.compile(r"(?<![0-9A-Za-z])(?:[1-9]\d{16}[\dXx]|[1-9]\d{14})(?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86-?)?(1[3-9]\d{9})(?!\d)")
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
TEXT = text_parser(Fact(Kind.long_text, "", at_most=4000))
_ID_ERROR = CellError("id_number_invalid", "请填身份证号或其他证件号码，多人以顿号分开；不清楚请填“不详”")
_PHONE_ERROR = CellError("phone_invalid", "请填手机或固定电话，多个以顿号分开；不清楚请填“不详”")
_TOO_MANY = CellError("too_many_names", f"一格至多 {MOST_NAMES} 个姓名，其余人员计入人数")


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def number_of(word: str) -> int:
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
        said = max(number_of(found[1]) for found in crowds)
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


def names_of(fact: str) -> Callable[[Manner], CellParser]:
    def parse(raw: Raw) -> Reading:
        reading = TEXT(raw)
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


def id_numbers(_: Manner) -> CellParser:
    def parse(raw: Raw) -> Reading:
        reading = TEXT(raw)
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


def phones(_: Manner) -> CellParser:
    def parse(raw: Raw) -> Reading:
        reading = TEXT(raw)
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
