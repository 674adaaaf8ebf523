"""How alike two summaries are: what they mean, how many they name, and the letters of the rest. Pure.

A summary becomes a set of features: meanings of the glossary, numbers with their unit (building, term, persons), and
pairs of neighbouring letters of what stands under neither. Likeness is the cosine of two such sets; what both hold is
told in words. No statistics of other texts go in: two summaries are as alike today as tomorrow. Decision 11.
"""

import math
import re
import unicodedata
from collections.abc import Set
from dataclasses import dataclass
from functools import lru_cache

from services.petitions.repeats.glossary import EMPTY, MEANINGS

_MEANINGS = [(name, re.compile(pattern)) for name, pattern in MEANINGS.items()]
_ANY_MEANING = re.compile("|".join(MEANINGS.values()))
_EMPTY = re.compile(EMPTY)
_AMOUNT = re.compile(r"\d+(?:号楼|个月|单元|[期名人户月万套度])")
_TENS = re.compile("([二三四五六七八九])?十([一二三四五六七八九])?")
_DIGITS = {digit: str(number) for number, digit in enumerate("零一二三四五六七八九")} | {"两": "2"}
_COUNTED = re.compile(r"[零一二两三四五六七八九](?=[号栋幢座期名个户\d])")
_BUILDING = re.compile(r"(\d+)\s*(?:号楼|栋|幢|座)")
_BREAK = re.compile(r"[\W_]+")
LETTERS_COUNT = 0.5
"""What a pair of letters weighs beside a meaning or a number."""
MOST_WORDS = 20


@dataclass(frozen=True, slots=True)
class Likeness:
    """From 0 to 1; `words` are meanings, numbers and pieces of text that both summaries hold."""

    value: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Features:
    said: frozenset[str]
    letters: frozenset[str]

    @property
    def length(self) -> float:
        return math.sqrt(len(self.said) + LETTERS_COUNT**2 * len(self.letters))


def plain(text: str) -> str:
    """The text with its numbers written one way: 三号楼, 3栋 and 3幢 are 3号楼, 半年 is 6个月."""
    text = unicodedata.normalize("NFKC", text).replace("半年", "6个月")
    text = _TENS.sub(lambda found: _DIGITS.get(found[1] or "一", "1") + _DIGITS.get(found[2] or "零", "0"), text)
    text = _COUNTED.sub(lambda found: _DIGITS[found[0]], text)
    return _BUILDING.sub(r"\1号楼", text)


@lru_cache(maxsize=4096)
def _features(text: str) -> _Features:
    text = plain(text)
    said = {name for name, pattern in _MEANINGS if pattern.search(text)} | set(_AMOUNT.findall(text))
    rest = _EMPTY.sub(" ", _AMOUNT.sub(" ", _ANY_MEANING.sub(" ", text)))
    letters = {run[at : at + 2] for run in _BREAK.split(rest) for at in range(len(run) - 1)}
    return _Features(frozenset(said), frozenset(letters))


def compare(one: str, other: str) -> Likeness | None:
    """None where either summary says nothing that could be compared."""
    here, there = _features(one), _features(other)
    if not (here.length and there.length):
        return None
    said, letters = here.said & there.said, here.letters & there.letters
    product = len(said) + LETTERS_COUNT**2 * len(letters)
    return Likeness(
        min(product / (here.length * there.length), 1.0), (*sorted(said), *_pieces(one, letters))[:MOST_WORDS]
    )


def _pieces(text: str, letters: Set[str]) -> list[str]:
    """The common letters as the runs they stand in."""
    text, pieces, run = plain(text), list[str](), ""
    for at in range(len(text) - 1):
        if text[at : at + 2] in letters:
            run = run + text[at + 1] if run else text[at : at + 2]
        elif run:
            pieces, run = [*pieces, run], ""
    return list(dict.fromkeys([*pieces, run] if run else pieces))
