"""Query parameters the register's operations share, so that list, count and export ask the same way."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, StringConstraints

from services.petitions.registry.filters import Filter
from shared.chassis.identity import Caller
from shared.chassis.listing import scope_of
from shared.errors import FieldError, Invalid
from shared.schemas.base import Day, DivisionCode
from shared.schemas.gateway.identity import UnitCode
from shared.schemas.petitions.intake import Channel, Demand, VisitLevel
from shared.schemas.petitions.registry import ContentClassCode
from shared.schemas.petitions.states import PetitionClass, PetitionState

Word = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class PetitionQuery(BaseModel):
    """What part of the register; without a division, everything the caller may see."""

    model_config = ConfigDict(extra="forbid")

    division_code: DivisionCode | None = None
    state: PetitionState | None = None
    petition_class: PetitionClass | None = None
    channel: Channel | None = None
    demand: Demand | None = None
    content_class: Annotated[ContentClassCode | None, Query(description="内容分类，含其下级")] = None
    visit_level: VisitLevel | None = None
    township: Word | None = None
    project_id: UUID | None = None
    body_unit_code: Annotated[UnitCode | None, Query(description="现承办单位")] = None
    is_sealed: bool | None = None
    due_from: Annotated[Day | None, Query(description="法定到期日不早于")] = None
    due_until: Annotated[Day | None, Query(description="法定到期日不晚于")] = None
    internal_due_from: Annotated[Day | None, Query(description="内部到期日不早于")] = None
    internal_due_until: Annotated[Day | None, Query(description="内部到期日不晚于")] = None
    registered_from: Annotated[Day | None, Query(description="登记日期不早于")] = None
    registered_until: Annotated[Day | None, Query(description="登记日期不晚于")] = None
    is_group: Annotated[bool | None, Query(description="集体访：5 人及以上的来访")] = None
    is_repeat: Annotated[bool | None, Query(description="经确认的重复信访")] = None
    is_linked: Annotated[bool | None, Query(description="已关联项目")] = None
    q: Annotated[Word | None, Query(description="摘要中的文字，须在一个县内检索")] = None

    def filter(self, caller: Caller) -> Filter:
        given = self.model_dump(include=set(PetitionQuery.model_fields), exclude={"division_code"}, exclude_none=True)
        division = scope_of(caller, self.division_code)
        if "q" in given and len(division) < 6:
            # A substring search cannot use an index under row security; one county's register is small.
            pointer = FieldError("query:division_code", "division_required", "按摘要检索时请指定一个县")
            raise Invalid("按摘要检索须在一个县内进行", [pointer])
        return Filter(division, **given)


class PetitionPageQuery(PetitionQuery):
    sort: Annotated[
        Literal["due", "internal_due", "registered_on", "-registered_on"],
        Query(description="按到期日排序时只列出在办期限内的信访事项"),
    ] = "-registered_on"
    limit: Annotated[int, Query(ge=1, le=200)] = 50
    cursor: Annotated[str, StringConstraints(max_length=500)] | None = None
    count: bool = False
