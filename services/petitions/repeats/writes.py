"""Writes of many repeats at once."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Uuid, column, func, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.expression import bindparam

from services.petitions.registry.models import petition
from shared.storage import Session


async def set_first_by_rule(session: Session, division_code: str, firsts: Mapping[UUID, UUID | None]) -> None:
    """The first earlier case of each petition; None where there is none. The version stays: nobody has acted."""
    given = (
        func.unnest(
            bindparam("ids", list(firsts), ARRAY(Uuid)), bindparam("firsts", list(firsts.values()), ARRAY(Uuid))
        )
        .table_valued(column("petition_id", Uuid), column("first_id", Uuid), name="given")
        .render_derived()
    )
    await session.execute(
        update(petition)
        .where(
            petition.c.division_code == division_code,
            petition.c.id == given.c.petition_id,
        )
        .values(rule_repeat_of=given.c.first_id)
    )
