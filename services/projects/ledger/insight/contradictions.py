"""Facts that cannot all be true. Every rule of the ledger stands here: what it reads, when it trips, what settles it.

A rule about one project is a row of `RULES`: it is asked only where every fact it `reads` is known, because an unknown
fact contradicts nothing; `also` names facts it looks at where they happen to be known. Rules over several projects
and over stated totals are rows of `GROUP_RULES` and `TOTAL_RULES`. A rule id is never given to another rule, and no
rule corrects anything.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from services.projects.ledger.formulas import delay_days, stopped_days, units_undelivered
from services.projects.ledger.rules import AT_A_STANDSTILL, canonical, enterprise_key, name_key
from shared.schemas.projects.facts import ConstructionStatus, ProjectKind, ResolutionMode, ResolutionStatus, Usage
from shared.schemas.projects.imports import Contradiction

C, R = ConstructionStatus, ResolutionStatus
Facts = Mapping[str, Any]
Severity = Literal["error", "warning"]

STATED_DAYS_TOLERANCE = 31
"""A clerk states 延期 and 停工时长 in months or at the last report; within a month the two agree."""

FINISHED = (C.completed, C.delivered)
ENDED_WITHOUT_BUILDING = (
    ResolutionMode.subrogated_refund,
    ResolutionMode.in_kind_settlement,
    ResolutionMode.liquidation,
)
HELD_PERMITS = {
    "land_certificate": "土地",
    "land_planning_permit": "用地规划",
    "works_planning_permit": "工程规划",
    "construction_permit": "施工许可",
    "presale_permit": "预售许可",
}
EVENTS = ("stopped_on", "resumed_on", "completed_on", "delivered_on")


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    title: str
    reads: tuple[str, ...]
    trips: Callable[[Facts, dt.date], bool]
    settle: str
    severity: Severity = "error"
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """A total somebody's workbook states, beside what its records add up to.

    `fact`: `projects`, the name of a summed fact, or a part of the projects such as `resolution_status.resolved`;
    `stated` and `counted` are plain numbers in the contract's units.
    """

    division_code: str
    as_of: dt.date
    fact: str
    cell: str
    stated: str
    counted: str


def exceeds(larger: str, smaller: str) -> Callable[[Facts, dt.date], bool]:
    return lambda f, _: bool(f[larger] > f[smaller])


_SAYS_DELIVERED = re.compile(
    r"已(?:经|于.{1,12}?|全部|全面|整体|复盘|顺利|正式|竣工|通过|验收|合格|完成|并|按期|如期|实现)*(?:交付|交房)"
)
_OF_A_PART_OR_A_PLAN = re.compile(
    r"部分|首批|分批|陆续|[一二三四五六七八九十\d]期|[栋幢#]|号楼|\d[套户]|(?<!\d)\d{1,2}(?:\.\d+)?[%％]|方案|条件|标准|时间|准备|通知"
)


def says_delivered(note: str) -> bool:
    """Some clause of a progress note says the whole project has been handed over: not a part of it, nor a plan."""
    return any(
        _SAYS_DELIVERED.search(clause) and not _OF_A_PART_OR_A_PLAN.search(clause)
        for clause in re.split(r"[。；;，,\n]", note)
    )


def _is_delivered(f: Facts) -> bool:
    return f.get("construction_status") == C.delivered or says_delivered(f.get("progress_note") or "")


def _sold_to_buyers_only(f: Facts) -> bool:
    """Unsold homes may be handed to people who are resettled, never to buyers."""
    settlers = f.get("kind") in (ProjectKind.shantytown, ProjectKind.resettlement)
    return not settlers and f.get("usage") != Usage.resettlement


def _known_on(f: Facts, as_of: dt.date) -> dt.date:
    """The day a stated duration speaks of: the day its project was last stated."""
    return min(f.get("effective_on") or as_of, as_of)


def _differs(stated: int, computed: int | None) -> bool:
    return computed is not None and abs(stated - computed) > STATED_DAYS_TOLERANCE


def _held_yet_missing(f: Facts, _: dt.date) -> bool:
    return any(
        f.get(permit) and word in missing for permit, word in HELD_PERMITS.items() for missing in f["missing_permits"]
    )


RULES: tuple[Rule, ...] = (
    Rule(
        "LEDGER-01",
        "已交付，但化解状态不是已化解",
        ("resolution_status",),
        lambda f, _: f["resolution_status"] != R.resolved and _is_delivered(f),
        "核实是否全部交付：是则将化解状态改为已化解，否则更正建设状态或进展情况",
        also=("construction_status", "progress_note"),
    ),
    Rule(
        "LEDGER-02",
        "进展情况称已交付，但建设状态不是已交付",
        ("construction_status", "progress_note"),
        lambda f, _: f["construction_status"] != C.delivered and says_delivered(f["progress_note"]),
        "查验交付记录：已交付则变更建设状态，否则更正进展情况",
    ),
    Rule(
        "LEDGER-03",
        "已售套数多于总套数",
        ("units_sold", "units_total"),
        exceeds("units_sold", "units_total"),
        "核对预售许可与网签备案，更正已售套数或总套数；如属一房多卖，按涉法线索处理",
    ),
    Rule(
        "LEDGER-04",
        "已交付套数多于已售套数",
        ("units_delivered", "units_sold"),
        lambda f, _: f["units_delivered"] > f["units_sold"] and _sold_to_buyers_only(f),
        "核对交付记录；如有未售房屋交付安置户，将类型改为安置，否则更正套数",
        also=("kind", "usage"),
    ),
    Rule(
        "LEDGER-05",
        "已交付套数多于总套数",
        ("units_delivered", "units_total"),
        exceeds("units_delivered", "units_total"),
        "核对交付记录与规划总套数，更正其中一项",
    ),
    Rule(
        "LEDGER-06",
        "已网签套数多于总套数",
        ("units_signed_online", "units_total"),
        exceeds("units_signed_online", "units_total"),
        "以网签备案系统为准，更正已网签套数或总套数",
    ),
    Rule(
        "LEDGER-07",
        "原报未交房套数不等于已售减已交付",
        ("units_undelivered_stated", "units_sold", "units_delivered"),
        lambda f, _: f["units_undelivered_stated"] != units_undelivered(f),
        "逐栋核对已售、已交付和未交房套数，更正不实的一项",
    ),
    Rule(
        "LEDGER-08",
        "建设状态为已交付，但仍有已售房屋未交付",
        ("construction_status", "units_sold", "units_delivered"),
        lambda f, _: f["construction_status"] == C.delivered and (units_undelivered(f) or 0) > 0,
        "核对交付记录：确已全部交付则更正已交付套数，否则更正建设状态",
    ),
    Rule(
        "LEDGER-09",
        "停工日期晚于复工日期",
        ("stopped_on", "resumed_on"),
        exceeds("stopped_on", "resumed_on"),
        "核实两个日期；如为复工后再次停工，清空复工日期并在备注中写明前次停复工",
    ),
    Rule(
        "LEDGER-10",
        "已填复工日期，但建设状态仍为停工",
        ("construction_status", "resumed_on"),
        lambda f, as_of: (
            f["construction_status"] == C.stopped and (f.get("stopped_on") or dt.date.min) <= f["resumed_on"] <= as_of
        ),
        "现场核查：已复工则变更建设状态，未复工则清空复工日期",
        also=("stopped_on",),
    ),
    Rule(
        "LEDGER-11",
        "开工日期晚于停工、复工、竣工、交付或合同交房日期",
        ("started_on",),
        lambda f, _: any(f[day] < f["started_on"] for day in (*EVENTS, "contract_delivery_on") if f.get(day)),
        "对照施工许可证、购房合同核实各日期，更正颠倒的一项",
        also=(*EVENTS, "contract_delivery_on"),
    ),
    Rule(
        "LEDGER-12",
        "交付日期早于竣工日期",
        ("completed_on", "delivered_on"),
        exceeds("completed_on", "delivered_on"),
        "核对竣工验收备案：验收合格后方可交付，更正日期；确属未验先交的，按质量问题处理",
    ),
    Rule(
        "LEDGER-13",
        "停工日期晚于竣工或交付日期",
        ("stopped_on",),
        lambda f, _: any(f[day] < f["stopped_on"] for day in ("completed_on", "delivered_on") if f.get(day)),
        "核实停工发生在竣工之前还是日期有误，更正其中一项",
        also=("completed_on", "delivered_on"),
    ),
    Rule(
        "LEDGER-14",
        "已发生事项的日期在将来",
        (),
        lambda f, as_of: any(f[day] > as_of for day in ("started_on", *EVENTS) if f.get(day)),
        "尚未发生的写入计划交付日期或完成时限，已发生的更正日期",
        also=("started_on", *EVENTS),
    ),
    Rule(
        "LEDGER-15",
        "已填竣工或交付日期，但建设状态仍为在建或停工",
        ("construction_status",),
        lambda f, as_of: (
            f["construction_status"] not in FINISHED
            and any(f[day] <= as_of for day in ("completed_on", "delivered_on") if f.get(day))
        ),
        "查验竣工验收和交付记录：属实则变更建设状态，否则清空日期",
        also=("completed_on", "delivered_on"),
    ),
    Rule(
        "LEDGER-16",
        "已化解，但仍停工或半停工",
        ("resolution_status", "construction_status"),
        lambda f, _: (
            f["resolution_status"] == R.resolved
            and f["construction_status"] in AT_A_STANDSTILL
            and f.get("resolution_mode") not in ENDED_WITHOUT_BUILDING
        ),
        "核实化解方式：以退房、实物安置或清算了结的填写化解方式，否则退回正在化解",
        also=("resolution_mode",),
    ),
    Rule(
        "LEDGER-17",
        "已化解，但仍有资金缺口",
        ("resolution_status", "funding_gap_fen"),
        lambda f, _: f["resolution_status"] == R.resolved and f["funding_gap_fen"] > 0,
        "核实缺口是否已落实来源：已落实则更新资金缺口，否则核实化解结论",
        "warning",
    ),
    Rule(
        "LEDGER-18",
        "完成工程量为 100%，但建设状态仍为在建或停工",
        ("progress_pct", "construction_status"),
        lambda f, _: f["progress_pct"] >= 100 and f["construction_status"] not in FINISHED,
        "查验竣工验收：已验收则变更为已竣工，未验收则写明所差环节或更正完成工程量",
        "warning",
    ),
    Rule(
        "LEDGER-19",
        "建设状态为已竣工或已交付，但完成工程量不足 100%",
        ("progress_pct", "construction_status"),
        lambda f, _: f["progress_pct"] < 100 and f["construction_status"] in FINISHED,
        "查验竣工验收，更新完成工程量或更正建设状态",
    ),
    Rule(
        "LEDGER-20",
        "停工，但有人员在场施工",
        ("construction_status", "workers_on_site"),
        lambda f, _: f["construction_status"] == C.stopped and f["workers_on_site"] > 0,
        "核实在场人员是留守看护还是施工：施工则变更建设状态，留守则不计入在场人数",
        "warning",
    ),
    Rule(
        "LEDGER-21",
        "正常施工，但已过合同交房日期且没有新的计划交付日期",
        ("construction_status", "contract_delivery_on"),
        lambda f, as_of: (
            f["construction_status"] == C.on_schedule
            and f["contract_delivery_on"] < as_of
            and (f.get("planned_delivery_on") or dt.date.min) < as_of
        ),
        "逾期在建的改为进度滞后，或填写经确认的计划交付日期",
        "warning",
        also=("planned_delivery_on",),
    ),
    Rule(
        "LEDGER-22",
        "已售面积大于总建筑面积",
        ("area_sold_m2", "gfa_m2"),
        exceeds("area_sold_m2", "gfa_m2"),
        "核对面积单位（㎡、万㎡、亩）与规划许可，更正其中一项",
    ),
    Rule(
        "LEDGER-23",
        "原报延期天数与按合同交房日期推算的不符",
        ("delay_days_stated", "contract_delivery_on"),
        lambda f, as_of: _differs(f["delay_days_stated"], delay_days(f, _known_on(f, as_of))),
        "核对购房合同约定的交房日期，更新延期天数",
        "warning",
        also=("construction_status", "delivered_on", "effective_on"),
    ),
    Rule(
        "LEDGER-24",
        "原报停工天数与按停工、复工日期推算的不符",
        ("stopped_days_stated", "stopped_on"),
        lambda f, as_of: _differs(f["stopped_days_stated"], stopped_days(f, _known_on(f, as_of))),
        "核对停工、复工日期，更新停工天数",
        "warning",
        also=("construction_status", "resumed_on", "effective_on"),
    ),
    Rule(
        "LEDGER-25",
        "专项借款拨付多于批复",
        ("special_loan_allotted_fen", "special_loan_approved_fen"),
        exceeds("special_loan_allotted_fen", "special_loan_approved_fen"),
        "核对借款合同与拨付凭证（注意万元、亿元），更正其中一项",
    ),
    Rule(
        "LEDGER-26",
        "专项借款使用多于拨付",
        ("special_loan_used_fen", "special_loan_allotted_fen"),
        exceeds("special_loan_used_fen", "special_loan_allotted_fen"),
        "核对专户流水，更正其中一项；超出部分须说明资金来源",
    ),
    Rule(
        "LEDGER-27",
        "追回金额大于抽挪金额",
        ("recovered_fen", "diverted_fen"),
        exceeds("recovered_fen", "diverted_fen"),
        "核对审计结论，更正抽挪金额或追回金额",
    ),
    Rule(
        "LEDGER-28",
        "停贷户数多于购房户数",
        ("mortgage_suspension_households", "buyer_households"),
        exceeds("mortgage_suspension_households", "buyer_households"),
        "与按揭银行核对停贷名单，更正其中一项",
    ),
    Rule(
        "LEDGER-29",
        "所填证件同时列入缺失手续",
        ("missing_permits",),
        _held_yet_missing,
        "查验证件原件：已取得则从缺失手续中删除，未取得则清空证号",
        "warning",
        also=tuple(HELD_PERMITS),
    ),
)


@dataclass(frozen=True, slots=True)
class GroupRule:
    """Asked of every two or more projects of one division that share a key."""

    id: str
    title: str
    keys: Callable[[Facts], set[str]]
    trips: Callable[[list[Facts]], bool]
    shows: tuple[str, ...]
    settle: str
    severity: Severity = "error"


def _names(f: Facts) -> set[str]:
    return {name_key(name) for name in (f["name"], *(f.get("aliases") or ()))}


def _in_two_statuses(same: list[Facts]) -> bool:
    return len({(f.get("construction_status"), f.get("resolution_status")) for f in same}) > 1


def _credit_code(f: Facts) -> set[str]:
    return {f["developer_credit_code"]} if f.get("developer_credit_code") and f.get("developer") else set()


def _developer(f: Facts) -> set[str]:
    return {enterprise_key(f["developer"])} if _credit_code(f) else set()


GROUP_RULES: tuple[GroupRule, ...] = (
    GroupRule(
        "LEDGER-30",
        "同一名称的项目有两种状态",
        _names,
        _in_two_statuses,
        ("construction_status", "resolution_status", "developer"),
        "核实是否同一项目：是则合并为一条并统一状态，否则在名称中写明期数或地块加以区分",
    ),
    GroupRule(
        "LEDGER-31",
        "同一名称登记了多个项目",
        _names,
        lambda same: not _in_two_statuses(same),
        ("developer",),
        "核实是否重复登记：是则合并为一条，否则在名称中写明期数或地块加以区分",
        "warning",
    ),
    GroupRule(
        "LEDGER-32",
        "同一统一社会信用代码对应多个开发企业",
        _credit_code,
        lambda same: len({key for f in same for key in _developer(f)}) > 1,
        ("developer", "developer_credit_code"),
        "到国家企业信用信息公示系统核对名称与代码；更名的统一改为现名",
    ),
    GroupRule(
        "LEDGER-33",
        "同一开发企业有多个统一社会信用代码",
        _developer,
        lambda same: len({code for f in same for code in _credit_code(f)}) > 1,
        ("developer", "developer_credit_code"),
        "到国家企业信用信息公示系统核对，更正代码；确为不同企业的写全名称",
    ),
)


@dataclass(frozen=True, slots=True)
class TotalRule:
    """Asked of the totals one workbook states; yields the facts of each disagreement."""

    id: str
    title: str
    disagreements: Callable[[list[StatedFigure]], Iterator[dict[str, Any]]]
    settle: str
    severity: Severity = "error"


def _unlike_the_records(figures: list[StatedFigure]) -> Iterator[dict[str, Any]]:
    for figure in figures:
        if _number(figure.stated) != _number(figure.counted):
            yield {"fact": figure.fact, "cell": figure.cell, "stated": figure.stated, "counted": figure.counted}


def _parts_unlike_the_whole(figures: list[StatedFigure]) -> Iterator[dict[str, Any]]:
    """7 stated, 1 + 3 + 2 listed."""
    stated = {figure.fact: figure.stated for figure in figures}
    for status in ("construction_status", "resolution_status"):
        parts = {fact: value for fact, value in stated.items() if fact.startswith(f"{status}.")}
        if parts and "projects" in stated and sum(map(_number, parts.values())) != _number(stated["projects"]):
            yield {"projects": stated["projects"], **parts}


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


TOTAL_RULES: tuple[TotalRule, ...] = (
    TotalRule(
        "LEDGER-34",
        "表内合计与逐条记录不符",
        _unlike_the_records,
        "逐条核对：补报漏列的项目，或更正合计数；系统统计一律以记录为准",
    ),
    TotalRule(
        "LEDGER-35",
        "表内分项之和不等于表内合计",
        _parts_unlike_the_whole,
        "核对合计行：补报漏列的项目，或更正合计数与分项数",
    ),
)


def find(projects: Sequence[Facts], totals: Sequence[StatedFigure] = (), *, as_of: dt.date) -> list[Contradiction]:
    """Every contradiction among projects of any divisions and the totals their workbooks state, in order of the rules.

    A project is one flat mapping: `id`, `division_code`, `project_code`, `name`, `aliases`, `kind`, both statuses,
    `counted_construction_status`, `effective_on` and facts by name, values in Python types.
    """
    return [*_single(projects, as_of), *_grouped(projects), *_totals(totals)]


def _single(projects: Sequence[Facts], as_of: dt.date) -> Iterator[Contradiction]:
    for rule in RULES:
        for project in projects:
            if all(project.get(fact) is not None for fact in rule.reads) and rule.trips(project, as_of):
                yield _contradiction(
                    rule, project["division_code"], _shown(project, (*rule.reads, *rule.also)), project
                )


def _grouped(projects: Sequence[Facts]) -> Iterator[Contradiction]:
    for rule in GROUP_RULES:
        groups: defaultdict[tuple[str, str], list[Facts]] = defaultdict(list)
        for project in sorted(projects, key=lambda f: str(f["project_code"])):
            for key in rule.keys(project):
                groups[project["division_code"], key].append(project)
        # Two projects that share a name and an alias are one finding.
        findings = {
            (division, *(f["id"] for f in same)): same for (division, _), same in groups.items() if len(same) > 1
        }
        for (division, *_), same in findings.items():
            if rule.trips(same):
                shown = [_shown(f, ("project_code", "name", *rule.shows)) for f in same]
                yield _contradiction(rule, division, {"projects": shown})


def _totals(figures: Sequence[StatedFigure]) -> Iterator[Contradiction]:
    sheets: defaultdict[tuple[str, dt.date], list[StatedFigure]] = defaultdict(list)
    for figure in figures:
        sheets[figure.division_code, figure.as_of].append(figure)
    for rule in TOTAL_RULES:
        for (division, as_of), stated in sheets.items():
            for facts in rule.disagreements(stated):
                yield _contradiction(rule, division, {"as_of": as_of.isoformat(), **facts})


def _shown(project: Facts, names: Iterable[str]) -> dict[str, Any]:
    return {name: canonical(name, project[name]) for name in names if project.get(name) is not None}


def _contradiction(
    rule: Rule | GroupRule | TotalRule, division: str, facts: dict[str, Any], project: Facts | None = None
) -> Contradiction:
    """What concerns several projects or a total carries no project of its own: `facts` names them."""
    one = project or {}
    return Contradiction(
        rule=rule.id,
        title=rule.title,
        project_id=one.get("id"),
        project_code=one.get("project_code"),
        project_name=one.get("name"),
        division_code=division,
        facts=facts,
        settle=rule.settle,
        severity=rule.severity,
    )
