"""An office's day: the register comes in, its figures, what is late and who is reminded of it."""

from collections import Counter
from typing import Any

from shared.schemas.petitions.kpis import LABELS as KPIS
from shared.schemas.petitions.kpis import KpiFormula
from shared.schemas.petitions.reminders import LABELS as REMINDERS
from shared.schemas.petitions.reminders import PetitionSupervisionState
from shared.schemas.petitions.states import LABELS as STATES
from shared.schemas.petitions.states import WarningBand
from tests.support.registers import DATA, DEMO, EXPECTED, stated
from tests.support.story import Said, Story

COUNTY = "999901"
LEDGER = DATA / "demo-999901-ledger.xlsx"
TOLD = (
    KpiFormula.timely_acceptance_due,
    KpiFormula.on_time_reply_due,
    KpiFormula.satisfaction_body_all,
    KpiFormula.repeats_by_rule_all,
    KpiFormula.housing_share_all,
)


async def cast(story: Story) -> None:
    for code, name, kind in (
        ("XJB", "领导小组办公室", "government"),
        ("ZF", "县人民政府", "government"),
        ("JW", "县纪委监委", "government"),
        ("XFJ", "县信访局", "petition_office"),
        ("ZJJ", "县住建局", "department"),
        ("RSJ", "县人社局", "department"),
        ("ZRZY", "县自然资源局", "department"),
        ("CZJ", "县财政局", "department"),
        ("JRB", "县金融办", "department"),
        ("GAJ", "县公安局", "department"),
        ("FY", "县法院", "court"),
        ("ZB1", "紫薇花园专班", "taskforce"),
        ("CG", "城关镇", "township"),
    ):
        await story.unit(code, name, kind)
    await story.person("WANG", "王立新", "常务副县长", "ZF")
    for who, name, role, unit in (
        ("clerk", "信访局", "petition_office", "XFJ"),
        ("housing", "住建局", "department", "ZJJ"),
        ("labour", "人社局", "department", "RSJ"),
        ("taskforce", "专班", "taskforce", "ZB1"),
        ("township", "城关镇", "township", "CG"),
        ("leader", "王副县长", "leader", "ZF"),
        ("office", "领导小组办", "office", "XJB"),
        ("inspector", "纪检监察", "inspector", "JW"),
    ):
        await story.account(who, role, unit, name)
    story.on("2024-12-02")
    async with story.house.client(story.people["office"]) as client:
        sent = {"file": (LEDGER.name, LEDGER.read_bytes())}
        ledger = (await client.post("/v1/projects/imports", files=sent)).json()
    await story.ended("office", f"/projects/imports/{ledger['id']}")


async def imported(story: Story) -> None:
    story.chapter("一、登记簿")
    story.at("08:30")
    for what, query in (("先试导入登记簿", "?dry_run=true"), ("正式导入", ""), ("再导一遍同一本", "")):
        accepted = await story.does("clerk", what, "POST", f"/petitions/imports{query}", status=202, file=DEMO)
        done = await story.ended("clerk", f"/petitions/imports/{accepted['id']}")
        story.aside(
            f"共 {done['rows_total']} 行：新增 {done['created']}，不变 {done['unchanged']}，退回 {done['rejected']}；"
            f"没认出的单位和楼盘：{len(done['unmapped_names'])} 个"
        )


async def counted(story: Story) -> None:
    story.chapter("二、指标，和指标后面的件")
    story.at("08:50")
    as_of = f"as_of={EXPECTED['as_of']}"
    kpis = await story.does(
        "clerk",
        f"看截至 {EXPECTED['as_of']} 的指标：件次、人次",
        "GET",
        f"/petitions/kpis?{as_of}",
        tell=("total.case_count", "total.people_count"),
    )
    assert stated(kpis) == EXPECTED
    figures = {figure["formula"]: figure for figure in kpis["figures"]}
    for found in map(figures.__getitem__, TOLD):
        counts = f"{found['numerator']['case_count']}/{found['denominator']['case_count']}"
        story.aside(f"{found['name']} {counts} = {found['value']}")
    late = figures[KpiFormula.overdue_reply_due]
    cases = await every(story, "clerk", f"/petitions/kpis/petitions?formula=overdue_reply_due&{as_of}")
    assert len(cases) == late["numerator"]["case_count"]
    name = KPIS[KpiFormula][KpiFormula.overdue_reply_due]
    first = min(cases, key=lambda case: (case["reply_due_on"], case["petition_code"]))
    story.line("clerk", f"点开“{name}”的分子：{len(cases)} 件")
    story.aside(
        f"最早的一件 {first['register_code']}，{first['accepted_on']} 受理，应于 {first['reply_due_on']} 前答复"
    )


async def swept(story: Story) -> None:
    story.chapter("三、到期的，催；超期的，督")
    story.at("09:00")
    for what in ("扫一遍全县的期限", "再扫一遍"):
        started = await story.does("clerk", what, "POST", "/petitions/sweeps", status=202)
        done = await story.ended("clerk", f"/petitions/sweeps/{started['id']}")
        story.aside(
            f"逾期未申请复查而终止 {done['lapsed']}，催办 {done['reminded']}，督办 {done['supervised']}，"
            f"预警 {done['warned']}"
        )
    mine = await every(story, "housing", "/petitions/reminders?is_open=true")
    bands = Counter(STATES[WarningBand][each["band"]] for each in mine)
    story.line("housing", "看派给本单位的催办")
    story.aside("，".join(f"{band} {count} 件" for band, count in sorted(bands.items())))
    waiting = min((each for each in mine if each["band"] != "overdue"), key=lambda each: each["due_on"])
    story.aside(waiting["text"])
    await story.does(
        "housing",
        "回复这一件",
        "POST",
        f"/petitions/reminders/{waiting['id']}/answer",
        tell=("answered_on", "expected_on"),
        answer="已与企业对账，意见书在会签",
        expected_on="2024-12-06",
    )
    supervisions = await every(story, "housing", "/petitions/supervisions")
    oldest = min(supervisions, key=lambda each: (each["missed_on"], each["petition_code"]))
    story.aside(oldest["text"])
    state = Said("state", REMINDERS[PetitionSupervisionState])
    path = f"/petitions/supervisions/{oldest['id']}"
    await story.does(
        "housing",
        "书面反馈这件督办",
        "POST",
        f"{path}/answer",
        tell=(state,),
        document_number="安建函〔2024〕118号",
        is_adopted=True,
        answer="采纳改进建议，已指定专人",
    )
    await story.does("clerk", "审核通过", "POST", f"{path}/review", tell=(state,), verdict="accepted")


async def named(story: Story, name: str) -> str:
    """The id of a project on the ledger."""
    (found,) = (await story.get("office", f"/projects/projects?q={name}&division_code={story.division}"))["items"]
    return str(found["id"])


async def every(story: Story, who: str, path: str) -> list[dict[str, Any]]:
    """All pages of a list."""
    found: list[dict[str, Any]] = []
    cursor = ""
    joint = "&" if "?" in path else "?"
    while True:
        page = await story.get(who, f"{path}{joint}limit=200{cursor}")
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"
