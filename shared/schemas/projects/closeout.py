"""销号 on the wire: from self-check to the leading group's decision, re-checks, and the way back 反弹.

The first two states of a project, 未化解 and 处置中, are the ledger's `resolution_status`; a close-out begins where
somebody asks for one.
"""

import datetime as dt
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictInt

from shared.schemas.base import MAX_FEN, Count, Day, Flag, In, LongText, Moment, Out, Page, Text
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.projects.facts import ProjectKind, ResolutionMode
from shared.schemas.projects.statistics import Ratio


class CloseoutStatus(StrEnum):
    requested = "requested"
    department_checked = "department_checked"
    site_checked = "site_checked"
    published = "published"
    closed = "closed"
    returned = "returned"
    reopened = "reopened"


class CloseoutCheckKind(StrEnum):
    department = "department"
    site = "site"


class ChecklistItem(StrEnum):
    """What must be true before a project is closed; each is a number still outstanding that has to be zero."""

    homes_delivered = "homes_delivered"
    completion_accepted = "completion_accepted"
    defects_closed = "defects_closed"
    certificates_issued = "certificates_issued"
    petitions_quiet = "petitions_quiet"
    wages_cleared = "wages_cleared"
    loans_on_schedule = "loans_on_schedule"
    funds_audited = "funds_audited"
    lawsuits_registered = "lawsuits_registered"
    refunds_paid = "refunds_paid"
    households_settled = "households_settled"
    compensation_paid = "compensation_paid"
    land_cleared = "land_cleared"
    court_ruling = "court_ruling"


class ChecklistSource(StrEnum):
    ledger = "ledger"
    quality = "quality"
    paths = "paths"
    petitions = "petitions"
    attested = "attested"


class ReboundCause(StrEnum):
    stopped_again = "stopped_again"
    delivery_missed = "delivery_missed"
    group_petition = "group_petition"
    repeat_petition = "repeat_petition"
    recheck_failed = "recheck_failed"
    moved_back = "moved_back"


class PetitionRebound(StrEnum):
    """Causes that are told to us; the others we see for ourselves."""

    group_petition = "group_petition"
    repeat_petition = "repeat_petition"


_PETITIONS = {"group_petition": "群体信访", "repeat_petition": "重复信访"}
LABELS: dict[type[StrEnum], dict[str, str]] = {
    CloseoutStatus: {
        "requested": "自查申请",
        "department_checked": "部门初核通过",
        "site_checked": "现场核查通过",
        "published": "公示",
        "closed": "已销号",
        "returned": "已退回",
        "reopened": "反弹重新纳入",
    },
    CloseoutCheckKind: {"department": "部门初核", "site": "现场核查"},
    ChecklistItem: {
        "homes_delivered": "房屋已交付",
        "completion_accepted": "竣工验收并备案",
        "defects_closed": "质量缺陷已整改",
        "certificates_issued": "不动产证已办理",
        "petitions_quiet": "连续多周无信访",
        "wages_cleared": "农民工工资已结清",
        "loans_on_schedule": "借款按期偿还",
        "funds_audited": "资金已审计",
        "lawsuits_registered": "诉讼已立案",
        "refunds_paid": "退房款已兑付",
        "households_settled": "群众已安置",
        "compensation_paid": "补偿款已兑付",
        "land_cleared": "净地已完成",
        "court_ruling": "法院裁定已作出",
    },
    ChecklistSource: {
        "ledger": "台账",
        "quality": "质量与安全",
        "paths": "化解路径与诉讼",
        "petitions": "信访系统",
        "attested": "部门证明",
    },
    ReboundCause: _PETITIONS
    | {
        "stopped_again": "再次停工",
        "delivery_missed": "承诺交付逾期",
        "recheck_failed": "抽查不合格",
        "moved_back": "台账已退回",
    },
    PetitionRebound: _PETITIONS,
}


class CloseoutRequest(In):
    note: LongText = Field(description="自查情况")
    document_number: Text | None = Field(None, description="自查报告文号")
    self_checked_on: Day | None = Field(None, description="自查日期；不填即今天")


class CloseoutAttestation(In):
    """What the department that answers for an item puts its name to."""

    item: ChecklistItem
    outstanding: Annotated[StrictInt, Field(ge=0, le=MAX_FEN)] = Field(
        description="尚未完成的数量（户、套、件或分），0 为全部完成"
    )
    last_on: Day | None = Field(None, description="最近一次信访日期，只用于 petitions_quiet；从未有过则不填")
    unit_code: UnitCode = Field(description="出具证明的单位")
    document_number: Text = Field(description="证明文号")
    attested_on: Day = Field(description="证明日期")


