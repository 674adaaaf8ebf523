"""What single rows came to, and what a sheet's totals come to beside its rows. Pure."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shared.errors import FieldError
from shared.schemas.base import plain
from shared.schemas.imports import FieldConflict, RowVerdict, StatedTotal
from shared.workbook.dictionary import Dictionary
from shared.workbook.reader import Row, Sheet
from shared.workbook.totals import counted


@dataclass(slots=True)
class Verdict:
    """What one row does. A service adds what its own writing needs."""

    row: Row
    verdict: RowVerdict
    errors: list[FieldError] = field(default_factory=list)
    conflicts: list[FieldConflict] = field(default_factory=list)
    notes: list[FieldError] = field(default_factory=list)


def row_result(verdict: Verdict) -> dict[str, Any]:
    """`ImportedRow` of one row."""
    return {
        "row": verdict.row.number,
        "verdict": verdict.verdict,
        "errors": [{"pointer": e.pointer, "code": e.code, "message": e.message} for e in verdict.errors],
        "conflicts": [c.model_dump(mode="json") for c in verdict.conflicts],
        "notes": [{"pointer": e.pointer, "code": e.code, "message": e.message} for e in verdict.notes],
    }


def compare(sheet: Sheet, dictionary: Dictionary) -> list[StatedTotal]:
    """Every total the sheet states, with what its own rows come to."""
    facts = [row.facts for row in sheet.rows]
    found = []
    for total in sheet.stated_totals:
        stated, sum_ = Decimal(total.value), counted(facts, total.fact, dictionary.row_count)
        found.append(
            StatedTotal(
                fact=total.fact, cell=total.cell, stated=plain(stated), counted=plain(sum_), agrees=stated == sum_
            )
        )
    return found
