"""What the ledger states of a firm, for the features that keep firms."""

from collections.abc import Collection, Mapping
from typing import Any

from services.projects.ledger.firms import queries, rules
from services.projects.ledger.rules import enterprise_key
from shared.storage import Session

AMOUNTS = queries.AMOUNTS


async def projects_of(
    session: Session, division_code: str, keys: Collection[str], credit_code: str | None
) -> list[Mapping[str, Any]]:
    """Projects of a division in which a firm has a part: their facts, and `roles`. At most `queries.MOST`."""
    names = [name for name in await queries.names(session, division_code) if enterprise_key(name) in keys]
    found = await queries.projects(session, division_code, keys, credit_code, names)
    with_roles = [{**row, "roles": rules.roles(row, keys, credit_code)} for row in found]
    return [row for row in with_roles if row["roles"]]
