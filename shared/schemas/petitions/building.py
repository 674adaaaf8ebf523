"""Which building a petition is about, without the room: who brings it is kept sealed, and a room is where they live."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator

from shared.schemas.petitions.channels import ClearText

_NUMBERED = re.compile(r".*?[0-9A-Za-z一二三四五六七八九十百甲乙丙丁]\s*(?:号楼|栋|幢|座|#楼?|楼(?!层))")
_PARTED = re.compile(r"([0-9A-Za-z]{1,3})\s*[-－—–/、]\s*[0-9A-Za-z].*")
_ROOM = re.compile(r"[0-9一二三四五六七八九十百]\s*(?:单元|室|户|层|房)|^[0-9]{3,4}$|[0-9]{3,}")


def building_of(text: str) -> str | None:
    """`3号楼2单元1201室`, `3-2-1201` and `3号楼` are 3 号楼; None where only a room is named."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if numbered := _NUMBERED.match(plain):
        return numbered[0] if re.search(r"[0-9一二三四五六七八九十]", plain[numbered.end() :]) else plain
    if parted := _PARTED.fullmatch(plain):
        return parted[1]
    return None if _ROOM.search(plain) else plain


def _without_room(text: str) -> str:
    if building_of(text) != unicodedata.normalize("NFKC", text).strip():
        raise ValueError("只填楼栋，例如 3号楼；房号属于住址，请填在信访人的住址中")
    return text


Building = Annotated[ClearText, AfterValidator(_without_room)]
