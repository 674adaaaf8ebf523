"""Query parameters that the lists of progress have in common."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query

from shared.errors import FieldError, Invalid
from shared.schemas.base import Day


async def _span(
    project_id: UUID | None = None,
    from_on: Annotated[Day | None, Query(description="自哪一天的情况起")] = None,
    until_on: Annotated[Day | None, Query(description="至哪一天的情况止")] = None,
) -> dict[str, Any]:
    return {"project_id": project_id, "from_on": from_on, "until_on": until_on}


Span = Annotated[dict[str, Any], Depends(_span)]
"""Of which project, about which days: the first filters of a list."""
Corrected = Annotated[bool | None, Query(description="只看已被更正的，或只看仍有效的；不填为全部")]


def one_county(scope: str) -> str:
    """Raises `Invalid` where a caller above the county names none: each county's thresholds decide what is true."""
    if len(scope) < 6:
        where = FieldError("query:division_code", "division_required", "请指定一个县")
        raise Invalid("各县认定复工的标准不同，请指定一个县", [where])
    return scope
