"""What a ledger is headed with, and what its import leaves in the database."""

from sqlalchemy import text

from shared.chassis import scope
from tests.support.projects import County

HEADS = ["项目名称", "开发企业", "总套数", "已售套数", "建设状态"]


async def stored(county: County) -> dict[str, int]:
    """How many rows of each table the county has."""
    tables = [
        "project",
        "project_change",
        "audit_entry",
        "outbox",
        "stored_file",
        "ledger_import",
        "job",
        "stated_total",
    ]
    with scope.within(county.code):
        async with county.projects.database.session() as session:
            return {t: (await session.execute(text(f"select count(*) from {t}"))).scalar_one() for t in tables}
