"""A petitioner's story: taken in, sent on, looked up, unmasked for a purpose, again at the window, answered."""

from typing import Any

from shared.schemas.petitions.repeats import LABELS as REPEATS
from shared.schemas.petitions.repeats import RepeatVerdict
from tests.support.intake import MASKED, PERSON, SECRETS
from tests.support.office import OPINION
from tests.support.story import Said, Story
from tests.system.stories.matter import DELIVERED, DUE, PETITIONS, STATE, Matter, registered

COUNTY = "999901"
PUBLIC = "/petitions/public/look-up"
SUMMARY = "反映锦绣家园3号楼停工一年多，要求明确交房时间"


async def cast(story: Story) -> None:
    for code, name, kind in (
        ("XFJ", "县信访局", "petition_office"),
        ("ZJJ", "县住房和城乡建设局", "department"),
        ("RSJ", "县人力资源和社会保障局", "department"),
        ("ZRZY", "县自然资源局", "department"),
        ("ZF", "县人民政府", "government"),
        ("JW", "县纪委监委", "government"),
    ):
        await story.unit(code, name, kind)
    for who, name, role, unit in (
        ("window", "信访窗口", "petition_office", "XFJ"),
        ("housing", "住建局", "department", "ZJJ"),
        ("head", "住建局长", "department", "ZJJ"),
        ("labour", "人社局", "department", "RSJ"),
        ("land", "资源局", "department", "ZRZY"),
        ("government", "县政府", "department", "ZF"),
        ("inspector", "纪检监察", "inspector", "JW"),
    ):
        await story.account(who, role, unit, name)
    story.visitor("citizen", "信访人")


async def taken_in(story: Story) -> Matter:
    story.chapter("一、窗口登记")
    story.on("2026-03-02")
    matter = await registered(story, "window", "登记来访：工地停了一年多，几时交房", summary=SUMMARY)
    story.aside("编号和查询码当场打给本人；查询码只显示这一次，系统里也只存得下它的指纹")
    shown = await story.does(
        "window",
        "再打开这一件",
        "GET",
        matter.path,
        tell=tuple(f"persons.0.{field}" for field in MASKED),
    )
    assert not any(secret in str(shown) for secret in SECRETS)
    return matter


async def received(story: Story, matter: Matter) -> None:
    story.chapter("二、三个十五日：转送、告知、受理")
    story.on("2026-03-04")
    await matter.act("window", "转送住建局", "forward", unit_code="ZJJ", document_number="安信转〔2026〕15号")
    await story.does("labour", "也想看看这一件", "GET", matter.path, status=404)
    story.on("2026-03-06")
    await matter.act("housing", "告知收到和去向", "notify")
    story.on("2026-03-10")
    await matter.act(
        "housing",
        "分类为申诉求决第六项，受理",
        "accept",
        tell=(STATE, DUE),
        petition_class="appeal_claim",
        legal_route=6,
        document_number="安建信受〔2026〕8号",
    )
    await matter.act("housing", "送达受理告知书", "deliver", document="acceptance_notice", **DELIVERED)
    await matter.tell_clocks("housing", "route", "notify", "acceptance", "handle")
    story.aside("5 月 9 日是星期六，但调休上班，所以不顺延")
    before = await matter.clocks("housing")
    story.on("2026-03-20")
    await matter.act("housing", "备注：已约企业负责人谈话", "comments", text="已约谈企业负责人")
    assert await matter.clocks("housing") == before
    story.aside("备注不是办理，期限一天没动")


async def looked_up(story: Story, matter: Matter) -> None:
    story.chapter("三、本人查询")
    story.on("2026-03-23")
    seen = ("state", "unit", "due_on")
    found = await story.does("citizen", "输入编号和查询码", "POST", PUBLIC, tell=seen, **matter.slip)
    for step in found["steps"]:
        story.aside(" ".join(filter(None, (step["on"], step["step"], step["unit"], step["document"]))))
    assert not any(secret in str(found) for secret in SECRETS)
    wrong = ("3" if matter.query_code[0] == "2" else "2") + matter.query_code[1:]
    refusals = [
        await story.does("citizen", what, "POST", PUBLIC, status=404, **(matter.slip | given))
        for what, given in (
            ("查询码输错一位", {"query_code": wrong}),
            ("编号输成别的", {"petition_code": f"{COUNTY}-2026-000099"}),
        )
    ]
    one, other = ({name: told for name, told in each.items() if name != "trace_id"} for each in refusals)
    assert one == other
    story.aside("两次的回答一字不差：有没有这一件，错的码问不出来")


