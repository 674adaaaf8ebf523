"""What an agenda holds, what minutes may say, and when a matter is solved."""

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.errors import Conflict, FieldError, Forbidden, Invalid
from shared.schemas.projects.meetings import ActionState, AgendaSource, MatterOutcome, MeetingKind, MeetingState

SOURCES = tuple(AgendaSource)
LISTED = 100
"""Of each source: what nobody could get through in one meeting does not hide the other sources."""
OFFICE_ROLES = frozenset({"office", "leader"})


class WrongMeetingState(Conflict):
    code, title, title_en = "wrong_state", "会议当前状态不能进行此操作", "Wrong state"


class ActionDone(Conflict):
    code, title, title_en = "already_done", "此项任务已完成", "Already done"


class NotYourAction(Forbidden):
    code, title, title_en = "not_your_unit", "只有责任单位或办公室可以办理", "Not your unit"


@dataclass(frozen=True, slots=True)
class Matter:
    """Something to discuss. `about` is what it was opened for, where that may be on the agenda by itself."""

    source: AgendaSource
    ref: str
    title: str
    project_id: UUID | None
    unit_code: str | None
    since: dt.date | None
    about: str | None = None


def propose(matters: Iterable[Matter], project_id: UUID | None = None) -> list[Matter]:
    """Each matter once, in the order of sources, oldest first; of one project where one is named.

    What an order on the agenda was opened for is discussed with the order.
    """
    wanted = {m.ref: m for m in matters if project_id is None or m.project_id == project_id}
    covered = [m.about for m in wanted.values() if m.about]
    kept = [m for m in wanted.values() if not any(_is_about(about, m.ref) for about in covered)]
    return sorted(kept, key=lambda m: (SOURCES.index(m.source), m.since or dt.date.max, m.ref))


def _is_about(about: str, ref: str) -> bool:
    """A rule's order says `milestone:<id>:<due date>`: one for each time the date was missed."""
    return about == ref or about.startswith(f"{ref}:")


def listed(matters: Sequence[Matter]) -> tuple[list[Matter], dict[str, int]]:
    """The first of each source, and how many each source has."""
    found: Counter[str] = Counter()
    kept = []
    for matter in matters:
        found[matter.source.value] += 1
        if found[matter.source.value] <= LISTED:
            kept.append(matter)
    return kept, dict(found)


def contradiction_ref(rule: str, project_id: UUID | None, facts: Mapping[str, Any]) -> str:
    """A contradiction of one project is the same until it is gone; one of several, while its facts are."""
    if project_id is not None:
        return f"contradiction:{rule}:{project_id}"
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, default=str)
    return f"contradiction:{rule}:{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def known_after(there: Collection[str], known: Collection[str], discussed: Collection[str]) -> list[str]:
    """What the next meeting need not hear of, of the contradictions there were when this one was called: what was known
    before and what it came to. One it left out, or that is of another project than its own, is still new."""
    return sorted(set(there) & {*known, *discussed})


def check_kind(kind: MeetingKind, project_id: UUID | None) -> None:
    if kind is MeetingKind.site and project_id is None:
        raise Invalid(errors=[FieldError("/project_id", "project_required", "现场调度请填写项目")])


def check_chosen(chosen: Sequence[str], proposed: Collection[str]) -> None:
    unknown = [at for at, ref in enumerate(chosen) if ref not in proposed]
    if unknown:
        where = [FieldError(f"/agenda/{at}", "not_proposed", "建议议程中没有此事项") for at in unknown]
        raise Invalid(errors=where)


def check_minutes(state: MeetingState, held_on: dt.date, today: dt.date) -> None:
    if state is MeetingState.held:
        raise WrongMeetingState("此次会议已有纪要")
    if held_on > today:
        raise WrongMeetingState("会议尚未召开")


def check_conclusion(pointer: str, outcome: MatterOutcome, due: Sequence[dt.date], held_on: dt.date) -> None:
    """`due`: the deadlines of its actions. Only what forms actions has any, each due after the meeting began."""
    if (outcome is MatterOutcome.assigned) != bool(due):
        message = "形成任务的须至少列出一项任务，其余结论不得列任务"
        raise Invalid(errors=[FieldError(f"{pointer}/actions", "actions_and_outcome", message)])
    late = [at for at, day in enumerate(due) if day < held_on]
    if late:
        message = "期限早于会议日期"
        raise Invalid(errors=[FieldError(f"{pointer}/actions/{at}/due_on", "before_meeting", message) for at in late])


def check_items(given: Sequence[UUID], known: Collection[UUID]) -> None:
    """Each item of this meeting's agenda, and once."""
    for at, item in enumerate(given):
        if item not in known or item in given[:at]:
            pointer = f"/matters/{at}/meeting_item_id"
            raise Invalid(errors=[FieldError(pointer, "unknown_item", "本次议程没有此事项，或已列出")])


def check_action(roles: Iterable[str], unit: str | None, owner: str, *, done: bool) -> None:
    if not OFFICE_ROLES & set(roles) and unit != owner:
        raise NotYourAction("请由责任单位或领导小组办公室办理")
    if done:
        raise ActionDone("此项任务已经完成")


def solved_on(outcome: MatterOutcome, held_on: dt.date, actions_done: Sequence[dt.date | None]) -> dt.date | None:
    """Settled in the meeting, or on the day the last of its actions was done; None while it is not."""
    if outcome is MatterOutcome.settled:
        return held_on
    done = [day for day in actions_done if day is not None]
    return max(done) if done and len(done) == len(actions_done) else None


def action_state(due_on: dt.date, done_on: dt.date | None, today: dt.date) -> ActionState:
    if done_on is not None:
        return ActionState.done
    return ActionState.overdue if due_on < today else ActionState.open


def check_period(since: dt.date, to: dt.date) -> None:
    if to < since:
        raise Invalid(errors=[FieldError("query:to", "before_from", "不得早于开始日期")])
