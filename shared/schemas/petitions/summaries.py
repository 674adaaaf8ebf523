"""What other services and the overview are told of a project's petitions: figures, and names nobody can trace.

Accusations are not counted. A `reference` is a keyed digest made for the one who asks: two services cannot join theirs.
"""

from uuid import UUID

from pydantic import Field

from shared.schemas.base import Day, In, Out, Page
from shared.schemas.petitions.acts import DocumentNumber, HandlingOpinion, PetitionAnswer
from shared.schemas.petitions.intake import Demand
from shared.schemas.petitions.states import PetitionClass


class CasesAndPeople(Out):
    """件次 and 人次."""

    case_count: int
    people_count: int


class GroupVisit(Out):
    reference: str
    on: Day
    people_count: int


class ProjectPetitionSummary(Out):
    """`version` grows with every change of one of its petitions. `quiet_since`: the day of the last petition."""

    project_id: UUID
    division_code: str
    as_of: Day
    version: int
    total: CasesAndPeople
    open: CasesAndPeople
    by_state: dict[str, CasesAndPeople]
    by_level: dict[str, CasesAndPeople]
    by_demand: dict[str, CasesAndPeople]
    overdue: int = Field(description="在办且已超过法定期限的件次")
    group_visits: CasesAndPeople
    repeats_by_rule: CasesAndPeople
    repeats_confirmed: CasesAndPeople
    quiet_since: Day | None
    last_group_visit: GroupVisit | None


class ProjectPetitionSummaryPage(Page):
    items: list[ProjectPetitionSummary]


class LinkedAnswer(In):
    """One answer to all open petitions of a project, or to those of one demand; each gets an act of its own."""

    demand: Demand | None = None
    opinion: HandlingOpinion | None = None
    answer: PetitionAnswer | None = None
    petition_class: PetitionClass | None = None
    on: Day | None = None
    document_number: DocumentNumber | None = None


class LinkedVerdict(Out):
    """`code` and `reason` say why a petition is not answered by this."""

    petition_id: UUID
    petition_code: str
    answered: bool
    code: str | None
    reason: str | None


class LinkedAnswered(Out):
    """`left`: open petitions beyond those of this call, which takes the oldest first."""

    dry_run: bool
    answered: int
    left: int
    items: list[LinkedVerdict]
