"""The code of the day on site 当日码: it stands on the board at the gate, and a photo comes with it."""

import datetime as dt
import hmac
import re
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ALPHABET = "ACDEFHJKLMNPQRTUVWXY34679"
"""Nothing that is mistaken for something else when read aloud or in handwriting."""
LENGTH = 6


class SiteCodes:
    """Codes follow from a secret, the project and the day: none is stored, none can be guessed from others.

    Given out under the first secret, taken under any: the code of a day outlives a change of key.
    """

    def __init__(self, *secrets: bytes) -> None:
        self._keys = [HKDF(SHA256(), 32, None, b"anju site code").derive(secret) for secret in secrets]

    def of(self, project_id: UUID, day: dt.date) -> str:
        """`KXW-4H9`"""
        return _code(self._keys[0], project_id, day)

    def fits(self, given: str, project_id: UUID, *days: dt.date) -> bool:
        """Whether it is the code of one of the days, however it was typed."""
        typed = re.sub(r"[ -]", "", given).upper()
        codes = [_code(key, project_id, day).replace("-", "") for key in self._keys for day in days]
        return any(hmac.compare_digest(typed, code) for code in codes)


def _code(key: bytes, project_id: UUID, day: dt.date) -> str:
    number = int.from_bytes(hmac.digest(key, f"{project_id} {day}".encode(), "sha256"))
    letters = ""
    for _ in range(LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters += ALPHABET[letter]
    return f"{letters[:3]}-{letters[3:]}"
