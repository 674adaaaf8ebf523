"""Which units of the directory a register means by the words of its 责任单位 column. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from services.petitions.life.routing import BODIES
from services.petitions.life.service import Sent
from shared.schemas.gateway.directory import UnitOut
from shared.workbook.wording import plain

_BETWEEN = re.compile(r"[、，,;；/\n]+")
_OF_PLACE = re.compile(r"^[^局委办院会]{0,8}?[县市区旗]")


class Bodies:
    """The units that may handle a petition, by code, name and alias, and by name without its county (`住建局`)."""

    def __init__(self, units: Iterable[UnitOut]) -> None:
        self._known: dict[str, UnitOut] = {}
        loosely: dict[str, dict[str, UnitOut]] = defaultdict(dict)
        for unit in units:
            if unit.kind not in BODIES:
                continue
            for word in (unit.code, unit.name, *unit.aliases):
                self._known.setdefault(plain(word), unit)
                loosely[_loose(word)][unit.code] = unit
        self._loosely = {word: next(iter(found.values())) for word, found in loosely.items() if len(found) == 1}

    def _find(self, text: str) -> UnitOut | None:
        return self._known.get(plain(text)) or self._loosely.get(_loose(text))

    def read(self, text: str) -> tuple[Sequence[Sent], list[str]]:
        """Who leads and who helps, and the names nobody knows: those stand for themselves until the directory does."""
        if (whole := self._find(text)) is not None:
            return [Sent(whole.code, whole.name)], []
        sent, unknown = dict[str, Sent](), list[str]()
        for part in filter(None, (part.strip() for part in _BETWEEN.split(text))):
            unit = self._find(part)
            if unit is None:
                unknown.append(part)
            code = unit.code if unit else part
            sent.setdefault(code, Sent(code, unit.name if unit else part))
        return list(sent.values()), unknown


def _loose(name: str) -> str:
    word = plain(name)
    bare = _OF_PLACE.sub("", word)
    return bare if len(bare) > 1 else word
