"""The weekly draw of inspections on the wire: everything anyone needs to repeat it."""

import datetime as dt
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Day, DivisionCode, In, Moment, Out, Page, Rate


class InspectionDrawIn(In):
    division_code: DivisionCode
    week_starting: Day | None = Field(None, description="哪一周，填周一；本周或下周，不填即下周")


class DrawCandidate(Out):
    """One ticket of the draw. `weight` = `days` × (1000 + 4 × (1000 − reliability in whole ‰)); unknown is 500 ‰."""

    project_id: UUID
    project_code: str
    days: int = Field(description="距上次核查的天数，1 至 90；从未核查为 90")
    reliability: Rate | None
    weight: int


class DrawPick(Out):
    place: int
    project_id: UUID
    project_code: str
    inspected_on: dt.date | None = Field(description="当周首次核查的日期；尚未核查则为空")


class InspectionDrawOut(Out):
    """A draw anyone can repeat: `algorithm` over `candidates` with `seed` gives `picks`; `inputs_sha256` seals them.

    `sha256-successive-v1`: candidates by project id as text; for place 0, 1, 2 … r = SHA-256 of `<seed>:<place>` modulo
    the sum of the weights still in the draw; whose stretch of the running sum holds r is picked and leaves.
    `inputs_sha256`: of `algorithm`, `week_starting`, `places`, `candidates` as JSON, keys sorted, no spaces, ASCII.
    """

    id: UUID
    division_code: str
    week_starting: dt.date
    algorithm: str
    seed: str
    places: int = Field(description="当周可安排的核查数")
    inputs_sha256: str
    candidates: list[DrawCandidate]
    picks: list[DrawPick]
    version: int
    created_by: str
    created_at: Moment


class InspectionDrawItem(Out):
    id: UUID
    division_code: str
    week_starting: dt.date
    algorithm: str
    seed: str
    places: int
    inputs_sha256: str
    candidates: int
    picks: int
    created_at: Moment


class InspectionDrawPage(Page):
    items: list[InspectionDrawItem]
