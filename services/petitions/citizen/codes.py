"""The query code a citizen is given at registration (群众满意度评价 rules, domain.md 1.5): made, kept, compared.

What is kept is the digest of a code, sealed under the service's keys and bound to the petition's row: nobody who reads
the database can try codes against it, nobody who holds the keys can read one back, and a re-key renews it like any
sealed column. A lost code is therefore replaced, never shown again.
"""

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Mapping
from typing import Any

from services.petitions.registry.models import petition
from shared.storage.sealed import SealedColumn
from shared.storage.secrets import Vault

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""31 signs that nobody takes for one another on a slip of paper or over the telephone: no 0 O, no 1 I L."""
LENGTH = 8
"""8.5 × 10¹¹ codes; ten tries an hour find one in ten million years."""
QUERY_CODE = SealedColumn(petition.c.query_code_hash)
_DECOY = {"division_code": "000000", "id": "decoy"}


def new_code() -> str:
    """Shown once, to whoever registers the petition."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normal(given: str) -> str:
    """As it was made, whatever case, width and spacing it is typed in."""
    text = unicodedata.normalize("NFKC", given)
    return "".join(sign for sign in text.upper() if sign.isalnum())


def _digest(code: str) -> str:
    return hashlib.sha256(normal(code).encode()).hexdigest()


def keep(vault: Vault, row: Mapping[str, Any], code: str) -> bytes:
    """The value of `query_code_hash`; `row` holds the petition's `division_code` and `id`."""
    return QUERY_CODE.seal(vault, row, _digest(code))


def fits(vault: Vault, row: Mapping[str, Any] | None, given: str) -> bool:
    """Whether this is the petition's code, by the same work where there is no petition, or none with a code."""
    decoy = _DECOY | {"query_code_hash": QUERY_CODE.seal(vault, _DECOY, _digest(new_code()))}
    is_there = row is not None and row["query_code_hash"] is not None
    kept = QUERY_CODE.open(vault, row if row is not None and is_there else decoy)
    is_equal = hmac.compare_digest(kept or "", _digest(given))
    return is_equal and is_there
