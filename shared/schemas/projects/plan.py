"""一项目一策 on the wire."""

from enum import StrEnum

LABELS: dict[type[StrEnum], dict[str, str]] = {}
