"""Use cases of the thresholds."""

import datetime as dt

from services.projects import work
from services.projects.thresholds import queries
from services.projects.thresholds.models import threshold
from services.projects.thresholds.rules import THRESHOLDS
from shared.chassis.http import require_version
from shared.chassis.identity import Caller
from shared.chassis.permissions import require_home
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.schemas.projects.thresholds import ThresholdIn, ThresholdOut
from shared.storage import Session
from shared.storage.rows import Row


async def values(session: Session, division_code: str) -> dict[str, int]:
    """Every threshold of a division: its own, else ours."""
    own = await queries.of_division(session, division_code)
    return {name: own[name]["value"] if name in own else known.default for name, known in THRESHOLDS.items()}


async def value(session: Session, division_code: str, name: str) -> int:
    return (await values(session, division_code))[name]


async def listed(session: Session, division_code: str) -> list[ThresholdOut]:
    own = await queries.of_division(session, division_code)
    return [shown(name, own.get(name)) for name in THRESHOLDS]


def shown(name: str, row: Row | None) -> ThresholdOut:
    known = THRESHOLDS[name]
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


def _known(name: str) -> str:
    if name not in THRESHOLDS:
        raise NotFound("没有这项设置")
    return name


async def one(session: Session, division_code: str, name: str) -> ThresholdOut:
    return shown(_known(name), (await queries.of_division(session, division_code)).get(name))


async def set_one(
    session: Session, caller: Caller, division_code: str, name: str, version: int, body: ThresholdIn, now: dt.datetime
) -> ThresholdOut:
    require_home(caller, division_code)
    known = THRESHOLDS[_known(name)]
    if not known.minimum <= body.value <= known.maximum:
        message = f"请填写 {known.minimum} 至 {known.maximum}（{known.unit}）"
        raise Invalid(errors=[FieldError("/value", "out_of_bounds", message)])
    row = (await queries.of_division(session, division_code, lock=True)).get(name)
    require_version(row["version"] if row else 0, version)
    given = {"value": body.value, "reason": body.reason}
    if row is None:
        made = await work.add(session, threshold, caller, division_code, given | {"name": name}, now, action="set")
        if made is None:
            raise Conflict("此项设置刚刚被他人修改，请重新读取")
        return shown(name, made)
    return shown(name, await work.move(session, threshold, caller, row, given, now, action="set"))
