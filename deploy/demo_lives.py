"""Petitions of the demo county, one for each way a petition can go; words for the steps of all of them."""

from collections.abc import Mapping
from typing import Any

from deploy.demo_cast import COUNTY
from deploy.demo_work import Step

CLAIM: dict[str, Any] = {"petition_class": "appeal_claim", "legal_route": 6}
DELIVERED = {"recipient": "petitioner", "method": "in_person"}
OPINION = {
    "outcome": "support",
    "claim": "要求按合同交付房屋",
    "facts_and_reasons": "经查，企业资金断裂，3 号楼停工",
    "opinion": "监管资金优先用于续建，逾期违约金按合同支付",
    "legal_basis": "《城市房地产管理法》第二十六条",
    "remedy": "如不服本意见，可自收到之日起三十日内申请复查",
}


def person(name: str, phone: str, id_number: str | None = None) -> dict[str, str]:
    told = {"name": name, "phone": phone, "address": "示范县东河镇滨河社区6号楼2单元301室"}
    return told | ({"id_number": id_number} if id_number else {})


FANG = person("方建军", "13900010001", "999901198503120013")


def petition(saves: str, days_ago: int, channel: Mapping[str, Any], summary: str, **facts: Any) -> Step:
    """Registered by the petition office, so many days ago."""
    told: dict[str, Any] = {"division_code": COUNTY, "channel_detail": channel, "summary": summary}
    told |= {"registered_on": f"{{today-{days_ago}}}", "people_count": 1, "demand": "delivery"}
    return Step("petitions", "/petitions", told | facts, saves)


def act(who: str, case: str, what: str, days_ago: int | None = None, **said: Any) -> Step:
    """An act on a petition; without days, today's."""
    on = {"on": f"{{today-{days_ago}}}"} if days_ago is not None else {}
    return Step(who, f"/petitions/{{{case}}}/{what}", on | said)


def visit(place: str = "县人民来访接待中心", level: str = "county") -> dict[str, str]:
    return {"channel": "visit", "place": place, "level": level}


