"""An office's day: what is said online, what happened in the street, one answer to many, the figures others see."""

import openpyxl

from shared.schemas.petitions.incidents import LABELS as INCIDENTS
from shared.schemas.petitions.incidents import DayReport, UnrestState
from shared.schemas.petitions.opinion import LABELS as OPINIONS
from shared.schemas.petitions.opinion import OpinionAnswerKind, OpinionState
from tests.support.office import OPINION
from tests.support.registers import DEMO
from tests.support.story import Said, Story
from tests.system.stories.matter import CHAIN, registered


async def opinion(story: Story, project: str) -> None:
    story.chapter("八、网上有人发视频")
    story.at("14:00")
    item = await story.does(
        "clerk",
        "登记舆情，请住建局 4 日前回应",
        "POST",
        "/petitions/opinion-items",
        status=201,
        tell=(Said("state", OPINIONS[OpinionState]), "owner_unit_name", "projects.0.name"),
        source="short_video",
        heat="high",
        views=84_000,
        summary="视频称紫薇花园塔吊被拉走，工地无人",
        project_ids=[project],
        owner_unit_code="ZJJ",
        due_on="2024-12-04",
    )
    await story.does(
        "housing",
        "回应",
        "POST",
        f"/petitions/opinion-items/{item['id']}/answer",
        tell=(Said("state", OPINIONS[OpinionState]), Said("outcome", OPINIONS[OpinionAnswerKind])),
        outcome="pending",
        response="塔吊因租赁到期撤场，已安排监管资金续租，复工时间将于本周公布",
    )


async def incidents(story: Story, project: str) -> None:
    story.chapter("九、有事报事，无事报无")
    story.at("15:30")
    incident = await story.does(
        "township",
        "上报聚集",
        "POST",
        "/petitions/incidents",
        status=201,
        tell=("place", "involved"),
        occurred_at="2024-12-02T15:00:00+08:00",
        place="城关镇政府门前",
        kind="gathering",
        level="ordinary",
        involved=18,
        cause="要求公布复工时间",
        handling="镇长到场，请代表进会议室谈",
        project_id=project,
    )
    none = "/petitions/incident-reporting"
    await story.does("housing", "零报告", "POST", none, status=201, tell=("unit_name", "day"))
    await story.does("township", "也想零报告", "POST", none, status=409)
    await story.does(
        "township",
        "人散了，续报办结",
        "POST",
        f"/petitions/incidents/{incident['id']}/close",
        tell=(Said("state", INCIDENTS[UnrestState]),),
        result="16 时已全部劝返",
    )
    found = await story.get("clerk", f"{none}?day={story.day}")
    story.line("clerk", f"看谁报了、谁没报：{found['silent']} 个单位没吭声，没吭声不算没事")
    for unit in found["items"]:
        story.aside(f"{unit['unit_name']}：{INCIDENTS[DayReport][unit['report']]}")


async def answered_at_once(story: Story, project: str) -> None:
    story.chapter("十、一个原因，一次答复")
    story.at("15:50")
    late = await registered(story, "clerk", "又登记一件：紫薇花园几时交房", project_id=project, statement=None)
    await late.act("clerk", "转送住建局", "forward", unit_code="ZJJ")
    story.at("16:00")
    opinion = OPINION | {
        "facts_and_reasons": "经查，5 号楼因塔吊租赁费拖欠停工",
        "opinion": "监管资金已拨付租赁费，12 月 16 日前复工",
    }
    path = f"/petitions/projects/{project}/answer"
    for what, query in (("先试：紫薇花园要求交房的在办件一并答复", "?dry_run=true"), ("正式答复", "")):
        done = await story.does(
            "housing",
            what,
            "POST",
            path + query,
            demand="delivery",
            opinion=opinion,
            document_number="安建信处〔2024〕301号",
        )
        story.aside(f"答复 {done['answered']} 件，各有各的意见书")
        for each in done["items"]:
            if not each["answered"]:
                story.aside(f"不能答复 {each['petition_code']}：{each['reason']}")


async def summed_up(story: Story, project: str) -> None:
    story.chapter("十一、别的口子看到什么")
    story.at("17:00")
    found = await story.does(
        "office",
        "看紫薇花园的信访摘要：件次、人次、在办",
        "GET",
        f"/petitions/projects/{project}/summary",
        tell=("total.case_count", "total.people_count", "open.case_count"),
    )
    groups = found["group_visits"]["case_count"]
    story.aside(f"集体访 {groups} 件次；超期 {found['overdue']} 件次；最近一件在 {found['quiet_since']}")
    words, text = register_words(), str(found)
    assert len(words) > 400
    assert not [word for word in words if word in text]
    story.aside("登记簿上的姓名、证件号、手机号，一个也没有")
    await story.does("inspector", "验一遍审计链", "GET", "/petitions/audit/verify", tell=CHAIN)


def register_words() -> set[str]:
    """Names, numbers and phones of the register: columns D to F, from its third row."""
    sheet = openpyxl.load_workbook(DEMO).worksheets[0]
    rows = sheet.iter_rows(min_row=3, min_col=4, max_col=6, values_only=True)
    return {str(cell) for row in rows for cell in row if cell}
