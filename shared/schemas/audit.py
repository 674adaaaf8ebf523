"""Audit on the wire, the same for every service: who did what when, and whether the chain still says so."""

from typing import Annotated, Any, Literal

from pydantic import Field, StrictInt, StringConstraints

from shared.schemas.base import Flag, In, Moment, Out, Page


class AuditEntryOut(Out):
    division_code: str
    seq: int = Field(description="本行政区划审计链中的序号，从 1 起连续")
    recorded_at: Moment
    actor: str
    on_behalf_of: str | None = Field(description="代办的服务")
    action: str
    subject_type: str
    subject_id: str
    version: int | None
    trace_id: str
    detail: dict[str, Any]
    hash: str = Field(description="SHA-256，十六进制")


class AuditPage(Page):
    items: list[AuditEntryOut]


Damage = Literal["edited", "deleted", "swapped", "truncated", "rewritten", "head_mismatch", "forged_checkpoint"]


class ChainOut(Out):
    """The verdict on one division's chain."""

    division_code: str
    ok: Flag
    entries: int = Field(description="链头所记的条数")
    head: str = Field(description="链头的 SHA-256，十六进制")
    first_bad_seq: int | None = Field(description="第一处不符的序号")
    what: Damage | None = Field(
        description="edited 被改、deleted 被删、swapped 被调换、truncated 末尾被截、"
        "rewritten 与签名检查点不符、head_mismatch 链头不符、forged_checkpoint 检查点本身被改"
    )
    anchored_until: int = Field(description="最近一次签名检查点所及的序号；0 为尚无检查点")
    unanchored_since: Moment | None = Field(description="最近一次检查点的时间；此后的截断须待下一次检查点才能发现")


class VerificationOut(Out):
    service: str
    verified_at: Moment
    ok: Flag
    chains: list[ChainOut]


class HeadIn(In):
    """Where one division's chain ends now, as its service reports it."""

    division_code: Annotated[str, StringConstraints(pattern=r"^\d{6}$")] = Field(examples=["999902"])
    seq: Annotated[StrictInt, Field(ge=1, le=2**53)]
    hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] = Field(description="SHA-256，十六进制")


class HeadsIn(In):
    heads: Annotated[list[HeadIn], Field(min_length=1, max_length=1000)]


class CheckpointOut(Out):
    """A head the gateway has signed and kept outside the service's reach."""

    division_code: str
    service: str
    seq: int
    hash: str
    recorded_at: Moment
    signature: str = Field(description="网关的签名：compact JWS，载荷为以上各项")
    genuine: Flag = Field(description="签名与以上各项相符；不符即检查点被改过，不作依据")


class CheckpointPage(Page):
    items: list[CheckpointOut]
