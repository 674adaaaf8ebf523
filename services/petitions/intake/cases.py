"""Two petitions made one, one made two."""

from uuid import UUID

from services.petitions.citizen import codes
from services.petitions.intake import creation, rules
from services.petitions.intake import service as intake
from services.petitions.intake.creation import NewPetition
from services.petitions.life import service as life
from services.petitions.life.case import FINAL, Act
from services.petitions.registry import people, queries
from services.petitions.registry import service as registry
from services.petitions.registry.people import NewPerson
from services.petitions.registry.problems import bad
from shared.chassis.clock import Clock, today
from shared.chassis.identity import Caller
from shared.schemas.petitions.intake import Channel, PetitionerRole
from shared.schemas.petitions.registry import MergeIn, SplitIn
from shared.schemas.petitions.states import ActKind, PetitionClass, PetitionState
from shared.storage import Session
from shared.storage.ids import new_id
from shared.storage.rows import Row
from shared.storage.secrets import Vault

KEPT = (
    "channel_detail",
    "purpose",
    "accused_unit_code",
    "is_sealed",
    "visit_level",
    "is_skip_level",
    "petitioned_on",
    "is_anonymous",
    "is_threat",
    "is_backlog",
    "is_litigation",
    "is_cross_region",
    "project_id",
    "project_code",
    "project_name",
    "developer",
    "project_asked_at",
    "building",
    "township",
)
"""What a petition that is split off has from the one it was part of."""


async def merge(session: Session, caller: Caller, vault: Vault, petition_id: UUID, body: MergeIn, clock: Clock) -> Row:
    """The petition merged into its main case. Both are locked, in the order of their ids: no two merge in a ring."""
    rows = dict[UUID, Row]()
    for wanted in sorted({petition_id, body.into}):
        if wanted == petition_id:
            rows[wanted] = await registry.load_own(session, caller, wanted)
        elif (found := await queries.one(session, caller, wanted, lock=True)) is not None:
            rows[wanted] = found
        else:
            raise bad("/into", "unknown_petition", "没有这件信访事项，或不在您的管辖范围内")
    row, main = rows[petition_id], rows[body.into]
    rules.check_merge(row, main, is_main_final=PetitionState(main["state"]) in FINAL)
    act = Act(ActKind.merge, body.on or today(clock), caller.subject, unit=caller.unit)
    return await life.perform(session, caller, vault, petition_id, act, clock, columns={"merged_into": main["id"]})


async def split(
    session: Session, caller: Caller, vault: Vault, petition_id: UUID, body: SplitIn, clock: Clock
) -> tuple[Row, str]:
    """A petition of its own about one matter of another: same door, same days, so that no time is won by splitting."""
    row = await registry.load_own(session, caller, petition_id)
    if PetitionState(row["state"]) in FINAL:
        raise rules.CannotSplit
    await intake.require_content_class(session, body.content_class)
    there = {person["id"]: person for person in await queries.petitioners(session, row["division_code"], petition_id)}
    if not there.keys() >= set(body.person_ids):
        raise bad("/person_ids", "unknown_person", "此件没有登记其中的人员")
    chosen = people.in_order(there[person_id] for person_id in body.person_ids)
    persons = [NewPerson(PetitionerRole(one["role"]), **people.opened(vault, one)) for one in chosen]
    rules.check_persons(persons, body.people_count, is_anonymous=row["is_anonymous"])
    new_petition_id, code = new_id(), codes.new_code()
    own = body.model_dump(mode="json", include={"people_count", "demand", "problem_type", "content_class", "summary"})
    act = Act(
        ActKind.register,
        row["registered_on"],
        caller.subject,
        unit=row["sender_unit_code"],
        petition_class=PetitionClass(row["petition_class"]) if row["petition_class"] else None,
        cannot_be_told=row["standing"]["cannot_be_told"],
    )
    given = NewPetition(
        id=new_petition_id,
        channel=Channel(row["channel"]),
        facts={name: row[name] for name in KEPT}
        | own
        | {
            "split_from": petition_id,
            "is_joint": any(person.role is PetitionerRole.co_signer for person in persons),
            "query_code_hash": codes.keep(vault, row | {"id": new_petition_id}, code),
        },
        persons=persons,
        statement=body.statement,
        acts=[act],
        unit_names={row["sender_unit_code"]: row["sender_unit_name"]} if row["sender_unit_code"] else {},
    )
    return await creation.create(session, caller, vault, row["division_code"], given, clock), code
