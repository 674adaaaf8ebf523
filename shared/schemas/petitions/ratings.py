"""The words of a satisfaction rating 群众满意度评价."""

from enum import StrEnum


class Rating(StrEnum):
    satisfied = "satisfied"
    basically_satisfied = "basically_satisfied"
    dissatisfied = "dissatisfied"


LABELS: dict[type[StrEnum], dict[str, str]] = {
    Rating: {"satisfied": "满意", "basically_satisfied": "基本满意", "dissatisfied": "不满意"},
}
