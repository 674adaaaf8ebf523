"""Evidence as people of a county send it."""

import datetime as dt
from typing import Any

import httpx
from sqlalchemy import text

from shared.chassis import scope
from tests.support.photos import jpeg, original
from tests.support.projects import MORNING, County

GATE = (38.0421, 114.5143)


def honest(number: int = 0, *, taken: dt.datetime = MORNING, place: tuple[float, float] = GATE) -> bytes:
    return jpeg(original(number), taken=taken, place=place)


async def with_site(county: County, name: str = "甲小区") -> dict[str, Any]:
    project = await county.create(name)
    body = {"latitude": str(GATE[0]), "longitude": str(GATE[1]), "datum": "cgcs2000"}
    answer = await county.call("PUT", f"/projects/{project['id']}/site", json=body, headers={"If-Match": '"0"'})
    assert answer.status_code == 200, answer.text
    return project


async def send(
    county: County,
    project: dict[str, Any],
    content: bytes,
    *,
    role: str = "office",
    subject: str | None = None,
    unit: str | None = None,
    **form: str,
) -> httpx.Response:
    return await county.call(
        "POST",
        f"/projects/{project['id']}/evidence",
        role=role,
        subject=subject,
        unit=unit,
        files={"file": ("现场.jpg", content)},
        data={"subject_type": "inspection", "subject_id": "I-1"} | form,
    )


async def add(county: County, project: dict[str, Any], content: bytes, **form: Any) -> dict[str, Any]:
    answer = await send(county, project, content, **form)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def code_of(county: County, project: dict[str, Any]) -> str:
    answer = await county.call("GET", f"/projects/{project['id']}/site-code", role="inspector")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["code"])


async def rows_of(county: County, table: str) -> int:
    with scope.within(county.code):
        async with county.projects.database.session() as session:
            return int((await session.execute(text(f"select count(*) from {table}"))).scalar_one())
