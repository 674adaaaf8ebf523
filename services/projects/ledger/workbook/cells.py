"""One parser per column: from what stands in a cell to the fact it states."""

import datetime as dt
import re
from enum import StrEnum

from services.projects.ledger.rules import is_credit_code
from services.projects.ledger.workbook.dates import parse_date
from services.projects.ledger.workbook.kinds import ENUM_OF, KINDS, Kind
from services.projects.ledger.workbook.labels import label_value, labels_of, problems_in
from services.projects.ledger.workbook.numbers import number_parser
from services.projects.ledger.workbook.readings import (
    BLANK,
    NOTHING_WORDS,
    UNKNOWN,
    CellError,
    CellParser,
    Raw,
    Reading,
    Several,
    Value,
    says_unknown,
)
from services.projects.ledger.workbook.units import Dimension, Unit
from services.projects.ledger.workbook.wording import plain

_TEXT_LIMIT = 200
_LONG_TEXT_LIMIT = 4000
_NAMES_LIMIT = {"aliases": 20}
_SEPARATORS = re.compile(r"[、，,;；\n]+")
_WRAP = re.compile(r"\s*\n\s*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]")
_CONTROL_ERROR = CellError("control_character", "含有不可见的控制字符，请重新录入这个单元格")
_CREDIT_CODE_ERROR = CellError(
    "credit_code_invalid", "请填 18 位统一社会信用代码（不含字母 I、O、S、V、Z，末位为校验码）；不清楚请填“不详”"
)
_NEIGHBOUR = {
    "construction_status": "resolution_status",
    "resolution_status": "construction_status",
    "usage": "kind",
    "kind": "usage",
}
"""Columns whose heads clerks mix up: a word of the other fact is taken as the other fact if it has no own column."""
_DIMENSIONS = {
    Kind.count: Dimension.count,
    Kind.days: Dimension.days,
    Kind.area: Dimension.area,
    Kind.money: Dimension.money,
    Kind.percent: Dimension.percent,
}


def text_of(raw: Raw) -> str:
    """The cell as a clerk reads it: 2023001.0 → `2023001`, a date → ISO, line ends → `\\n`, no outer white space."""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float | int):
        return f"{raw:.15g}"
    if isinstance(raw, dt.datetime):
        return raw.date().isoformat()
    if isinstance(raw, str):
        return raw.replace("\r\n", "\n").replace("\r", "\n").strip()
    return raw.isoformat() if isinstance(raw, dt.date | dt.time) else str(raw)


def parser_for(
    fact: str,
    unit: Unit | None = None,
    *,
    ratio: bool = False,
    verbatim: bool = False,
    elsewhere: frozenset[str] = frozenset(),
) -> CellParser:
    """The parser of one column.

    Args:
        fact: a name in `KINDS`.
        unit: the head's unit.
        ratio: bare numbers in a percent column are shares of one; true when every bare number there is ≤ 1.
        verbatim: our own export comes back: text is not tidied and a list with line breaks is split only there.
        elsewhere: facts that have a column of their own in this sheet.
    """
    kind = KINDS[fact]
    if fact == "milestone":
        parse = _milestone_parser(ratio, verbatim, elsewhere)
    elif fact == "problem_note" and "problem_types" not in elsewhere:
        parse = _parse_problems
    elif fact == "problem_types":
        parse = _problem_types_parser(elsewhere)
    elif kind in _DIMENSIONS:
        parse = number_parser(_DIMENSIONS[kind], unit, ratio=ratio)
    elif kind is Kind.date:
        parse = parse_date
    elif kind is Kind.credit_code:
        parse = _parse_credit_code
    elif kind is Kind.names:
        parse = _names_parser(_NAMES_LIMIT.get(fact, 50), verbatim)
    elif kind in (Kind.label, Kind.labels):
        parse = _label_parser(fact, elsewhere) if kind is Kind.label else _labels_parser(ENUM_OF[fact])
    else:
        parse = _text_parser(kind, verbatim)

    def parse_cell(raw: Raw) -> Reading:
        if raw == "" or (isinstance(raw, str) and not raw.strip()):
            return BLANK
        return parse(raw)

    return parse_cell


def _text_parser(kind: Kind, verbatim: bool) -> CellParser:
    limit = _LONG_TEXT_LIMIT if kind is Kind.long_text else _TEXT_LIMIT
    too_long = CellError("text_too_long", f"文字过长，至多 {limit} 字")

    def parse(raw: Raw) -> Reading:
        text = text_of(raw)
        if kind is Kind.text and not verbatim:
            text = _WRAP.sub(_unwrapped, text)
        if says_unknown(text) or text in NOTHING_WORDS:
            return UNKNOWN
        if _CONTROL.search(text):
            return _CONTROL_ERROR
        return Value(text) if len(text) <= limit else too_long

    return parse


