"""An attacker who is superuser of the service's PostgreSQL, against the chain of a county and two signed checkpoints.

One chain is seeded once: a third, a checkpoint, a third, a checkpoint, a third that no checkpoint has reached.
Every attack starts from it whole, and the chain of the county next door stays whole under all of them.
"""

import datetime as dt
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from joserfc import jws
from joserfc.jwk import KeySet

from deploy.parts import GATEWAY, SERVICES
from tests.support.house import House, running_house
from tests.support.persistent import ledger_of
from tests.support.profile import count, report
from tests.support.sheets import XLSX

VICTIM, NEIGHBOUR, CITY = "999902", "999901", "999900"
THIRD = count(20, 2_000)
PATIENCE_SECONDS = 120.0
PROJECTS = SERVICES[0].database


@dataclass(frozen=True)
class Chain:
    """Where the checkpoints are and where the chain ends."""

    house: House
    auditor: httpx.Client
    first: int
    second: int
    end: int

    @property
    def target(self) -> int:
        """An entry between the two checkpoints."""
        return (self.first + self.second) // 2

    def attack(self, script: str, database: str = PROJECTS) -> None:
        values = {"victim": f"'{VICTIM}'", "target": self.target, "first": self.first, "second": self.second}
        for name, value in values.items():
            script = script.replace(f":{name}", str(value))
        self.house.server.psql(script=script, database=database)

    def verdict(self) -> dict[str, Any]:
        """On the victim's chain; the neighbour's must be whole."""
        answer = self.auditor.get("/v1/projects/audit/verify")
        assert answer.status_code == 200, answer.text
        found = {each["division_code"]: each for each in answer.json()["chains"]}
        assert found.keys() == {VICTIM, NEIGHBOUR}
        assert found[NEIGHBOUR]["ok"]
        assert answer.json()["ok"] == found[VICTIM]["ok"]
        return dict(found[VICTIM])


@pytest.fixture(scope="module")
async def seeded() -> Any:
    # A worker publishes when it starts and, at this pace, never again: a restart is a checkpoint.
    with running_house(settings={"ANJU_PROJECTS_CHECKPOINT_SECONDS": "100000"}) as house:
        auditor = house_client(house, await house.user("auditor", CITY))
        offices = {code: house_client(house, await house.user("office", code)) for code in (VICTIM, NEIGHBOUR)}
        with auditor, offices[VICTIM], offices[NEIGHBOUR]:
            add_projects(offices[NEIGHBOUR], "邻县楼盘", 5)
            ends = []
            for part in ("甲", "乙", "丙"):
                add_projects(offices[VICTIM], f"{part}区楼盘", THIRD)
                chain = Chain(house, auditor, 0, 0, 0)
                if part != "丙":
                    house.kill("projects-worker")
                    house.start("projects-worker")
                    wait_for_checkpoint(chain)
                ends.append(chain.verdict()["entries"])
            house.server.psql(
                database=PROJECTS,
                script="create schema kept; create table kept.entry as table audit_entry;"
                "create table kept.head as table audit_head;",
            )
            house.server.psql(
                database=GATEWAY.database, script="create schema kept; create table kept.row as table checkpoint;"
            )
            yield Chain(house, auditor, *ends)


@pytest.fixture
def chain(seeded: Chain) -> Iterator[Chain]:
    """Whole again after each attack."""
    yield seeded
    seeded.attack(
        "truncate audit_entry, audit_head; insert into audit_entry table kept.entry;"
        "insert into audit_head table kept.head;"
    )
    seeded.attack("truncate checkpoint; insert into checkpoint table kept.row;", GATEWAY.database)


def house_client(house: House, headers: dict[str, str]) -> httpx.Client:
    return httpx.Client(base_url=house.gateway_url, headers=headers, timeout=60)


def add_projects(office: httpx.Client, prefix: str, rows: int) -> None:
    """As many audit entries, and one of the import itself."""
    file = ledger_of(tuple(f"{prefix}{number}" for number in range(rows)), units=100)
    accepted = office.post("/v1/projects/imports", files={"file": ("ledger.xlsx", file, XLSX)})
    assert accepted.status_code == 202, accepted.text
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := office.get(accepted.headers["location"], params={"limit": 0}).json())["state"] != "succeeded":
        assert found["state"] in ("queued", "running"), found
        assert time.monotonic() < deadline
        time.sleep(0.1)


