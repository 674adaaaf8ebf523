"""The Chinese label of every enum value of the petitions service, for front ends."""

from shared.schemas import sweeps
from shared.schemas.petitions import (
    attachments,
    incidents,
    intake,
    kpis,
    leaders,
    opinion,
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
        incidents,
        intake,
        people,
        attachments,
        leaders,
        opinion,
        ratings,
        kpis,
        repeats,
        reminders,
        sweeps,
        warnings,
    )
    for kind, labels in part.LABELS.items()
} | {"ProblemType": facts.LABELS[facts.ProblemType]}
