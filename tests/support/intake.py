"""Petitions as a petition office registers them: one of each channel, and who brings them."""

from collections.abc import Mapping
from typing import Any

from tests.support.planted import draw

PERSON = {
    "name": "欧阳建国",
    "id_number": "11010519491231002X",
    "phone": "13812345678",
    "address": "安居县信和镇幸福社区3号楼2单元501室",
}
MASKED = {
    "name": "欧阳**",
    "id_number": "110105********002X",
    "phone": "138****5678",
    "address": "安居县信和镇幸福社区****",
}
SECRETS = ("建国", "19491231", "12345678", "501室", "原文：我是欧阳建国")
"""Words of `PERSON` and `STATEMENT` that no masked answer holds."""


def statement_of(person: Mapping[str, str]) -> str:
    return f"原文：我是{person['name']}，电话{person['phone']}，二期至今没有交房。"


STATEMENT = statement_of(PERSON)
DETAILS: dict[str, dict[str, Any]] = {
    "letter": {"channel": "letter", "postmark_on": "2026-11-18", "received_on": "2026-11-20"},
    "visit": {"channel": "visit", "place": "县人民来访接待中心", "window": "3号窗口", "level": "city"},
    "online": {"channel": "online", "platform": "国家信访信息系统"},
    "phone": {"channel": "phone", "line": "县长热线"},
    "hotline": {"channel": "hotline", "ticket_no": "GD20261123000017", "due_on": "2026-11-30"},
    "dedicated_line": {"channel": "dedicated_line", "line": "保交房专线"},
    "one_stop_desk": {"channel": "one_stop_desk", "window": "住建综合窗口"},
    "forwarded": {
        "channel": "forwarded",
        "from_unit": "市信访局",
        "document_number": "市信转〔2026〕15号",
        "received_on": "2026-11-20",
    },
}
VISIT = DETAILS["visit"]


def petition(**facts: Any) -> dict[str, Any]:
    """What a clerk sends, but for the division; of somebody planted unless `persons` are named."""
    persons = facts.get("persons", [draw().facts])
    return {
        "channel_detail": VISIT,
        "persons": persons,
        "people_count": 1,
        "demand": "delivery",
        "summary": "反映楼盘二期逾期交房，要求明确交房时间",
        "statement": statement_of(draw().facts | (persons[0] if persons else {})),
    } | facts


def known_petition(**facts: Any) -> dict[str, Any]:
    """One of `PERSON`, for whoever looks for `SECRETS`."""
    return petition(**{"persons": [PERSON]} | facts)


def representatives(how_many: int) -> list[dict[str, Any]]:
    return [{"role": "representative", "name": f"代表{number}"} for number in range(how_many)]
