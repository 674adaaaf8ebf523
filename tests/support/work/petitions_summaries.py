"""信访摘要: a call that is granted for each operation."""

from collections.abc import Mapping

from tests.support.county import HERE, Call, County
from tests.support.office import OPINION


async def seed(_: County) -> None:
    """Petitions of the county's project, the warnings have brought."""


CALLS: Mapping[str, Call] = {
    "get_project_petition_summary": Call(query=HERE),
    "list_project_petition_summaries": Call(query=HERE),
    "answer_linked_petitions": Call(json={"opinion": OPINION}, query={"dry_run": "true"}),
}
