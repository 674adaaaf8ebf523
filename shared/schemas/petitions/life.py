"""What the acts on a petition have come to: where it stands, its acts, clocks and assignments.

Reasons, opinions and answers are free text: they are sealed, and opened only for the petition office, the inspectors
and the units that handle the petition; for anybody else the field is null.
"""

from uuid import UUID

from pydantic import Field

from shared.schemas.base import Day, Moment, NotKeptText, Out, Page
from shared.schemas.petitions.acts import HandlingOpinion
from shared.schemas.petitions.states import (
    ActKind,
    ClockKind,
    ClockState,
    DayType,
    LegalRoute,
    PetitionClass,
    PetitionState,
    ReviewOutcome,
    WarningBand,
)
from shared.schemas.petitions.steps import (
    BodyLevel,
    CalendarState,
    DeliveryMethod,
    PetitionDocument,
    Recipient,
)


class PetitionStandingOut(Out):
    """What the acts have come to. `version` is also the ETag."""

    petition_id: UUID
    petition_code: str
    version: int
    acts: int
    state: PetitionState
    state_since: Day
    petition_class: PetitionClass | None
    legal_route: LegalRoute | None
    body_unit_code: str | None
    body_unit_name: str | None
    accepted_on: Day | None
    opinion_on: Day | None
    delivered_on: Day | None
    next_due_on: Day | None
    next_internal_due_on: Day | None


class PetitionActOut(Out):
    number: int
    kind: ActKind
    on: Day
    actor_name: str
    unit_code: str | None
    to_unit_code: str | None
    to_unit_name: str | None
    document_number: str | None
    to_level: BodyLevel | None
    petition_class: PetitionClass | None
    legal_route: LegalRoute | None
    days: int | None
    told_on: Day | None
    is_simple: bool
    outcome: ReviewOutcome | None
    reason: str | None
    """A word of `RejectReason`, `SimpleGround`, `OpinionOutcome`, `AnswerResult` or `SettlementKind`."""
    document: PetitionDocument | None
    method: DeliveryMethod | None
    recipient: Recipient | None
    is_assumed: bool = Field(description="登记簿未载明日期或经办人，由导入推定")
    recorded_at: Moment
    is_text_kept: bool
    text: str | None
    opinion: HandlingOpinion | None


class PetitionActPage(Page):
    items: list[PetitionActOut]


class PetitionClockOut(Out):
    """`due_on` is the day by law, rolled over rest days; `internal_due_on` the day as counted, which warnings keep to.

    `unit_code` is whose duty it is.
    """

    number: int
    kind: ClockKind
    is_duty: bool
    rule_id: str
    rule_version: str
    article: str
    basis: str
    days: int
    day_type: DayType
    extended_days: int
    suspended_days: int
    suspended_on: Day | None
    started_by: int
    started_by_kind: ActKind
    started_by_document: str | None
    starts_on: Day
    due_on: Day
    internal_due_on: Day
    calendar: CalendarState
    state: ClockState
    ended_by: int | None
    met_on: Day | None
    days_late: int
    band: WarningBand | None
    unit_code: str | None


class PetitionClocks(Out):
    as_of: Day
    items: list[PetitionClockOut]


class AssignmentOut(Out):
    id: UUID
    petition_id: UUID
    petition_code: str
    version: int
    unit_code: str
    unit_name: str
    is_lead: bool
    sent_on: Day
    due_on: Day | None
    answered_on: Day | None
    ended_on: Day | None
    days_late: int
    answer: NotKeptText


class AssignmentPage(Page):
    items: list[AssignmentOut]


class ClockChangeOut(Out):
    """A running clock that a calendar notice moved."""

    id: UUID
    petition_id: UUID
    petition_code: str
    clock_number: int
    kind: ClockKind
    due_before: Day
    due_after: Day
    internal_due_before: Day
    internal_due_after: Day
    calendar_before: CalendarState
    calendar_after: CalendarState
    recorded_at: Moment


class ClockChangePage(Page):
    items: list[ClockChangeOut]
