"""Identity on the wire: users, machine clients, tokens. Secrets go in and never come out, except once when made."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from shared.schemas.base import Flag, In, Moment, NotKeptText, Out, Page, Text

NATION = "000000"
"""The code under which the whole country is administered; no county, city or province has it."""

HomeCode = Annotated[
    str,
    StringConstraints(pattern=r"^(000000|[1-9]\d{5})$"),
    Field(description="所属行政区划代码，6 位；000000 为全国。管辖范围由此推出", examples=["999902"]),
]
Username = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_.-]{2,31}$"),
    Field(description="登录名：小写字母开头，3 至 32 位，全国唯一", examples=["li.ming"]),
]
ClientId = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9-]{2,31}$"),
    Field(description="客户端编号：小写字母开头，3 至 32 位，全国唯一", examples=["city-platform"]),
]


def _no_nul(value: str) -> str:
    if "\x00" in value or any(0xD800 <= ord(ch) <= 0xDFFF for ch in value):
        raise ValueError("不能包含控制字符")
    return value


Password = Annotated[
    str,
    StringConstraints(min_length=1, max_length=128),
    AfterValidator(_no_nul),
    Field(
        description="至少 10 位，大写、小写、数字、符号四类中至少三类，且不含登录名",
        examples=["Anju-2024-ok"],
        json_schema_extra={"format": "password"},
    ),
]
UnitCode = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,32}$"),
    Field(description="单位编码，本行政区划内唯一", examples=["ZJJ"]),
]


class UserRole(StrEnum):
    """Roles of people; machines have `ClientRole`."""

    ADMIN = "admin"
    OFFICE = "office"
    LEADER = "leader"
    DEPARTMENT = "department"
    TASKFORCE = "taskforce"
    TOWNSHIP = "township"
    PETITION_OFFICE = "petition_office"
    INSPECTOR = "inspector"
    JUDICIAL = "judicial"
    AUDITOR = "auditor"
    ENTERPRISE = "enterprise"


class ClientRole(StrEnum):
    SERVICE = "service"
    PLATFORM = "platform"


Roles = Annotated[
    list[UserRole], Field(min_length=1, max_length=5, description="角色；admin 不得兼任 auditor、inspector、judicial")
]


class UserCreate(In):
    username: Username
    name: Text = Field(description="姓名或岗位名称", examples=["李明"])
    password: Password
    roles: Roles
    division_code: HomeCode
    unit_code: UnitCode | None = None


class UserPatch(In):
    """Merge patch: what is absent stays."""

    name: Text = Field("", description="姓名或岗位名称", validate_default=False)
    password: Password = Field("", description="重设密码；原有登录全部失效", validate_default=False)
    roles: Roles = Field([], validate_default=False)
    unit_code: UnitCode | None = None


class UserOut(Out):
    id: UUID
    username: str
    name: str
    roles: list[UserRole]
    division_code: str
    unit_code: str | None
    disabled: Flag
    version: int
    created_at: Moment
    updated_at: Moment


class UserPage(Page):
    items: list[UserOut]


class MeOut(Out):
    """Who the gateway takes the caller for."""

    subject: str
    name: str
    roles: list[str]
    division_code: str
    scope: str = Field(description="可见范围：行政区划代码前缀，空为全国")
    unit_code: str | None


class PasswordChange(In):
    current_password: Password
    new_password: Password


class ClientCreate(In):
    id: ClientId
    name: Text = Field(description="用途", examples=["市级调度平台"])
    role: ClientRole
    division_code: HomeCode


class ClientOut(Out):
    id: str
    name: str
    role: ClientRole
    division_code: str
    disabled: Flag
    version: int
    created_at: Moment
    updated_at: Moment


class ClientSecretOut(ClientOut):
    secret: NotKeptText = Field(description="只在此时显示一次；用同一个 Idempotency-Key 重试时为空，可重新生成")


class ClientPage(Page):
    items: list[ClientOut]


class TokenOut(Out):
    """RFC 6749 5.1."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the RFC's own word
    expires_in: int = Field(description="秒")
    refresh_token: str | None = Field(None, description="只能使用一次；client_credentials 没有")
