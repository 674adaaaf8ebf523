"""Tables as Markdown that also reads well on a terminal."""

import unicodedata
from collections.abc import Sequence


class Row(tuple[str, ...]):
    """One line of a table, as many cells as its head."""

    def __new__(cls, *cells: str) -> "Row":
        return super().__new__(cls, cells)


def table(title: str, head: Sequence[str], lines: Sequence[Row]) -> str:
    widths = [max(map(_width, column)) for column in zip(head, *lines, strict=True)]
    rule = ["-" * width for width in widths]
    return "\n".join([f"## {title}", "", *(_line(cells, widths) for cells in (head, rule, *lines))])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def verdict(
    figure: float, *, at_least: float | None = None, at_most: float | None = None, goal: float | None = None
) -> str:
    """`met`, or by how much a bar is missed."""
    if at_least is not None and figure < at_least:
        return f"MISSED by {(at_least - figure) / at_least:.0%}"
    if at_most is not None and figure > at_most:
        return f"MISSED by {(figure - at_most) / at_most:.0%}"
    return "met, and the goal" if goal is not None and figure >= goal else "met"
