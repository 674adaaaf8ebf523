"""Where the heads of a sheet stand, and what each column is: one, two or three rows of heads, merged or not."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from shared.workbook.columns import Column, fits, lookup
from shared.workbook.dictionary import Dictionary
from shared.workbook.kinds import Kind
from shared.workbook.readings import Raw
from shared.workbook.sheetscan import column_letters
from shared.workbook.units import Unit, unit_named
from shared.workbook.wording import BRACKETS, plain

Merge = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged range, each (row, column) from 0."""

SEARCHED_ROWS = 40
_DEEPEST = 3
_BRACKETED = re.compile(r"\([^()]*\)")
_EMPTY_GROUP_WORDS = ("情况", "信息", "内容", "方面")
_NEEDS_GROUP = frozenset(["名称", "姓名", "时间", "日期", "金额", "数量"])
RESULT_HEAD = "导入结果"
RESULT_DETAIL_HEAD = "说明"
"""What we write beside a clerk's rows, and pass over when the workbook comes back."""
_SHEET_UNIT = re.compile(r"单位[:](?P<units>[^\s:]{1,24})")


@dataclass(frozen=True, slots=True)
class Header:
    """`first` and `last` row of the heads, from 0; columns in sheet order; heads nobody knows."""

    first: int
    last: int
    columns: list[Column]
    unknown: list[str]

    @property
    def score(self) -> tuple[int, int]:
        """Facts named; of equal blocks the one with fewer rows is better, so a title row never counts as a head."""
        return (len(self.columns), self.first - self.last)

    def column(self, fact: str) -> Column | None:
        return next((column for column in self.columns if column.fact == fact), None)


def find_header(dictionary: Dictionary, rows: Sequence[Sequence[Raw]], merges: Sequence[Merge]) -> Header | None:
    """The rows whose words name the most facts, among the first 40; needs an anchor's column and one fact more."""
    best: Header | None = None
    searched = rows[:SEARCHED_ROWS]
    for first in range(len(searched)):
        for depth in range(1, min(_DEEPEST, len(searched) - first) + 1):
            block = searched[first : first + depth]
            if any(not isinstance(cell, str) for row in block for cell in row):
                break
            header = _header(dictionary, first, _spread(block, first, merges))
            anchored = len(header.columns) >= 2 and any(map(header.column, dictionary.anchors))
            if anchored and (best is None or header.score > best.score):
                best = header
    return best


def _spread(block: Sequence[Sequence[Raw]], first: int, merges: Sequence[Merge]) -> list[list[str]]:
    """The block's texts, a group head repeated over the columns it is merged across or, unmerged, written before."""
    grid = [[str(cell).strip() for cell in row] for row in block]
    for (top, left), (bottom, right) in merges:
        if first <= top < first + len(grid) and left < right and left < len(grid[0]):
            row = grid[top - first]
            row[left : right + 1] = [row[left]] * (min(right + 1, len(row)) - left)
            for below in range(top + 1, min(bottom + 1, first + len(grid))):
                grid[below - first][left : right + 1] = [""] * (min(right + 1, len(row)) - left)
    covered = {
        (at - first, index)
        for (top, left), (bottom, right) in merges
        if first <= top < first + len(grid)
        for at in range(top, min(bottom + 1, first + len(grid)))
        for index in range(left, min(right + 1, len(grid[0])))
    }
    for upper, groups in enumerate(grid[:-1]):
        beneath = grid[upper + 1]
        for index in range(1, len(groups)):
            if not groups[index] and beneath[index] and beneath[index - 1] and (upper, index - 1) not in covered:
                groups[index] = groups[index - 1]
    return grid


def _header(dictionary: Dictionary, first: int, grid: list[list[str]]) -> Header:
    columns: list[Column] = []
    unknown: list[str] = []
    taken: dict[str, Column] = {}
    after_result = False
    for index in range(max(map(len, grid))):
        levels = [(depth, row[index]) for depth, row in enumerate(grid) if index < len(row) and row[index]]
        if not levels:
            continue
        texts = list(dict.fromkeys(text for _, text in levels))
        own_result = texts[-1] == RESULT_HEAD or (after_result and texts[-1] == RESULT_DETAIL_HEAD)
        after_result = texts[-1] == RESULT_HEAD
        if own_result:
            continue
        fact, unit = _combined(dictionary, texts)
        head = " ".join(texts)
        letter, row_number = column_letters(index + 1), first + levels[-1][0] + 1
        if fact is None:
            unknown.append(head)
        elif fact in taken:
            unknown.append(f"{head}（与 {taken[fact].letter} 列重复，未采用）")
        else:
            taken[fact] = Column(index, letter, row_number, head, fact, unit)
            columns.append(taken[fact])
    return Header(first, first + len(grid) - 1, columns, unknown)


def _combined(dictionary: Dictionary, texts: list[str]) -> tuple[str | None, Unit | None]:
    """`已售` over `套数` → 已售套数; `面积（㎡）` over `总` → 总面积 in ㎡; `项目概况` over `开发商` → 开发商."""
    if len(texts) == 1:
        return lookup(dictionary, texts[0])
    sub = plain(texts[-1]).translate(BRACKETS)
    for group in (plain("".join(texts[:-1])).translate(BRACKETS), plain(texts[-2]).translate(BRACKETS)):
        name, brackets = _BRACKETED.sub("", group), "".join(_BRACKETED.findall(group))
        for word in _EMPTY_GROUP_WORDS:
            name = name.removesuffix(word)
        sub_name, sub_brackets = _BRACKETED.sub("", sub), "".join(_BRACKETED.findall(sub))
        for head in (f"{name}{sub}{brackets}", f"{sub_name}{name}{sub_brackets}{brackets}"):
            fact, unit = lookup(dictionary, head)
            if fact:
                return fact, unit
    if sub in _NEEDS_GROUP:
        return None, None
    fact, unit = lookup(dictionary, texts[-1])
    group_unit = unit_named(brackets)
    if fact and unit is None and group_unit and fits(dictionary, fact, group_unit):
        return fact, group_unit
    return fact, unit


def sheet_units(texts: Sequence[str]) -> dict[Kind, Unit]:
    """Units a note above the heads states for the whole sheet: `单位：万元、㎡`."""
    units: dict[Kind, Unit] = {}
    for text in texts:
        for found in _SHEET_UNIT.finditer(plain(text).translate(BRACKETS)):
            for word in re.split(r"[、,;/()]", found["units"]):
                unit = unit_named(word)
                if unit and unit.dimension.value in (Kind.area.value, Kind.money.value):
                    units.setdefault(Kind(unit.dimension.value), unit)
    return units


def in_sheet_units(dictionary: Dictionary, columns: Sequence[Column], units: Mapping[Kind, Unit]) -> list[Column]:
    """The columns, those without a unit of their own in the sheet's."""
    result = []
    for column in columns:
        fact = dictionary.facts.get(column.fact or "")
        unit = column.unit or (units.get(fact.kind) if fact else None)
        result.append(replace(column, unit=unit))
    return result
