"""One project's whole story, through the gateway, with real tokens of each role; its telling stands in docs/story.md.

`ANJU_REGENERATE=story` writes the telling anew, to be read before it is committed.
"""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.local import CLONE
from tests.support.house import House, running_house
from tests.support.story import Story

STORY = CLONE / "docs" / "story.md"
COUNTY = "999903"
HEAD = """\
# A project's story

What `tests/system/test_story.py` does through the gateway with a token of each role, as it is told while it runs. Each
line: the day, who, what they did, and what the house answered. The clock of the house is put to each day.

```text
"""


@pytest.fixture
def told_house(tmp_path: Path) -> Iterator[tuple[House, Path]]:
    clock = tmp_path / "clock"
    with running_house(settings={"ANJU_PROJECTS_CLOCK_FILE": str(clock)}) as house:
        yield house, clock


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
        ("XFJ", "信访局", "department"),
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
        ("petitions", "department", "XFJ"),
        ("township", "township", "JD"),
        ("inspector", "inspector", "XJB"),
    ):
        await story.account(who, role, unit)


async def test_the_story_of_one_project(told_house: tuple[House, Path]) -> None:
    story = Story(*told_house, COUNTY)
    await cast(story)
    project = await stalled(story)
    await assigned(story, project)
    milestones = await planned(story, project)
    await claimed(story, project)
    await resumed(story, project)
    await slipped(story, project, milestones)
    await delivered(story, project, milestones)
    await closed(story, project)
    await rebounded(story, project)
    text = HEAD + "\n".join(story.lines) + "\n```\n"
    if os.environ.get("ANJU_REGENERATE") == "story":
        STORY.write_text(text, encoding="utf-8")
    assert STORY.read_text(encoding="utf-8") == text