LIVES: tuple[Step, ...] = (
    # The same man again, by letter.
    petition(
        "again",
        5,
        {"channel": "letter", "received_on": "{today-5}"},
        "兰亭序三号楼工地停工，业主来信问交房时间",
        project_id="{lanting}",
        persons=[FANG],
    ),
    Step(
        "petitions",
        "/petitions/{again}/repeat",
        {"main_petition_id": "{group}", "reason": "电话核对，是同一诉求", "decided_on": "{today-4}"},
    ),
    act("petitions", "again", "forward", 4, unit_code="ZJJ"),
    # Sent to the wrong bureau, and back.
    petition(
        "wages",
        8,
        {"channel": "hotline", "ticket_no": "GD20260801000017"},
        "反映兰亭序项目拖欠工资两个月",
        project_id="{lanting}",
        demand="wages",
        persons=[person("钱进", "13900010002")],
    ),
    act("petitions", "wages", "forward", 8, unit_code="ZJJ"),
    act("housing", "wages", "object", 7, reasons="工资支付由人社部门监管"),
    act("petitions", "wages", "objection-decision", 6, consents=True),
    act("petitions", "wages", "forward", 6, unit_code="RSJ", document_number="安信转〔2026〕207号"),
    act("labour", "wages", "receive", 5),
    # Extended, answered, and not content.
    petition(
        "late",
        75,
        {"channel": "online", "platform": "国家信访信息系统"},
        "反映龙腾御府首次登记未办，要求办理不动产证",
        project_id="{longteng}",
        demand="title",
        persons=[person("孙晓明", "13900010003", "999901199001010024")],
    ),
    act("petitions", "late", "forward", 73, unit_code="ZRZY"),
    act("land", "late", "accept", 70, **CLAIM),
    act("land", "late", "extension", 15, days=20, reasons="等待消防验收资料"),
    act(
        "petitions",
        "late",
        "extension-review",
        14,
        approved=True,
        told_on="{today-14}",
        reasons="局长书面批准，已告知本人",
        document_number="安资延〔2026〕2号",
    ),
    act("land", "late", "deliver", 14, document="extension_notice", **DELIVERED),
    act("land", "late", "reply", 6, opinion=OPINION | {"claim": "要求办理不动产证"}),
    act("land", "late", "deliver", 5, document="opinion", **DELIVERED),
    act("petitions", "late", "review", 2, unit_code="ZF"),
    # Simple, and content.
    petition(
        "content",
        20,
        {"channel": "phone", "line": "信访专线"},
        "询问龙腾御府办证需要哪些材料",
        project_id="{longteng}",
        demand="title",
        persons=[person("周燕", "13900010004")],
    ),
    act("petitions", "content", "forward", 20, unit_code="ZRZY"),
    act("land", "content", "accept", 18, simple_ground="inquiry_or_thanks", **CLAIM),
    act("land", "content", "reply", 15, opinion=OPINION | {"claim": "询问办证材料"}),
    act("land", "content", "deliver", 15, document="opinion", **DELIVERED),
    Step(
        "petitions",
        "/petitions/{content}/rating",
        {"office_rating": "satisfied", "body_rating": "basically_satisfied", "rated_on": "{today-10}"},
    ),
    # Forgotten on a desk: reminded of, then supervised.
    petition(
        "forgotten",
        40,
        {"channel": "letter", "received_on": "{today-40}"},
        "反映龙腾御府电梯故障，要求维修",
        project_id="{longteng}",
        demand="quality",
        persons=[person("褚卫国", "13900010009")],
    ),
    act("petitions", "forgotten", "forward", 38, unit_code="ZJJ"),
    # An accusation, sealed from the enterprise it accuses.
    petition(
        "accusation",
        9,
        {"channel": "letter", "received_on": "{today-9}"},
        "检举企业转移预售资金",
        petition_class="accusation",
        accused_unit_code="DSDC",
        demand="other",
        is_anonymous=True,
    ),
    act("petitions", "accusation", "forward", 8, unit_code="JW"),
    # A suggestion adopted, a matter for the court, one settled, one taken back, one merged.
    petition(
        "idea",
        10,
        {"channel": "online", "platform": "县长信箱"},
        "建议公布各楼盘复工进度",
        demand="other",
        persons=[person("冯静", "13900010008")],
    ),
    act("petitions", "idea", "forward", 9, unit_code="ZJJ"),
    act("housing", "idea", "accept", 8, petition_class="suggestion"),
    act("housing", "idea", "reply", 3, answer={"result": "adopted", "text": "自下月起每周公布"}),
    petition("court", 10, visit(), "要求解除购房合同", demand="refund", persons=[person("吴桐", "13900010005")]),
    act("petitions", "court", "route-to-legal-channel", 9, legal_route=1, explanation="请依法向人民法院提出"),
    petition(
        "settled",
        18,
        visit(),
        "反映兰亭序1号楼渗漏",
        project_id="{lanting}",
        demand="quality",
        persons=[person("郑好", "13900010006")],
    ),
    act("petitions", "settled", "forward", 18, unit_code="ZJJ"),
    act("housing", "settled", "accept", 16, **CLAIM),
    act(
        "housing",
        "settled",
        "settle",
        4,
        kind="mediation",
        petitioner_agreed=True,
        other_side_agreed=True,
        agreement="企业十五日内修缮，支付误工费",
    ),
    petition("back", 6, visit(), "反映小区停车", demand="other", persons=[person("何平", "13900010007")]),
    act("petitions", "back", "withdraw", 4),
    petition(
        "twin",
        3,
        visit(),
        "反映龙腾御府办不了证",
        project_id="{longteng}",
        demand="title",
        persons=[person("孙晓明", "13900010003", "999901199001010024")],
    ),
    act("petitions", "twin", "merge", into="{late}"),
)
