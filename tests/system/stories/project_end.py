"""A project's story: handed over, closed, and back."""

from typing import Any

from tests.support.intake import known_petition, representatives
from tests.support.story import Story
from tests.system.stories.project_site import sweep


async def delivered(story: Story, project: str, milestones: dict[str, str]) -> None:
    story.chapter("Homes are handed over")
    here = f"/projects/projects/{project}"
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
            f"/projects/projects/{project}/plan/milestones/{milestones[key]}/complete",
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
        f"/projects/acceptances/{acceptance['id']}/file",
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


async def closed(story: Story, project: str, owners: str) -> None:
    story.chapter("Close-out, by two persons of two units")
    story.on("2026-11-02")
    asked = await story.does(
        "housing",
        "asks to close it",
        "POST",
        f"/projects/projects/{project}/closeouts",
        status=201,
        tell=("status",),
        note="自查：320 户全部交付",
    )
    closeout = f"/projects/closeouts/{asked['id']}"
    check: dict[str, Any] = {"kind": "department", "passed": True, "note": "资料齐全"}
    await story.does("housing", "checks its own request", "POST", f"{closeout}/check", status=409, **check)
    await story.does("labour", "checks it", "POST", f"{closeout}/check", status=409, **check)
    paper: dict[str, Any] = {"outstanding": 0, "document_number": "证明〔2026〕88号", "attested_on": "2026-11-02"}
    await story.does(
        "office",
        "attests for the petition office that petitions are quiet",
        "POST",
        f"{closeout}/attest",
        status=409,
        item="petitions_quiet",
        unit_code="XFJ",
        **paper,
    )
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
            unit_code=unit,
            **paper,
        )
    await story.does("labour", "checks it again", "POST", f"{closeout}/check", status=409, **check)
    await story.does(
        "housing",
        "settles the owner's petition: the keys are handed over, both sides sign",
        "POST",
        f"{owners}/settle",
        tell=("state",),
        kind="mediation",
        petitioner_agreed=True,
        other_side_agreed=True,
        agreement="已交房，逾期违约金分两期支付",
    )
    story.on("2026-11-03")
    await story.does("labour", "checks it a third time", "POST", f"{closeout}/check", tell=("status",), **check)
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
    story.on("2026-11-11")
    await story.does("leader", "approves", "POST", f"{closeout}/approve", tell=("status",), **minutes)
    row = await story.get("office", f"/projects/projects/{project}")
    story.aside(f"the ledger says {row['resolution_status']}")
    await rates(story)


async def rebounded(story: Story, project: str) -> None:
    story.chapter("It comes back")
    story.on("2026-12-05")
    facts = known_petition(
        project_id=project,
        people_count=23,
        demand="quality",
        summary="反映锦绣家园屋面渗漏，要求维修",
        persons=representatives(5),
    )
    await story.does(
        "petitions",
        "registers a group visit about leaking roofs",
        "POST",
        "/petitions/petitions",
        status=201,
        tell=("petition_code", "people_count"),
        division_code=story.division,
        **facts,
    )
    story.on("2026-12-07")
    await sweep(story)
    (found,) = (await story.get("office", f"/projects/closeouts?project_id={project}"))["items"]
    told = found["rebound"]
    story.aside(f"close-out {found['status']}: {told['cause']} of {told['people_count']} on {told['occurred_on']}")
    row = await story.get("office", f"/projects/projects/{project}")
    story.aside(f"the ledger says {row['resolution_status']}")
    await rates(story)
    await story.does(
        "inspector",
        "asks whether the audit chain holds",
        "GET",
        "/projects/audit/verify",
        tell=("ok", "chains.0.entries"),
    )


async def rates(story: Story) -> None:
    found = await story.get("leader", "/projects/closeout-rates")
    told = ", ".join(
        f"{name} {found[name]['numerator']}/{found[name]['denominator']}" for name in ("clearance", "rebound")
    )
    story.aside(told)
