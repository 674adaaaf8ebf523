"""What the people of the demo county have done about two stalled sites: one step of each kind of project work."""

from deploy.demo_cast import COUNTY, DATA
from deploy.demo_work import Step

FOUND = tuple(
    Step("office", f"/projects?q={name}&division_code={COUNTY}", saves=saves, method="GET")
    for saves, name in (("lanting", "兰亭序"), ("longteng", "龙腾御府"))
)
LANTING, LONGTENG = "/projects/{lanting}", "/projects/{longteng}"
DUTY = (
    Step("office", "/taskforces", {"division_code": COUNTY, "unit_code": "ZB1", "task": "东河片区保交房"}, "taskforce"),
    Step("office", "/taskforces/{taskforce}/members", {"person_code": "LQ", "seat": "head"}),
    Step("office", "/leading-group/members", {"division_code": COUNTY, "person_code": "MJ", "seat": "head"}),
    Step("office", f"{LANTING}/duty", {"role": "lead", "person_code": "YXJ", "began_on": "{today-90}"}),
    Step("office", f"{LANTING}/duty", {"role": "taskforce", "unit_code": "ZB1", "began_on": "{today-90}"}),
    Step("office", f"{LANTING}/responsibilities", {"kind": "enterprise", "unit_code": "DSDC"}),
    Step("office", f"{LANTING}/responsibilities", {"kind": "department", "unit_code": "ZJJ"}),
    Step("leader", f"{LANTING}/visits", {"kind": "night", "person_code": "YXJ", "found": "夜间两栋楼有人施工"}),
    Step(
        "leader",
        f"{LANTING}/site-promises",
        {"person_code": "YXJ", "promised_to": "owners", "matter": "年底前通水通电", "due_on": "{today+30}"},
    ),
)
PLAN = (
    Step(
        "office",
        f"{LANTING}/plan",
        {
            "path": "resume_and_deliver",
            "promised_on": "{today+240}",
            "milestones": [
                {"key": "permits", "name": "补办施工许可", "unit_code": "ZJJ", "duration_days": 15},
                {
                    "key": "topping-out",
                    "name": "主体封顶",
                    "unit_code": "DSDC",
                    "duration_days": 60,
                    "dependencies": [{"key": "permits"}],
                },
                {
                    "key": "acceptance",
                    "name": "竣工验收",
                    "unit_code": "ZJJ",
                    "duration_days": 20,
                    "dependencies": [{"key": "topping-out", "lag_days": 5}],
                },
                {
                    "key": "hand-over",
                    "name": "集中交付",
                    "unit_code": "ZB1",
                    "duration_days": 10,
                    "dependencies": [{"key": "acceptance"}],
                },
            ],
        },
    ),
)
PROBLEMS = (
    Step(
        "housing",
        f"{LANTING}/problems",
        {
            "title": "续建资金不足",
            "detail": {"type": "funding", "gap_fen": 1_200_000_000},
            "cause": "legacy",
            "scope": "individual",
            "due_on": "{today+60}",
            "unit_code": "ZJJ",
            "co_unit_codes": ["ZB1"],
        },
        "problem",
    ),
    Step("office", "/problems/{problem}/authorise", {"form": "filing", "document": "问题楼盘办〔2026〕12号"}),
    Step("housing", "/problems/{problem}/start"),
    Step(
        "office",
        "/decisions",
        {
            "division_code": COUNTY,
            "title": "公共配套调整",
            "question": "是否同意调整公共配套",
            "legal_basis": "城乡规划法第四十三条",
            "options": [{"title": "同意调整"}, {"title": "维持原规划"}],
            "projects": [{"project_id": "{lanting}"}],
        },
    ),
)
QUALITY = (
    Step(
        "housing",
        f"{LANTING}/quality-inspections",
        {"kind": "routine", "verdict": "rectify", "note": "地下室外墙渗漏"},
        "inspection",
    ),
    Step(
        "housing",
        "/quality-inspections/{inspection}/defects",
        {"kind": "leaking", "severity": "major", "place": "3 号楼地下室外墙", "note": "雨后渗水"},
        "defect",
    ),
    Step(
        "housing",
        "/defects/{defect}/order",
        {"unit_code": "DSDC", "due_on": "{today+20}", "measure": "注浆堵漏"},
    ),
    Step("taskforce", "/defects/{defect}/rectify", {"note": "已注浆，蓄水试验合格"}),
)
PATHS = (
    Step(
        "office",
        f"{LANTING}/path-stages",
        {"path": "resume_and_deliver", "stage": "scheme_approved", "reached_on": "{today-60}"},
    ),
    Step(
        "office",
        f"{LANTING}/lawsuits",
        {
            "court": "县人民法院",
            "cause": "商品房预售合同纠纷",
            "case_number": "（2026）示01民初12号",
            "filed_on": "{today-45}",
        },
    ),
    Step(
        "office",
        f"{LANTING}/liaison-matters",
        {
            "matter": "查封土地解封",
            "question": "规划调整须先解封",
            "court_unit": "FY",
            "raised_on": "{today-20}",
        },
    ),
)
PROGRESS = (
    Step(
        "enterprise",
        f"{LANTING}/progress-reports",
        {"progress_pct": "62.5", "money_in_place_fen": 9_000_000_000, "workers_planned": 80},
        "report",
    ),
    Step(
        "housing",
        f"{LANTING}/progress-inspections",
        {"progress_pct": "55", "money_in_place_fen": 6_000_000_000, "workers_seen": 34},
        "check",
    ),
    Step("housing", f"{LANTING}/signals", {"kind": "electricity", "value": 1_900, "source_unit_code": "GDGS"}),
    Step("labour", f"{LANTING}/signals", {"kind": "workers_on_site", "value": 34, "source_unit_code": "RSJ"}),
    Step("office", "/inspection-draws", {"division_code": COUNTY}),
    Step(
        "housing",
        f"{LANTING}/evidence",
        {"subject_type": "inspection", "subject_id": "{check}", "description": "现场核查照片"},
        file=DATA / "site-photo.jpg",
    ),
)
SUPERVISION = (
    Step(
        "leader",
        "/orders",
        {
            "source": "meeting",
            "source_number": "县政府专题会议纪要〔2026〕31号",
            "matter": "十日内解决施工用电",
            "project_id": "{lanting}",
            "lead_unit_code": "ZJJ",
            "due_on": "{today+10}",
            "feedback_every_days": 3,
        },
        "order",
    ),
    Step("housing", "/orders/{order}/answer", {"progress": "已与供电公司商定临时变压器方案"}),
    Step(
        "housing",
        "/meeting-topics",
        {"division_code": COUNTY, "title": "水电气接入", "reason": "三家单位意见不一", "project_id": "{lanting}"},
    ),
    Step(
        "office",
        "/meetings",
        {"division_code": COUNTY, "held_on": "{today}", "kind": "dispatch", "chair_code": "MJ", "agenda": []},
        "meeting",
    ),
    Step(
        "office",
        "/meetings/{meeting}/minutes",
        {
            "attendance": [{"unit_code": "ZJJ", "person_code": "ZH"}, {"unit_code": "ZB1", "person_code": "LQ"}],
            "raised": [
                {
                    "title": "施工用电",
                    "outcome": "assigned",
                    "conclusion": "三日内恢复",
                    "actions": [{"title": "恢复施工用电", "unit_code": "ZJJ", "due_on": "{today+3}"}],
                }
            ],
        },
    ),
)
ENTERPRISES = (
    Step("office", "/enterprises", {"name": "鼎盛房地产开发有限公司", "unit_code": "DSDC"}, "firm"),
    Step(
        "office",
        "/enterprises/{firm}/findings",
        {"kind": "asset_transfer", "found_on": "{today-30}", "source_unit": "SJ", "note": "向关联公司转移两处商铺"},
    ),
    Step(
        "office",
        "/enterprises/{firm}/enforcement-steps",
        {"kind": "summons", "taken_on": "{today-15}", "by_unit": "ZJJ", "document_number": "约谈〔2026〕6号"},
    ),
    Step(
        "office",
        "/clues",
        {
            "recipient": "political_legal",
            "subject": "抽挪监管资金",
            "matter": "监管账户资金去向不明",
            "transferred_on": "{today-10}",
        },
    ),
)
PROJECTS: tuple[Step, ...] = (
    *FOUND,
    *DUTY,
    *PLAN,
    *PROBLEMS,
    *QUALITY,
    *PATHS,
    *PROGRESS,
    *SUPERVISION,
    *ENTERPRISES,
)
CLOSEOUT = (
    Step("office", LONGTENG, {"work": {"resolution_mode": "resume_and_deliver"}}, method="PATCH"),
    Step("housing", f"{LONGTENG}/closeouts", {"note": "自查：478 户全部交付"}, "closeout"),
    Step(
        "land",
        "/closeouts/{closeout}/attest",
        {
            "item": "certificates_issued",
            "outstanding": 0,
            "unit_code": "ZRZY",
            "document_number": "办证〔2026〕8号",
            "attested_on": "{today}",
        },
    ),
)
"""Asked for when the petitions are there: it says how many owners still wait."""
