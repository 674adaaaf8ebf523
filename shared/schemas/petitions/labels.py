"""The Chinese label of every enum value of the petitions service, for front ends."""

from shared.schemas import sweeps
from shared.schemas.petitions import (
    attachments,
    intake,
    kpis,
    leaders,
    people,
    ratings,
    reminders,
    repeats,
    states,
    steps,
    warnings,
)
from shared.schemas.projects import facts

LABELS = {
    kind.__name__: labels
    for part in (
        states,
        steps,
        intake,
        people,
        attachments,
        leaders,
        ratings,
        kpis,
        repeats,
        reminders,
        sweeps,
        warnings,
    )
    for kind, labels in part.LABELS.items()
} | {"ProblemType": facts.LABELS[facts.ProblemType]}
