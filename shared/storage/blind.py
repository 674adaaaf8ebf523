"""Finding what is sealed: a keyed digest of the normalised value, equal only for equal values of one division.

An index is `key id · HMAC-SHA-256 cut to 16 bytes`, and HMAC takes the division in: the same person in two counties
has two indexes that nobody without the key can join. While rows are re-keyed, some carry an index of the old key: ask
for `any_of`, which gives one index per known key. No unique key stands on an index: across two keys it proves nothing.
"""

import hmac
import re
import unicodedata
from collections.abc import Callable

from stdnum.cn import ric

from shared.chassis.keys import Keys

DIGEST_BYTES = 16
Normalise = Callable[[str], str | None]
"""What is compared, or None for a value nobody can be found by."""


class BlindIndex:
    def __init__(self, keys: Keys, purpose: str, normalise: Normalise) -> None:
        self._current, self._keys, self._normalise = keys.current, keys.derived(f"anju blind {purpose}"), normalise
        self.header = keys.current.to_bytes()
        """What indexes begin with that need no renewal."""

    def of(self, division_code: str, value: str) -> bytes | None:
        """What is stored beside the sealed value: 17 bytes under the current key."""
        normal = self._normalise(value)
        return None if normal is None else self._index(self._current, division_code, normal)

    def any_of(self, division_code: str, value: str) -> tuple[bytes, ...]:
        """What a search compares with: one index per known key; empty when nobody can be found by the value."""
        normal = self._normalise(value)
        return () if normal is None else tuple(self._index(key_id, division_code, normal) for key_id in self._keys)

    def _index(self, key_id: int, division_code: str, normal: str) -> bytes:
        digest = hmac.digest(self._keys[key_id], f"{division_code}\0{normal}".encode(), "sha256")
        return key_id.to_bytes() + digest[:DIGEST_BYTES]


def citizen_id(value: str) -> str | None:
    """GB 11643: 18 characters with an upper-case X; 15 of before 1999 become 18 of 19xx. What fits neither stays text.

    A wrong check character is kept: two rows with the same mistyped number are still the same person's.
    """
    plain = _without_spaces(value).upper()
    if re.fullmatch(r"[0-9]{15}", plain):
        longer = f"{plain[:6]}19{plain[6:]}"
        return longer + str(ric.calc_check_digit(f"{longer}0"))
    return plain or None


def mobile(value: str) -> str | None:
    """Digits without +86; a landline keeps its area code."""
    digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", value))
    without_country = re.sub(r"^(?:00)?86(?=1[3-9][0-9]{9}$)", "", digits)
    return without_country or None


def name(value: str) -> str | None:
    return _without_spaces(value) or None


def exact(value: str) -> str | None:
    return value or None


def _without_spaces(value: str) -> str:
    """NFKC is done again because it turns a lone accent into a space and the accent."""
    return unicodedata.normalize("NFKC", re.sub(r"[\s·•‧・-]", "", unicodedata.normalize("NFKC", value)))
