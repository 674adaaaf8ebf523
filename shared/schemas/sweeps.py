"""What every sweep says of itself, whatever it counts."""

from enum import StrEnum


class SweepState(StrEnum):
    RUNNING = "running"
    FINISHED = "finished"


LABELS: dict[type[StrEnum], dict[str, str]] = {SweepState: {"running": "进行中", "finished": "已完成"}}
