"""Repeats 重件 on the wire, 同人+同事: candidates with what speaks for them, and what a person has decided.

Same person: at least one identical petitioner (co-signers and representatives too), the same represented person, or, of
anonymous accusations, the same accused. Same matter: facts and claim basically the same. No personal data is shown.
"""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.schemas.base import Day, Flag, In, LongText, Moment, NotKeptText, Out, Rate
from shared.schemas.petitions.intake import Channel, Demand, PetitionerRole
from shared.schemas.petitions.states import PetitionState


class RepeatVerdict(StrEnum):
    """What the figures come to; whether it is a repeat, a person says."""

    likely = "likely"
    same_person = "same_person"
    similar_matter = "similar_matter"


class PersonKey(StrEnum):
    """By what two persons are the same; a name alone says little."""

    id_number = "id_number"
    phone = "phone"
    accused_unit = "accused_unit"
    name = "name"


LABELS: dict[type[StrEnum], dict[str, str]] = {
    RepeatVerdict: {"likely": "疑似重件", "same_person": "同人不同事", "similar_matter": "同事不同人"},
    PersonKey: {
        "id_number": "证件号码相同",
        "phone": "电话相同",
        "accused_unit": "被检举控告单位相同",
        "name": "姓名相同",
    },
}

Percentage = Annotated[int, Field(ge=0, le=100)]


class PersonAgreement(Out):
    """One person of this petition and one of the other; the roles are null where an accused unit agrees."""

    key: PersonKey
    role: PetitionerRole | None
    other_role: PetitionerRole | None


class MatterAgreement(Out):
    """Null is unknown: one of both petitions does not say."""

    same_project: bool | None
    same_demand: bool
    same_building: bool | None
    similarity: Rate | None = Field(description="摘要相似度 0–1")
    words: list[str] = Field(description="两份摘要都说到的内容")


class RepeatCandidate(Out):
    petition_id: UUID
    petition_code: str
    registered_on: Day
    channel: Channel
    people_count: int
    demand: Demand
    project_id: UUID | None
    project_name: str | None
    summary: str
    state: PetitionState
    is_ended: bool = Field(description="三级办理已经终结，同一事实和理由不再受理（第三十六条）")
    repeat_of: UUID | None
    verdict: RepeatVerdict
    score: Percentage
    person_score: Percentage
    matter_score: Percentage
    persons: list[PersonAgreement]
    matter: MatterAgreement
    reasons: list[str] = Field(description="为什么列出，供人判断")


class RepeatCandidates(Out):
    """The likeliest first. `is_cut`: more petitions could be compared than were."""

    petition_id: UUID
    looked_at: int
    is_cut: bool
    items: list[RepeatCandidate]


class RepeatIn(In):
    """`main_petition_id`: the case it repeats, registered no later; where that is a repeat itself, its main case."""

    main_petition_id: UUID
    reason: LongText
    decided_on: Day | None = None


class RepeatWithdrawal(In):
    reason: LongText


class RepeatOut(Out):
    """`named_petition_id` is the case the person named; `reason` is null for whoever may not read it."""

    petition_id: UUID
    petition_code: str
    registered_on: Day
    people_count: int
    named_petition_id: UUID
    score: Percentage
    decided_by_name: str
    decided_on: Day
    reason: NotKeptText
    recorded_at: Moment


class RepeatCase(Out):
    """A main case with its repeats, as far as the caller may see them: 件次 and 人次 of all of them together."""

    main_petition_id: UUID
    main_petition_code: str
    main_state: PetitionState
    no_longer_accepted: Flag = Field(description="主件已经终结，重件不再受理（第三十六条）")
    case_count: int
    people_count: int
    repeats: list[RepeatOut]
