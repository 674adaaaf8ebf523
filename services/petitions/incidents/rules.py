"""Rules of incidents and of reporting none. Pure."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.chassis.identity import Caller
from shared.errors import Conflict, FieldError, Forbidden, Invalid
from shared.schemas.gateway.directory import UnitKind
from shared.schemas.petitions.incidents import DayReport

SEES_ALL = frozenset({"petition_office", "office", "leader", "inspector"})
"""The others see what their own unit has reported."""
OFFICES = frozenset({"petition_office", "office"})
"""Who writes down what a unit reported by telephone."""
REPORTS_DAILY = (UnitKind.DEPARTMENT, UnitKind.TOWNSHIP, UnitKind.TASKFORCE)


class AlreadyReported(Conflict):
    code, title, title_en = "already_reported", "同日、同类、同一项目（地点）的事件已上报", "Already reported"


class NoneReported(Conflict):
    code, title, title_en = "none_reported", "本单位当日已作零报告", "None was reported"


class IncidentsReported(Conflict):
    code, title, title_en = "incidents_reported", "本单位当日已上报事件，不能作零报告", "Incidents were reported"


class Closed(Conflict):
    code, title, title_en = "incident_closed", "事件已处置完毕", "Closed"


class ForAnotherUnit(Forbidden):
    code, title, title_en = "another_unit", "只能以本单位名义上报", "Not your unit"


def is_confined(caller: Caller) -> bool:
    return not caller.roles & SEES_ALL


def reporting_unit(caller: Caller, given: str | None) -> str:
    """The caller's own; an office writes down any unit's."""
    if given is not None and given != caller.unit and not caller.roles & OFFICES:
        raise ForAnotherUnit
    unit = given or caller.unit
    if unit is None:
        raise Invalid(errors=[FieldError("/unit_code", "required", "请填写报告单位")])
    return unit


def check_past(occurred_at: dt.datetime, now: dt.datetime) -> None:
    if occurred_at > now:
        raise Invalid(errors=[FieldError("/occurred_at", "future_time", "不能晚于现在")])


def same_as(project_id: UUID | None, place: str) -> str:
    """What two reports of one incident have in common beside day and kind: the project, else the place, however it is
    typed."""
    if project_id is not None:
        return str(project_id)
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", place)).lower() or place


def day_report(incidents: int, said_none: bool) -> DayReport:
    """What is not said is not none."""
    if incidents:
        return DayReport.contradicted if said_none else DayReport.incidents
    return DayReport.none if said_none else DayReport.silent


def check_open(incident: Mapping[str, Any]) -> None:
    if incident["closed_on"] is not None:
        raise Closed
