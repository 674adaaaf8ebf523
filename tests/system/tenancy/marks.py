"""By what a row of the neighbour would be known in any answer, and every read of the house."""

import io
import re
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import openpyxl

from gateway.docs.merge import operations
from shared.chassis.permissions import ROLES
from tests.support.calls import CALLS
from tests.support.county import COUNTY, LEDGERS, NEIGHBOUR, Call, County
from tests.support.house import House
from tests.support.work.petitions_imports import REGISTER

PEOPLE = sorted(set(ROLES) - {"service"})


def cells(file: Path) -> set[str]:
    """Every text of a workbook."""
    book = openpyxl.load_workbook(file, read_only=True)
    texts = {str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row if value}
    book.close()
    return texts


async def ledger_of(county: County) -> list[dict[str, Any]]:
    async with county.house.client(await county.office()) as client:
        return list((await client.get("/v1/projects/projects", params={"limit": 200})).json()["items"])


def _is_telling(word: str) -> bool:
    return len(word) > 2 and all("\u4e00" <= letter <= "\u9fff" or letter in "·（）" for letter in word)


async def marks_of(county: County) -> re.Pattern[str]:
    """What only this county's rows say: its code (not inside a digest or a fraction), its ids, its projects' names."""
    words = set(county.rows.values())
    for row in await ledger_of(county):
        people = (row["parties"]["developer"], row["location"]["township"], *row["people"].values())
        words |= {row["id"], row["project_code"], row["name"], *filter(None, people)}
    # Both counties read the register, as a dry run.
    words -= cells(LEDGERS[NEIGHBOUR if county.code == COUNTY else COUNTY]) | cells(REGISTER)
    # The contract proof leaves projects called `0` behind: what anybody's answer may hold by chance marks nobody.
    words = {w for w in map(str, words) if county.code in w or len(w) == len(str(UUID(int=0))) or _is_telling(w)}
    assert len(words) > 15
    return re.compile(f"(?<![0-9a-f.]){county.code}(?![0-9a-f])|" + "|".join(map(re.escape, sorted(words))))


def text_of(answer: httpx.Response) -> str:
    """What an answer says, workbooks included."""
    if not answer.content.startswith(b"PK"):
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


@dataclass(frozen=True)
class Read:
    """A GET of the house and the names of its parameters; `needs` are those a query cannot do without."""

    name: str
    path: str
    takes: frozenset[str]
    needs: frozenset[str]

    @property
    def is_list(self) -> bool:
        return "cursor" in self.takes

    async def asked(self, county: County, call: Call = Call()) -> dict[str, Any]:
        """Arguments of a request about the rows of a county."""
        needed = {name: value for name, value in CALLS[self.name].query.items() if name in self.needs}
        return await replace(call, query={**needed, **call.query}).request(county, "GET", self.path)


async def reads_of(house: House) -> list[Read]:
    """Every one in the document, so that a new one is not forgotten."""
    async with house.client() as client:
        document = (await client.get("/openapi.json")).json()
    reads = [
        Read(operation["operationId"], path, frozenset(taken), frozenset(p for p, needed in taken.items() if needed))
        for path, method, operation in operations(document)
        for taken in [
            {p["name"]: p.get("required", False) and p["in"] == "query" for p in operation.get("parameters", ())}
        ]
        if method.upper() == "GET"
    ]
    assert sum(read.is_list for read in reads) > 40
    return sorted(reads, key=lambda read: read.name)
