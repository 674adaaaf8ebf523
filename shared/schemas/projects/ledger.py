"""Projects of the ledger 台账: create, read, change, history."""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, model_validator

from shared.schemas.base import Day, DivisionCode, In, LongText, Moment, Out, Page, Rate, Text
from shared.schemas.projects.facts import (
    ConstructionStatus,
    FactGroups,
    ListMembership,
    Location,
    Money,
    Parties,
    People,
    Permits,
    Progress,
    ProjectKind,
    ResolutionStatus,
    Resumption,
    Schedule,
    Size,
    Work,
)

Aliases = Annotated[list[Text], Field(max_length=20)]
Lists = Annotated[list[ListMembership], Field(max_length=4)]


class ProjectCreate(FactGroups):
    """A new project. Statuses given here are taken as stated; later ones move by `change_*_status`."""

    division_code: DivisionCode
    name: Text
    project_code: Text | None = Field(None, description="不填则由系统编号")
    aliases: Aliases = Field(default_factory=list)
    kind: ProjectKind = ProjectKind.stalled_housing
    lists: Lists = Field(default_factory=list)
    construction_status: ConstructionStatus | None = None
    resolution_status: ResolutionStatus | None = None
    effective_on: Day | None = Field(None, description="这些情况是哪一天的；不填即今天（北京时间）")


class ProjectPatch(In):
    """A merge patch (RFC 7396): absent says nothing, null clears a fact. Statuses are not patched but changed."""

    name: Text | None = None
    aliases: Aliases | None = None
    lists: Lists | None = None
    location: Location | None = None
    parties: Parties | None = None
    permits: Permits | None = None
    size: Size | None = None
    schedule: Schedule | None = None
    progress: Progress | None = None
    money: Money | None = None
    people: People | None = None
    work: Work | None = None
    effective_on: Day | None = None

    @model_validator(mode="after")
    def _not_null(self) -> "ProjectPatch":
        empty = [f for f in self.model_fields_set if getattr(self, f) is None]
        if empty:
            raise ValueError("、".join(sorted(empty)) + " 不能为 null；清除某项请写到具体字段")
        return self


class ProjectOut(Out):
    """A project as it stands, every stated fact in its group."""

    id: UUID
    division_code: DivisionCode
    project_code: str
    name: str
    aliases: list[str]
    kind: ProjectKind
    lists: list[ListMembership]
    construction_status: ConstructionStatus | None
    counted_construction_status: ConstructionStatus | None = Field(
        description="统计所用的建设状态：报称复工、未核实时仍为停工或半停工"
    )
    resolution_status: ResolutionStatus | None
    resumption: Resumption | None
    location: Location
    parties: Parties
    permits: Permits
    size: Size
    schedule: Schedule
    progress: Progress
    money: Money
    people: People
    work: Work
    marks: dict[str, str] = Field(description='原表中带有的标记，例如 {"progress_pct": "约"}')
    effective_on: dt.date
    version: int
    created_at: Moment
    updated_at: Moment


class Derived(Out):
    """Computed, never stored: null where a fact it needs is unknown."""

    as_of: Day
    units_undelivered: int | None = Field(description="已售 − 已交付")
    delay_days: int | None = Field(description="合同交房日至 as_of（或实际交付日）的天数，未到期为 0")
    stopped_days: int | None = Field(description="停工日至 as_of（或复工日）的天数")
    delivery_rate: Rate | None = Field(description="已交付 ÷ 已售，4 位小数")
    sold_rate: Rate | None = Field(description="已售 ÷ 总套数，4 位小数")


class ProjectDetail(ProjectOut):
    derived: Derived


class ProjectPage(Page):
    items: list[ProjectOut]


class StatusChange(In):
    """A move of one state machine: to where, why, on what evidence, since which day."""

    reason: LongText = Field(description="变更原因")
    evidence_note: LongText | None = Field(None, description="依据说明：文号、照片、会议纪要等")
    effective_on: Day | None = Field(None, description="何日起；不填即今天（北京时间）")


class ConstructionStatusChange(StatusChange):
    to: ConstructionStatus


class ResolutionStatusChange(StatusChange):
    to: ResolutionStatus


class FactChange(Out):
    """One committed change of a project: which facts took which values, since when, told by whom."""

    version: int
    action: Literal["create", "update", "import", "construction_status", "resolution_status", "resumption"]
    effective_on: dt.date
    recorded_at: Moment
    actor: str
    facts: dict[str, Any]
    marks: dict[str, str]
    reason: str | None = None
    evidence_note: str | None = None
    import_id: UUID | None = None


class HistoryPage(Page):
    items: list[FactChange]
