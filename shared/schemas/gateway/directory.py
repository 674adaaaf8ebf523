"""The directory on the wire: divisions, units, persons, and the other names workbooks use for them."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.schemas.base import Day, DivisionCode, In, Moment, Out, Page, Text
from shared.schemas.gateway.identity import UnitCode

PersonCode = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,32}$"),
    Field(description="人员编码，本行政区划内唯一，不得使用身份证号", examples=["P001"]),
]
Aliases = Annotated[list[Text], Field(max_length=30, description="台账等表格中使用的其他名称")]


class DivisionLevel(StrEnum):
    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


class UnitKind(StrEnum):
    GOVERNMENT = "government"
    DEPARTMENT = "department"
    TASKFORCE = "taskforce"
    TOWNSHIP = "township"
    PETITION_OFFICE = "petition_office"
    COURT = "court"
    BANK = "bank"
    ENTERPRISE = "enterprise"
    OTHER = "other"


class DivisionOut(Out):
    code: str
    name: str
    level: DivisionLevel
    parent: str | None
    valid_from: Day | None
    valid_to: Day | None = Field(description="撤销日期；仍在用则为空")


class DivisionPage(Page):
    items: list[DivisionOut]


class UnitCreate(In):
    division_code: DivisionCode
    code: UnitCode
    name: Text = Field(examples=["住房和城乡建设局"])
    kind: UnitKind
    aliases: Aliases = Field(default_factory=list)


class UnitPatch(In):
    """Merge patch: what is absent stays; `aliases` is replaced whole."""

    name: Text = Field("", validate_default=False)
    kind: UnitKind = Field(UnitKind.OTHER, validate_default=False)
    aliases: Aliases = Field(default_factory=list)


class UnitOut(Out):
    id: UUID
    division_code: str
    code: str
    name: str
    kind: UnitKind
    aliases: list[str]
    version: int
    created_at: Moment
    updated_at: Moment


class UnitPage(Page):
    items: list[UnitOut]


class PersonCreate(In):
    division_code: DivisionCode
    code: PersonCode
    name: Text = Field(examples=["张三"])
    post: Text | None = Field(None, description="职务", examples=["副县长"])
    unit_code: UnitCode | None = None
    aliases: Aliases = Field(default_factory=list)


class PersonPatch(In):
    """Merge patch: what is absent stays, null empties; `aliases` is replaced whole."""

    name: Text = Field("", validate_default=False)
    post: Text | None = None
    unit_code: UnitCode | None = None
    aliases: Aliases = Field(default_factory=list)


class PersonOut(Out):
    id: UUID
    division_code: str
    code: str
    name: str
    post: str | None
    unit_code: str | None
    aliases: list[str]
    version: int
    created_at: Moment
    updated_at: Moment


class PersonPage(Page):
    items: list[PersonOut]
