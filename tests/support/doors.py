"""Planted persons through every door of the petitions service that takes words about people.

`Doors(county).all()` sends them where they belong, in bulk; `everywhere()` puts them also into every text of every
operation there is, an operation of tomorrow included: what is refused must leave no trace either.
"""

import copy
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from gateway.docs.merge import Document, operations
from tests.support.calls import CALLS
from tests.support.county import HERE, Call, County
from tests.support.house import Headers
from tests.support.intake import DETAILS, petition
from tests.support.office import OPINION
from tests.support.planted import Person, draw, mention
from tests.support.registers import workbook
from tests.support.sheets import XLSX
from tests.support.work.petitions_registry import PURPOSE, office

AT = "/v1/petitions"
MOST_SIGNERS = 200
ANOTHER: Mapping[str, Sequence[Call]] = {
    "register_petition": [Call(json=HERE | petition(channel_detail=detail)) for detail in DETAILS.values()],
    "reply_petition": [
        Call(
            json={"petition_class": "suggestion", "answer": {"result": "adopted", "text": "已采纳"}},
            fresh=CALLS["accept_petition"].fresh,
        )
    ],
    "answer_linked_petitions": [Call(json={"opinion": OPINION})],
}
"""Bodies of other shapes than the one in `CALLS`."""
HEADS = (
    "登记编号 登记日期 信访形式 信访人 信访代表 身份证号 手机号 住址 人数 涉及楼盘 楼栋 乡镇 诉求类别 反映内容 "
    "责任单位 答复文号 备注"
).split()
PURPOSES = {"purpose": "contact", "purpose_note": "电话告知受理结果"}


def words(person: Person) -> str:
    return f"我是{person.name}，身份证{person.id_number}，电话{person.phone}，家住{person.home}"


