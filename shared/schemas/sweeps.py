"""What every sweep says of itself, whatever it counts."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Day, Moment, Out


class SweepState(StrEnum):
    RUNNING = "running"
    FINISHED = "finished"


LABELS: dict[type[StrEnum], dict[str, str]] = {SweepState: {"running": "进行中", "finished": "已完成"}}


class Sweep(Out):
    """A service adds its counts of what the sweep has done so far; they are final once `state` is `finished`."""

    id: UUID
    division_code: str
    state: SweepState
    swept_on: Day
    failure: str | None = Field(description="未能完成的原因")
    version: int
    created_by: str
    created_at: Moment
    finished_at: Moment | None
