"""化解路径与诉讼 on the wire. A path is the ledger's `facts.ResolutionMode`; a plan chooses it, stages tell how far it is."""

from enum import StrEnum

LABELS: dict[type[StrEnum], dict[str, str]] = {}