class CloseoutCheck(In):
    kind: CloseoutCheckKind
    passed: Flag
    note: LongText = Field(description="核查情况；不通过时即退回原因")
    document_number: Text | None = None
    checked_on: Day | None = Field(None, description="核查日期；不填即今天")


class CloseoutNotice(In):
    days: Annotated[StrictInt, Field(ge=1, le=60)] = Field(description="公示天数")
    place: Text = Field(description="公示地点或网址")
    document_number: Text | None = None


class CloseoutApproval(In):
    document_number: Text = Field(description="领导小组会议纪要文号")
    note: LongText | None = None


class CloseoutReturn(In):
    reason: LongText


class RecheckResult(In):
    passed: Flag
    note: LongText = Field(description="抽查情况")
    document_number: Text | None = None
    rechecked_on: Day | None = Field(None, description="抽查日期；不填即今天")


class ReboundReport(In):
    """A petition about a closed project. Only its number and size: never who came."""

    cause: PetitionRebound
    reference: Text = Field(description="信访事项编号，不得填写信访人信息")
    people_count: Count | None = Field(None, description="人次；群体信访为 5 人以上")
    occurred_on: Day | None = Field(None, description="信访日期；不填即今天")


class CloseoutAct(Out):
    """Who took a step, for which unit, when, on what paper."""

    by: str
    name: str
    unit_code: str
    unit_name: str
    on: dt.date
    document_number: str | None
    note: str | None


class CloseoutNoticeOut(Out):
    published_on: dt.date
    until: dt.date = Field(description="公示期最后一天")
    place: str
    document_number: str | None


class CloseoutReturnOut(Out):
    by: str
    on: dt.date
    reason: str


class ReboundOut(Out):
    cause: ReboundCause
    on: dt.date = Field(description="重新纳入日期")
    occurred_on: dt.date = Field(description="反弹发生日期")
    reference: str | None
    people_count: int | None


class CloseoutOut(Out):
    id: UUID
    division_code: str
    project_id: UUID
    status: CloseoutStatus
    kind: ProjectKind
    path: ResolutionMode | None
    quiet_weeks: int = Field(description="申请时本县要求的无信访周数")
    reported: CloseoutAct
    department_check: CloseoutAct | None
    site_check: CloseoutAct | None
    notice: CloseoutNoticeOut | None
    approved: CloseoutAct | None
    deliver_by: dt.date | None = Field(description="审定时仍未到期的承诺交付日期")
    returned: CloseoutReturnOut | None
    rebound: ReboundOut | None
    version: int
    created_at: Moment
    updated_at: Moment


class ChecklistItemOut(Out):
    """One item: what was found, by whom it was told, in which version, when it was asked."""

    item: ChecklistItem
    requirement: str
    source: ChecklistSource | None = Field(description="为空即尚待部门证明")
    value: dict[str, int | str | None]
    source_version: int | None
    asked_at: Moment | None
    met: bool | None = Field(description="为空即尚不清楚")
    unit_code: str | None
    unit_name: str | None
    document_number: str | None
    attested_on: dt.date | None


class CloseoutDetail(CloseoutOut):
    checklist: list[ChecklistItemOut]
    next_steps: list[CloseoutStatus] = Field(description="接下来可以走到哪里")


class CloseoutPage(Page):
    items: list[CloseoutOut]


class RecheckOut(Out):
    id: UUID
    division_code: str
    project_id: UUID
    closeout_id: UUID
    draw_id: UUID
    chosen: bool
    passed: bool | None
    rechecked: CloseoutAct | None
    version: int
    created_at: Moment
    updated_at: Moment


class RecheckPage(Page):
    items: list[RecheckOut]


class RecheckDraw(Out):
    """One draw. Who sorts the population by sha256 of `seed:closeout_id` finds the same choice first."""

    id: UUID
    division_code: str
    seed: int
    percent: int
    drawn_on: dt.date
    population: list[UUID]
    chosen: list[UUID]
    created_at: Moment


class CloseoutRates(Out):
    """销号率 and 反弹率, never one without the other."""

    as_of: dt.date
    scope: str
    closed_since: dt.date = Field(description="反弹率所看十二个月的第一天")
    clearance: Ratio
    rebound: Ratio
    rebounds_by_cause: dict[str, int] = Field(description="十二个月内的反弹次数，按原因")
    resolved_without_closeout: int = Field(description="台账写为已化解、但没有走销号程序的项目数")
