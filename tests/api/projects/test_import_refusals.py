"""What is not even read: hostile files, forms that are wrong, another county's ledger."""

import io
import zipfile

import pytest

from tests.support.ledgers import HEADS, stored
from tests.support.projects import County, Projects
from tests.support.sheets import ledger, workbook


def archive(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return target.getvalue()


def with_formula() -> bytes:
    return workbook([["项目名称", "总套数"], ["甲", "=1+1"]])


HOSTILE = {
    "empty": (b"", {415, 422}),
    "text": ("项目名称,总套数\n甲,1\n".encode(), {415}),
    "old_excel": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), {415}),
    "a_zip": (archive(a=b"b"), {415}),
    "bomb": (archive(**{"xl/workbook.xml": bytes(220_000_000)}), {413, 415, 422}),
    "formula": (with_formula(), {422}),
    "no_ledger": (workbook([["甲", "乙"], [1, 2]]), {422}),
    "cut": (workbook([["项目名称", "总套数"], ["甲", 1]])[:-200], {415, 422}),
    "future": (ledger(["项目名称", "总套数"], ["甲", 1], as_of="2026年11月24日"), {422}),
}


@pytest.mark.parametrize("kind", HOSTILE)
async def test_a_hostile_file_is_refused_clearly_and_nothing_is_stored(county: County, kind: str) -> None:
    content, expected = HOSTILE[kind]
    answer = await county.upload(content)
    assert answer.status_code in expected, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.json()["detail"]) > 5
    assert not any((await stored(county)).values())


async def test_a_file_beyond_the_limit_is_refused_before_it_is_read(county: County, projects: Projects) -> None:
    answer = await county.upload(bytes(projects.app.state.settings.max_upload_bytes + 1))
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"unknown": "1"}, "/"),
        ({"mode": "perhaps"}, "/mode"),
        ({"clear_unknown": "1"}, "/clear_unknown"),
        ({"as_of": "30.11.2024"}, "/as_of"),
        ({"as_of": "2026-11-24"}, "/as_of"),
        ({"division_code": "12"}, "/division_code"),
    ],
)
async def test_a_form_is_as_strict_as_json(county: County, fields: dict[str, str], pointer: str) -> None:
    answer = await county.upload(ledger(HEADS, ["甲小区", None, 1, None, None]), **fields)
    assert answer.status_code == 422, answer.text
    assert [e["pointer"] for e in answer.json()["errors"]] == [pointer]


async def test_an_import_wants_multipart_and_a_file(county: County) -> None:
    assert (await county.call("POST", "/imports", json={})).status_code == 415
    assert (await county.call("POST", "/imports", files={"mode": (None, "row_by_row")})).status_code == 422
    assert (await county.call("POST", "/imports", files={"file": (None, "text")})).status_code == 422


async def test_another_division_is_not_written_to(county: County, projects: Projects) -> None:
    sheet = ledger(HEADS, ["甲小区", None, 1, None, None])
    assert (await county.upload(sheet, division_code=projects.county().code)).status_code == 404
    city = County(projects, f"{county.code[:4]}00")
    assert (await city.upload(sheet, division_code=county.code)).status_code == 403
