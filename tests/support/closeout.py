"""A project on its way to a close-out, each step by who may take it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.projects import County

REPORTER = {"role": "taskforce", "subject": "user:reporter", "unit": "ZB"}
DEPARTMENT = {"role": "department", "subject": "user:department", "unit": "ZJJ"}
SITE = {"role": "township", "subject": "user:site", "unit": "ZHEN"}
LEADER = {"role": "leader", "subject": "user:leader", "unit": "XWB"}
OFFICE = {"role": "office", "subject": "user:office", "unit": "BGS"}
UNITS = {"ZB": "taskforce", "ZJJ": "department", "ZHEN": "township", "XWB": "government", "BGS": "department"}
ATTESTED = ("certificates_issued", "petitions_quiet", "wages_cleared", "loans_on_schedule", "funds_audited")
"""What a project that resumes and delivers has to have attested, where the ledger knows no arrears."""
SIGNERS = [
    {"role": role, "unit_name": f"{role} 单位", "person_name": "王五", "document_number": f"{role}-1"}
    for role in ("owner", "design", "builder", "supervisor")
]


def passed(kind: str) -> dict[str, Any]:
    return {"kind": kind, "passed": True, "note": "资料齐全，现场属实"}


@dataclass
class Closing:
    """A project of a county and its close-out."""

    county: County
    project_id: str
    closeout_id: str = ""

    @property
    def path(self) -> str:
        return f"/closeouts/{self.closeout_id}"

    async def post(self, path: str, body: Mapping[str, Any] | None, who: Mapping[str, str]) -> httpx.Response:
        return await self.county.call("POST", path, json=body, **who)

    async def request(self, who: Mapping[str, str] = REPORTER) -> httpx.Response:
        answer = await self.post(f"/projects/{self.project_id}/closeouts", {"note": "自查合格"}, who)
        if answer.status_code == 201:
            self.closeout_id = answer.json()["id"]
        return answer

    async def attest(self, *items: str, outstanding: int = 0, **more: Any) -> httpx.Response:
        body = {"outstanding": outstanding, "unit_code": "ZJJ", "document_number": "住建函〔2026〕1号"} | more
        body |= {"attested_on": "2026-11-23"} if "attested_on" not in more else {}
        for item in items:
            answer = await self.post(f"{self.path}/attest", body | {"item": item}, OFFICE)
            assert answer.status_code == 200 or outstanding or more, answer.text
        return answer

    async def check(self, kind: str, who: Mapping[str, str], **more: Any) -> httpx.Response:
        return await self.post(f"{self.path}/check", passed(kind) | more, who)

    async def publish(self, days: int = 7) -> httpx.Response:
        return await self.post(f"{self.path}/publish", {"days": days, "place": "县政府公示栏"}, OFFICE)

    async def approve(self, who: Mapping[str, str] = LEADER) -> httpx.Response:
        return await self.post(f"{self.path}/approve", {"document_number": "领导小组纪要〔2026〕9号"}, who)

    async def to_site_checked(self) -> "Closing":
        assert (await self.request()).status_code == 201
        await self.attest(*ATTESTED)
        for kind, who in (("department", DEPARTMENT), ("site", SITE)):
            answer = await self.check(kind, who)
            assert answer.status_code == 200, answer.text
        return self

    async def close(self) -> "Closing":
        await self.to_site_checked()
        answer = await self.approve()
        assert answer.status_code == 200, answer.text
        return self

    async def now(self) -> dict[str, Any]:
        return await self.county.read(self.path)

    async def project(self) -> dict[str, Any]:
        return await self.county.read(f"/projects/{self.project_id}")


async def with_units(county: County) -> County:
    for code, kind in UNITS.items():
        await county.unit(code, f"{code} 单位", kind)
    return county


async def deliverable(county: County, name: str = "阳光花园", **facts: Any) -> Closing:
    """A project under resolution whose homes are delivered, accepted and filed: only attestations are missing."""
    given: dict[str, Any] = {
        "resolution_status": "resolving",
        "construction_status": "delivered",
        "size": {"units_sold": 100, "units_delivered": 100, "buildings": 2},
        "work": {"resolution_mode": "resume_and_deliver"},
        "effective_on": "2026-11-01",
    }
    project = await county.create(name, **given | facts)
    closing = Closing(county, project["id"])
    await accept(closing)
    return closing


async def accept(closing: Closing, *, filed_on: str = "2026-10-20", part: str | None = None) -> dict[str, Any]:
    body = {"stage": "completion", "passed": True, "accepted_on": "2026-10-12", "parties": SIGNERS, "part": part}
    accepted = await closing.post(f"/projects/{closing.project_id}/acceptances", body, DEPARTMENT)
    assert accepted.status_code == 201, accepted.text
    filing = {"document_number": "备〔2026〕12号", "filed_on": filed_on}
    filed = await closing.post(f"/acceptances/{accepted.json()['id']}/file", filing, DEPARTMENT)
    assert filed.status_code == 200, filed.text
    return dict(filed.json())
