"""一项目一策 on the wire. The chosen path of resolution 化解路径 is the ledger's `facts.ResolutionMode`, here as in
`paths`: one enum, no second `ResolutionPath` with other words. `CalendarBasis` stands in `paths` too."""

from enum import StrEnum

LABELS: dict[type[StrEnum], dict[str, str]] = {}
