"""What a plan accepts and how it looks from today. Pure: rows and values in, values or a `Problem` out."""

from collections.abc import Mapping
from typing import Any

from services.projects.plan.schedule import Step


def step(row: Mapping[str, Any]) -> Step:
    """A milestone's row as the schedule sees it."""
    return Step(row["key"], row["duration_days"], row["after"], row["started_on"], row["reported_on"], row["done_on"])
