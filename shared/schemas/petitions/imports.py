"""Import of a petition register 信访登记簿: what a row may state, and what became of it."""

from uuid import UUID

from pydantic import BaseModel, Field

from shared.schemas.base import Count, Day, Flag, LongText, Page, Text
from shared.schemas.imports import ImportedRow, ImportProgress
from shared.schemas.petitions.intake import Channel, Demand, Purpose, VisitLevel
from shared.schemas.petitions.ratings import Rating
from shared.schemas.petitions.states import PetitionClass


class RegisterFact(BaseModel):
    """One row of a register, every field a column it may have; persons are sealed before anything is stored."""

    register_code: Text | None = Field(None, title="登记编号")
    registered_on: Day | None = Field(None, title="登记日期")
    petitioned_on: Day | None = Field(None, title="信访日期")
    channel: Channel | None = Field(None, title="信访形式")
    names: list[Text] | None = Field(None, title="信访人")
    representatives: list[Text] | None = Field(None, title="信访代表")
    id_numbers: list[Text] | None = Field(None, title="身份证号")
    phones: list[Text] | None = Field(None, title="手机号")
    address: Text | None = Field(None, title="住址")
    people_count: Count | None = Field(None, title="人数")
    involved_count: Count | None = Field(None, title="涉及人数")
    project_name: Text | None = Field(None, title="涉及楼盘")
    building: Text | None = Field(None, title="楼栋")
    township: Text | None = Field(None, title="乡镇")
    demand: Demand | None = Field(None, title="诉求类别")
    statement: LongText | None = Field(None, title="反映内容")
    purpose: Purpose | None = Field(None, title="信访目的")
    petition_class: PetitionClass | None = Field(None, title="事项性质")
    legal_route: Count | None = Field(None, title="法定途径")
    visit_level: VisitLevel | None = Field(None, title="信访去向")
    is_joint: Flag | None = Field(None, title="是否联名")
    is_anonymous: Flag | None = Field(None, title="是否匿名")
    is_group: Flag | None = Field(None, title="是否集体访")
    is_skip_level: Flag | None = Field(None, title="是否越级访")
    is_threat: Flag | None = Field(None, title="是否扬言")
    is_backlog: Flag | None = Field(None, title="是否积案")
    is_litigation: Flag | None = Field(None, title="是否涉法涉诉")
    is_cross_region: Flag | None = Field(None, title="是否三跨三分离")
    responsible_unit: Text | None = Field(None, title="责任单位")
    forwarded_on: Day | None = Field(None, title="转送交办日期")
    is_accepted: Flag | None = Field(None, title="是否受理")
    accepted_on: Day | None = Field(None, title="受理告知日期")
    is_extended: Flag | None = Field(None, title="是否延期")
    extended_on: Day | None = Field(None, title="延期批准日期")
    opinion_on: Day | None = Field(None, title="答复日期")
    opinion_number: Text | None = Field(None, title="答复文号")
    delivered_on: Day | None = Field(None, title="送达日期")
    rating: Rating | None = Field(None, title="满意度")
    office_rating: Rating | None = Field(None, title="对信访部门的评价")
    rated_on: Day | None = Field(None, title="评价日期")


class PetitionRowResult(ImportedRow):
    """`row` is the row number in the sheet, as Excel shows it. Nothing here names anybody."""

    petition_id: UUID | None = None
    petition_code: str | None = None
    register_code: str | None = None


class PetitionImportOut(ImportProgress):
    """`filename` is not the sender's, which may name people: that one is sealed with the file."""

    rows: list[PetitionRowResult]


class PetitionImportPage(Page):
    items: list[PetitionImportOut]
