"""企业档案 on the wire."""

from enum import StrEnum

LABELS: dict[type[StrEnum], dict[str, str]] = {}
