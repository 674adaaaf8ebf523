"""The persons of a petition on the wire: masked in every answer, whole only for who says what for.

A masked value that comes back in a change leaves the stored one as it is (`shared.schemas.masking`).
"""

from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from shared.schemas.base import In, Out, Text
from shared.schemas.masking import NotMasked
from shared.schemas.petitions.channels import ClearText
from shared.schemas.petitions.intake import PetitionerRole

PERSONAL = ("name", "id_number", "phone", "address")


def _short_number(value: str) -> str:
    if not any(ch.isalnum() for ch in value):
        raise ValueError("请填写号码")
    return value


IdNumber = Annotated[
    str,
    StringConstraints(min_length=4, max_length=40, strip_whitespace=True, pattern=r"^[0-9A-Za-z()（）* -]+$"),
    AfterValidator(_short_number),
    Field(description="身份证号或其他证件号码", examples=["11010519491231002X"]),
]
PhoneNumber = Annotated[
    str,
    StringConstraints(min_length=5, max_length=40, strip_whitespace=True, pattern=r"^[0-9+()（）* -]+$"),
    AfterValidator(_short_number),
    Field(description="手机或固定电话", examples=["13800138000"]),
]
PersonName = Annotated[Text, Field(examples=["张三"])]
Address = Annotated[Text, Field(description="住址")]


class PetitionerIn(In):
    """Somebody of a petition, with as much as is known."""

    role: PetitionerRole = PetitionerRole.petitioner
    name: Annotated[PersonName, NotMasked] | None = None
    id_number: Annotated[IdNumber, NotMasked] | None = None
    phone: Annotated[PhoneNumber, NotMasked] | None = None
    address: Annotated[Address, NotMasked] | None = None

    @model_validator(mode="after")
    def somebody(self) -> Self:
        if all(getattr(self, field) is None for field in PERSONAL):
            raise ValueError("请至少填写姓名、证件号码、电话、住址中的一项")
        return self


class PetitionerPatch(In):
    """With `id`: that person, what is absent stays, null empties, a masked value stays; all four empty removes them.

    Without `id`: somebody new, in `role`.
    """

    id: UUID | None = None
    role: PetitionerRole = PetitionerRole.petitioner
    name: PersonName | None = None
    id_number: IdNumber | None = None
    phone: PhoneNumber | None = None
    address: Address | None = None


class PetitionerOut(Out):
    """`ordinal` counts the persons of one role from 1."""

    id: UUID
    role: PetitionerRole
    ordinal: int
    name: str | None
    id_number: str | None
    phone: str | None
    address: str | None


class RevealPurpose(StrEnum):
    handling = "handling"
    contact = "contact"
    verification = "verification"
    delivery = "delivery"
    repeat_check = "repeat_check"
    supervision = "supervision"
    legal_request = "legal_request"


class PurposeIn(In):
    """What personal data is asked for; both are kept in the audit, so the note names nobody."""

    purpose: RevealPurpose
    purpose_note: ClearText = Field(description="具体事由，不得包含个人信息", examples=["电话告知受理结果"])


class RevealedPetitionerOut(Out):
    petition_id: UUID
    petition_code: str
    version: int
    statement: str | None = Field(description="来信来访原文")
    persons: list[PetitionerOut]


class PersonSearch(PurposeIn):
    """Exactly one of the three, whole: there is no search by a part."""

    id_number: Annotated[IdNumber, NotMasked] | None = None
    phone: Annotated[PhoneNumber, NotMasked] | None = None
    name: Annotated[PersonName, NotMasked] | None = None

    @model_validator(mode="after")
    def one_of_three(self) -> Self:
        if [self.id_number, self.phone, self.name].count(None) != 2:
            raise ValueError("请填写证件号码、电话、姓名中的一项")
        return self


LABELS: dict[type[StrEnum], dict[str, str]] = {
    RevealPurpose: {
        "handling": "办理需要",
        "contact": "联系告知",
        "verification": "核实身份",
        "delivery": "送达文书",
        "repeat_check": "核查重复信访",
        "supervision": "督办核查",
        "legal_request": "依法调取",
    }
}