def texts(document: Document, schema: Any, body: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in a body of this schema a text stands or could, as far as the body goes."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for option in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from texts(document, option, body, at)
    if schema.get("type") == "string" and not schema.keys() & {"enum", "const", "format"}:
        yield at
    for name, inner in schema.get("properties", {}).items():
        if isinstance(body, Mapping):
            yield from texts(document, inner, body.get(name), (*at, name))
    if "items" in schema and isinstance(body, list) and body:
        yield from texts(document, schema["items"], body[0], (*at, 0))


def put(body: Any, at: tuple[Any, ...], value: str) -> Any:
    """A copy of the body with the value there."""
    changed = inner = copy.deepcopy(body)
    for step in at[:-1]:
        inner = inner[step]
    inner[at[-1]] = value
    return changed


@dataclass
class Doors:
    county: County
    sent: int = 0
    accepted: int = 0
    persons: set[Person] = field(default_factory=set)
    petitions: list[str] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)

    def draw(self, some: Callable[[], Person] = draw) -> Person:
        person = some()
        self.persons.add(person)
        return person

    async def send(self, who: Headers, method: str, path: str, **more: Any) -> httpx.Response:
        """A request, and the same once more where it may change something."""
        headers = {**who, **more.pop("headers", {})}
        if method == "POST":
            headers["Idempotency-Key"] = f"door-{self.county.code}-{self.sent}"
        async with self.county.house.client(headers) as client:
            answer = await client.request(method, path, **more)
            if method == "POST":
                await client.request(method, path, **more)
        self.sent += 1
        self.accepted += answer.status_code < 300
        assert answer.status_code < 500, (method, path, answer.text)
        return answer

    async def all(self) -> None:
        who = await office(self.county)
        for detail in DETAILS.values():
            await self.register(who, detail)
        for content, filename in self.registers():
            await self.bring(who, content, filename)
        for petition_id in self.petitions[:3]:
            await self.attach(who, petition_id)
        await self.read(who)

    async def register(self, who: Headers, detail: Mapping[str, Any]) -> None:
        """A petition of this channel: who brings it, who speaks for it, who signs it."""
        first = self.draw()
        persons = [first.facts]
        persons += [{"role": "representative"} | self.draw().facts for _ in range(5)]
        persons += [{"role": "co_signer"} | self.draw().facts for _ in range(12)]
        facts: dict[str, Any] = {"channel_detail": detail, "persons": persons, "people_count": len(persons)}
        if detail["channel"] == "one_stop_desk":
            facts["handed_to"] = [{"unit_code": "DEPARTMENT", "is_lead": True}, {"unit_code": "TOWNSHIP"}]
        body = {"division_code": self.county.code} | petition(**facts, statement=f"原文：{words(first)}")
        answer = await self.send(who, "POST", f"{AT}/petitions", json=body)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        self.petitions.append(made["id"])
        other = self.draw()
        change = {"persons": [{"id": made["persons"][0]["id"], **other.facts}], "statement": words(other)}
        changed = await self.send(
            who, "PATCH", f"{AT}/petitions/{made['id']}", json=change, headers={"If-Match": answer.headers["etag"]}
        )
        assert changed.status_code == 200, changed.text

    def registers(self) -> Iterator[tuple[bytes, str]]:
        """Rows as they should be, rows that are rejected, and rows with somebody in any of their cells."""
        day, number = "2026-01-05", self.county.number()
        good, odd = list[list[Any]](), list[list[Any]]()
        for row in range(60):
            one, two = self.draw(), self.draw()
            facts = dict(zip(HEADS, [f"Z{number}-{row}", day, "来访"], strict=False))
            facts |= {"信访人": f"{one.name}、{two.name}", "身份证号": f"{one.id_number}、{two.id_number}"}
            facts |= {"手机号": f"{one.phone}、{two.phone}", "住址": one.address, "人数": "2", "诉求类别": "退房退款"}
            facts |= {"涉及楼盘": "紫薇花园", "反映内容": words(one), "责任单位": "县住建局"}
            good.append([facts.get(head) for head in HEADS])
            numbers = f"{one.id_number} {one.phone}"
            odd.append([facts.get(head) if place != row % len(HEADS) else numbers for place, head in enumerate(HEADS)])
        yield workbook(HEADS, *good), f"{self.draw().name}等上访.xlsx"
        yield workbook(HEADS, *odd, sheet=self.draw().name), f"{self.draw().phone}.xlsx"
        stranger = self.draw()
        yield workbook([*HEADS, stranger.phone], *odd[:3]), "登记.xlsx"
        yield b"PK\x03\x04" + words(stranger).encode(), f"{stranger.id_number}.xlsx"

    async def bring(self, who: Headers, content: bytes, filename: str) -> None:
        for mode in ("row_by_row", "all_or_nothing"):
            answer = await self.send(
                who, "POST", f"{AT}/imports", files={"file": (filename, content, XLSX)}, data={"mode": mode}
            )
            if answer.status_code == 202:
                await self.county.ended(answer.headers["location"], who)
                self.imports.append(answer.headers["location"])

    async def attach(self, who: Headers, petition_id: str) -> None:
        person, packed = self.draw(), io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("word/document.xml", words(person))
        for content in (b"%PDF-1.7\n" + words(person).encode() * 9_000, packed.getvalue(), words(person).encode()):
            file = {"file": (f"{person.name}{person.id_number}.pdf", content, person.phone)}
            path = f"{AT}/petitions/{petition_id}/attachments"
            await self.send(who, "POST", path, files=file, data={"kind": "identity"})

    async def read(self, who: Headers) -> None:
        """Everything there is to read again, whole where it may be."""
        for petition_id in self.petitions:
            shown = await self.send(who, "POST", f"{AT}/petitions/{petition_id}/reveal", json=PURPOSE)
            assert shown.status_code == 200, shown.text
            for value in ("name", "id_number", "phone"):
                body = PURPOSE | {value: shown.json()["persons"][0][value]}
                found = await self.send(who, "POST", f"{AT}/petitions/find-by-person", json=body)
                assert petition_id in [item["id"] for item in found.json()["items"]]
            kept = await self.send(who, "GET", f"{AT}/petitions/{petition_id}/attachments")
            for file in kept.json()["items"]:
                await self.send(who, "GET", f"{AT}/petitions/{petition_id}/attachments/{file['id']}")
        for location in self.imports:
            await self.send(who, "GET", location)
            taken = await self.send(who, "GET", f"{location}/result", params=PURPOSES)
            assert taken.status_code == 200, taken.text
        await self.send(who, "GET", f"{AT}/export")

    async def everywhere(self, document: Document) -> None:
        """Into each text of each operation, one at a time, in words and as a bare number."""
        for path, method, operation in operations(document):
            if not path.startswith(AT):
                continue
            name = operation["operationId"]
            for call in (CALLS[name], *ANOTHER.get(name, ())):
                await self.into(document, call, path, method, operation)

    async def into(self, document: Document, call: Call, path: str, method: str, operation: Document) -> None:
        who = await self.keeper(operation)
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        places = [("params", (one["name"],)) for one in operation.get("parameters", []) if one["in"] == "query"]
        if content is not None and call.json:
            places += [("json", at) for at in dict.fromkeys(texts(document, content["schema"], call.json))]
        asked = await call.request(self.county, method, path)
        for part, at in places:
            person = self.draw(mention)
            for value in (words(person), person.id_number, person.phone, f"https://t.cn/{person.phone}"):
                sent = {part: put(asked.get(part) or {}, at, value)}
                rest = {name: asked[name] for name in ("params", "json", "headers") if name in asked} | sent
                answer = await self.send(who, method.upper(), asked["url"], **rest)
                if answer.status_code < 300 and method != "get":
                    asked = await call.request(self.county, method, path)
                    break

    async def keeper(self, operation: Document) -> Headers:
        roles = operation.get("x-roles")
        if operation.get("security") == [] or roles is None:
            return {}
        role = "petition_office" if "petition_office" in roles else roles[0]
        return await self.county.house.user(role, self.county.code)
