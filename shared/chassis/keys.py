"""The secrets of one service, each with the id that values made under it carry: one is current, all are known."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_IDS = range(1, 256)
"""An id is one byte; 0 is nobody's."""


@dataclass(frozen=True, slots=True)
class Keys:
    """`secrets` by id. What is made now is made under `current`; what is there may be under any of them."""

    current: int
    secrets: Mapping[int, bytes] = field(repr=False)

    def __post_init__(self) -> None:
        if self.current not in self.secrets or not set(self.secrets) <= set(KEY_IDS):
            raise ValueError("key ids are 1 to 255, and the current one is among them")

    @property
    def each(self) -> tuple[bytes, ...]:
        """Every secret, the current one first."""
        return (
            self.secrets[self.current],
            *(secret for key_id, secret in self.secrets.items() if key_id != self.current),
        )

    def derived(self, purpose: str) -> dict[int, bytes]:
        """A key of 32 bytes for one purpose from each secret (HKDF-SHA-256), by id."""
        return {
            key_id: HKDF(SHA256(), 32, None, purpose.encode()).derive(secret) for key_id, secret in self.secrets.items()
        }
