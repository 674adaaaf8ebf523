"""What the petition office of the demo county has done: the year's register, and petitions at every step of their life.

The register is of 2024 and comes in as a county's own would; what the office does itself is of these weeks. So the
figures as of 2024-11-30 are those of the register alone.
"""

from deploy.demo_cast import COUNTY, DATA
from deploy.demo_lives import CLAIM, FANG, LIVES, OPINION, act, person, petition, visit
from deploy.demo_work import Step

PHOTO = DATA / "site-photo.jpg"
GROUP = (
    petition(
        "group",
        13,
        visit("市人民来访接待中心", "city"),
        "反映兰亭序3号楼停工一年，要求明确复工和交房时间",
        project_id="{lanting}",
        building="3号楼",
        people_count=26,
        content_class="010101",
        persons=[
            {"role": "representative"} | person(name, phone)
            for name, phone in (("方建军", FANG["phone"]), ("徐丽", "13900011001"), ("马超", "13900011002"))
        ],
        statement="3 号楼停了一年，请给个准日子。",
    ),
    Step("petitions", "/petitions/{group}/attachments", {"kind": "evidence"}, file=PHOTO),
    act(
        "petitions",
        "group",
        "assign",
        12,
        unit_code="ZJJ",
        due_on="{today+2}",
        co_units=[{"unit_code": "ZB1", "due_on": "{today-2}"}, {"unit_code": "RSJ"}],
        document_number="安信交〔2026〕31号",
    ),
    act("housing", "group", "notify", 11),
    act("housing", "group", "accept", 10, **CLAIM),
    act("housing", "group", "comments", text="已到现场与业主代表见面"),
    Step("petitions", "/petitions/{group}/leader", {"person_code": "YXJ", "taken_on": "{today-10}"}),
    Step(
        "leader",
        "/petitions/{group}/case-plans",
        {"goal": "年底前主体封顶", "measures": "专班驻点，监管资金先拨", "due_on": "{today+40}", "unit_code": "ZB1"},
    ),
    Step(
        "leader",
        "/petitions/{group}/case-meetings",
        {
            "chair_code": "YXJ",
            "held_on": "{today-7}",
            "units": [{"unit_code": "ZJJ", "attended": True}, {"unit_code": "RSJ", "attended": False}],
            "outcome": "三日内核清监管资金余额",
        },
    ),
    Step(
        "leader",
        "/petitions/{group}/case-promises",
        {"matter": "恢复塔吊", "made_on": "{today-9}", "due_on": "{today-3}", "unit_code": "ZJJ"},
        "promise",
    ),
    Step("leader", "/case-promises/{promise}/settle", {"outcome": "broken", "note": "租赁费未落实"}),
    Step(
        "leader",
        "/petitions/{group}/case-promises",
        {"matter": "公布复工时间", "made_on": "{today-7}", "due_on": "{today+10}", "unit_code": "ZB1"},
    ),
)
PUBLIC_ORDER = (
    Step(
        "petitions",
        "/opinion-items",
        {
            "source": "short_video",
            "heat": "high",
            "views": 84_000,
            "seen_on": "{today-6}",
            "summary": "视频称兰亭序塔吊被拉走，工地无人",
            "project_ids": ["{lanting}"],
            "owner_unit_code": "ZJJ",
            "due_on": "{today-3}",
        },
        "video",
    ),
    Step("housing", "/opinion-items/{video}/answer", {"outcome": "pending", "response": "塔吊本周续租到位"}),
    Step(
        "office",
        "/opinion-items",
        {
            "source": "government_platform",
            "heat": "low",
            "seen_on": "{today-9}",
            "summary": "留言询问龙腾御府办证进度",
            "project_ids": ["{longteng}"],
            "owner_unit_code": "ZRZY",
            "due_on": "{today-1}",
        },
    ),
    Step(
        "township",
        "/incidents",
        {
            "occurred_at": "{today-1}T08:30:00+08:00",
            "place": "东河镇政府门前",
            "kind": "gathering",
            "level": "ordinary",
            "involved": 18,
            "cause": "要求公布复工时间",
            "handling": "镇长到场，请代表进会议室谈",
            "project_id": "{lanting}",
        },
        "incident",
    ),
    Step("township", "/incidents/{incident}/close", {"result": "当日全部劝返"}),
    Step("housing", "/incident-reporting"),
)
WATCH = (
    Step("petitions", "/sweeps"),
    Step("petitions", "/warnings?project_id={lanting}", saves="warning", method="GET"),
    Step("housing", "/warnings/{warning}/acknowledge", {"note": "专班今日进驻"}),
    Step("housing", "/reminders?is_open=true", saves="reminder", method="GET"),
    Step("housing", "/reminders/{reminder}/answer", {"answer": "意见书在会签", "expected_on": "{today+3}"}),
    Step("housing", "/supervisions?state=open", saves="supervision", method="GET"),
    Step(
        "housing",
        "/supervisions/{supervision}/answer",
        {"document_number": "安建函〔2026〕18号", "is_adopted": True, "answer": "已指定专人，逐件销号"},
    ),
    Step("petitions", "/supervisions/{supervision}/review", {"verdict": "accepted"}),
)
REGISTER = (
    Step("petitions", "/imports", file=DATA / f"demo-{COUNTY}-petitions.xlsx"),
    Step(
        "petitions",
        "/projects/{lanting}/answer",
        {
            "demand": "title",
            "opinion": OPINION | {"claim": "要求办理不动产证", "opinion": "竣工验收备案后三十日内办理首次登记"},
            "document_number": "安信处〔2026〕3号",
        },
    ),
)
"""After the sweep: what is two years late would only be swept away."""
PETITIONS: tuple[Step, ...] = (*GROUP, *LIVES, *PUBLIC_ORDER, *WATCH, *REGISTER)
