"""What a ledger accepts: moves of the two state machines, when two names are one, when a fact really changed.

Pure: values in, a value or a `Problem` out. Construction status (what happens on the site) and resolution status
(what the county has done about it) move independently; facts that then cannot both be true are for `contradictions`.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar, get_args

from stdnum.cn import uscc

from shared.errors import Conflict, FieldError, Invalid
from shared.schemas.projects.facts import GROUPS, LABELS, ConstructionStatus, ResolutionStatus, Resumption

C, R = ConstructionStatus, ResolutionStatus
S = TypeVar("S", ConstructionStatus, ResolutionStatus)

AT_A_STANDSTILL = (C.stopped, C.partly_stopped)
"""Worst first. Who leaves one of these only *claims* to: `台账式清零` is what the ledger must not make easy."""

CONSTRUCTION_MOVES: dict[ConstructionStatus, tuple[ConstructionStatus, ...]] = {
    # A standing site must work again before anything on it can be finished.
    C.stopped: (C.partly_stopped, C.behind_schedule, C.on_schedule),
    C.partly_stopped: (C.stopped, C.behind_schedule, C.on_schedule, C.completed, C.delivered),
    # Two monthly ledgers may skip `completed`: acceptance and hand-over often fall between them.
    C.behind_schedule: (C.stopped, C.partly_stopped, C.on_schedule, C.completed, C.delivered),
    C.on_schedule: (C.stopped, C.partly_stopped, C.behind_schedule, C.completed, C.delivered),
    # Failed acceptance sends a finished building back to work; only work can stop.
    C.completed: (C.delivered, C.behind_schedule, C.on_schedule),
    # A hand-over stated wrongly is taken back one step at a time, each with its own reason.
    C.delivered: (C.completed,),
}

RESOLUTION_MOVES: dict[ResolutionStatus, tuple[ResolutionStatus, ...]] = {
    R.reserve: (R.unresolved, R.resolving),
    R.unresolved: (R.reserve, R.resolving, R.resolved),
    # Work begun is not put back into reserve: it would leave the open count without being solved.
    R.resolving: (R.unresolved, R.resolved),
    # 反弹: what was resolved comes back.
    R.resolved: (R.resolving, R.unresolved),
}


class TransitionNotAllowed(Conflict):
    """The state machine knows no such move; the detail lists the moves it knows, in Chinese."""

    code, title, title_en = "transition_not_allowed", "不能这样变更状态", "Transition not allowed"


class EarlierThanLast(Conflict):
    """A move dated before the last one would rewrite the order of what happened."""

    code, title, title_en = "earlier_than_last", "生效日期早于上一次状态变更", "Earlier than the last change"


class FutureDate(Invalid):
    """A status is a fact, and a fact has happened."""

    code, title, title_en = "future_date", "生效日期不能晚于今天", "Date in the future"


class NothingClaimed(Conflict):
    """A resumption can be verified only while it is claimed."""

    code, title, title_en = "nothing_claimed", "没有待核实的复工", "No claimed resumption"


class NeedsCloseout(Conflict):
    """台账式清零: what happens under the ledger's eyes is resolved by a close-out, not by a word."""

    code, title, title_en = "needs_closeout", "化解须经销号程序", "Needs a close-out"


class ReasonRequired(Invalid):
    """A rebound 反弹 without a reason."""

    code, title, title_en = "reason_required", "反弹须写明原因", "Reason required"


@dataclass(frozen=True, slots=True)
class Construction:
    """Construction status as shown, and as statistics count it: the two differ while a resumption is only claimed.

    `verified`: signals from the site confirmed the resumption; the mark stays while the site works.
    """

    status: ConstructionStatus | None = None
    counted: ConstructionStatus | None = None
    verified: bool = False

    @property
    def resumption(self) -> Resumption | None:
        if self.status != self.counted:
            return Resumption.claimed
        return Resumption.verified if self.verified else None


def decide_construction(
    now: Construction,
    to: ConstructionStatus,
    *,
    effective_on: dt.date,
    last_effective_on: dt.date | None,
    today: dt.date,
) -> Construction:
    """The standing after a move to `to`; the first statement is taken as stated, `to` = present status reaffirms it.

    A claim lasts until signals verify it (`verify_construction`) or until the project is again at least as standing as
    it was counted; a standstill after that clears what was verified. Raises `TransitionNotAllowed`,
    `EarlierThanLast`, `FutureDate`.
    """
    _check_day(effective_on, last_effective_on, today)
    _check_move(CONSTRUCTION_MOVES, now.status, to)
    counted = now.counted if now.counted is not None else now.status
    if counted in AT_A_STANDSTILL and to not in AT_A_STANDSTILL[: AT_A_STANDSTILL.index(counted) + 1]:
        return Construction(to, counted)
    return Construction(to, to, now.verified and (to == now.status or to not in AT_A_STANDSTILL))


def verify_construction(now: Construction) -> Construction:
    """The standing once signals confirm a claimed resumption: what is shown is what counts.

    Raises `NothingClaimed` where no resumption waits to be verified.
    """
    if now.resumption is not Resumption.claimed:
        raise NothingClaimed("台账中没有待核实的复工；停工项目须先变更建设状态，再凭现场信号核实")
    return Construction(now.status, now.status, verified=True)


