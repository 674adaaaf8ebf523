"""How much a test does: little in `make test`, what the issue demands in `make prove`."""

import json
import os
from pathlib import Path

PROVE = os.environ.get("ANJU_PROVE")
"""The issue being proven, or None in an ordinary run."""
SEED = int(os.environ.get("ANJU_SEED", "20241130"))
"""Of everything a test draws at random."""


def count(small: int, prove: int) -> int:
    """`small` in `make test`, `prove` in `make prove`."""
    return prove if PROVE else small


def report(test: str, **numbers: object) -> None:
    """Tell the proof what a test counted, as one JSON line; without a proof nobody listens."""
    listener = os.environ.get("ANJU_PROVE_REPORT")
    if not listener:
        return
    line = json.dumps({"test": test} | numbers, ensure_ascii=False, default=str)
    with Path(listener).open("a", encoding="utf-8") as lines:
        lines.write(line + "\n")
