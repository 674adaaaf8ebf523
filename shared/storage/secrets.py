"""What must not be readable at rest: AES-256-GCM under a key derived from the service's data key, bound to its row.

A sealed value opens only where it was sealed for (`bound`: table, division, row, …), so that whoever can write to the
database cannot show one row's secret as another's. One vault per purpose; purposes have keys of their own.
"""

import os
from typing import Annotated

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from fastapi import Depends
from starlette.requests import Request

from shared.errors import Internal

FORMAT = b"\x01"
"""AES-256-GCM, 12-byte nonce; another cipher will be another first byte."""
_NONCE_BYTES = 12


class Damaged(Internal):
    """The sealed value is not what was sealed for this row: altered, moved, or sealed under another key."""

    code, title, title_en = "sealed_value_damaged", "密封内容已损坏或密钥不符", "Sealed value damaged"


class Vault:
    def __init__(self, secret: bytes, purpose: str) -> None:
        self._cipher = AESGCM(HKDF(SHA256(), 32, None, f"anju vault {purpose}".encode()).derive(secret))

    def seal(self, text: str, *bound: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return FORMAT + nonce + self._cipher.encrypt(nonce, text.encode(), _context(bound))

    def open(self, sealed: bytes, *bound: str) -> str:
        """Raises `Damaged`."""
        nonce, content = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if sealed[:1] != FORMAT or len(nonce) < _NONCE_BYTES:
            raise Damaged
        try:
            return self._cipher.decrypt(nonce, content, _context(bound)).decode()
        except InvalidTag:
            raise Damaged from None


def _context(bound: tuple[str, ...]) -> bytes:
    """Each part with its length, so that no two lists of parts are one text."""
    return FORMAT + b"".join(len(part.encode()).to_bytes(4) + part.encode() for part in bound)


async def current_vault(request: Request) -> Vault:
    vault: Vault = request.app.state.vault
    return vault


CurrentVault = Annotated[Vault, Depends(current_vault)]
