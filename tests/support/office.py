"""A petition office and the units it sends petitions to, at work over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.intake import petition
from tests.support.petitions import County

BODY, OTHER, GOVERNMENT = "ZJJ", "RSJ", "XZF"
REASONS = "情况复杂，需要继续调查核实"
OPINION = {
    "outcome": "support",
    "claim": "要求按合同交付房屋",
    "facts_and_reasons": "经查，3 号楼已停工十个月",
    "opinion": "责令企业于年内交付",
    "legal_basis": "《城市房地产管理法》第二十六条",
    "remedy": "如不服本意见，可自收到之日起三十日内申请复查",
}
DELIVERED = {"recipient": "petitioner", "method": "in_person"}
CLAIM = {"petition_class": "appeal_claim", "legal_route": 6}


@dataclass
class Office:
    """`county` with its units; a test says who acts by the unit, nobody is the petition office."""

    county: County

    async def open(self) -> "Office":
        await self.county.unit("XFJ", "信访局")
        for code, name in ((BODY, "住建局"), (OTHER, "人社局"), (GOVERNMENT, "县政府")):
            await self.county.unit(code, name)
        return self

    async def registered(self, on: str = "2026-11-02", **facts: Any) -> str:
        return str((await self.county.create(**petition(registered_on=on, **facts)))["id"])

    async def tell(
        self, petition: str, act: str, body: Mapping[str, Any] | None = None, *, unit: str | None = None, **more: Any
    ) -> httpx.Response:
        """Any act, however it ends."""
        role = more.pop("role", None) or ("department" if unit else "petition_office")
        path = f"/petitions/{petition}/{act}"
        return await self.county.call("POST", path, json=dict(body or {}), role=role, unit=unit, **more)

    async def done(
        self, petition: str, act: str, on: str, *, unit: Any = None, subject: Any = None, **body: Any
    ) -> dict[str, Any]:
        """An act that must succeed: where the petition stands then."""
        answer = await self.tell(petition, act, {"on": on, **body}, unit=unit, subject=subject)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def refused(
        self, petition: str, act: str, *, unit: Any = None, subject: Any = None, **body: Any
    ) -> tuple[int, str]:
        answer = await self.tell(petition, act, body, unit=unit, subject=subject)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()["code"]

    async def running(self, petition: str) -> dict[str, str]:
        """What is waited for, by its day by law."""
        found = (await self.county.read(f"/petitions/{petition}/clocks"))["items"]
        return {clock["kind"]: clock["due_on"] for clock in found if clock["ended_by"] is None}

    async def sent(self, on: str = "2026-11-02", **facts: Any) -> str:
        petition = await self.registered(on, **facts)
        await self.done(petition, "forward", on, unit_code=BODY)
        return petition

    async def accepted(self, on: str = "2026-11-02", **accept: Any) -> str:
        petition = await self.sent(on)
        await self.done(petition, "accept", on, unit=BODY, **CLAIM | accept)
        return petition

    async def told(self, on: str = "2026-09-01") -> str:
        """An opinion that has reached the petitioner."""
        petition = await self.accepted(on)
        await self.done(petition, "reply", on, unit=BODY, opinion=OPINION)
        await self.done(petition, "deliver", on, unit=BODY, document="opinion", **DELIVERED)
        return petition
