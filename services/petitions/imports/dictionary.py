"""What a petition register speaks of, and in which words."""

from services.petitions.imports.cells import SPECIAL
from services.petitions.imports.heads import HEADS
from services.petitions.imports.words import WORDS
from shared.schemas.petitions.imports import RegisterFact
from shared.workbook.dictionary import Dictionary
from shared.workbook.kinds import facts_of
from shared.workbook.problems import NoSheet


class NoRegister(NoSheet):
    code, title, title_en = "no_petition_register", "没有找到信访登记表", "No petition register found"


def _no_sheet() -> NoRegister:
    return NoRegister(
        f"没有找到信访登记表的表头。登记日期列可写作：{'、'.join(HEADS['registered_on'][:8])}；"
        "此外至少还要有一列，例如：登记编号、信访人、信访形式、诉求类别、责任单位"
    )


REGISTER = Dictionary(
    title="信访登记簿",
    facts=facts_of(RegisterFact),
    heads=HEADS,
    labels=WORDS,
    anchors=("registered_on", "petitioned_on", "register_code", "names"),
    no_sheet=_no_sheet,
    code="register_code",
    key="petition_id",
    special=SPECIAL,
    prefixes=("信访人", "来访人", "反映人", "投诉人", "上访人", "当事人", "信访", "来访", "来信", "上访", "办理"),
    row_count="petitions",
    counters="件起批次",
    nouns=("信访件", "信访事项", "信访"),
)
