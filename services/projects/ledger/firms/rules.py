"""Which part a firm has in a project, by what the ledger states. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

from services.projects.ledger.rules import enterprise_key
from shared.schemas.projects.enterprises import EnterpriseRole as R

NAMED = {"owner_unit": R.owner, "general_contractor": R.general_contractor, "supervisor": R.supervisor}


def roles(project: Mapping[str, Any], keys: Collection[str], credit_code: str | None) -> list[R]:
    """In which roles a project names a firm known by name `keys` and credit code.

    A developer whose code is stated and differs is another firm of the same name.
    """
    stated = project["developer_credit_code"]
    by_code = credit_code is not None and stated == credit_code
    by_name = project["developer_key"] in keys and (stated is None or credit_code is None)
    found = [R.developer] if by_code or by_name else []
    return found + [role for fact, role in NAMED.items() if project[fact] and enterprise_key(project[fact]) in keys]
