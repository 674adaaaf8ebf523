"""Statistics of the ledger: pure figures from rows as they stood on a day. Each figure can be counted again by hand.

A project whose resumption is only claimed counts under the status it claims to have left; once verified, under the one
it shows. Sums run over the projects that state the fact; `known` says how many do, for unknown is not zero.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from services.projects.ledger.formulas import counted_status, delay_days, rate
from services.projects.ledger.rules import enterprise_key
from shared.schemas.base import plain
from shared.schemas.projects.statistics import ProjectDelay, ProjectStatistics, Ratio, Slice, Sum, Week

Row = Mapping[str, Any]

SUMMED = (
    "site_area_m2 gfa_m2 area_sold_m2 buildings units_total units_sold units_delivered total_investment_fen "
    "remaining_cost_fen funding_gap_fen escrow_balance_fen diverted_fen recovered_fen special_loan_approved_fen "
    "special_loan_allotted_fen special_loan_used_fen special_loan_repaid_fen works_arrears_fen wage_arrears_fen "
    "tax_arrears_fen buyer_households mortgage_suspension_households mortgage_suspension_fen"
).split()
COLUMNS = tuple(
    (
        "id division_code project_code name construction_status counted_construction_status resolution_status "
        "resumption problem_types township developer developer_credit_code contract_delivery_on delivered_on"
    ).split()
    + SUMMED
)
"""What the figures read."""
WEEKS = 12
UNSTATED = "（未填）"


def ratio(formula: str, numerator: int, denominator: int) -> Ratio:
    return Ratio(formula=formula, numerator=numerator, denominator=denominator, value=rate(numerator, denominator))


def summarise(
    rows: Sequence[Row],
    changes: Iterable[Row],
    *,
    as_of: dt.date,
    known_at: dt.datetime,
    division_code: str | None,
    scope: str,
) -> ProjectStatistics:
    """All figures of one answer; `changes` are the resolution statuses ever stated, oldest first per project."""
    sums = {fact: _sum(rows, fact) for fact in SUMMED}
    delays = [
        ProjectDelay(project_code=row["project_code"], name=row["name"], delay_days=days)
        for row in rows
        if (days := delay_days(row, as_of)) is not None
    ]
    resolution = Counter(row["resolution_status"] for row in rows)
    sold, delivered = _total(rows, "units_sold"), _total(rows, "units_delivered")
    return ProjectStatistics(
        as_of=as_of,
        known_at=known_at,
        division_code=division_code,
        scope=[scope],
        projects=len(rows),
        by_construction_status=_counts(counted_status(row) for row in rows),
        by_resolution_status=_counts(row["resolution_status"] for row in rows),
        by_problem=_counts(problem for row in rows for problem in row["problem_types"] or ()),
        by_township=_slices(rows, lambda row: row["township"]),
        by_developer=_slices(rows, lambda row: row["developer"], key=_firm),
        developers=len({_firm(row) for row in rows if row["developer"] or row["developer_credit_code"]}),
        resumption_claimed=sum(1 for row in rows if row["resumption"] == "claimed"),
        resumption_verified=sum(1 for row in rows if row["resumption"] == "verified"),
        units_sold=sold,
        units_delivered=delivered,
        units_undelivered=sum(_undelivered(row) for row in rows),
        gfa_m2=sums["gfa_m2"].value,
        funding_gap_known=sums["funding_gap_fen"].known,
        funding_gap_fen=_total(rows, "funding_gap_fen"),
        wage_arrears_known=sums["wage_arrears_fen"].known,
        wage_arrears_fen=_total(rows, "wage_arrears_fen"),
        sums=sums,
        resolution_rate=ratio("resolved / projects", resolution["resolved"], len(rows)),
        delivery_rate=ratio("units_delivered / units_sold", delivered, sold),
        delay_days=sorted(delays, key=lambda d: (-d.delay_days, d.project_code)),
        resolution_by_week=resolution_by_week(changes, as_of),
    )


def resolution_by_week(changes: Iterable[Row], as_of: dt.date) -> list[Week]:
    """化解率 at the end of each of the last weeks, a week ending on Sunday and the last one on `as_of`."""
    sunday = as_of - dt.timedelta(days=as_of.isoweekday() % 7)
    ends = [sunday - dt.timedelta(weeks=back) for back in reversed(range(WEEKS))]
    if as_of != sunday:
        ends = [*ends[1:], as_of]
    stated: dict[Any, list[Row]] = defaultdict(list)
    for change in changes:
        stated[change["project_id"]].append(change)
    weeks = []
    for end in ends:
        known = [[c for c in history if c["effective_on"] <= end] for history in stated.values()]
        on_ledger = [
            [c["resolution_status"] for c in history if c["states_resolution"]] for history in known if history
        ]
        resolved = sum(1 for statuses in on_ledger if statuses[-1:] == ["resolved"])
        weeks.append(Week(week_ending=end, resolution_rate=ratio("resolved / projects", resolved, len(on_ledger))))
    return weeks


def _firm(row: Row) -> str:
    """One developer is one credit code, or one name where no code is stated."""
    return row["developer_credit_code"] or (enterprise_key(row["developer"]) if row["developer"] else UNSTATED)


def _total(rows: Iterable[Row], fact: str) -> int:
    return sum(row[fact] for row in rows if row[fact] is not None)


def _sum(rows: Sequence[Row], fact: str) -> Sum:
    stated = [row[fact] for row in rows if row[fact] is not None]
    total = sum(stated)
    return Sum(value=str(total) if isinstance(total, int) else plain(total), known=len(stated))


def _undelivered(row: Row) -> int:
    """Sold and not handed over, where both are known."""
    sold, delivered = row["units_sold"], row["units_delivered"]
    return 0 if sold is None or delivered is None else sold - delivered


def _counts(values: Iterable[str | None]) -> dict[str, int]:
    return dict(sorted(Counter(str(value) if value else "unknown" for value in values).items()))


def _slices(
    rows: Sequence[Row], label: Callable[[Row], str | None], key: Callable[[Row], str] | None = None
) -> list[Slice]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row) if key else (label(row) or UNSTATED)].append(row)
    slices = [
        Slice(
            key=None if name == UNSTATED else name,
            label=label(members[0]) or UNSTATED,
            projects=len(members),
            units_sold=_total(members, "units_sold"),
            units_delivered=_total(members, "units_delivered"),
            units_undelivered=sum(map(_undelivered, members)),
        )
        for name, members in groups.items()
    ]
    return sorted(slices, key=lambda s: (-s.projects, s.label))
