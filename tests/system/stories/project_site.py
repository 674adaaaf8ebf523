"""A project's story: what the enterprise claims, what the site says, what an owner says."""

from tests.support.intake import known_petition
from tests.support.story import Story


async def claimed(story: Story, project: str) -> None:
    story.chapter("A claim is not a resumption")
    story.on("2026-03-10")
    here = f"/projects/projects/{project}"
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
    here = f"/projects/projects/{project}"
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
    plan = await story.get("office", f"/projects/projects/{project}/plan")
    due = {milestone["key"]: milestone["due"]["on"] for milestone in plan["milestones"]}
    story.aside(f"复工 was due on {due['restart']}")
    story.on("2026-06-01")
    await sweep(story)
    (order,) = [
        o
        for o in (await story.get("office", f"/projects/orders?project_id={project}"))["items"]
        if "复工" in o["matter"]
    ]
    story.aside(f"{order['matter']} · {written_order(order)}")
    for day in ("2026-06-15", "2026-06-25"):
        story.on(day)
        await sweep(story)
        found = await story.get("office", f"/projects/orders/{order['id']}")
        story.aside(f"{written_order(found)}")
    story.on("2026-06-26")
    await story.does(
        "taskforce",
        "completes 复工",
        "POST",
        f"/projects/projects/{project}/plan/milestones/{milestones['restart']}/complete",
        tell=("done_on", "lag_days"),
        done_on="2026-06-26",
        note="开工令和监理日志",
    )
    await story.does(
        "taskforce",
        "answers the order",
        "POST",
        f"/projects/orders/{order['id']}/answer",
        tell=("state",),
        progress="已全面复工，开工令附后",
        is_done=True,
    )
    await story.does(
        "office",
        "accepts the answer",
        "POST",
        f"/projects/orders/{order['id']}/review",
        tell=("state",),
        verdict="accepted",
        opinion="属实",
    )
    await story.does(
        "leader",
        "closes the order",
        "POST",
        f"/projects/orders/{order['id']}/close",
        tell=("state", "closed_on"),
        conclusion="复工属实，予以销号",
    )


def written_order(order: dict[str, object]) -> str:
    return f"state {order['state']}, level {order['level'] or '—'}, due {order['due_on']}"


async def sweep(story: Story) -> None:
    started = await story.does("office", "sweeps the county's orders", "POST", "/projects/sweeps", status=202)
    await story.ended("office", f"/projects/sweeps/{started['id']}")


async def petitioned(story: Story, project: str) -> str:
    story.chapter("An owner asks")
    story.on("2026-09-07")
    told = known_petition(project_id=project, summary="反映锦绣家园逾期交房，要求明确交房时间")
    made = await story.does(
        "petitions",
        "registers a visit: when will the home be handed over?",
        "POST",
        "/petitions/petitions",
        status=201,
        tell=("petition_code", "persons.0.name", "project_name"),
        division_code=story.division,
        **told,
    )
    here = f"/petitions/petitions/{made['id']}"
    await story.does(
        "petitions", "sends it to the housing bureau", "POST", f"{here}/forward", tell=("state",), unit_code="ZJJ"
    )
    story.on("2026-09-09")
    await story.does(
        "housing",
        "accepts it",
        "POST",
        f"{here}/accept",
        tell=("state", "next_due_on"),
        petition_class="appeal_claim",
        legal_route=6,
    )
    return here
