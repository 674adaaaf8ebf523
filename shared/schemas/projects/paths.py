"""化解路径与诉讼 on the wire."""

from enum import StrEnum

LABELS: dict[type[StrEnum], dict[str, str]] = {}
