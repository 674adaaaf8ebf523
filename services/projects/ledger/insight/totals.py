"""Totals that sheets state, held against the ledger. Kept as stated, never corrected."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.projects.ledger.insight.contradictions import StatedFigure
from services.projects.ledger.workbook.dictionary import LEDGER
from shared.schemas.base import plain
from shared.workbook.totals import counted


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
        settled = plain(counted(here, total["fact"], LEDGER.row_count)) == total["stated"]
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
