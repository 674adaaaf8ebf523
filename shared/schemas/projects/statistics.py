"""Statistics of the ledger as of a day, numerators and denominators shown."""

import datetime as dt

from pydantic import Field

from shared.schemas.base import DivisionCode, Moment, Out, Rate


class Ratio(Out):
    formula: str
    numerator: int
    denominator: int
    value: Rate | None = Field(description="4 位小数；分母为 0 时为 null")


class Slice(Out):
    key: str | None
    label: str
    projects: int
    units_sold: int
    units_delivered: int
    units_undelivered: int


class Sum(Out):
    """A sum over the projects that state the fact; `known` says how many do."""

    value: str
    known: int


class Week(Out):
    week_ending: dt.date
    resolution_rate: Ratio


class ProjectDelay(Out):
    project_code: str
    name: str
    delay_days: int


class ProjectStatistics(Out):
    as_of: dt.date
    known_at: Moment
    division_code: DivisionCode | None
    scope: list[str] = Field(description="统计覆盖的行政区划前缀")
    projects: int
    by_construction_status: dict[str, int]
    by_resolution_status: dict[str, int]
    by_problem: dict[str, int]
    by_township: list[Slice]
    by_developer: list[Slice]
    developers: int
    resumption_claimed: int = Field(description="报称复工、未核实，仍计入停工或半停工")
    resumption_verified: int = Field(description="复工已由现场信号核实，按现状计入")
    units_sold: int
    units_delivered: int
    units_undelivered: int
    gfa_m2: Rate
    funding_gap_known: int
    funding_gap_fen: int
    wage_arrears_known: int
    wage_arrears_fen: int
    sums: dict[str, Sum]
    resolution_rate: Ratio
    delivery_rate: Ratio
    delay_days: list[ProjectDelay]
    resolution_by_week: list[Week]
