"""One parser per column: from what stands in a cell to the fact it states."""

import datetime as dt
import re

from shared.workbook.dates import parse_date
from shared.workbook.dictionary import Dictionary, Manner
from shared.workbook.kinds import DIMENSION_OF, SHORT_TEXT, Fact, Kind
from shared.workbook.numbers import number_parser
from shared.workbook.readings import (
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
from shared.workbook.wording import plain

_SEPARATORS = re.compile(r"[、，,;；\n]+")
_WRAP = re.compile(r"\s*\n\s*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]")
_CONTROL_ERROR = CellError("control_character", "含有不可见的控制字符，请重新录入这个单元格")
_EXACT_BELOW = 10**15
_DIGITS_LOST = CellError("digits_lost", "超过 15 位的号码按数字存放会丢失末尾几位，请先设为文本格式再录入")
_FLAG_ERROR = CellError("flag_invalid", "请填“是”或“否”；不清楚请填“不详”")
_FLAGS = dict.fromkeys(("是", "有", "已", "√", "✓", "✔", "y", "yes", "true", "1"), True) | dict.fromkeys(
    ("否", "无", "未", "没有", "n", "no", "false", "0"), False
)


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


def parser_for(dictionary: Dictionary, name: str, manner: Manner) -> CellParser:
    """The parser of one column; `name` is a fact of the dictionary."""
    special = dictionary.special.get(name)
    parse = special.parser(manner) if special else parser_by_kind(dictionary, name, manner)

    def parse_cell(raw: Raw) -> Reading:
        if raw == "" or (isinstance(raw, str) and not raw.strip()):
            return BLANK
        return parse(raw)

    return parse_cell


def parser_by_kind(dictionary: Dictionary, name: str, manner: Manner) -> CellParser:
    """What a fact's kind alone says of how it is read."""
    fact = dictionary.facts[name]
    kind = fact.kind
    if kind in DIMENSION_OF:
        return number_parser(DIMENSION_OF[kind], manner.unit, ratio=manner.ratio)
    if kind is Kind.date:
        return parse_date
    if kind is Kind.flag:
        return _parse_flag
    if kind is Kind.names:
        return _names_parser(fact.at_most, manner.verbatim)
    if kind is Kind.label:
        return _label_parser(dictionary, name, manner.elsewhere)
    if kind is Kind.labels:
        return _labels_parser(dictionary, fact)
    return text_parser(fact, verbatim=manner.verbatim)


def text_parser(fact: Fact, *, verbatim: bool = False) -> CellParser:
    """Text as it stands; on one line unless it is a long one or `verbatim`."""
    too_long = CellError("text_too_long", f"文字过长，至多 {fact.at_most} 字")

    def parse(raw: Raw) -> Reading:
        if isinstance(raw, float | int) and abs(raw) >= _EXACT_BELOW:
            return _DIGITS_LOST
        text = text_of(raw)
        if fact.kind is Kind.text and not verbatim:
            text = _WRAP.sub(_unwrapped, text)
        if says_unknown(text) or text in NOTHING_WORDS:
            return UNKNOWN
        if _CONTROL.search(text):
            return _CONTROL_ERROR
        return Value(text) if len(text) <= fact.at_most else too_long

    return parse


def _unwrapped(found: re.Match[str]) -> str:
    """A line break that only wraps a Chinese name is nothing; between Latin words it is a space."""
    text = found.string
    around = text[found.start() - 1 : found.start()] + text[found.end() : found.end() + 1]
    return " " if around.isascii() else ""


def _parse_flag(raw: Raw) -> Reading:
    word = plain(text_of(raw))
    if word in _FLAGS:
        return Value(_FLAGS[word])
    return UNKNOWN if says_unknown(word) else _FLAG_ERROR


def _label_parser(dictionary: Dictionary, name: str, elsewhere: frozenset[str]) -> CellParser:
    labels, enum = dictionary.labels, dictionary.facts[name].enum
    assert enum is not None
    neighbour = dictionary.neighbours.get(name)
    other_enum = dictionary.facts[neighbour].enum if neighbour and neighbour not in elsewhere else None
    wrong = CellError("label_invalid", f"请填其中之一：{labels.listed(enum)}；不清楚请填“不详”")

    def parse(raw: Raw) -> Reading:
        text = text_of(raw)
        if says_unknown(text) or text in NOTHING_WORDS:
            return UNKNOWN
        value = labels.value(enum, text)
        if value is not None:
            return Value(value)
        if neighbour and other_enum and (other := labels.value(other_enum, text)):
            return Several({neighbour: other})
        return wrong

    return parse


def _labels_parser(dictionary: Dictionary, fact: Fact) -> CellParser:
    labels, enum = dictionary.labels, fact.enum
    assert enum is not None
    wrong = CellError("label_invalid", f"请用这些名称，以顿号分开：{labels.listed(enum)}")

    def parse(raw: Raw) -> Reading:
        text = text_of(raw)
        if text in NOTHING_WORDS:
            return Value([])
        if says_unknown(text):
            return UNKNOWN
        values = [labels.value(enum, part) for part in _SEPARATORS.split(text) if part.strip()]
        return wrong if None in values else Value(list(dict.fromkeys(values)))

    return parse


def _names_parser(limit: int, verbatim: bool) -> CellParser:
    wrong = CellError("names_invalid", f"请以顿号分开，至多 {limit} 个，每个至多 {SHORT_TEXT} 字")

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
        return wrong if len(names) > limit or any(len(name) > SHORT_TEXT for name in names) else Value(names)

    return parse