async def stalled(story: Story) -> str:
    story.chapter("A standstill")
    story.on("2026-03-02")
    project = await story.does(
        "office",
        "puts 锦绣家园 on the ledger",
        "POST",
        "/projects",
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
    here = f"/projects/{project}"
    await story.does(
        "office",
        "forms a task force",
        "POST",
        "/taskforces",
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
        f"/projects/{project}/plan",
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
    row = await story.get("office", f"/projects/{project}")
    await story.does(
        "office",
        "begins to resolve it",
        "POST",
        f"/projects/{project}/resolution-status",
        version=row["version"],
        tell=("resolution_status",),
        to="resolving",
        reason="一项目一策已定",
    )
    return {milestone["key"]: milestone["id"] for milestone in plan["milestones"]}


async def claimed(story: Story, project: str) -> None:
    story.chapter("A claim is not a resumption")
    story.on("2026-03-10")
    here = f"/projects/{project}"
    await story.does(
        "enterprise",
        "reports 45 % and 30,000,000 yuan in place",
        "POST",
        f"{here}/progress-reports",
        status=201,
        tell=("role", "progress_pct"),
        progress_pct="45",
        money_in_place_fen=3_000_000_000,
        workers_planned=80,
    )
    row = await story.get("office", here)
    await story.does(
        "office",
        "records that the enterprise says work goes on",
        "POST",
        f"{here}/construction-status",
        version=row["version"],
        tell=("construction_status", "counted_construction_status", "resumption"),
        to="on_schedule",
        reason="企业报称已复工",
    )
    await story.does(
        "office",
        "asks to have it verified",
        "POST",
        f"{here}/resumption/verify",
        status=409,
        reason="企业申请核实",
    )
    await story.does(
        "housing",
        "inspects: 38 %, 12,000,000 yuan",
        "POST",
        f"{here}/progress-inspections",
        status=201,
        tell=("variance",),
        progress_pct="38",
        money_in_place_fen=1_200_000_000,
        workers_seen=11,
    )


async def resumed(story: Story, project: str) -> None:
    story.chapter("The site itself speaks")
    here = f"/projects/{project}"
    story.on("2026-03-18")
    for who, kind, value, source in (
        ("labour", "workers_on_site", 76, "RSJ"),
        ("housing", "supervisor_log", 1, "JLGS"),
        ("township", "electricity", 2_350, "GDGS"),
    ):
        await story.does(
            who,
            f"records {kind}",
            "POST",
            f"{here}/signals",
            status=201,
            tell=("value", "measure"),
            kind=kind,
            value=value,
            source_unit_code=source,
        )
    await story.does(
        "inspector",
        "has it verified again",
        "POST",
        f"{here}/resumption/verify",
        tell=("resumption", "counted_construction_status"),
        reason="信号齐备",
    )
    row = await story.get("office", here)
    story.aside(f"counted now as {row['counted_construction_status']}")


async def slipped(story: Story, project: str, milestones: dict[str, str]) -> None:
    story.chapter("A milestone slips, and an order climbs")
    plan = await story.get("office", f"/projects/{project}/plan")
    due = {milestone["key"]: milestone["due"]["on"] for milestone in plan["milestones"]}
    story.aside(f"复工 was due on {due['restart']}")
    story.on("2026-06-01")
    await sweep(story)
    (order,) = [
        o for o in (await story.get("office", f"/orders?project_id={project}"))["items"] if "复工" in o["matter"]
    ]
    story.aside(f"{order['matter']} · {written_order(order)}")
    for day in ("2026-06-15", "2026-06-25"):
        story.on(day)
        await sweep(story)
        found = await story.get("office", f"/orders/{order['id']}")
        story.aside(f"{written_order(found)}")
    story.on("2026-06-26")
    await story.does(
        "taskforce",
        "completes 复工",
        "POST",
        f"/projects/{project}/plan/milestones/{milestones['restart']}/complete",
        tell=("done_on", "lag_days"),
        done_on="2026-06-26",
        note="开工令和监理日志",
    )
    await story.does(
        "taskforce",
        "answers the order",
        "POST",
        f"/orders/{order['id']}/answer",
        tell=("state",),
        progress="已全面复工，开工令附后",
        is_done=True,
    )
    await story.does(
        "office",
        "accepts the answer",
        "POST",
        f"/orders/{order['id']}/review",
        tell=("state",),
        verdict="accepted",
        opinion="属实",
    )
    await story.does(
        "leader",
        "closes the order",
        "POST",
        f"/orders/{order['id']}/close",
        tell=("state", "closed_on"),
        conclusion="复工属实，予以销号",
    )


def written_order(order: dict[str, object]) -> str:
    return f"state {order['state']}, level {order['level'] or '—'}, due {order['due_on']}"


async def sweep(story: Story) -> None:
    """The worker's job, waited for."""
    started = await story.does("office", "sweeps the county's orders", "POST", "/sweeps", status=202)
    async with asyncio.timeout(60):
        while True:
            found = await story.get("office", f"/sweeps/{started['id']}")
            if found["state"] != "running":
                break
            await asyncio.sleep(0.1)
    assert found["state"] == "finished", found


async def delivered(story: Story, project: str, milestones: dict[str, str]) -> None:
    story.chapter("Homes are handed over")
    here = f"/projects/{project}"
    story.on("2026-10-12")
    for key, name, day in (
        ("topping-out", "主体封顶", "2026-08-28"),
        ("acceptance", "竣工验收", "2026-09-22"),
        ("hand-over", "集中交付", "2026-10-10"),
    ):
        await story.does(
            "office",
            f"completes {name}",
            "POST",
            f"/projects/{project}/plan/milestones/{milestones[key]}/complete",
            tell=("done_on", "lag_days"),
            done_on=day,
            note="验收单、交付清单",
        )
    parties = (
        ("owner", "锦绣置业有限公司"),
        ("design", "省建筑设计院"),
        ("builder", "宏远建设集团"),
        ("supervisor", "监理公司"),
    )
    acceptance = await story.does(
        "housing",
        "records the acceptance of all four buildings",
        "POST",
        f"{here}/acceptances",
        status=201,
        tell=("filing.due_on",),
        stage="completion",
        passed=True,
        accepted_on="2026-09-22",
        parties=[
            {"role": role, "unit_name": unit, "person_name": "项目负责人", "document_number": "竣验〔2026〕17号"}
            for role, unit in parties
        ],
    )
    await story.does(
        "housing",
        "files it",
        "POST",
        f"/acceptances/{acceptance['id']}/file",
        document_number="备案〔2026〕17号",
        filed_on="2026-09-30",
    )
    row = await story.get("office", here)
    for status in ("completed", "delivered"):
        row = await story.does(
            "office",
            f"moves it to {status}",
            "POST",
            f"{here}/construction-status",
            version=row["version"],
            tell=("construction_status",),
            to=status,
            reason="验收备案、交付清单",
        )
    await story.does(
        "office",
        "counts the homes",
        "PATCH",
        here,
        version=row["version"],
        tell=("size.units_delivered",),
        size={"units_delivered": 320},
    )


async def closed(story: Story, project: str) -> None:
    story.chapter("Close-out, by two persons of two units")
    story.on("2026-11-02")
    asked = await story.does(
        "housing",
        "asks to close it",
        "POST",
        f"/projects/{project}/closeouts",
        status=201,
        tell=("status",),
        note="自查：320 户全部交付",
    )
    closeout = f"/closeouts/{asked['id']}"
    check: dict[str, Any] = {"kind": "department", "passed": True, "note": "资料齐全"}
    await story.does("housing", "checks its own request", "POST", f"{closeout}/check", status=409, **check)
    await story.does("labour", "checks it", "POST", f"{closeout}/check", status=409, **check)
    for who, item, unit in (
        ("land", "certificates_issued", "ZRZY"),
        ("finance", "loans_on_schedule", "CZJ"),
        ("audit", "funds_audited", "SJJ"),
    ):
        await story.does(
            who,
            f"attests {item}",
            "POST",
            f"{closeout}/attest",
            item=item,
            outstanding=0,
            unit_code=unit,
            document_number="证明〔2026〕88号",
            attested_on="2026-11-02",
        )
    await story.does("labour", "checks it again", "POST", f"{closeout}/check", tell=("status",), **check)
    await story.does(
        "township",
        "looks at the site",
        "POST",
        f"{closeout}/check",
        tell=("status",),
        **check | {"kind": "site", "note": "入户抽查 30 户"},
    )
    await story.does(
        "office",
        "gives public notice",
        "POST",
        f"{closeout}/publish",
        tell=("notice.until",),
        days=7,
        place="县政府网站",
    )
    minutes: dict[str, Any] = {"document_number": "领导小组纪要〔2026〕9号"}
    await story.does("leader", "approves too early", "POST", f"{closeout}/approve", status=409, **minutes)
    story.on("2026-11-10")
    await story.does("leader", "approves", "POST", f"{closeout}/approve", tell=("status",), **minutes)
    row = await story.get("office", f"/projects/{project}")
    story.aside(f"the ledger says {row['resolution_status']}")
    await rates(story)


async def rebounded(story: Story, project: str) -> None:
    story.chapter("It comes back")
    story.on("2026-12-07")
    await story.does(
        "office",
        "is told of a group petition about leaking roofs",
        "POST",
        f"/projects/{project}/rebound",
        tell=("status", "rebound.cause"),
        cause="group_petition",
        reference="信访〔2026〕441号",
        people_count=23,
        occurred_on="2026-12-05",
    )
    row = await story.get("office", f"/projects/{project}")
    story.aside(f"the ledger says {row['resolution_status']}")
    await rates(story)
    await story.does(
        "inspector", "asks whether the audit chain holds", "GET", "/audit/verify", tell=("ok", "chains.0.entries")
    )


async def rates(story: Story) -> None:
    found = await story.get("leader", "/closeout-rates")
    told = ", ".join(
        f"{name} {found[name]['numerator']}/{found[name]['denominator']}" for name in ("clearance", "rebound")
    )
    story.aside(told)
