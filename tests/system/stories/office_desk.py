"""An office's day: a group comes, a letter goes the wrong way, a leader takes a case, a promise was broken."""

from typing import Any

from shared.schemas.petitions.leaders import LABELS as LEADERS
from shared.schemas.petitions.leaders import CasePromiseOutcome, CasePromiseState
from shared.schemas.petitions.warnings import LABELS as WARNINGS
from shared.schemas.petitions.warnings import WarningGrade, WarningState, WarningTrend
from tests.support.intake import DETAILS, VISIT, representatives
from tests.support.story import Said, Story
from tests.system.stories.matter import DUE, PETITIONS, STATE, Matter, registered
from tests.system.stories.office_morning import every


async def group_comes(story: Story, project: str) -> Matter:
    story.chapter("四、来了一拨人")
    story.at("09:30")
    facts: dict[str, Any] = {
        "project_id": project,
        "people_count": 26,
        "channel_detail": VISIT | {"level": "county"},
        "summary": "反映紫薇花园5号楼塔吊拆走，要求明确复工时间",
        "statement": None,
    }
    body = {"demand": "delivery", "persons": representatives(6)} | facts
    await story.does(
        "clerk", "登记 26 人来访，推了 6 位代表", "POST", PETITIONS, status=422, division_code=story.division, **body
    )
    group = await registered(
        story,
        "clerk",
        "请他们推 5 位，再登记",
        tell=("petition_code", "people_count", "project_name"),
        persons=representatives(5),
        **facts,
    )
    await group.act(
        "clerk",
        "交办：住建局牵头，人社局、专班协办",
        "assign",
        unit_code="ZJJ",
        due_on="2024-12-20",
        co_units=[{"unit_code": "RSJ", "due_on": "2024-12-13"}, {"unit_code": "ZB1"}],
        document_number="安信交〔2024〕31号",
    )
    sent = await every(story, "clerk", f"/petitions/assignments?petition_id={group.id}")
    for unit in sorted(sent, key=lambda unit: (not unit["is_lead"], unit["unit_code"])):
        part = "牵头" if unit["is_lead"] else "协办"
        story.aside(f"{unit['unit_name']}{part}，{unit['due_on'] or '不另定期限'}")
    await group.act(
        "housing",
        "当场签收，受理",
        "accept",
        tell=(STATE, DUE),
        petition_class="appeal_claim",
        legal_route=6,
    )
    (asked,) = await every(story, "labour", f"/petitions/assignments?petition_id={group.id}&unit_code=RSJ")
    await story.does(
        "labour",
        "答复协办：工资已发到 10 月",
        "POST",
        f"/petitions/assignments/{asked['id']}/answer",
        tell=("answered_on",),
        answer="专户核对，工资已发放至 10 月",
    )
    return group


async def sent_and_returned(story: Story) -> None:
    story.chapter("五、转错了，退回来")
    story.at("10:00")
    letter = await registered(
        story,
        "clerk",
        "登记来信：工地欠三个月工资",
        summary="反映紫薇花园项目拖欠农民工工资",
        demand="wages",
        channel_detail=DETAILS["letter"] | {"postmark_on": "2024-11-28", "received_on": "2024-12-02"},
        statement=None,
    )
    await letter.act("clerk", "转送住建局", "forward", unit_code="ZJJ")
    await letter.act(
        "housing", "五个工作日内提出异议：欠薪归人社局", "object", reasons="工资支付由人力资源社会保障部门监管"
    )
    await letter.act("housing", "自己同意自己退回", "objection-decision", status=403, consents=True)
    await letter.act("clerk", "核实后同意退回", "objection-decision", consents=True)
    await letter.act("clerk", "转送人社局", "forward", unit_code="RSJ", document_number="安信转〔2024〕207号")
    story.aside("头一家的期限不再计时，后一家的从头算：")
    await letter.tell_clocks("clerk", "notify", "acceptance", "objection", only="running")


async def led(story: Story, project: str, group: Matter) -> None:
    story.chapter("六、领导包案")
    story.at("10:30")
    of_project = await every(story, "clerk", f"{PETITIONS}?project_id={project}&body_unit_code=ZJJ&sort=due")
    old = next(case for case in of_project if case["id"] != group.id)
    for what, case in (("包下这拨人的事", group.id), (f"包下老件 {old['register_code']}", old["id"])):
        await story.does(
            "leader",
            what,
            "POST",
            f"{PETITIONS}/{case}/leader",
            status=201,
            tell=("person_name", "post"),
            person_code="WANG",
            document_number="安信联〔2024〕7号",
        )
    await story.does(
        "leader",
        "定方案",
        "POST",
        f"{PETITIONS}/{group.id}/case-plans",
        status=201,
        tell=("goal", "due_on"),
        goal="春节前恢复 5 号楼主体施工",
        measures="监管资金先拨塔吊租赁费，专班驻点",
        due_on="2025-01-24",
        unit_code="ZB1",
    )
    await story.does(
        "leader",
        "开协调会，城关镇没到",
        "POST",
        f"{PETITIONS}/{group.id}/case-meetings",
        status=201,
        tell=("outcome",),
        chair_code="WANG",
        place="县政府三楼会议室",
        units=[{"unit_code": code, "attended": code != "CG"} for code in ("ZJJ", "RSJ", "ZB1", "CG")],
        outcome="住建局 12 月 6 日前核清监管资金余额",
    )
    promise = await story.does(
        "clerk",
        "补录承诺书：住建局 11 月 25 日答应 29 日前恢复塔吊",
        "POST",
        f"{PETITIONS}/{old['id']}/case-promises",
        status=201,
        tell=(Said("state", LEADERS[CasePromiseState]), "days_late"),
        matter="11 月 29 日前恢复塔吊",
        made_on="2024-11-25",
        due_on="2024-11-29",
        unit_code="ZJJ",
        document_number="承诺书〔2024〕19号",
    )
    settle = f"/petitions/case-promises/{promise['id']}/settle"
    await story.does("housing", "说塔吊已恢复", "POST", settle, status=409, outcome="kept", note="已恢复")
    await story.does(
        "housing",
        "认账：塔吊没回来",
        "POST",
        settle,
        tell=(Said("outcome", LEADERS[CasePromiseOutcome]),),
        outcome="broken",
        note="租赁费未落实",
    )
    (load,) = (await story.get("leader", "/petitions/leader-cases"))["items"]
    story.aside(
        f"{load['person_name']}：包案 {load['cases']} 件，{load['people']} 人次，未兑现承诺 {load['broken_promises']}"
    )


async def warned(story: Story, project: str) -> None:
    story.chapter("七、预警")
    story.at("11:30")
    await story.does("clerk", "重新计算全县预警", "POST", "/petitions/warnings/refresh", tell=("as_of",))
    (found,) = (await story.get("leader", f"/petitions/warnings?project_id={project}"))["items"]
    grade, trend = WARNINGS[WarningGrade][found["grade"]], WARNINGS[WarningTrend][found["trend"]]
    story.line(
        "leader",
        f"看紫薇花园：{grade}，{found['score']} 分，{trend}；{found['unit_name']}须于 {found['act_by']} 前处置",
    )
    for factor in found["factors"]:
        story.aside(f"{factor['points']:>2} 分  {factor['reason']}")
    await story.does(
        "housing",
        "签收，报处置安排",
        "POST",
        f"/petitions/warnings/{found['id']}/acknowledge",
        tell=(Said("state", WARNINGS[WarningState]), "acknowledged_by_name"),
        note="专班今日进驻，监管资金周五前核清",
    )
