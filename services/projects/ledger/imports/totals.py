"""Totals a sheet states beside what its own rows add up to."""

from collections.abc import Sequence
from decimal import Decimal

from services.projects.ledger.imports.matching import Verdict
from services.projects.ledger.insight.totals import counted
from shared.schemas.base import plain
from shared.schemas.imports import StatedTotal
from shared.workbook.reader import Sheet


def compare(sheet: Sheet, verdicts: Sequence[Verdict]) -> list[StatedTotal]:
    """Every total of the sheet, each with what its own rows come to."""
    found, rows = [], [v.row.facts for v in verdicts]
    for total in sheet.stated_totals:
        sum_ = counted(rows, total.fact)
        found.append(
            StatedTotal(
                fact=total.fact,
                cell=total.cell,
                stated=plain(Decimal(total.value)),
                counted=plain(sum_),
                agrees=Decimal(total.value) == sum_,
            )
        )
    return found
