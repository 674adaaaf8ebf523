"""Registering a petition, whichever way it came in; its query code."""

from collections.abc import Sequence
from uuid import UUID

from services.petitions.citizen import codes
from services.petitions.intake import creation, rules
from services.petitions.intake.creation import NewPetition
from services.petitions.life import service as life
from services.petitions.life.case import Act
from services.petitions.life.routing import BODIES
from services.petitions.life.service import Paper, Sent
from services.petitions.registry import projects, queries
from services.petitions.registry import service as registry
from services.petitions.registry.models import petition
from services.petitions.registry.people import NewPerson
from services.petitions.registry.problems import bad
from shared.chassis.clock import Clock, today
from shared.chassis.identity import Caller
from shared.chassis.permissions import require_home
from shared.clients.gateway import ProjectName
from shared.clients.parties import Known
from shared.errors import Forbidden
from shared.schemas.petitions.intake import Channel, PetitionerRole
from shared.schemas.petitions.registry import PetitionCreate
from shared.schemas.petitions.states import ActKind
from shared.storage import Session, work
from shared.storage.ids import new_id
from shared.storage.rows import Row
from shared.storage.secrets import Vault

AS_GIVEN = (
    "is_anonymous",
    "is_skip_level",
    "is_threat",
    "is_backlog",
    "is_litigation",
    "is_cross_region",
    "people_count",
    "involved_count",
    "purpose",
    "accused_unit_code",
    "content_class",
    "demand",
    "problem_type",
    "building",
    "township",
    "summary",
)


async def register(
    session: Session,
    caller: Caller,
    vault: Vault,
    known: Known,
    project: ProjectName | None,
    body: PetitionCreate,
    clock: Clock,
) -> tuple[Row, str]:
    """The new petition's row and its query code."""
    require_home(caller, body.division_code)
    rules.check_class(body)
    rules.check_handed(body)
    to_unit = _directly_to(caller, body)
    getting = [unit.unit_code for unit in body.handed_to] + ([to_unit] if to_unit else [])
    _check_accused(caller, known, body, getting)
    days = rules.days_of(body, today(clock))
    persons = [NewPerson(**person.model_dump()) for person in body.persons]
    rules.check_persons(persons, body.people_count, is_anonymous=body.is_anonymous)
    await require_content_class(session, body.content_class)
    act = Act(
        ActKind.register,
        days.registered_on,
        caller.subject,
        unit=caller.unit,
        to_unit=to_unit,
        petition_class=body.petition_class,
        legal_route=body.legal_route,
        cannot_be_told=body.cannot_be_told or body.is_anonymous,
    )
    handed, papers = _handed(known, body, act, caller)
    names = _names(known, [caller.unit or "", *getting])
    petition_id, code = new_id(), codes.new_code()
    detail = body.channel_detail
    given = NewPetition(
        id=petition_id,
        channel=Channel(detail.channel),
        facts={
            **body.model_dump(mode="json", include=set(AS_GIVEN)),
            **projects.linked(project, clock),
            "channel_detail": detail.model_dump(mode="json"),
            "visit_level": getattr(detail, "level", None),
            "petitioned_on": days.petitioned_on,
            "is_joint": body.is_joint or any(person.role is PetitionerRole.co_signer for person in persons),
            "is_sealed": rules.is_accusation(body.petition_class, body.purpose),
            "query_code_hash": codes.keep(vault, {"division_code": caller.home, "id": petition_id}, code),
        },
        persons=persons,
        statement=body.statement,
        acts=[act, *handed],
        papers=papers,
        unit_names=names,
    )
    return await creation.create(session, caller, vault, caller.home, given, clock), code


def _directly_to(caller: Caller, body: PetitionCreate) -> str | None:
    """A body registers what came to itself; only the petition office registers for others."""
    if "petition_office" in caller.roles:
        return body.to_unit
    if caller.unit is None or body.to_unit not in (None, caller.unit) or body.handed_to:
        raise Forbidden("只能登记本单位直接收到的信访事项；其他的请由信访部门登记")
    return caller.unit


def _check_accused(caller: Caller, known: Known, body: PetitionCreate, getting: Sequence[str]) -> None:
    if body.accused_unit_code is None:
        return
    known.unit(body.accused_unit_code, "/accused_unit_code")
    if body.accused_unit_code == caller.unit:
        raise rules.AccusedRegisters
    if body.accused_unit_code in getting:
        raise life.Accused


def _handed(known: Known, body: PetitionCreate, act: Act, caller: Caller) -> tuple[list[Act], dict[int, Paper]]:
    """What the one-stop desk does at once: it forwards to the lead and the units beside it."""
    if body.to_unit is not None:
        known.unit(body.to_unit, "/to_unit", *BODIES)
    if not body.handed_to:
        return [], {}
    sent = []
    for place, unit in enumerate(body.handed_to):
        if unit.due_on is not None and unit.due_on < act.on:
            raise bad(f"/handed_to/{place}/due_on", "too_early", "不能早于登记日期")
        name = known.unit(unit.unit_code, f"/handed_to/{place}/unit_code", *BODIES).name
        sent.append(Sent(unit.unit_code, name, unit.due_on))
    lead = next(found for found in sent if found.unit_code == rules.lead_of(body.handed_to).unit_code)
    others = tuple(found for found in sent if found is not lead)
    forward = Act(ActKind.forward, act.on, caller.subject, unit=caller.unit, to_unit=lead.unit_code)
    return [forward], {2: Paper(to_unit_name=lead.unit_name, due_on=lead.due_on, co_units=others)}


def _names(known: Known, unit_codes: Sequence[str]) -> dict[str, str]:
    return {code: known.units[code].name for code in unit_codes if code in known.units}


async def require_content_class(session: Session, code: str | None) -> None:
    if code is not None and not await queries.is_content_class(session, code):
        raise bad("/content_class", "unknown_content_class", "没有此内容分类")


async def issue_code(
    session: Session, caller: Caller, vault: Vault, petition_id: UUID, clock: Clock
) -> tuple[Row, str]:
    """A new query code in place of the one before."""
    code = codes.new_code()
    row = await registry.load_own(session, caller, petition_id)
    visibility = registry.visibility_of(row)
    values = {"query_code_hash": codes.keep(vault, row, code)}
    return (
        await work.move(
            session, petition, caller, row, values, clock.now(), action="issue_code", visibility=visibility, detail={}
        ),
        code,
    )
