"""What a ledger workbook speaks of, and in which words."""

from services.projects.ledger.workbook.heads import HEADS
from services.projects.ledger.workbook.labels import WORDS
from services.projects.ledger.workbook.special import SPECIAL
from shared.schemas.projects.facts import FACT_TITLES, GROUPS
from shared.schemas.projects.ledger import ProjectCreate
from shared.workbook.dictionary import Dictionary
from shared.workbook.kinds import facts_of
from shared.workbook.problems import NoSheet
from shared.workbook.readings import CellError

_OF_THE_PROJECT = ("project_code", "name", "aliases", "kind", "lists", "construction_status", "resolution_status")
_TITLES = FACT_TITLES | {"project_code": "项目编号", "aliases": "别名", "lists": "所属名单"}


class NoLedgerSheet(NoSheet):
    code, title, title_en = "no_ledger_sheet", "没有找到台账表", "No ledger sheet found"


def _no_sheet() -> NoLedgerSheet:
    return NoLedgerSheet(
        f"没有找到带“项目名称”列的表头。项目名称列可写作：{'、'.join(HEADS['name'][:10])}；"
        "此外至少还要有一列，例如：乡镇、开发企业、总套数、建设状态、化解状态"
    )


LEDGER = Dictionary(
    title="问题楼盘台账",
    facts=facts_of(ProjectCreate, only=_OF_THE_PROJECT, titles=_TITLES) | facts_of(*GROUPS.values()),
    heads=HEADS,
    labels=WORDS,
    anchors=("name",),
    no_sheet=_no_sheet,
    required={"name": CellError("name_missing", "请填写项目名称；不是项目的行请删去")},
    name="name",
    code="project_code",
    key="project_id",
    key_head="项目ID",
    special=SPECIAL,
    neighbours={
        "construction_status": "resolution_status",
        "resolution_status": "construction_status",
        "usage": "kind",
        "kind": "usage",
    },
    prefixes=("项目", "楼盘"),
    row_count="projects",
    nouns=("项目", "楼盘", "小区"),
    wide=frozenset(["name", "developer", "problem_note", "progress_note", "next_step", "note", "address"]),
)
