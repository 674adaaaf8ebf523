"""What sweeps of petitions leave, as read over the wire."""

from typing import Any

from tests.support.petitions import County

BANDS = ["warning", "severe", "critical", "overdue"]
"""In which a duty is reminded of, in their order."""


async def reminders(county: County, **filters: Any) -> list[dict[str, Any]]:
    """Oldest first."""
    return list(reversed(await county.every("/reminders", **filters)))


async def audited(county: County, kind: str) -> list[dict[str, Any]]:
    """The audit of one kind of row, oldest first."""
    answer = await county.call("GET", "/audit", role="auditor", params={"subject_type": kind, "limit": 200})
    assert answer.status_code == 200, answer.text
    return list(reversed(answer.json()["items"]))