async def revealed(story: Story, matter: Matter) -> None:
    story.chapter("四、看全姓名电话，先说做什么用")
    reveal = f"{matter.path}/reveal"
    await story.does("housing", "不说用途就要看", "POST", reveal, status=422)
    purpose: dict[str, Any] = {"purpose": "contact", "purpose_note": "电话告知办理进展"}
    whole = await story.does("housing", "写明“联系告知：电话告知办理进展”", "POST", reveal, **purpose)
    assert {name: whole["persons"][0][name] for name in PERSON} == PERSON
    story.aside("姓名、证件、电话、住址、原话完整，只在这一次答复里")
    await story.does("labour", "写明同样的用途", "POST", reveal, status=404, **purpose)
    entries = (await story.get("inspector", f"/petitions/audit?subject_id={matter.id}"))["items"]
    (entry,) = [each for each in entries if each["action"] == "reveal"]
    story.aside(f"审计第 {entry['seq']} 条记着这一次，用途“{entry['detail']['purpose_note']}”")
    for path in (PETITIONS, matter.path, f"{matter.path}/acts", f"/petitions/audit?subject_id={matter.id}"):
        seen = str(await story.get("inspector", path))
        assert not any(secret in seen for secret in SECRETS), path
    story.aside("清单、详情、办理过程、审计里，名字号码都是掩码")


async def comes_again(story: Story, matter: Matter) -> None:
    story.chapter("五、又来了一次，是不是同一件")
    story.on("2026-04-08")
    again = await registered(
        story, "window", "登记来访：还是问几时交房", summary="锦绣家园三号楼工地一直停工，业主问何时交房"
    )
    found = await story.does(
        "window",
        "看系统提示的疑似重件",
        "GET",
        f"{again.path}/repeat-candidates",
        tell=(
            "items.0.petition_code",
            Said("items.0.verdict", REPEATS[RepeatVerdict]),
            "items.0.score",
            "items.0.reasons",
        ),
    )
    assert found["items"][0]["petition_id"] == matter.id
    await again.act(
        "window",
        "与本人核对后认定",
        "repeat",
        tell=("main_petition_code", "case_count", "people_count"),
        main_petition_id=matter.id,
        reason="本人确认是同一诉求",
    )
    story.aside("认定的是人，提示只是提示；主件从此记 2 件次、2 人次")
    await again.act("window", "并入主件", "merge", into=matter.id)


async def extended(story: Story, matter: Matter) -> None:
    story.chapter("六、延期要有人批，要告诉本人")
    story.on("2026-05-06")
    await matter.act(
        "housing", "申请延期 30 日", "extension", tell=(STATE, DUE), days=30, reasons="续建资金正在落实，需继续协调"
    )
    granted: dict[str, Any] = {"approved": True, "told_on": "2026-05-07", "reasons": "情况复杂，已当面说明"}
    story.on("2026-05-07")
    await matter.act("housing", "自己批准自己的申请", "extension-review", status=409, **granted)
    await matter.act(
        "head",
        "批准，当日告知本人理由",
        "extension-review",
        tell=(STATE, DUE),
        document_number="安建信延〔2026〕2号",
        **granted,
    )
    await matter.act("housing", "送达延期告知书", "deliver", document="extension_notice", **DELIVERED)
    found = await story.does("citizen", "再查一次", "POST", PUBLIC, tell=("state", "due_on"), **matter.slip)
    (step,) = [each for each in found["steps"] if each["days"]]
    story.aside(f"{step['on']} {step['step']} {step['days']} 天")


async def answered(story: Story, matter: Matter) -> None:
    story.chapter("七、处理意见书")
    story.on("2026-06-02")
    wrong = OPINION | {"remedy": "如不服，可向人民法院起诉"}
    await matter.act("housing", "救济途径写成了起诉", "reply", status=422, opinion=wrong)
    await matter.act(
        "housing", "改为复查，出具意见书", "reply", opinion=OPINION, document_number="安建信处〔2026〕21号"
    )
    story.on("2026-06-03")
    await matter.act("housing", "送达处理意见书", "deliver", document="opinion", **DELIVERED)
    await matter.tell_clocks("housing", "handle", "review_request")
