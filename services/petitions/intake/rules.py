"""What a petition must be to be registered (信访工作条例 2022, arts. 17–23, 30, 31). Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.petitions.registry.people import NewPerson
from services.petitions.registry.problems import bad
from shared.chassis.days import happened_on
from shared.errors import Conflict, FieldError, Forbidden, Invalid
from shared.schemas.petitions.channels import ForwardedDetail, LetterDetail
from shared.schemas.petitions.intake import MOST_REPRESENTATIVES, PetitionerRole, Purpose
from shared.schemas.petitions.registry import HandedTo, PetitionCreate
from shared.schemas.petitions.states import PetitionClass

R = PetitionerRole


class TooManyRepresentatives(Invalid):
    code, title, title_en = "too_many_representatives", "代表不得超过 5 人（信访工作条例第二十条）", "Too many"


class AccusedRegisters(Forbidden):
    code, title, title_en = "accused_unit", "检举控告不得由被检举控告的单位经办（信访工作条例第三十条）", "Accused unit"


class CannotMerge(Conflict):
    code, title, title_en = "cannot_merge", "不能并入此件", "Cannot merge"


class CannotSplit(Conflict):
    code, title, title_en = "cannot_split", "已经办结、终结或并案的信访事项不能分出", "Cannot split"


def check_representatives(roles: Sequence[PetitionerRole], pointer: str = "/persons") -> None:
    if roles.count(R.representative) > MOST_REPRESENTATIVES:
        message = (
            "多人提出共同的信访事项，应当推选代表，代表不超过 5 人：请按 5 名代表登记，其余人员计入人次（第二十条）"
        )
        raise TooManyRepresentatives(errors=[FieldError(pointer, "too_many_representatives", message)])


def check_persons(persons: Sequence[NewPerson], people_count: int, *, is_anonymous: bool) -> None:
    check_representatives([person.role for person in persons])
    named = [person for person in persons if person.name is not None]
    if is_anonymous and (named or any(person.id_number is not None for person in persons)):
        raise bad("/is_anonymous", "named", "匿名件不登记姓名和证件号码")
    if not is_anonymous and not named:
        raise bad("/persons", "required", "请至少登记一人的姓名；无法得知的按匿名件登记")
    came = sum(person.role in (R.petitioner, R.representative) for person in persons)
    if came > people_count:
        raise bad("/people_count", "too_small", f"已登记信访人和代表 {came} 人，人次不能更少")


def check_class(body: PetitionCreate) -> None:
    if body.legal_route is not None and body.petition_class is not PetitionClass.appeal_claim:
        raise bad("/legal_route", "only_appeal_claim", "只有申诉求决才有法定途径")
    if body.accused_unit_code is not None and not is_accusation(body.petition_class, body.purpose):
        raise bad("/accused_unit_code", "only_accusation", "只有检举控告才填写被检举控告的单位")
    if body.is_skip_level and body.channel_detail.channel != "visit":
        raise bad("/is_skip_level", "only_visit", "只有来访才有越级访")


def is_accusation(petition_class: str | None, purpose: str | None) -> bool:
    """Sealed from the moment it says so: not only when it is classed."""
    return petition_class == PetitionClass.accusation or (petition_class is None and purpose == Purpose.accusation)


@dataclass(frozen=True, slots=True)
class Days:
    petitioned_on: dt.date
    registered_on: dt.date


def days_of(body: PetitionCreate, today: dt.date) -> Days:
    """Postmarked, received, petitioned, registered: in this order, and none of them in the future."""
    registered_on = happened_on(body.registered_on, today, "/registered_on")
    detail, received_on = body.channel_detail, None
    if isinstance(detail, LetterDetail | ForwardedDetail):
        received_on = detail.received_on
        postmark_on = detail.postmark_on if isinstance(detail, LetterDetail) else None
        happened_on(received_on, registered_on, "/channel_detail/received_on", since=postmark_on)
    petitioned_on = happened_on(body.petitioned_on or received_on, registered_on, "/petitioned_on")
    return Days(petitioned_on, registered_on)


def check_handed(body: PetitionCreate) -> None:
    """The one-stop desk hands over at once, one unit leads; any other channel goes to one body or is routed later."""
    is_desk = body.channel_detail.channel == "one_stop_desk"
    if body.handed_to and not is_desk:
        raise bad("/handed_to", "only_one_stop_desk", "只有一站式窗口可同时交给多个部门")
    if is_desk and not body.handed_to:
        raise bad("/handed_to", "required", "一站式窗口请填写承办部门")
    if body.to_unit is not None and is_desk:
        raise bad("/to_unit", "only_handed_to", "一站式窗口的承办部门请填入 handed_to")
    if body.handed_to and sum(unit.is_lead for unit in body.handed_to) != 1:
        raise bad("/handed_to", "one_lead", "须有且只有一个牵头部门")
    if len({unit.unit_code for unit in body.handed_to}) != len(body.handed_to):
        raise bad("/handed_to", "twice", "同一部门只需列出一次")


def lead_of(handed_to: Sequence[HandedTo]) -> HandedTo:
    return next(unit for unit in handed_to if unit.is_lead)


def check_merge(row: Mapping[str, object], main: Mapping[str, object], *, is_main_final: bool) -> None:
    if row["id"] == main["id"]:
        raise CannotMerge("不能并入自己")
    if row["division_code"] != main["division_code"]:
        raise CannotMerge("只能并入本级的信访事项")
    if is_main_final:
        raise CannotMerge("主件已经办结、终结或已并入他件，请并入仍在办理的信访事项")
    if row["is_sealed"] != main["is_sealed"]:
        raise CannotMerge("检举控告与其他信访事项不能并案")
