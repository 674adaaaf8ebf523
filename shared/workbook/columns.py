"""From the words over a column to the fact it holds and the unit it is in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.workbook.dictionary import Dictionary
from shared.workbook.kinds import DIMENSION_OF, Kind
from shared.workbook.units import UNITS, Dimension, Unit, unit_named
from shared.workbook.wording import head_form, unwrapped

_BRACKET = re.compile(r"\(([^()]*)\)")
_SUFFIXES = ("名称", "全称", "姓名", "金额", "数额", "总额", "资金", "情况", "数量", "数")
_PREFIXES = ("目前", "当前", "该", "现", "其中", "累计", "截至目前", "截止目前")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet: `index` from 0, `letter` and `head` as Excel shows them, the head's cell, fact, unit.

    `fact` is a fact of the dictionary, `serial`, `version` or the dictionary's `key`; None where the head is not
    understood.
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


def _split(head: str) -> tuple[list[str], Unit | None]:
    """The spellings to look up, best first, and the unit the head states."""
    full = head_form(head)
    unit: Unit | None = None
    for inside in _BRACKET.findall(full):
        unit = unit or unit_named(inside)
    without = unwrapped(_BRACKET.sub("", full))
    spellings = [full, without]
    if unit is None:
        for stem, word in _loose_units(without):
            if stem and word in UNITS:
                unit = UNITS[word]
                spellings.append(unwrapped(stem))
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


def lookup(dictionary: Dictionary, head: str) -> tuple[str | None, Unit | None]:
    """Fact and unit of one head.

    A unit that does not fit the fact (`停工时间（天）` is not a date) decides between facts of one head, or unmakes it.
    """
    own, words = dictionary.own_words, dictionary.words
    prefixes = (*_PREFIXES, *dictionary.prefixes)
    spellings, unit = _split(head)
    for spelling in spellings:
        for word in _variants(spelling, prefixes):
            fact = own.get(word) or (words.get(f"{word}@{unit.dimension.value}") if unit else None) or words.get(word)
            if fact and fits(dictionary, fact, unit):
                return fact, unit
    return None, unit


def _variants(word: str, prefixes: Sequence[str]) -> list[str]:
    """The word itself, then without an empty prefix or suffix: `项目总投资金额` → `总投资`."""
    if not word:
        return []
    stems = [word] + [word.removesuffix(s) for s in _SUFFIXES if word.endswith(s) and len(word) > len(s) + 1]
    return stems + [s.removeprefix(p) for s in stems for p in prefixes if s.startswith(p) and len(s) > len(p) + 1]


def fits(dictionary: Dictionary, fact: str, unit: Unit | None) -> bool:
    """Whether a column of this fact may be in this unit; a head's bracket that is no unit always fits."""
    if unit is None or fact not in dictionary.facts:
        return True
    special = dictionary.special.get(fact)
    if special and special.dimension:
        return unit.dimension is special.dimension
    kind = dictionary.facts[fact].kind
    if kind is Kind.date:
        return unit.label in ("年", "月", "日")
    return kind not in DIMENSION_OF or DIMENSION_OF[kind] is unit.dimension
