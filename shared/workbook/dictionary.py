"""The words one kind of sheet is written in: all that tells a ledger of projects from a register of petitions.

The feature that owns the sheet builds one `Dictionary`; everything else here reads and writes any sheet with it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from shared.errors import Problem
from shared.workbook.kinds import Fact
from shared.workbook.labels import Labels
from shared.workbook.readings import CellError, CellParser
from shared.workbook.units import Dimension, Unit
from shared.workbook.wording import head_form, plain

SERIAL = "serial"
VERSION = "version"
SERIAL_HEADS = frozenset({"序号", "编号", "序", "no", "no.", "行号", "号"})
"""A row number where it counts 1…n, otherwise the row's code (`序号` only where it holds letters)."""
VERSION_HEAD = "版本"


@dataclass(frozen=True, slots=True)
class Manner:
    """How one column of one sheet is read.

    `unit`: the head's unit. `ratio`: bare numbers are shares of one (every bare number there is ≤ 1). `verbatim`: our
    own export comes back, so text is not tidied and a list with line breaks is split only there. `elsewhere`: the facts
    that have a column of their own in this sheet.
    """

    unit: Unit | None = None
    ratio: bool = False
    verbatim: bool = False
    elsewhere: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Special:
    """A fact that is not simply read by its kind. `dimension`: the only one a unit in its head may have."""

    parser: Callable[[Manner], CellParser]
    dimension: Dimension | None = None


@dataclass(frozen=True, eq=False)
class Dictionary:
    """What a sheet speaks of, and in which words.

    Args:
        title: what such a sheet is called; the tab of an export.
        facts: what can be read and is exported, in the order of an export's columns.
        heads: fact to the words clerks head its column with. White space, width, case and a unit in brackets do not
            matter; a word that means different facts with different units stands once as `word@dimension` for each.
        labels: the words for enum values.
        anchors: a sheet is one of ours where it has a column for one of these, best first, and one fact more.
        no_sheet: the refusal of a workbook without such a sheet; its detail says which heads are known.
        required: what each row must state, and what to say where it does not.
        name: the fact that names a row: it is not repeated down a merged cell, and a bare number under it in a total
            row is a number of rows.
        code: the fact that `编号` holds where it does not just count the rows.
        key, key_head: the column of our own export that tells which row of ours a row is.
        special: facts that their kind alone does not read.
        neighbours: columns whose heads clerks mix up: a word of the other fact is taken as the other fact where that
            has no column of its own.
        prefixes: words before a head that say nothing (`项目`总投资).
        row_count: what the number of rows is called among stated totals; `counters` are the measure words of a row,
            `nouns` what may follow them: `7个项目`.
        wide: columns that an export makes wider.
        own_heads: one county's heads to facts; they go before all others.
    """

    title: str
    facts: Mapping[str, Fact]
    heads: Mapping[str, Sequence[str]]
    labels: Labels
    anchors: Sequence[str]
    no_sheet: Callable[[], Problem]
    required: Mapping[str, CellError] = field(default_factory=dict)
    name: str | None = None
    code: str | None = None
    key: str = "row_id"
    key_head: str = "系统ID"
    special: Mapping[str, Special] = field(default_factory=dict)
    neighbours: Mapping[str, str] = field(default_factory=dict)
    prefixes: Sequence[str] = ()
    row_count: str = "rows"
    counters: str = "个项处"
    nouns: Sequence[str] = ()
    wide: frozenset[str] = frozenset()
    own_heads: Mapping[str, str] = field(default_factory=dict)

    def with_heads(self, own_heads: Mapping[str, str]) -> "Dictionary":
        """The same with a county's own heads."""
        return replace(self, own_heads={**self.own_heads, **own_heads})

    @cached_property
    def factless(self) -> frozenset[str]:
        """Columns that hold no fact of the row."""
        return frozenset([SERIAL, VERSION, self.key])

    @cached_property
    def words(self) -> dict[str, str]:
        """Every head, in `head_form`, to what its column holds."""
        words = {head_form(head): fact for fact, heads in self.heads.items() for head in heads}
        words |= {plain(VERSION_HEAD): VERSION, plain(self.key_head): self.key}
        return words | dict.fromkeys(map(plain, SERIAL_HEADS), SERIAL)

    @cached_property
    def own_words(self) -> dict[str, str]:
        return {head_form(head): fact for head, fact in self.own_heads.items()}
