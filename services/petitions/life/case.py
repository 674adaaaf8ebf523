"""A petition's case as its acts made it, and an act as somebody does it. Values only."""

import datetime as dt
from dataclasses import dataclass, field

from services.petitions.life.clocks import Clock
from shared.schemas.petitions.states import ActKind, ClockKind, LegalRoute, PetitionClass, PetitionState, ReviewOutcome
from shared.schemas.petitions.steps import BodyLevel, DeliveryMethod, PetitionDocument, Recipient

S = PetitionState
FINAL = frozenset(
    {S.rejected, S.routed_to_legal_channel, S.answered, S.terminated, S.lapsed, S.settled, S.withdrawn, S.merged}
)
"""Nothing runs any more; the duty to explain and help stays (art. 37)."""
ENDED = frozenset({S.terminated, S.lapsed})
"""Three levels used up, or one not asked for in time: the same facts are not accepted again (art. 36)."""


@dataclass(frozen=True, slots=True)
class Act:
    """`on` is the day it was done (not the day it was typed in); `actor` and `unit` who did it, as codes.

    `to_unit` gets the petition, `to_level` is that of a reviewing body; `days` are those of an extension, told to the
    petitioner on `told_on`; `is_simple` of an acceptance, `cannot_be_told` of a registration without a clear name or
    address; `reason` is the word an act rests on (`steps`); `document` is what is delivered, the decision if not said.
    `is_assumed`: a register implies it without saying when, or who.
    """

    kind: ActKind
    on: dt.date
    actor: str
    unit: str | None = None
    to_unit: str | None = None
    to_level: BodyLevel | None = None
    petition_class: PetitionClass | None = None
    legal_route: LegalRoute | None = None
    days: int | None = None
    told_on: dt.date | None = None
    is_simple: bool = False
    cannot_be_told: bool = False
    outcome: ReviewOutcome | None = None
    reason: str | None = None
    document: PetitionDocument | None = None
    method: DeliveryMethod | None = None
    recipient: Recipient | None = None
    person: str | None = None
    is_assumed: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """`body` is the unit that must act now, None outside the county; `opinion_by` and `review_by` who wrote what a
    review may be asked about, `review_level` how high the last reviewing body stood.

    `is_direct`: the body got it from the petitioner, nobody sent it. `delivered_on`: when the last opinion or decision
    reached the petitioner (送达); None while it has not.
    """

    state: PetitionState
    registered_on: dt.date
    sender: str | None
    acts: int = 1
    last_on: dt.date | None = None
    petition_class: PetitionClass | None = None
    legal_route: LegalRoute | None = None
    body: str | None = None
    is_direct: bool = False
    cannot_be_told: bool = False
    is_received: bool = False
    objection: str = ""
    """`open` while the sender has not decided about it, `refused` when it was."""
    accepted_on: dt.date | None = None
    is_simple: bool = False
    extension_days: int | None = None
    extension_by: str | None = None
    is_extended: bool = False
    opinion_on: dt.date | None = None
    opinion_by: str | None = None
    review_by: str | None = None
    review_level: BodyLevel | None = None
    delivered_on: dt.date | None = None
    hearing_since: dt.date | None = None
    hearing_until: dt.date | None = None
    stood_aside: frozenset[str] = field(default_factory=frozenset)
    clocks: tuple[Clock, ...] = ()

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    def running(self, kind: ClockKind) -> Clock | None:
        """The open clock of a kind: there is one at most."""
        return next((clock for clock in self.clocks if clock.kind is kind and clock.is_open), None)
