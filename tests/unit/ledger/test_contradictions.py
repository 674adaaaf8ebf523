"""Every contradiction rule: one set of facts that trips it, one near it that does not."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.projects.ledger.insight.contradictions import (
    GROUP_RULES,
    RULES,
    TOTAL_RULES,
    StatedFigure,
    find,
    says_delivered,
)
from shared.schemas.projects.facts import FACT_TITLES, ProjectKind, ResolutionMode, Usage
from shared.schemas.projects.facts import ConstructionStatus as C
from shared.schemas.projects.facts import ResolutionStatus as R

AS_OF = dt.date(2024, 11, 30)
COUNTY = "999902"
SEED = Path(__file__).parents[2] / "data" / "county-999902-ledger.xlsx"
STATUSES = {"已交付": C.delivered, "已化解": R.resolved, "正在化解": R.resolving, "未化解": R.unresolved}


def on(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def project(number: int = 1, **facts: Any) -> dict[str, Any]:
    identity = {"id": UUID(int=number), "project_code": f"{COUNTY}-{number:04}", "division_code": COUNTY}
    return identity | {"name": f"项目甲{number}", "kind": ProjectKind.stalled_housing, "aliases": []} | facts


def tripped(*projects: dict[str, Any], totals: tuple[StatedFigure, ...] = ()) -> list[str]:
    return [found.rule for found in find(projects, totals, as_of=AS_OF)]


SINGLE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "LEDGER-01": (
        {"construction_status": C.delivered, "resolution_status": R.resolving},
        {"construction_status": C.delivered, "resolution_status": R.resolved},
    ),
    "LEDGER-02": (
        {"construction_status": C.completed, "progress_note": "目前已全部交付使用"},
        {"construction_status": C.completed, "progress_note": "已制定交付方案，部分楼栋已交付"},
    ),
    "LEDGER-03": ({"units_sold": 101, "units_total": 100}, {"units_sold": 100, "units_total": 100}),
    "LEDGER-04": (
        {"units_delivered": 11, "units_sold": 10},
        {"units_delivered": 11, "units_sold": 10, "usage": Usage.resettlement},
    ),
    "LEDGER-05": ({"units_delivered": 11, "units_total": 10}, {"units_delivered": 10, "units_total": 10}),
    "LEDGER-06": ({"units_signed_online": 11, "units_total": 10}, {"units_signed_online": 9, "units_total": 10}),
    "LEDGER-07": (
        {"units_undelivered_stated": 5, "units_sold": 10, "units_delivered": 4},
        {"units_undelivered_stated": 6, "units_sold": 10, "units_delivered": 4},
    ),
    "LEDGER-08": (
        {"construction_status": C.delivered, "units_sold": 10, "units_delivered": 9},
        {"construction_status": C.delivered, "units_sold": 10, "units_delivered": 10},
    ),
    "LEDGER-09": (
        {"stopped_on": on("2024-05-02"), "resumed_on": on("2024-05-01")},
        {"stopped_on": on("2024-05-01"), "resumed_on": on("2024-05-01")},
    ),
    "LEDGER-10": (
        {"construction_status": C.stopped, "stopped_on": on("2024-01-01"), "resumed_on": on("2024-05-01")},
        {"construction_status": C.on_schedule, "stopped_on": on("2024-01-01"), "resumed_on": on("2024-05-01")},
    ),
    "LEDGER-11": (
        {"started_on": on("2020-05-02"), "contract_delivery_on": on("2020-05-01")},
        {"started_on": on("2020-05-02"), "contract_delivery_on": on("2022-05-01"), "stopped_on": on("2021-01-01")},
    ),
    "LEDGER-12": (
        {"completed_on": on("2023-06-02"), "delivered_on": on("2023-06-01")},
        {"completed_on": on("2023-06-01"), "delivered_on": on("2023-06-01")},
    ),
    "LEDGER-13": (
        {"stopped_on": on("2023-06-02"), "completed_on": on("2023-06-01")},
        {"stopped_on": on("2023-06-01"), "completed_on": on("2024-06-01")},
    ),
    "LEDGER-14": (
        {"started_on": on("2024-12-01")},
        {"started_on": on("2024-11-30"), "planned_delivery_on": on("2025-12-01")},
    ),
    "LEDGER-15": (
        {"construction_status": C.behind_schedule, "delivered_on": on("2024-06-01")},
        {"construction_status": C.completed, "completed_on": on("2024-06-01")},
    ),
    "LEDGER-16": (
        {"construction_status": C.stopped, "resolution_status": R.resolved},
        {
            "construction_status": C.stopped,
            "resolution_status": R.resolved,
            "resolution_mode": ResolutionMode.subrogated_refund,
        },
    ),
    "LEDGER-17": (
        {"resolution_status": R.resolved, "funding_gap_fen": 1},
        {"resolution_status": R.resolved, "funding_gap_fen": 0},
    ),
    "LEDGER-18": (
        {"progress_pct": Decimal(100), "construction_status": C.behind_schedule},
        {"progress_pct": Decimal("99.9"), "construction_status": C.behind_schedule},
    ),
    "LEDGER-19": (
        {"progress_pct": Decimal("99.9"), "construction_status": C.delivered},
        {"progress_pct": Decimal(100), "construction_status": C.delivered},
    ),
    "LEDGER-20": (
        {"construction_status": C.stopped, "workers_on_site": 1},
        {"construction_status": C.partly_stopped, "workers_on_site": 1},
    ),
    "LEDGER-21": (
        {"construction_status": C.on_schedule, "contract_delivery_on": on("2024-11-29")},
        {
            "construction_status": C.on_schedule,
            "contract_delivery_on": on("2024-11-29"),
            "planned_delivery_on": on("2025-06-30"),
        },
    ),
    "LEDGER-22": (
        {"area_sold_m2": Decimal("100.01"), "gfa_m2": Decimal(100)},
        {"area_sold_m2": Decimal("100.00"), "gfa_m2": Decimal(100)},
    ),
    "LEDGER-23": (
        {"delay_days_stated": 100, "contract_delivery_on": on("2024-01-01"), "effective_on": on("2024-11-01")},
        {"delay_days_stated": 300, "contract_delivery_on": on("2024-01-01"), "effective_on": on("2024-11-01")},
    ),
    "LEDGER-24": (
        {"stopped_days_stated": 100, "stopped_on": on("2024-01-01")},
        {"stopped_days_stated": 330, "stopped_on": on("2024-01-01")},
    ),
    "LEDGER-25": (
        {"special_loan_allotted_fen": 2, "special_loan_approved_fen": 1},
        {"special_loan_allotted_fen": 1, "special_loan_approved_fen": 1},
    ),
    "LEDGER-26": (
        {"special_loan_used_fen": 2, "special_loan_allotted_fen": 1},
        {"special_loan_used_fen": 1, "special_loan_allotted_fen": 1},
    ),
    "LEDGER-27": ({"recovered_fen": 2, "diverted_fen": 1}, {"recovered_fen": 1, "diverted_fen": 1}),
    "LEDGER-28": (
        {"mortgage_suspension_households": 2, "buyer_households": 1},
        {"mortgage_suspension_households": 1, "buyer_households": 1},
    ),
    "LEDGER-29": (
        {"missing_permits": ["预售许可证"], "presale_permit": "示房预售第1号"},
        {"missing_permits": ["施工许可证"], "presale_permit": "示房预售第1号"},
    ),
}

NAMESAKE = project(1, name="御水名都", construction_status=C.delivered, resolution_status=R.resolved)
FIRM = {"developer": "瑞丰房地产开发有限公司", "developer_credit_code": "91999901MAJFKLYEY4"}
SEVERAL: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    "LEDGER-30": (
        [NAMESAKE, project(2, name="某某花园", aliases=["御水·名都"], construction_status=C.stopped)],
        [NAMESAKE, project(2, name="御水名都二期", construction_status=C.stopped)],
    ),
    "LEDGER-31": (
        [NAMESAKE, NAMESAKE | {"id": UUID(int=2), "project_code": "b"}],
        [NAMESAKE, NAMESAKE | {"id": UUID(int=2), "project_code": "b", "division_code": "999901"}],
    ),
    "LEDGER-32": (
        [project(1, **FIRM), project(2, **FIRM | {"developer": "金桥房地产开发有限公司"})],
        [project(1, **FIRM), project(2, **FIRM | {"developer": "瑞丰房地产开发有限责任公司"})],
    ),
    "LEDGER-33": (
        [project(1, **FIRM), project(2, **FIRM | {"developer_credit_code": "91999901MAMF9G0KDJ"})],
        [project(1, **FIRM), project(2, **FIRM | {"developer_credit_code": None})],
    ),
}


def figure(fact: str, stated: str, counted: str, cell: str = "台账!B9") -> StatedFigure:
    return StatedFigure(COUNTY, AS_OF, fact, cell, stated, counted)


PARTS = tuple(
    figure(f"resolution_status.{status}", number, number)
    for status, number in (("resolved", "1"), ("resolving", "3"), ("unresolved", "2"))
)
STATED: dict[str, tuple[tuple[StatedFigure, ...], tuple[StatedFigure, ...]]] = {
    "LEDGER-34": ((figure("gfa_m2", "100.5", "100"),), (figure("gfa_m2", "1,000.50", "1000.5"),)),
    "LEDGER-35": ((figure("projects", "7", "7"), *PARTS), (figure("projects", "6", "6"), *PARTS)),
}


def test_every_rule_stands_here_under_an_id_of_its_own() -> None:
    ids = [*(r.id for r in RULES), *(r.id for r in GROUP_RULES), *(r.id for r in TOTAL_RULES)]
    assert ids == [f"LEDGER-{number:02}" for number in range(1, len(ids) + 1)]
    assert set(ids) == {*SINGLE, *SEVERAL, *STATED}


def test_every_rule_reads_facts_of_the_contract() -> None:
    known = {*FACT_TITLES, "usage", "effective_on"}
    assert {fact for rule in RULES for fact in (*rule.reads, *rule.also)} <= known


@pytest.mark.parametrize("rule", SINGLE)
def test_a_rule_about_one_project(rule: str) -> None:
    trips, does_not = SINGLE[rule]
    found = find([project(**trips)], as_of=AS_OF)
    assert rule in [contradiction.rule for contradiction in found]
    assert rule not in tripped(project(**does_not))
    mine = next(contradiction for contradiction in found if contradiction.rule == rule)
    assert (mine.project_id, mine.project_code, mine.project_name) == (UUID(int=1), "999902-0001", "项目甲1")
    assert mine.settle
    assert set(mine.facts) <= {*trips, "kind"}
    assert mine.facts


@pytest.mark.parametrize("rule", SINGLE)
def test_an_unknown_fact_contradicts_nothing(rule: str) -> None:
    trips, _ = SINGLE[rule]
    for fact in next(r for r in RULES if r.id == rule).reads:
        assert rule not in tripped(project(**trips | {fact: None}))


@pytest.mark.parametrize("rule", SEVERAL)
def test_a_rule_over_several_projects(rule: str) -> None:
    trips, does_not = SEVERAL[rule]
    found = [c for c in find(trips, as_of=AS_OF) if c.rule == rule]
    assert len(found) == 1
    assert found[0].project_id is None
    assert len(found[0].facts["projects"]) == 2
    assert rule not in tripped(*does_not)


@pytest.mark.parametrize("rule", STATED)
def test_a_rule_over_stated_totals(rule: str) -> None:
    trips, does_not = STATED[rule]
    assert rule in tripped(totals=trips)
    assert rule not in tripped(totals=does_not)


def test_two_projects_sharing_a_name_and_an_alias_are_found_once() -> None:
    twins = [
        project(n, name="御水名都", aliases=["御水"], construction_status=s) for n, s in ((1, C.stopped), (2, None))
    ]
    assert tripped(*twins) == ["LEDGER-30"]


def test_facts_are_shown_as_json_says_them() -> None:
    reversed_dates = project(started_on=on("2020-05-02"), contract_delivery_on=on("2020-05-01"))
    shown = find([reversed_dates], as_of=AS_OF)[0].facts
    assert shown == {"started_on": "2020-05-02", "contract_delivery_on": "2020-05-01"}


@pytest.mark.parametrize(
    "note",
    [
        "已经复盘交付使用",
        "已交付",
        "目前已全部交付使用",
        "已于2023年6月30日正式交付，办证中",
        "工程验收合格；已按期交房",
    ],
)
def test_notes_that_say_delivered(note: str) -> None:
    assert says_delivered(note)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "未交付",
        "尚未交付使用",
        "计划2025年6月底前交付",
        "已具备交付条件",
        "已制定交付方案",
        "一期已交付",
        "1号楼已交付",
        "已交付120套",
        "已交付80%",
        "已完成实物安置房源抽签分房工作",
        "已启动购房人代位退房程序，进入法律诉讼阶段",
        "已复工，力争年底交付使用",
    ],
)
def test_notes_that_do_not(note: str) -> None:
    assert not says_delivered(note)


def test_the_seed_county() -> None:
    """Six projects of which one is delivered and still being resolved, under a total that says seven."""
    rows = openpyxl.load_workbook(SEED).worksheets[0].iter_rows(min_row=3, max_col=5, values_only=True)
    projects = [
        project(
            int(str(number)),
            name=name,
            construction_status=STATUSES.get(str(built)),
            resolution_status=STATUSES.get(str(resolved)),
            progress_note=note,
        )
        for number, name, built, resolved, note in rows
        if str(number).isdigit()
    ]
    assert len(projects) == 6
    found = find(projects, [figure("projects", "7", "6"), *PARTS], as_of=AS_OF)
    assert [(c.rule, c.project_name) for c in found] == [
        ("LEDGER-01", "御水名都"),
        ("LEDGER-34", None),
        ("LEDGER-35", None),
    ]
    assert found[1].facts == {
        "as_of": "2024-11-30",
        "fact": "projects",
        "cell": "台账!B9",
        "stated": "7",
        "counted": "6",
    }
    assert "progress_note" in found[0].facts


DAYS = st.none() | st.dates(dt.date(1990, 1, 1), dt.date(2060, 1, 1))
COUNTS = st.none() | st.integers(0, 10**6)
ANYTHING = st.fixed_dictionaries(
    {
        "construction_status": st.none() | st.sampled_from(C),
        "resolution_status": st.none() | st.sampled_from(R),
        "progress_pct": st.none() | st.decimals(0, 100, places=2),
        "progress_note": st.none() | st.text(min_size=1, max_size=30),
        "missing_permits": st.none() | st.lists(st.text(min_size=1, max_size=6), max_size=3),
        "effective_on": DAYS,
        **{fact: DAYS for rule in RULES for fact in (*rule.reads, *rule.also) if fact.endswith("_on")},
        **{fact: COUNTS for rule in RULES for fact in rule.reads if fact.endswith(("_fen", "_stated", "households"))},
        **dict.fromkeys(("units_total", "units_sold", "units_delivered", "units_signed_online"), COUNTS),
    }
)


@given(st.lists(ANYTHING, max_size=3))
def test_any_facts_get_an_answer_that_only_names_them(many: list[dict[str, Any]]) -> None:
    projects = [project(n, **facts) for n, facts in enumerate(many, start=1)]
    for found in find(projects, as_of=AS_OF):
        assert found.model_dump(mode="json")["facts"] == found.facts
        assert all(value is not None for value in found.facts.values())