def wait_for_checkpoint(chain: Chain) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := chain.verdict())["anchored_until"] != found["entries"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def rewritten(start: str) -> str:
    """Change one entry and compute all that follows anew, head included, as whoever knows the formula can."""
    return f"""do $$
        declare
            entry record;
            told text;
            last bytea := (select hash from audit_entry where division_code = :victim and seq = {start} - 1);
        begin
            for entry in select * from audit_entry where division_code = :victim and seq >= {start} order by seq loop
                told := entry.body;
                if entry.seq = {start} then
                    told := replace(told, '"units_total":100', '"units_total":999');
                    assert told <> entry.body;
                end if;
                last := sha256(last || convert_to(:victim || ':' || entry.seq || ':' || told, 'UTF8'));
                update audit_entry set body = told, hash = last where division_code = :victim and seq = entry.seq;
            end loop;
            update audit_head set hash = last where division_code = :victim;
        end $$;"""


def cut(after: str) -> str:
    """Remove the tail and let the head say that this was the end."""
    return f"""delete from audit_entry where division_code = :victim and seq > {after};
        update audit_head set (seq, hash) = (select seq, hash from audit_entry where division_code = :victim
        and seq = {after}) where division_code = :victim;"""


ONE = "where division_code = :victim and seq = :target;"
ATTACKS = {
    "body edited": (f"update audit_entry set body = replace(body, '\"units_total\":100', '\"units_total\":999') {ONE}",
                    "target", "edited"),
    "body and its hash edited": (
        "update audit_entry set body = replace(body, '100', '999'),"
        f" hash = sha256(convert_to(replace(body, '100', '999'), 'UTF8')) {ONE}", "target", "edited"),
    "actor column edited": (f"update audit_entry set actor = 'user:somebody-else' {ONE}", "target", "edited"),
    "subject column edited": (f"update audit_entry set subject_id = 'another' {ONE}", "target", "edited"),
    "action column edited": (f"update audit_entry set action = 'create' {ONE}", "target", "edited"),
    "time column edited": (f"update audit_entry set recorded_at = recorded_at - interval '1 day' {ONE}",
                           "target", "edited"),
    "row deleted": (f"delete from audit_entry {ONE}", "target", "deleted"),
    "rows swapped": (
        """update audit_entry set seq = -seq where division_code = :victim and seq in (:target, :second);
        update audit_entry set seq = :target + :second + seq where division_code = :victim and seq < 0;""",
        "target", "swapped"),
    "tail cut before the checkpoint": (cut(":target - 1"), "target", "truncated"),
    "everything gone": (
        "delete from audit_entry where division_code = :victim; delete from audit_head where division_code = :victim;",
        1, "truncated"),
    "rewritten from between the checkpoints": (rewritten(":target"), "after first", "rewritten"),
    "rewritten from before both": (rewritten("(:first / 2)"), 1, "rewritten"),
    "tail cut, head left": ("delete from audit_entry where division_code = :victim and seq > :second;",
                            "after second", "truncated"),
    "edited after the last checkpoint": (
        "update audit_entry set actor = 'user:x' where division_code = :victim and seq = :second + 2;",
        "second after second", "edited"),
}  # fmt: skip


def test_a_whole_chain(chain: Chain) -> None:
    found = chain.verdict()
    assert (found["ok"], found["what"], found["first_bad_seq"]) == (True, None, None)
    assert (found["entries"], found["anchored_until"]) == (chain.end, chain.second)
    assert chain.first < chain.target < chain.second < chain.end


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_found_and_named(chain: Chain, attack: str) -> None:
    script, where, what = ATTACKS[attack]
    chain.attack(script)
    places = {
        "target": chain.target,
        "after first": chain.first + 1,
        "after second": chain.second + 1,
        "second after second": chain.second + 2,
    }
    found = chain.verdict()
    expected = places[where] if isinstance(where, str) else where
    assert (found["ok"], found["what"], found["first_bad_seq"]) == (False, what, expected)
    report(f"tampering: {attack}", entries=chain.end, named=found["what"], first_bad_seq=found["first_bad_seq"])


def test_what_was_cut_after_the_last_checkpoint_is_told_as_unanchored(chain: Chain) -> None:
    chain.attack(cut(":second + 3"))
    found = chain.verdict()
    assert (found["ok"], found["entries"], found["anchored_until"]) == (True, chain.second + 3, chain.second)
    [kept] = [line for line in checkpoint_lines(chain.house) if line["seq"] == chain.second]
    since, kept_at = (dt.datetime.fromisoformat(at) for at in (found["unanchored_since"], kept["recorded_at"]))
    assert since == kept_at
    report("tampering: tail cut after the last checkpoint", named=f"unanchored since {found['unanchored_since']}")


def checkpoint_lines(house: House) -> list[dict[str, Any]]:
    """What the append-only file holds of the victim's chain, each line's signature checked with the public key."""
    keys = KeySet.import_key_set(httpx.get(f"{house.gateway_url}/.well-known/jwks.json").json())
    file = house.processes["gateway"].environment["ANJU_GATEWAY_CHECKPOINT_FILE"]
    found = []
    with open(file, encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            signed = json.loads(jws.deserialize_compact(line["signature"], keys, algorithms=["Ed25519"]).payload)
            assert {name: line[name] for name in ("division_code", "service", "seq", "hash")}.items() <= signed.items()
            if (line["division_code"], line["service"]) == (VICTIM, "projects"):
                found.append(line)
    return found


@pytest.mark.parametrize("column", ["hash", "seq", "recorded_at", "signature"])
def test_a_changed_checkpoint_is_found_by_its_signature(chain: Chain, column: str) -> None:
    """Even by one who rewrites the chain to fit it."""
    value = {
        "hash": "sha256('another')",
        "seq": "seq + 1",
        "recorded_at": "recorded_at - interval '1 day'",
        "signature": "reverse(signature)",
    }[column]
    chain.attack(rewritten(":target"))
    chain.attack(
        f"update checkpoint set {column} = {value} "
        "where division_code = :victim and service = 'projects' and seq = :second",
        GATEWAY.database,
    )
    found = chain.verdict()
    place = chain.second + (column == "seq")
    assert (found["ok"], found["what"], found["first_bad_seq"]) == (False, "forged_checkpoint", place)
    assert found["anchored_until"] == chain.first
    genuine = [line["seq"] for line in checkpoint_lines(chain.house)]
    assert genuine == [chain.first, chain.second]
    report(f"tampering: checkpoint's {column} changed", named=found["what"], first_bad_seq=found["first_bad_seq"])
