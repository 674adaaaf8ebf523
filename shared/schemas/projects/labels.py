"""The Chinese label of every enum value of the projects service, for front ends."""

from shared.schemas.projects import (
    acceptances,
    closeout,
    clues,
    decisions,
    duty,
    enterprises,
    evidence,
    facts,
    groups,
    lawsuits,
    meetings,
    paths,
    plan,
    problems,
    progress,
    quality,
    signals,
    supervision,
    visits,
)

LABELS = {
    kind.__name__: labels
    for part in (
        facts,
        duty,
        groups,
        visits,
        plan,
        paths,
        lawsuits,
        enterprises,
        clues,
        problems,
        decisions,
        meetings,
        progress,
        signals,
        evidence,
        quality,
        acceptances,
        closeout,
        supervision,
    )
    for kind, labels in part.LABELS.items()
}
