"""Totals that sheets state, held against the ledger. Kept as stated, never corrected."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from services.projects.ledger.insight.contradictions import StatedFigure
from shared.schemas.base import plain


def counted(rows: Sequence[Mapping[str, Any]], fact: str) -> Decimal:
    """`projects` counts rows, `resolution_status.resolved` the rows of that status, any other fact is summed."""
    if fact == "projects":
        return Decimal(len(rows))
    name, _, value = fact.partition(".")
    if value:
        return Decimal(sum(1 for facts in rows if _says(facts.get(name), value)))
    return sum((Decimal(facts[fact]) for facts in rows if facts.get(fact) is not None), Decimal(0))


def _says(stated: Any, value: str) -> bool:
    return value in stated if isinstance(stated, list) else stated == value


def still_stated(totals: Sequence[Mapping[str, Any]], projects: Sequence[Mapping[str, Any]]) -> list[StatedFigure]:
    """The totals that stand today, newest sheet first in `totals` as `queries.stated_totals` gives them.

    A sheet takes the place of older ones with no more rows than it: a township's part does not speak for the county,
    and a corrected sheet speaks for the one it corrects. What the sheet's own rows missed is settled as soon as the
    ledger has it.
    """
    widest: dict[str, tuple[int, Any]] = {}
    standing = []
    for total in totals:
        rows, sheet = widest.get(total["division_code"], (0, None))
        if sheet != total["import_id"]:
            if total["sheet_rows"] <= rows:
                continue
            widest[total["division_code"]] = (total["sheet_rows"], total["import_id"])
        here = [p for p in projects if p["division_code"] == total["division_code"]]
        settled = plain(counted(here, total["fact"])) == total["stated"]
        standing.append(
            StatedFigure(
                total["division_code"],
                total["effective_on"],
                total["fact"],
                total["cell"],
                total["stated"],
                total["stated"] if settled else total["counted"],
            )
        )
    return standing