def decide_resolution(
    current: ResolutionStatus | None,
    to: ResolutionStatus,
    *,
    reason: str | None,
    effective_on: dt.date,
    last_effective_on: dt.date | None,
    today: dt.date,
) -> ResolutionStatus:
    """The status after a move to `to`; a rebound needs a reason.

    Raises `TransitionNotAllowed`, `EarlierThanLast`, `FutureDate`, `ReasonRequired`.
    """
    _check_day(effective_on, last_effective_on, today)
    _check_move(RESOLUTION_MOVES, current, to)
    if rebounds(current, to) and not (reason and reason.strip()):
        raise ReasonRequired("已化解的项目退回未化解或正在化解，须写明反弹原因", [_at("reason", ReasonRequired)])
    return to


def check_told(
    current: ResolutionStatus | None, to: ResolutionStatus, *, effective_on: dt.date, recorded_on: dt.date
) -> None:
    """What somebody writes, by hand or in a sheet, resolves no project from the day it came onto the ledger on
    (`recorded_on`); what was before is history and taken as told. Raises `NeedsCloseout`.
    """
    if to is R.resolved and current is not R.resolved and effective_on >= recorded_on:
        detail = f"项目 {recorded_on.isoformat()} 已纳入台账，此后化解须申请销号，审定后台账自动变更为“已化解”"
        raise NeedsCloseout(detail, [_at("to", NeedsCloseout)])


def rebounds(current: ResolutionStatus | None, to: ResolutionStatus) -> bool:
    """反弹: resolved, and no longer."""
    return current is R.resolved and to is not R.resolved


def _check_move(moves: Mapping[S, tuple[S, ...]], current: S | None, to: S) -> None:
    if current is None or to == current or to in moves[current]:
        return
    labels = LABELS[type(to)]
    allowed = "、".join(labels[target] for target in moves[current])
    raise TransitionNotAllowed(f"现为“{labels[current]}”，只能变更为：{allowed}", [_at("to", TransitionNotAllowed)])


def _check_day(effective_on: dt.date, last_effective_on: dt.date | None, today: dt.date) -> None:
    if effective_on > today:
        raise FutureDate("状态是已经发生的事实，生效日期最晚为今天（北京时间）", [_at("effective_on", FutureDate)])
    if last_effective_on is not None and effective_on < last_effective_on:
        detail = f"上一次状态变更自 {last_effective_on.isoformat()} 起，本次不能更早"
        raise EarlierThanLast(detail, [_at("effective_on", EarlierThanLast)])


def _at(field: str, problem: type[Conflict | Invalid]) -> FieldError:
    return FieldError(f"/{field}", problem.code, problem.title)


_NUMERALS = {numeral: str(n) for n, numeral in enumerate("一二三四五六七八九十", start=1)}
_PHASE = re.compile(r"第?([一二三四五六七八九十]|\d+)期")
_PUNCTUATION = re.compile(r"[\s·•・∙⋅‧.\-—–_()\[\]{}【】〔〕「」『』《》〈〉“”\"'‘’]+")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s·•・∙⋅‧.\-—–_]+(?=\d)")


def name_key(name: str) -> str:
    """Two project names with one key are one name: `碧桂园·未来城`, `碧桂园 未来城（项目）` and `碧桂园-未来城`.

    Width, case, spaces, dots, dashes, quotes and brackets do not count (what stands *in* brackets does), nor does a
    trailing 项目. Phases are kept (第二期 = 二期 = 2期, never equal to the first) and so is 小区, which tells places
    apart. Where two digits would run together (1-2期, 12期) a dash stays. Anything bolder is an alias a clerk states.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    folded = _PHASE.sub(lambda m: _NUMERALS.get(m[1], m[1]) + "期", folded)
    folded = _PUNCTUATION.sub("", _BETWEEN_DIGITS.sub("~", folded))
    bare = folded.removesuffix("项目")
    return bare if len(bare) > 1 else folded or name.strip() or name


def enterprise_key(name: str) -> str:
    """Two enterprise names with one key are one firm: width, spaces, brackets and 有限责任公司 = 有限公司.

    股份有限公司 is another kind of firm and stays one.
    """
    folded = _PUNCTUATION.sub("", unicodedata.normalize("NFKC", name).casefold())
    return folded.replace("有限责任公司", "有限公司") or name.strip() or name


_CREDIT_CODE = re.compile(r"[0-9A-HJ-NP-RTUW-Y]{18}")


def is_credit_code(code: str) -> bool:
    """统一社会信用代码 (GB 32100-2015): 18 characters, the last a check digit; a letter may lead."""
    return _CREDIT_CODE.fullmatch(code) is not None and uscc.calc_check_digit(code[:17]) == code[17]


DECIMAL_FACTS = frozenset(
    fact
    for model in GROUPS.values()
    for fact, field in model.model_fields.items()
    if any(Decimal in get_args(option) for option in get_args(field.annotation))
)
"""Facts that are decimals on the wire, and so strings in JSON."""


def canonical(fact: str, value: Any) -> Any:
    """The one JSON form of a fact's value: `1.50` and `1.5` are one area, and a list is the set of what it names."""
    if isinstance(value, Decimal) or (fact in DECIMAL_FACTS and isinstance(value, str | int)):
        plain = format(Decimal(value), "f")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Iterable) and not isinstance(value, str | Mapping):
        return sorted({canonical(fact, item) for item in value})
    return value


def changed_facts(current: Mapping[str, Any], incoming: Mapping[str, Any]) -> dict[str, Any]:
    """What `incoming` would change, in canonical form; a fact it does not name says nothing, a named null clears."""
    return {
        fact: new
        for fact, value in incoming.items()
        if (new := canonical(fact, value)) != canonical(fact, current.get(fact))
    }
