"""Reads of the ledger by what projects are called."""

from collections.abc import Collection

from sqlalchemy import ARRAY, Text, any_, literal, or_, select

from services.projects.ledger.models import project
from shared.storage import Session
from shared.storage.rows import Row, dicts


async def called(session: Session, division_code: str, keys: Collection[str]) -> list[Row]:
    """Projects whose name or alias has one of these keys (`rules.name_key`)."""
    c = project.c
    wanted = select(c.id, c.project_code, c.name, c.developer, c.name_key, c.alias_keys).where(
        c.division_code == division_code,
        or_(
            c.name_key == any_(literal(list(keys), ARRAY(Text))),
            c.alias_keys.op("&&")(literal(list(keys), ARRAY(Text))),
        ),
    )
    return dicts(await session.execute(wanted))
