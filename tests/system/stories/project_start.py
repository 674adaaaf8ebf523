"""A project's story: its people, the standstill, who answers for it, the plan."""

from typing import Any

from tests.support.story import Story

COUNTY = "999903"


async def cast(story: Story) -> None:
    for code, name, kind in (
        ("XJB", "领导小组办公室", "government"),
        ("ZF", "县人民政府", "government"),
        ("JXZY", "锦绣置业有限公司", "enterprise"),
        ("ZB1", "锦绣家园专班", "taskforce"),
        ("ZJJ", "住房和城乡建设局", "department"),
        ("RSJ", "人力资源和社会保障局", "department"),
        ("GDGS", "供电公司", "other"),
        ("JLGS", "监理公司", "other"),
        ("SJJ", "审计局", "department"),
        ("ZRZY", "自然资源和规划局", "department"),
        ("CZJ", "财政局", "department"),
        ("XFJ", "信访局", "petition_office"),
        ("JD", "城关街道办事处", "township"),
    ):
        await story.unit(code, name, kind)
    await story.person("WANG", "王县长", "副县长", "ZF")
    await story.person("LI", "李主任", "专班组长", "ZB1")
    for who, role, unit in (
        ("office", "office", "XJB"),
        ("leader", "leader", "ZF"),
        ("enterprise", "enterprise", "JXZY"),
        ("taskforce", "taskforce", "ZB1"),
        ("housing", "department", "ZJJ"),
        ("labour", "department", "RSJ"),
        ("audit", "department", "SJJ"),
        ("land", "department", "ZRZY"),
        ("finance", "department", "CZJ"),
        ("petitions", "petition_office", "XFJ"),
        ("township", "township", "JD"),
        ("inspector", "inspector", "XJB"),
    ):
        await story.account(who, role, unit)


async def stalled(story: Story) -> str:
    story.chapter("A standstill")
    story.on("2026-03-02")
    project = await story.does(
        "office",
        "puts 锦绣家园 on the ledger",
        "POST",
        "/projects/projects",
        status=201,
        tell=("project_code", "construction_status", "resolution_status"),
        division_code=COUNTY,
        name="锦绣家园",
        construction_status="stopped",
        resolution_status="unresolved",
        parties={"developer": "锦绣置业有限公司", "general_contractor": "宏远建设集团"},
        size={"units_total": 360, "units_sold": 320, "units_delivered": 0, "buildings": 4},
        schedule={"contract_delivery_on": "2024-06-30", "stopped_on": "2024-09-15"},
        money={"remaining_cost_fen": 8_600_000_000, "funding_gap_fen": 5_200_000_000, "wage_arrears_fen": 0},
        work={"resolution_mode": "resume_and_deliver"},
    )
    return str(project["id"])


async def assigned(story: Story, project: str) -> None:
    story.chapter("Somebody answers for it")
    here = f"/projects/projects/{project}"
    await story.does(
        "office",
        "forms a task force",
        "POST",
        "/projects/taskforces",
        status=201,
        tell=("unit_name",),
        unit_code="ZB1",
        task="锦绣家园保交房",
        division_code=COUNTY,
    )
    for role, party, code in (("lead", "person_code", "WANG"), ("taskforce", "unit_code", "ZB1")):
        who: dict[str, Any] = {party: code}
        await story.does(
            "office",
            f"names the {role}",
            "POST",
            f"{here}/duty",
            status=201,
            tell=("person_name", "unit_name"),
            role=role,
            **who,
        )
    for kind, unit in (("enterprise", "JXZY"), ("department", "ZJJ"), ("territory", "JD")):
        await story.does(
            "office",
            f"names who bears the {kind}'s responsibility",
            "POST",
            f"{here}/responsibilities",
            status=201,
            tell=("unit_name",),
            kind=kind,
            unit_code=unit,
        )


async def planned(story: Story, project: str) -> dict[str, str]:
    story.chapter("A plan, scheduled backwards")
    work = (
        ("restart", "复工", "ZB1", 10, ()),
        ("topping-out", "主体封顶", "JXZY", 60, ("restart",)),
        ("acceptance", "竣工验收", "ZJJ", 20, ("topping-out",)),
        ("hand-over", "集中交付", "ZB1", 10, ("acceptance",)),
    )
    plan = await story.does(
        "office",
        "sets the plan, promised for 30 September",
        "POST",
        f"/projects/projects/{project}/plan",
        status=201,
        tell=("critical_path", "can_be_kept", "lag_days"),
        path="resume_and_deliver",
        promised_on="2026-09-30",
        milestones=[
            {
                "key": key,
                "name": name,
                "unit_code": unit,
                "duration_days": days,
                "dependencies": [{"key": before} for before in after],
            }
            for key, name, unit, days, after in work
        ],
    )
    for milestone in plan["milestones"]:
        line = f"{milestone['name']}: latest start {milestone['latest_start']['on']}, due {milestone['due']['on']}"
        story.aside(f"{line}, slack {milestone['slack_days']} working days")
    row = await story.get("office", f"/projects/projects/{project}")
    await story.does(
        "office",
        "begins to resolve it",
        "POST",
        f"/projects/projects/{project}/resolution-status",
        version=row["version"],
        tell=("resolution_status",),
        to="resolving",
        reason="一项目一策已定",
    )
    return {milestone["key"]: milestone["id"] for milestone in plan["milestones"]}
