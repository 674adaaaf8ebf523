"""The register as a workbook: what the list shows, under the same predicate, every person masked."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from services.petitions.registry import people
from shared.schemas.petitions import intake, states
from shared.schemas.petitions.intake import Channel, Demand, Purpose, VisitLevel
from shared.schemas.petitions.states import PetitionClass, PetitionState
from shared.schemas.projects import facts
from shared.schemas.projects.facts import ProblemType
from shared.storage.rows import Row
from shared.storage.secrets import Vault
from shared.workbook.dictionary import Dictionary
from shared.workbook.export import write_export
from shared.workbook.kinds import Fact, Kind
from shared.workbook.labels import Labels
from shared.workbook.problems import NoSheet

MOST_ROWS = 20_000
TITLE = "信访登记簿"
T, D, N, F = Kind.text, Kind.date, Kind.count, Kind.flag
FACTS: Mapping[str, Fact] = {
    "petition_code": Fact(T, "信访编号"),
    "register_code": Fact(T, "登记编号"),
    "channel": Fact(Kind.label, "信访形式", Channel),
    "purpose": Fact(Kind.label, "信访目的", Purpose),
    "petition_class": Fact(Kind.label, "事项类别", PetitionClass),
    "legal_route": Fact(T, "法定途径"),
    "content_class": Fact(T, "内容分类"),
    "visit_level": Fact(Kind.label, "走访层级", VisitLevel),
    "petitioned_on": Fact(D, "信访日期"),
    "registered_on": Fact(D, "登记日期"),
    "petitioner": Fact(T, "信访人"),
    "id_number": Fact(T, "证件号码"),
    "phone": Fact(T, "联系电话"),
    "address": Fact(T, "住址"),
    "people_count": Fact(N, "人次"),
    "involved_count": Fact(N, "涉及人数"),
    "is_joint": Fact(F, "联名"),
    "is_anonymous": Fact(F, "匿名"),
    "is_skip_level": Fact(F, "越级访"),
    "demand": Fact(Kind.label, "诉求", Demand),
    "problem_type": Fact(Kind.label, "问题类型", ProblemType),
    "summary": Fact(Kind.long_text, "摘要"),
    "project_code": Fact(T, "项目编号"),
    "project_name": Fact(T, "项目名称"),
    "building": Fact(T, "楼栋"),
    "township": Fact(T, "乡镇"),
    "state": Fact(Kind.label, "办理状态", PetitionState),
    "body_unit_name": Fact(T, "承办单位"),
    "accepted_on": Fact(D, "受理日期"),
    "opinion_on": Fact(D, "答复日期"),
    "next_due_on": Fact(D, "法定到期日"),
    "next_internal_due_on": Fact(D, "内部到期日"),
}
REGISTER = Dictionary(
    title=TITLE,
    facts=FACTS,
    heads={},
    labels=Labels({**states.LABELS, **intake.LABELS, ProblemType: facts.LABELS[ProblemType]}),
    anchors=(),
    no_sheet=NoSheet,
    wide=frozenset({"summary", "project_name", "body_unit_name", "address"}),
    key="id",
)


def write(vault: Vault, rows: Sequence[Row], persons: Sequence[Row], target: Path, on: dt.date) -> None:
    """`persons` are the sealed rows of all petitions in `rows`."""
    of_petition: dict[UUID, list[Row]] = defaultdict(list)
    for person in persons:
        of_petition[person["petition_id"]].append(person)
    shown = (_line(vault, row, of_petition[row["id"]]) for row in rows)
    write_export(REGISTER, shown, target, title=TITLE, as_of=on)


def _line(vault: Vault, row: Row, persons: Sequence[Row]) -> Mapping[str, Any]:
    line = {name: row[name] for name in (*FACTS, "id", "version") if name in row}
    if row["legal_route"] is not None:
        line["legal_route"] = f"第（{'一二三四五六'[row['legal_route'] - 1]}）项"
    if masked := people.masked(vault, persons):
        first = masked[0]
        others = f"等{len(masked)}人" if len(masked) > 1 else ""
        line["petitioner"] = f"{first.name or '（未留姓名）'}{others}"
        line |= {name: getattr(first, name) for name in ("id_number", "phone", "address")}
    return line
