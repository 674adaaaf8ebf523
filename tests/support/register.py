"""A county's petition register in the service, row by row as its acts: what an import of it comes to."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl

from services.petitions.life import records, service, writes
from services.petitions.life.case import Act
from services.petitions.life.models import petition_clock
from services.petitions.life.rules import fold
from services.petitions.ratings.models import petition_rating
from services.petitions.registry.models import petition
from shared.chassis import scope
from shared.chassis.calendar import WorkCalendar
from shared.chassis.identity import Caller, prefix_of
from shared.schemas.petitions.states import ActKind as A
from shared.storage.bulk import insert_many
from shared.storage.ids import new_id
from shared.storage.rows import Row
from tests.support.lives import CLAIM
from tests.support.petitions import County

REGISTER = Path(__file__).parents[1] / "data" / "demo-999901-petitions.xlsx"
OFFICE = "XFJ"
CHANNELS = {"来信": "letter", "来访": "visit", "网上信访": "online", "来电": "phone", "12345转办": "hotline"}
LEVELS = {"到县": "county", "到市": "city", "赴省": "province", "进京": "beijing"}
RATINGS = {"满意": "satisfied", "基本满意": "basically_satisfied", "不满意": "dissatisfied"}
DEMANDS = {
    "延期交房": "delivery",
    "退房退款": "refund",
    "办理不动产证": "title",
    "房屋质量": "quality",
    "拖欠工资": "wages",
    "征收补偿": "compensation",
    "停贷": "mortgage",
    "非住房类": "other",
}


def rows_of(file: Path) -> Iterator[dict[str, Any]]:
    """The register's rows by the names of its columns, days as days."""
    _, head, *rows = openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True)
    for row in rows:
        named = dict(zip(head, row, strict=True))
        yield {str(k): v.date() if isinstance(v, dt.datetime) else v for k, v in named.items()}


def acts_of(row: dict[str, Any]) -> list[Act]:
    """What was done by the days the register names; an extension was granted when the case was accepted."""
    registered, accepted, replied = row["登记日期"], row["受理告知日期"], row["答复日期"]
    body = row["责任单位"]
    acts = [
        Act(A.register, registered, "clerk", unit=OFFICE),
        Act(A.forward, registered, "clerk", unit=OFFICE, to_unit=body),
    ]
    if accepted is not None:
        acts.append(Act(A.accept, accepted, "officer", unit=body, **CLAIM))
        if row["是否延期"] == "是":
            acts.append(Act(A.request_extension, accepted, "officer", unit=body, days=30))
            acts.append(Act(A.approve_extension, accepted, "head", unit=body, told_on=accepted))
    if replied is not None:
        acts.append(Act(A.issue_opinion, replied, "officer", unit=body))
    return acts


async def load_register(county: County, file: Path = REGISTER) -> int:
    """How many cases there are now."""
    there, now, calendar = county.service, county.service.clock.now(), WorkCalendar()
    caller = Caller("user:registrar", "登记员", frozenset({"petition_office"}), prefix_of(county.code), county.code)
    common = {"division_code": county.code, "version": 1, "created_by": caller.subject}
    common |= {"created_at": now, "updated_at": now}
    seen: dict[tuple[Any, ...], Any] = {}
    petitions: list[Row] = []
    acted: list[Row] = []
    clocks: list[Row] = []
    ratings: list[Row] = []
    for row in rows_of(file):
        acts, petition_id = acts_of(row), new_id()
        stood = fold(acts, calendar)
        assert stood is not None
        same = (row["身份证号"], row["涉及楼盘"], row["诉求类别"])
        petitions.append(
            common
            | records.columns_of(stood, calendar)
            | {
                "id": petition_id,
                "petition_code": f"{county.code}-X-{row['登记编号']}",
                "register_code": row["登记编号"],
                "channel": CHANNELS[row["信访形式"]],
                "visit_level": LEVELS[row["信访去向"]],
                "petitioned_on": row["登记日期"],
                "people_count": row["人数"],
                "demand": DEMANDS[row["诉求类别"]],
                "project_name": row["涉及楼盘"],
                "state_since": acts[-1].on,
                "body_unit_name": row["责任单位"],
                "rule_repeat_of": seen.get(same),
            }
        )
        seen.setdefault(same, petition_id)
        acted += [
            service.act_row(there.app.state.vault, county.code, petition_id, act, number, caller, service.Paper(), now)
            for number, act in enumerate(acts, 1)
        ]
        clocks += [
            writes.clock_row(county.code, petition_id, stood, clock.number, calendar, now) for clock in stood.clocks
        ]
        if row["满意度"] is not None:
            rated = {"rated_on": row["答复日期"], "body_rating": RATINGS[row["满意度"]]}
            ratings.append(common | {"id": new_id(), "petition_id": petition_id} | rated)
    with scope.within(prefix_of(county.code)):
        async with there.database.session() as session:
            await insert_many(session, petition, petitions)
            await writes.insert_acts(session, acted)
            await insert_many(session, petition_clock, clocks)
            await insert_many(session, petition_rating, ratings)
            await session.commit()
    return len(petitions)
