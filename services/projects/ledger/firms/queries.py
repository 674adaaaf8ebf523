"""Reads of the ledger by the firms it names."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import text

from shared.storage import Session

NAMED = ("owner_unit", "general_contractor", "supervisor")
"""Facts that name a firm by nothing but its name."""
AMOUNTS = (
    "funding_gap_fen",
    "works_arrears_fen",
    "wage_arrears_fen",
    "tax_arrears_fen",
    "diverted_fen",
    "recovered_fen",
    "frozen_fen",
)
MOST = 500
_NAMES = text(
    """
    select distinct n.name from project p
    cross join lateral (values (p.owner_unit), (p.general_contractor), (p.supervisor)) n(name)
    where p.division_code = :division and n.name is not null
    """
)
_SHOWN = ("id", "project_code", "name", "construction_status", "resolution_status", "resumption")
_COLUMNS = ", ".join((*_SHOWN, "developer_key", "developer_credit_code", *NAMED, *AMOUNTS))
_PROJECTS = text(
    f"""
    select {_COLUMNS} from project
    where division_code = :division and (
        developer_key = any(:keys) or developer_credit_code = :credit_code
        or owner_unit = any(:names) or general_contractor = any(:names) or supervisor = any(:names)
    )
    order by project_code limit {MOST}
    """  # noqa: S608 only constants of this module
)


async def names(session: Session, division_code: str) -> list[str]:
    """Every name a division's projects have for their owners, contractors and supervisors."""
    return list((await session.execute(_NAMES, {"division": division_code})).scalars())


async def projects(
    session: Session, division_code: str, keys: Collection[str], credit_code: str | None, names: Collection[str]
) -> list[Mapping[str, Any]]:
    """Projects that name a developer by one of `keys` or by the code, or another firm by one of `names`."""
    values = {"division": division_code, "keys": list(keys), "credit_code": credit_code, "names": list(names)}
    return [dict(row._mapping) for row in await session.execute(_PROJECTS, values)]
