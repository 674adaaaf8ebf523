"""What a petitioner learns of their own petition, by its number and the query code, without an account (domain.md 1.5).

Dates, units and outcomes in words; never a name, a text or an id.
"""

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.schemas.base import Day, In, NoControl, Out, Text
from shared.schemas.petitions.ratings import RatingIn

PetitionCode = Annotated[
    str, StringConstraints(pattern=r"^[1-9][0-9]{5}-[0-9]{4}-[0-9]{6}$"), Field(examples=["999902-2026-000123"])
]
QueryCode = Annotated[str, StringConstraints(min_length=1, max_length=40), NoControl, Field(examples=["7KQM-2XWD"])]


class PublicQuery(In):
    petition_code: PetitionCode = Field(description="信访事项编号")
    query_code: QueryCode = Field(description="登记时发放的查询码")


class PublicRating(RatingIn, PublicQuery):
    pass


class PublicStepOut(Out):
    on: Day
    step: Text = Field(examples=["转送"])
    unit: str | None = Field(description="办理单位，或转送交办至的单位", examples=["住房和城乡建设局"])
    document: str | None = Field(description="送达的文书", examples=["处理意见书"])
    outcome: str | None = Field(examples=["请求事实清楚、符合规定，予以支持"])
    days: int | None = Field(description="延长的天数")


class PublicPetitionOut(Out):
    petition_code: str
    registered_on: Day
    state: str = Field(examples=["已受理"])
    state_since: Day
    office: str | None = Field(description="转送交办单位")
    unit: str | None = Field(description="当前承办单位")
    due_on: Day | None = Field(description="当前步骤的法定期限")
    steps: list[PublicStepOut]
    rating: str = Field(examples=["可评价"])
    rate_until: Day | None


class PublicRatingOut(Out):
    petition_code: str
    rated_on: Day
    office_rating: str = Field(examples=["满意"])
    body_rating: str | None = Field(examples=["基本满意"])
