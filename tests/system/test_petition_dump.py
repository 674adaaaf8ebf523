"""Who petitions is unreadable at rest: what went in by every door is in no dump, no file of the database, no log.

What is searched is opened first (`tests.support.searching`); that the search finds is shown on plain copies planted
where the service's own rows and lines stand.
"""

import asyncio
import base64
import gzip
import io
import json
import subprocess
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from urllib.parse import quote

from deploy.parts import PARTS, PETITIONS
from deploy.postgres.binaries import program_folder
from tests.support.county import County
from tests.support.doors import Doors
from tests.support.house import House
from tests.support.planted import PEOPLE, VALUES, Person
from tests.support.profile import report
from tests.support.registers import workbook
from tests.support.searching import Search

OPEN = """
select format('alter table %I alter %I set storage external', relname, attname)
from pg_attribute join pg_class on pg_class.oid = attrelid
where relkind = 'r' and relnamespace = 'public'::regnamespace and attnum > 0 and not attisdropped
  and attstorage in ('x', 'm')
"""
"""PostgreSQL packs long values in a way of its own; without, its files can be read like any others."""


def text_of(person: Person) -> str:
    return "，".join(person.values)


def zipped(text: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("来信.txt", text)
    return packed.getvalue()


def wrapped(person: Person) -> Mapping[str, bytes]:
    """The person's values in every wrapping the search claims to open, and in some of them one inside the other."""
    plain = text_of(person)
    book, encoded = workbook(["姓名", *person.values]), base64.b64encode(plain.encode())
    return {
        "plain": plain.encode(),
        "JSON": json.dumps({"text": plain}).encode(),
        "JSON in JSON": json.dumps({"body": json.dumps({"text": plain})}).encode(),
        "XML": "".join(f"&#{ord(one)};" for one in plain).encode(),
        "percent": quote(plain).encode(),
        "UTF-16": plain.encode("utf-16-le"),
        "GBK": plain.encode("gb18030"),
        "base64": b'{"file":"' + encoded + b'"}',
        "base64 after letters": b"xy" + encoded,
        "base64 in lines": base64.encodebytes(plain.encode() * 9),
        "hex": plain.encode().hex().encode(),
        "gzip": gzip.compress(plain.encode()),
        "ZIP": zipped(plain),
        "workbook": book,
        "workbook in base64 in JSON in gzip": gzip.compress(
            json.dumps({"b": base64.b64encode(book).decode()}).encode()
        ),
    }


def stranger(number: int) -> Person:
    """Nobody who has petitioned."""
    return Person(f"甲{number}乙", f"99010219500101{number:04}", f"1665550{number:04}", f"{number + 31}号楼九单元")


def test_the_search_opens_every_wrapping() -> None:
    search = Search(VALUES)
    for number, (wrapping, content) in enumerate(wrapped(PEOPLE[7]).items()):
        assert search.found(b"\0\xff" * number + content + b"\0" * 9) == set(PEOPLE[7].values), wrapping
    assert search.found(text_of(PEOPLE[7])[1:].encode()) == set(PEOPLE[7].values[1:])
    assert search.found(b"") == set()


def dumped(house: House, database: str) -> bytes:
    """All of a database as text, by who sees every row."""
    socket = house.server.psql("-c", "show unix_socket_directories")
    command = [
        str(program_folder() / "pg_dump"),
        "-h",
        socket,
        "-p",
        str(house.server.port),
        "-U",
        "postgres",
        database,
    ]
    return subprocess.run(command, capture_output=True, check=True).stdout


def everything_at_rest(house: House) -> Iterator[tuple[str, bytes]]:
    """By where it stands: each table of each database, PostgreSQL's own files and log, what processes wrote."""
    sql = "select oid from pg_database where datname !~ '^(template|postgres)'"
    own = set(house.server.psql("-c", sql).splitlines())
    for part in PARTS:
        for section in dumped(house, part.database).split(b"\nCOPY ")[1:]:
            yield f"{part.name} {section[: section.index(b' ')].decode()}", section
    house.server.psql("-c", "checkpoint")
    for folder in (house.server.folder, house.logs.parent):
        for path in sorted(folder.rglob("*")):
            place = path.relative_to(folder)
            if path.is_file() and (place.parts[:2] != ("data", "base") or place.parts[2] in own):
                # Zeros of files that grow by whole pages are most of them.
                yield str(place), path.read_bytes().rstrip(b"\0")


@contextmanager
def planted(house: House, copies: Sequence[bytes]) -> Iterator[None]:
    """Each of them in a row of a table of the service's database, and in a file beside the logs."""
    rows = ",".join(f"('\\x{content.hex()}')" for content in copies)
    script = f"""
        create table planted (content bytea storage external);
        insert into planted values {rows};
    """
    house.server.psql(script=script, database=PETITIONS.database)
    file = house.logs / "planted.bin"
    file.write_bytes(b"\n".join(copies))
    try:
        yield
    finally:
        house.server.psql("-c", "drop table planted", database=PETITIONS.database)
        file.unlink()


def found_at_rest(house: House, search: Search) -> tuple[dict[str, set[str]], int]:
    """The values by where they are readable, and how many bytes were looked through."""
    found, size = dict[str, set[str]](), 0
    for place, content in everything_at_rest(house):
        size += len(content)
        if seen := search.found(content):
            found[place] = seen
    return found, size


def of(people: Iterable[Person]) -> set[str]:
    return {value for person in people for value in person.values}


async def test_nobody_who_petitions_can_be_read_at_rest(house: House, county: County) -> None:
    """And a plain copy of somebody, however it is wrapped, would have been."""
    database = PETITIONS.database
    house.server.psql(script=house.server.psql("-c", OPEN, database=database).replace("\n", ";"), database=database)
    async with house.client() as client:
        document = (await client.get("/openapi.json")).json()
    doors = Doors(county)
    await doors.all()
    await doors.everywhere(document)
    await asyncio.sleep(1.5)  # The log has what was asked for last.

    known = of(doors.persons)
    wrappings = list(wrapped(stranger(0)))
    strangers = [stranger(number) for number in range(len(wrappings))]
    copies = [wrapped(one)[wrapping] for one, wrapping in zip(strangers, wrappings, strict=True)]
    with planted(house, copies):
        found, size = await asyncio.to_thread(found_at_rest, house, Search(known | of(strangers)))
    report("at rest", values=len(known), requests=doors.sent, accepted=doors.accepted, megabytes=size >> 20)
    assert {place: seen & known for place, seen in found.items() if seen & known} == {}
    assert len(known) >= 1_000

    assert found["petitions public.planted"] == found["logs/planted.bin"] == of(strangers)
    # PostgreSQL cuts what is longer than two kilobytes into pieces, which only a dump puts together again.
    short = of(one for one, name in zip(strangers, wrappings, strict=True) if not name.startswith("workbook"))
    for files in ("data/base/", "data/pg_wal/"):
        assert short <= set().union(*(seen for place, seen in found.items() if place.startswith(files))), files
