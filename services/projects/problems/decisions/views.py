"""Decisions in the shape of the contract."""

from services.projects.problems import queries as problems
from services.projects.problems.decisions import queries, rules
from shared.schemas.projects.decisions import AffectedProjectOut, DecisionFull, DecisionOut, DecisionTaskOut, VoteOut
from shared.storage import Session, work
from shared.storage.rows import Row


def shown(row: Row) -> DecisionOut:
    return work.shown(DecisionOut, row)


def vote(row: Row) -> VoteOut:
    return work.shown(VoteOut, row)


def task(row: Row) -> DecisionTaskOut:
    return work.shown(DecisionTaskOut, row)


async def full(session: Session, row: Row) -> DecisionFull:
    """With votes, tasks, and what it holds up."""
    where = (session, row["division_code"], row["id"])
    votes = await queries.votes(*where)
    counted = rules.tally([option["key"] for option in row["options"]], votes)
    options = [
        option | {"votes_for": counted.votes_for[option["key"]], "votes_against": counted.votes_against[option["key"]]}
        for option in row["options"]
    ]
    return work.shown(
        DecisionFull,
        {name: value for name, value in row.items() if name != "options"},
        options=options,
        abstentions=counted.abstentions,
        projects=[work.shown(AffectedProjectOut, one) for one in await queries.projects(*where)],
        problem_ids=[one["id"] for one in await problems.of_decision(*where)],
        votes=[vote(one) for one in votes],
        tasks=[task(one) for one in await queries.tasks(*where)],
    )
