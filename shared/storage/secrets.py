"""What must not be readable at rest: AES-256-GCM under keys derived from the service's data keys, bound to its row.

A sealed value is `format · key id · nonce (12) · ciphertext · tag (16)`. It is sealed under the current key and opens
under any known one, but only where it was sealed for (`bound`: table, division, row, …), so that whoever can write to
the database cannot show one row's secret as another's. One vault per service; purposes have keys of their own.
Values of format 1 had no key id and open under whichever known key fits.

A random nonce of 96 bits is good for 2³² values per key; a county's service is far below, and re-keying starts anew.
"""

import os
from collections.abc import Iterable
from typing import Annotated

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import Depends
from starlette.requests import Request

from shared.chassis.keys import Keys
from shared.errors import Internal
from shared.storage.blind import BlindIndex, Normalise

FORMAT = b"\x02"
WITHOUT_KEY_ID = b"\x01"
_NONCE_BYTES = 12


class Damaged(Internal):
    """The sealed value is not what was sealed for this row: altered, moved, or sealed under a key we do not have."""

    code, title, title_en = "sealed_value_damaged", "密封内容已损坏或密钥不符", "Sealed value damaged"


class Vault:
    def __init__(self, keys: Keys, purpose: str) -> None:
        self._keys, self._purpose = keys, purpose
        derived = keys.derived(f"anju vault {purpose}")
        self._ciphers = {_header(key_id): AESGCM(key) for key_id, key in derived.items()}
        self._indexes: dict[tuple[str, Normalise], BlindIndex] = {}
        self.header = _header(keys.current)
        """What values begin with that need no re-sealing."""

    def seal(self, text: str, *bound: str) -> bytes:
        return self.seal_bytes(text.encode(), *bound)

    def open(self, sealed: bytes, *bound: str) -> str:
        """Raises `Damaged`."""
        return self.open_bytes(sealed, *bound).decode()

    def seal_bytes(self, content: bytes, *bound: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return self.header + nonce + self._ciphers[self.header].encrypt(nonce, content, _context(self.header, bound))

    def open_bytes(self, sealed: bytes, *bound: str) -> bytes:
        """Raises `Damaged`."""
        header = sealed[: len(self.header)]
        cipher = self._ciphers.get(header)
        ciphers: Iterable[AESGCM] = () if cipher is None else (cipher,)
        if sealed[:1] == WITHOUT_KEY_ID:
            header, ciphers = WITHOUT_KEY_ID, self._ciphers.values()
        start = len(header) + _NONCE_BYTES
        if len(sealed) < start:
            raise Damaged
        nonce, content, context = sealed[len(header) : start], sealed[start:], _context(header, bound)
        for cipher in ciphers:
            try:
                return cipher.decrypt(nonce, content, context)
            except InvalidTag:
                continue
        raise Damaged

    def blind(self, purpose: str, normalise: Normalise) -> BlindIndex:
        """What values sealed here are found by; equal purposes of one service give equal indexes."""
        if (found := self._indexes.get((purpose, normalise))) is None:
            found = BlindIndex(self._keys, f"{self._purpose} {purpose}", normalise)
            self._indexes[purpose, normalise] = found
        return found


def _header(key_id: int) -> bytes:
    return FORMAT + key_id.to_bytes()


def _context(header: bytes, bound: tuple[str, ...]) -> bytes:
    """Each part with its length, so that no two lists of parts are one text."""
    return header + b"".join([len(part := text.encode()).to_bytes(4) + part for text in bound])


async def current_vault(request: Request) -> Vault:
    vault: Vault = request.app.state.vault
    return vault


CurrentVault = Annotated[Vault, Depends(current_vault)]
