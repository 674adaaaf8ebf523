"""What a fact's kind alone does not read: problems in free words, progress in words or percent, credit codes."""

import re

from services.projects.ledger.rules import is_credit_code
from services.projects.ledger.workbook.labels import WORDS
from shared.schemas.projects.facts import ProblemType
from shared.workbook.cells import text_of, text_parser
from shared.workbook.dictionary import Manner, Special
from shared.workbook.kinds import Fact, Kind
from shared.workbook.labels import label_form
from shared.workbook.numbers import number_parser
from shared.workbook.readings import (
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
from shared.workbook.units import Dimension
from shared.workbook.wording import BRACKETS, plain

_CREDIT_CODE_ERROR = CellError(
    "credit_code_invalid", "请填 18 位统一社会信用代码（不含字母 I、O、S、V、Z，末位为校验码）；不清楚请填“不详”"
)
_BETWEEN = re.compile(r"[、,;。/和及\n]|以及")
_DENIALS = ("无", "未", "没有", "不存在", "不涉及", "未发现", "已解决")
_LONGEST_FIRST = sorted(WORDS.words(ProblemType).items(), key=lambda item: -len(item[0]))
_LINE = Fact(Kind.text, "")
_NOTE = Fact(Kind.long_text, "", at_most=4000)


def _milestone(manner: Manner) -> CellParser:
    words = text_parser(_LINE, verbatim=manner.verbatim)
    percent = number_parser(Dimension.percent, None, ratio=manner.ratio)

    def parse(raw: Raw) -> Reading:
        if "progress_pct" not in manner.elsewhere and (isinstance(raw, float | int) or "%" in plain(text_of(raw))):
            reading = percent(raw)
            if isinstance(reading, Value):
                marks = {"progress_pct": reading.mark} if reading.mark else {}
                return Several({"progress_pct": reading.value}, marks)
        return words(raw)

    return parse


def _problem_note(manner: Manner) -> CellParser:
    return text_parser(_NOTE, verbatim=manner.verbatim) if "problem_types" in manner.elsewhere else _parse_problems


def _problem_types(manner: Manner) -> CellParser:
    wrong = CellError("label_invalid", f"请用这些问题类型，以顿号分开：{WORDS.listed(ProblemType)}")

    def parse(raw: Raw) -> Reading:
        reading = _parse_problems(raw)
        if isinstance(reading, Several) and "problem_note" in reading.facts and "problem_note" in manner.elsewhere:
            return wrong
        return reading

    return parse


def _parse_problems(raw: Raw) -> Reading:
    reading = text_parser(_NOTE)(raw)
    if plain(text_of(raw)) in NOTHING_WORDS:
        return Several({"problem_types": []})
    if not isinstance(reading, Value):
        return reading
    types, only_words = problems_in(reading.value)
    facts = {"problem_types": types} if types else {}
    return Several(facts if only_words else {**facts, "problem_note": reading.value})


def problems_in(text: str) -> tuple[list[str], bool]:
    """Problem types the text names, in order of mention, and whether it holds nothing else but their words."""
    parts = [part for part in _BETWEEN.split(plain(text).translate(BRACKETS)) if part]
    known = [WORDS.words(ProblemType).get(part) for part in parts]
    if parts and all(known):
        return list(dict.fromkeys(value for value in known if value)), True
    form, found = label_form(text), list[tuple[int, str]]()
    for word, value in _LONGEST_FIRST:
        at = form.find(word) if value != "other" else -1
        if at >= 0 and not form[max(0, at - 4) : at].endswith(_DENIALS):
            found.append((at, value))
    return list(dict.fromkeys(value for _, value in sorted(found))), False


def _credit_code(_: Manner) -> CellParser:
    def parse(raw: Raw) -> Reading:
        text = text_of(raw)
        if says_unknown(text) or text in NOTHING_WORDS:
            return UNKNOWN
        code = plain(text).replace("-", "").upper()
        return Value(code) if is_credit_code(code) else _CREDIT_CODE_ERROR

    return parse


SPECIAL = {
    "milestone": Special(_milestone, Dimension.percent),
    "problem_note": Special(_problem_note),
    "problem_types": Special(_problem_types),
    "developer_credit_code": Special(_credit_code),
}
