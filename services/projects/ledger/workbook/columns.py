"""From the words over a column to the fact it holds and the unit it is in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from services.projects.ledger.workbook.heads import HEADS, PROJECT_ID_HEAD, SERIAL_HEADS, VERSION_HEAD
from services.projects.ledger.workbook.kinds import KINDS, Kind
from services.projects.ledger.workbook.sheetscan import column_letters
from services.projects.ledger.workbook.units import UNITS, Dimension, Unit, unit_named
from services.projects.ledger.workbook.wording import BRACKETS, plain

SERIAL = "serial"
VERSION = "version"
PROJECT_ID = "project_id"
_BRACKET = re.compile(r"\(([^()]*)\)")
_WRAPPING = re.compile(r"^[*#★]+|[*:#★]+$")
_SUFFIXES = ("名称", "全称", "姓名", "金额", "数额", "总额", "资金", "情况", "数量", "数")
_PREFIXES = ("项目", "目前", "当前", "楼盘", "该", "现", "其中", "累计", "截至目前", "截止目前")
_DIMENSIONS: dict[Kind, Dimension] = {
    Kind.area: Dimension.area,
    Kind.money: Dimension.money,
    Kind.count: Dimension.count,
    Kind.days: Dimension.days,
    Kind.percent: Dimension.percent,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet: `index` from 0, `letter` and `head` as Excel shows them, the head's cell, fact, unit.

    `fact` is a fact name, `name`, `project_code`, `aliases`, `kind`, `lists`, a status, or `serial`, `version`,
    `project_id`; None where the head is not understood.
    """

    index: int
    letter: str
    row: int
    head: str
    fact: str | None
    unit: Unit | None = None

    @property
    def cell(self) -> str:
        return f"{self.letter}{self.row}"


@lru_cache(maxsize=1)
def _dictionary() -> dict[str, str]:
    words = {_base(head): fact for fact, heads in HEADS.items() for head in heads}
    words |= {plain(VERSION_HEAD): VERSION, plain(PROJECT_ID_HEAD): PROJECT_ID}
    return words | dict.fromkeys(map(plain, SERIAL_HEADS), SERIAL)


def _base(head: str) -> str:
    return _WRAPPING.sub("", plain(head).translate(BRACKETS))


def _split(head: str) -> tuple[list[str], Unit | None]:
    """The spellings to look up, best first, and the unit the head states."""
    full = _base(head)
    unit: Unit | None = None
    for inside in _BRACKET.findall(full):
        unit = unit or unit_named(inside)
    without = _WRAPPING.sub("", _BRACKET.sub("", full))
    spellings = [full, without]
    if unit is None:
        for stem, word in _loose_units(without):
            if stem and word in UNITS:
                unit = UNITS[word]
                spellings.append(_WRAPPING.sub("", stem))
                break
    return spellings, unit


def _loose_units(text: str) -> Iterator[tuple[str, str]]:
    """`资金缺口/万元`, `资金缺口单位:万元`, `总投资万元`; without a mark only units that end no other word."""
    for mark in ("单位:", "/", ":", ",", "-", "_"):
        stem, _, word = text.rpartition(mark)
        yield stem, word
    for length in (4, 3, 2):
        word = text[-length:]
        if word in UNITS and UNITS[word].dimension in (Dimension.area, Dimension.money):
            yield text[:-length], word


def lookup(head: str, extra: Mapping[str, str] | None = None) -> tuple[str | None, Unit | None]:
    """Fact and unit of one head; `extra` maps a county's own heads to facts and wins over the dictionary.

    A unit that does not fit the fact (`停工时间（天）` is not a date) decides between facts of one head, or unmakes it.
    """
    own = {_base(word): fact for word, fact in (extra or {}).items()}
    words = _dictionary()
    spellings, unit = _split(head)
    for spelling in spellings:
        for word in _variants(spelling):
            fact = own.get(word) or (words.get(f"{word}@{unit.dimension.value}") if unit else None) or words.get(word)
            if fact and fits(fact, unit):
                return fact, unit
    return None, unit


def _variants(word: str) -> list[str]:
    """The word itself, then without an empty prefix or suffix: `项目总投资金额` → `总投资`."""
    if not word:
        return []
    stems = [word] + [word.removesuffix(s) for s in _SUFFIXES if word.endswith(s) and len(word) > len(s) + 1]
    return stems + [s.removeprefix(p) for s in stems for p in _PREFIXES if s.startswith(p) and len(s) > len(p) + 1]


def fits(fact: str, unit: Unit | None) -> bool:
    """Whether a column of this fact may be in this unit; a head's bracket that is no unit always fits."""
    kind = KINDS.get(fact)
    if unit is None or kind is None:
        return True
    if fact == "milestone":
        return unit.dimension is Dimension.percent
    if kind is Kind.date:
        return unit.label in ("年", "月", "日")
    return kind not in _DIMENSIONS or _DIMENSIONS[kind] is unit.dimension


def dimension_of(fact: str) -> Dimension | None:
    return _DIMENSIONS.get(KINDS[fact]) if fact in KINDS else None


def recognise(head: str, extra: Mapping[str, str] | None = None, *, index: int = 0, row: int = 1) -> Column | None:
    """The column this head stands for, or None where no word is known. Pure; `extra` as in `lookup`."""
    fact, unit = lookup(head, extra)
    return None if fact is None else Column(index, column_letters(index + 1), row, head.strip(), fact, unit)
