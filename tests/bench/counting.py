"""How many statements PostgreSQL is sent for one request of each operation, read from its own log."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.bench.stack import COUNTY, PROVINCE, Stack

_SENT = re.compile(r" anju_projects@anju_projects LOG:  (?:statement|execute [^:]*): ")
WORKBOOK = Path(__file__).resolve().parent.parent / "data" / "demo-999901-ledger.xlsx"


@dataclass(frozen=True)
class Count:
    """Statements of one request, BEGIN (which carries the scope) and COMMIT or ROLLBACK among them."""

    operation: str
    statements: int


class _Counter:
    def __init__(self, stack: Stack) -> None:
        self.stack, self.counts = stack, list[Count]()
        self.client = httpx.Client(base_url=stack.projects, headers=stack.token(), timeout=60)

    def sent(self) -> int:
        return len(_SENT.findall(self.stack.server.log.read_text(errors="replace")))

    def count(self, operation: str, ask: Callable[[], httpx.Response]) -> httpx.Response:
        """The second of two requests counts: the first one of a connection also prepares its statements."""
        ask().raise_for_status()
        time.sleep(0.1)
        before = self.sent()
        answer = ask().raise_for_status()
        time.sleep(0.1)
        self.counts.append(Count(operation, self.sent() - before))
        return answer


def statements(stack: Stack) -> list[Count]:
    stack.server.psql("-c", "alter system set log_statement = 'all'")
    stack.server.psql("-c", "select pg_reload_conf()")
    time.sleep(0.5)
    counter = _Counter(stack)
    try:
        with counter.client:
            _reads(counter)
            _writes(counter)
    finally:
        stack.server.psql("-c", "alter system reset log_statement")
        stack.server.psql("-c", "select pg_reload_conf()")
    return counter.counts


def _reads(counter: _Counter) -> None:
    get = counter.client.get
    base = "/v1/projects"
    items = counter.count("list_projects", lambda: get(f"{base}/projects")).json()["items"]
    one = f"{base}/projects/{items[0]['id']}"
    counter.count("list_projects, with its count", lambda: get(f"{base}/projects?count=true"))
    counter.count("get_project", lambda: get(one))
    above = counter.stack.token(PROVINCE, "leader")
    counter.count("get_project, from above its county", lambda: get(one, headers=above))
    counter.count("get_project_history", lambda: get(f"{one}/history"))
    counter.count("get_project_statistics", lambda: get(f"{base}/statistics"))
    counter.count("list_contradictions", lambda: get(f"{base}/contradictions"))
    counter.count("export_ledger", lambda: get(f"{base}/export"))


def _writes(counter: _Counter) -> None:
    client, base, number = counter.client, "/v1/projects", iter(range(10_000))

    def create() -> httpx.Response:
        return client.post(f"{base}/projects", json={"division_code": COUNTY, "name": f"新增{next(number)}号院"})

    def keyed() -> httpx.Response:
        key = {"Idempotency-Key": f"bench-{next(number):08d}"}
        body = {"division_code": COUNTY, "name": f"新增{next(number)}号院", "construction_status": "on_schedule"}
        return client.post(f"{base}/projects", json=body, headers=key)

    def change(path: str, method: str, *bodies: dict[str, Any]) -> Callable[[], httpx.Response]:
        """The bodies in turn, each at the version the one before left."""
        waiting = iter(bodies)

        def ask() -> httpx.Response:
            headers = {"If-Match": change_tag[0]}
            answer = client.request(method, f"{base}/projects/{made['id']}{path}", json=next(waiting), headers=headers)
            change_tag[0] = answer.headers.get("etag", change_tag[0])
            return answer

        return ask

    counter.count("create_project", create)
    answer = counter.count("create_project, with an Idempotency-Key", keyed)
    made, change_tag = answer.json(), [answer.headers["etag"]]
    sold = [{"size": {"units_sold": n}} for n in (1, 2)]
    counter.count("update_project", change("", "PATCH", *sold))
    site = [{"to": to, "reason": "测速"} for to in ("stopped", "on_schedule")]
    counter.count("change_construction_status", change("/construction-status", "POST", *site))
    work = [{"to": to, "reason": "测速"} for to in ("unresolved", "resolving")]
    counter.count("change_resolution_status", change("/resolution-status", "POST", *work))
    content = WORKBOOK.read_bytes()

    def upload() -> httpx.Response:
        return client.post(f"{base}/imports", files={"file": (WORKBOOK.name, content)})

    accepted = counter.count("import_ledger", upload)
    counter.count("get_import", lambda: client.get(accepted.headers["location"]))
