"""When a decision may be voted on and made, and what the votes add up to."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.errors import Conflict, FieldError, Invalid
from shared.schemas.projects.decisions import DecisionState, VoteChoice

LETTERS = "ABCDEFGHIJ"


class NotOpen(Conflict):
    code, title, title_en = "not_open", "此事项已决策或已撤回", "Not open"


class NotCarried(Conflict):
    code, title, title_en = "not_carried", "表决结果不支持所选方案", "Not carried"


class NoQuorum(Conflict):
    code, title, title_en = "no_quorum", "参加表决的成员不足半数", "No quorum"


class AlreadyDone(Conflict):
    code, title, title_en = "already_done", "此项任务已完成", "Already done"


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes by option key, and those who kept out."""

    votes_for: Mapping[str, int]
    votes_against: Mapping[str, int]
    abstentions: int


def lettered(options: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Options with their keys: A, B, C … in the order given."""
    return [{"key": key, **option} for key, option in zip(LETTERS, options, strict=False)]


def check_option(options: Sequence[Mapping[str, Any]], key: str) -> None:
    if key not in {option["key"] for option in options}:
        raise Invalid(errors=[FieldError("/option", "unknown_option", "没有这个方案")])


def check_open(state: DecisionState) -> None:
    if state is not DecisionState.open:
        raise NotOpen("只有待决策的事项可以表决、决定或撤回")


def tally(keys: Sequence[str], votes: Sequence[Mapping[str, Any]]) -> Tally:
    """`votes` have `choice` and `option`."""

    def count(choice: VoteChoice) -> dict[str, int]:
        return {key: sum(v["choice"] == choice and v["option"] == key for v in votes) for key in keys}

    abstentions = sum(vote["choice"] == VoteChoice.abstain for vote in votes)
    return Tally(count(VoteChoice.in_favour), count(VoteChoice.against), abstentions)


def check_member(members: Collection[str], person_code: str) -> None:
    if person_code not in members:
        raise Invalid(errors=[FieldError("/person_code", "not_a_member", "此人现在不是领导小组成员")])


def check_quorum(voted: int, members: int) -> None:
    """More than half of the members have voted, abstentions included. A proposal of ours, as is the majority."""
    if 2 * voted <= members:
        raise NoQuorum("须有过半数成员参加表决")


def check_carried(found: Tally, key: str) -> None:
    """An outcome has more votes for it than against it, and no other option has more; among equals the chair chooses.

    A proposal of ours: the seeds ask for collective decisions and name no majority.
    """
    own = found.votes_for[key]
    if own == 0:
        raise NotCarried("没有人赞成这个方案；请先如实记录表决情况")
    if own <= found.votes_against[key]:
        raise NotCarried("反对票不少于赞成票")
    if own < max(found.votes_for.values()):
        raise NotCarried("另有方案得到更多赞成票")


def check_due(tasks: Sequence[Any], decided_on: dt.date) -> None:
    """Each task has a `due_on`."""
    late = [at for at, task in enumerate(tasks) if task.due_on < decided_on]
    if late:
        where = [FieldError(f"/tasks/{at}/due_on", "before_decision", "期限早于决定之日") for at in late]
        raise Invalid(errors=where)


def cause(decision_id: object) -> str:
    """What a blocked milestone says holds it."""
    return f"decision:{decision_id}"


def check_not_done(*, done: bool) -> None:
    if done:
        raise AlreadyDone("此项任务已经完成")