def _unwrapped(found: re.Match[str]) -> str:
    """A line break that only wraps a Chinese name is nothing; between Latin words it is a space."""
    text = found.string
    around = text[found.start() - 1 : found.start()] + text[found.end() : found.end() + 1]
    return " " if around.isascii() else ""


def _milestone_parser(ratio: bool, verbatim: bool, elsewhere: frozenset[str]) -> CellParser:
    words, percent = _text_parser(Kind.text, verbatim), number_parser(Dimension.percent, None, ratio=ratio)

    def parse(raw: Raw) -> Reading:
        if "progress_pct" not in elsewhere and (isinstance(raw, float | int) or "%" in plain(text_of(raw))):
            reading = percent(raw)
            if isinstance(reading, Value):
                marks = {"progress_pct": reading.mark} if reading.mark else {}
                return Several({"progress_pct": reading.value}, marks)
        return words(raw)

    return parse


def _parse_problems(raw: Raw) -> Reading:
    reading = _text_parser(Kind.long_text, verbatim=False)(raw)
    if plain(text_of(raw)) in NOTHING_WORDS:
        return Several({"problem_types": []})
    if not isinstance(reading, Value):
        return reading
    types, only_words = problems_in(reading.value)
    facts = {"problem_types": types} if types else {}
    return Several(facts if only_words else {**facts, "problem_note": reading.value})


def _problem_types_parser(elsewhere: frozenset[str]) -> CellParser:
    wrong = CellError("label_invalid", f"请用这些问题类型，以顿号分开：{labels_of(ENUM_OF['problem_types'])}")

    def parse(raw: Raw) -> Reading:
        reading = _parse_problems(raw)
        if isinstance(reading, Several) and "problem_note" in reading.facts and "problem_note" in elsewhere:
            return wrong
        return reading

    return parse


def _label_parser(fact: str, elsewhere: frozenset[str]) -> CellParser:
    kind = ENUM_OF[fact]
    neighbour = _NEIGHBOUR.get(fact)
    wrong = CellError("label_invalid", f"请填其中之一：{labels_of(kind)}；不清楚请填“不详”")

    def parse(raw: Raw) -> Reading:
        text = text_of(raw)
        if says_unknown(text) or text in NOTHING_WORDS:
            return UNKNOWN
        value = label_value(kind, text)
        if value is not None:
            return Value(value)
        if neighbour and neighbour not in elsewhere and (other := label_value(ENUM_OF[neighbour], text)):
            return Several({neighbour: other})
        return wrong

    return parse


def _labels_parser(kind: type[StrEnum]) -> CellParser:
    wrong = CellError("label_invalid", f"请用这些名称，以顿号分开：{labels_of(kind)}")

    def parse(raw: Raw) -> Reading:
        text = text_of(raw)
        if text in NOTHING_WORDS:
            return Value([])
        if says_unknown(text):
            return UNKNOWN
        values = [label_value(kind, part) for part in _SEPARATORS.split(text) if part.strip()]
        return wrong if None in values else Value(list(dict.fromkeys(values)))

    return parse


def _names_parser(limit: int, verbatim: bool) -> CellParser:
    wrong = CellError("names_invalid", f"请以顿号分开，至多 {limit} 个，每个至多 {_TEXT_LIMIT} 字")

    def parse(raw: Raw) -> Reading:
        text = text_of(raw)
        if text in NOTHING_WORDS:
            return Value([])
        if says_unknown(text):
            return UNKNOWN
        if _CONTROL.search(text):
            return _CONTROL_ERROR
        whole_lines = verbatim and isinstance(raw, str) and "\n" in raw
        parts = text.split("\n") if whole_lines else _SEPARATORS.split(text)
        names = [part.strip() for part in parts if part.strip()]
        return wrong if len(names) > limit or any(len(name) > _TEXT_LIMIT for name in names) else Value(names)

    return parse


def _parse_credit_code(raw: Raw) -> Reading:
    text = text_of(raw)
    if says_unknown(text) or text in NOTHING_WORDS:
        return UNKNOWN
    code = plain(text).replace("-", "").upper()
    if not is_credit_code(code):
        return _CREDIT_CODE_ERROR
    return Value(code)
