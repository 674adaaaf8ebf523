"""What is wrong with what somebody says of a petition, told by the field."""

from shared.errors import FieldError, Invalid


class BadPetition(Invalid):
    code, title, title_en = "bad_petition", "登记内容不符合要求", "Bad petition"


def bad(pointer: str, code: str, message: str) -> BadPetition:
    return BadPetition(errors=[FieldError(pointer, code, message)])
