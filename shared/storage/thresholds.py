"""Numbers a county sets for itself. A service says which there are and what they are by default; features read them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Column, Integer, MetaData, Table, Text, UniqueConstraint, select

from shared.chassis.http import require_version
from shared.chassis.identity import Caller
from shared.chassis.permissions import require_home
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.schemas.thresholds import ThresholdIn, ThresholdOut
from shared.storage import Session, work
from shared.storage.rows import Row
from shared.storage.tables import work_table


@dataclass(frozen=True, slots=True)
class Threshold:
    """What it is (`title`), in which `unit`, our default, and the bounds of what a county may set."""

    title: str
    unit: str
    default: int
    minimum: int
    maximum: int


def threshold_table(metadata: MetaData) -> Table:
    """What counties have set; a service has one."""
    return work_table(
        metadata,
        "threshold",
        Column("name", Text, nullable=False),
        Column("value", Integer, nullable=False),
        Column("reason", Text, nullable=False),
        UniqueConstraint("division_code", "name"),
    )


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Those of one service: `known` by name, what counties have set in `table`."""

    table: Table
    known: Mapping[str, Threshold]

    async def values(self, session: Session, division_code: str) -> dict[str, int]:
        """Every threshold of a division: its own, else ours."""
        own = await self._own(session, division_code)
        return {name: own[name]["value"] if name in own else known.default for name, known in self.known.items()}

    async def value(self, session: Session, division_code: str, name: str) -> int:
        return (await self.values(session, division_code))[name]

    async def listed(self, session: Session, division_code: str) -> list[ThresholdOut]:
        own = await self._own(session, division_code)
        return [self._shown(name, own.get(name)) for name in self.known]

    async def one(self, session: Session, division_code: str, name: str) -> ThresholdOut:
        return self._shown(self._known(name), (await self._own(session, division_code)).get(name))

    async def set_one(
        self,
        session: Session,
        caller: Caller,
        division_code: str,
        name: str,
        version: int,
        body: ThresholdIn,
        now: dt.datetime,
    ) -> ThresholdOut:
        require_home(caller, division_code)
        known = self.known[self._known(name)]
        if not known.minimum <= body.value <= known.maximum:
            message = f"请填写 {known.minimum} 至 {known.maximum}（{known.unit}）"
            raise Invalid(errors=[FieldError("/value", "out_of_bounds", message)])
        row = (await self._own(session, division_code, lock=True)).get(name)
        require_version(row["version"] if row else 0, version)
        given = {"value": body.value, "reason": body.reason}
        if row is None:
            made = await work.add(session, self.table, caller, division_code, given | {"name": name}, now, action="set")
            if made is None:
                raise Conflict("此项设置刚刚被他人修改，请重新读取")
            return self._shown(name, made)
        return self._shown(name, await work.move(session, self.table, caller, row, given, now, action="set"))

    async def _own(self, session: Session, division_code: str, *, lock: bool = False) -> dict[str, Row]:
        """What a division has set, by name."""
        statement = select(self.table).where(self.table.c.division_code == division_code)
        found = await session.execute(statement.with_for_update() if lock else statement)
        return {row["name"]: dict(row) for row in found.mappings()}

    def _known(self, name: str) -> str:
        if name not in self.known:
            raise NotFound("没有这项设置")
        return name

    def _shown(self, name: str, row: Row | None) -> ThresholdOut:
        known = self.known[name]
        return ThresholdOut(
            name=name,
            title=known.title,
            unit=known.unit,
            default=known.default,
            minimum=known.minimum,
            maximum=known.maximum,
            value=row["value"] if row else known.default,
            reason=row["reason"] if row else None,
            version=row["version"] if row else 0,
            updated_at=row["updated_at"] if row else None,
        )
