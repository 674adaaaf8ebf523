"""信访统计: a call of each operation; they need no rows of their own."""

from collections.abc import Mapping

from tests.support.county import HERE, Call, County


async def seed(_: County) -> None:
    """The register's rows are counted."""


CALLS: Mapping[str, Call] = {
    "get_petition_kpis": Call(query=HERE | {"by": "unit"}),
    "list_kpi_petitions": Call(query=HERE | {"formula": "timely_acceptance_due", "side": "denominator"}),
}
