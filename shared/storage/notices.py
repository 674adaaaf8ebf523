"""`python -m shared.storage.notices <file.json>`: a State Council notice about holidays, told to one database.

The file: `{"notice": "国办发明电〔2026〕7号", "days": {"2027-02-05": false, "2027-02-20": true}}`, where true is a day
of work 调休. All that was known of the years it names is replaced: a corrected notice is loaded like a first one. The
database is that of `ANJU_NOTICES_DATABASE_URL`, as its owner: the same file goes into every service's. Running clocks
follow by themselves, plans when they are next scheduled.
"""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, ValidationError
from sqlalchemy import delete, extract, insert
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from shared.schemas.base import Day, Flag, In, Text
from shared.storage.tables import workday_override

VARIABLE = "ANJU_NOTICES_DATABASE_URL"


class Notice(In):
    """`days`: is it a day of work; only days that differ from the plain weekend rule need be named, more do no harm."""

    notice: Text
    days: Mapping[Day, Flag] = Field(min_length=1, max_length=800)


def read(file: Path) -> Notice:
    """Raises `ValidationError`."""
    return Notice.model_validate_json(file.read_bytes())


async def load(connection: AsyncConnection, notice: Notice) -> int:
    """Put the notice in the place of what was known of its years; how many days it names."""
    years = {day.year for day in notice.days}
    await connection.execute(delete(workday_override).where(extract("year", workday_override.c.day).in_(years)))
    rows = [{"day": day, "is_workday": works, "notice": notice.notice} for day, works in notice.days.items()]
    await connection.execute(insert(workday_override), rows)
    return len(rows)


async def _load(url: str, notice: Notice) -> int:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            return await load(connection, notice)
    finally:
        await engine.dispose()


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__)
        return 2
    url = os.environ.get(VARIABLE)
    if not url:
        print(f"{VARIABLE} 未设置", file=sys.stderr)
        return 2
    try:
        notice = read(Path(arguments[0]))
    except (OSError, ValidationError) as error:
        print(error, file=sys.stderr)
        return 1
    years = sorted({day.year for day in notice.days})
    print(f"已录入 {asyncio.run(_load(url, notice))} 天：{'、'.join(map(str, years))} 年")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
