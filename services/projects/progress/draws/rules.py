"""Which sites are inspected next week: a weighted draw that nobody can steer and anybody can repeat. Pure.

`sha256-successive-v1`: candidates stand in order of their id as text. For place 0, 1, 2 … r = SHA-256 of the ASCII text
`<seed>:<place>`, read as a big-endian number, modulo the weights still in the draw added up; the candidate in whose
stretch of the running sum r falls is picked and leaves. Only integers: any language repeats it to the bit.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from shared.errors import Conflict, FieldError, Invalid

ALGORITHM = "sha256-successive-v1"
LONGEST_DAYS = 90
"""From here on a site is simply overdue; never inspected counts as this long."""
UNKNOWN_PERMILLE = 500
"""A unit nobody has measured is neither trusted nor suspected."""
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)


class NotDrawable(Invalid):
    code, title, title_en = "not_drawable", "这一周不能抽取", "Week not drawable"


class NothingToDraw(Conflict):
    code, title, title_en = "nothing_to_draw", "本县没有在办项目可供抽取", "Nothing to draw"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One ticket: how long nobody looked, how far its unit is believed (None: too few samples), and its weight."""

    project_id: str
    project_code: str
    days: int
    reliability: str | None
    weight: int


def candidate(
    project_id: str, project_code: str, *, last: dt.date | None, reliability: Decimal | None, week_starting: dt.date
) -> Candidate:
    """weight = days × (1000 + 4 × (1000 − reliability in whole ‰)): five times as likely for the least reliable."""
    days = LONGEST_DAYS if last is None else min(max((week_starting - last).days, 1), LONGEST_DAYS)
    permille = UNKNOWN_PERMILLE if reliability is None else int(reliability * 1000)
    believed = None if reliability is None else format(reliability, "f")
    return Candidate(project_id, project_code, days, believed, days * (1000 + 4 * (1000 - permille)))


def pick(seed: str, candidates: Sequence[Candidate], places: int) -> list[str]:
    """The ids drawn, first place first; never more than there are places or candidates."""
    left = sorted(candidates, key=lambda c: c.project_id)
    picked = []
    for place in range(min(places, len(left))):
        digest = hashlib.sha256(f"{seed}:{place}".encode()).digest()
        rest = int.from_bytes(digest) % sum(c.weight for c in left)
        index = 0
        while rest >= left[index].weight:
            rest -= left[index].weight
            index += 1
        picked.append(left.pop(index).project_id)
    return picked


def inputs_sha256(week_starting: dt.date, places: int, candidates: Sequence[Candidate]) -> str:
    """SHA-256 in hex of canonical JSON (sorted keys, no spaces, ASCII): all the outcome depends on but the seed."""
    inputs: dict[str, Any] = {
        "algorithm": ALGORITHM,
        "week_starting": week_starting.isoformat(),
        "places": places,
        "candidates": [asdict(c) for c in sorted(candidates, key=lambda c: c.project_id)],
    }
    return hashlib.sha256(json.dumps(inputs, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def week(given: dt.date | None, today: dt.date) -> dt.date:
    """The Monday drawn for: this week's or the next one's; later weeks will know more than today does."""
    this = today - dt.timedelta(days=today.weekday())
    if given is None:
        return this + WEEK
    if given not in (this, this + WEEK):
        message = f"请填写 {this.isoformat()} 或 {(this + WEEK).isoformat()}"
        raise NotDrawable(errors=[FieldError("/week_starting", "not_drawable", message)])
    return given
