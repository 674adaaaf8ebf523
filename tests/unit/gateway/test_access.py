import asyncio
import json

import pytest

from gateway.access import FLUSH_SECONDS, AccessLog, shown_path
from shared.chassis import trace


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/v1/projects/projects", "/v1/projects/projects"),
        ("/v1/projects/projects/019ab1c2-0000-7000-8000-0123456789ab/history",) * 2,
        ("/v1/projects/projects/130185199001011234/history", "/v1/projects/projects/*/history"),
        ("/v1/projects/御水名都/", "/v1/projects/*/"),
        ("/v1/projects/a13900000000", "/v1/projects/*"),
        ("/v1/projects/v1x", "/v1/projects/*"),
        ("/v1/projects/" + "a" * 41, "/v1/projects/*"),
    ],
)
def test_only_our_own_words_and_uuids_are_shown(path: str, shown: str) -> None:
    assert shown_path(path) == shown


async def test_lines_are_written_together_and_soon() -> None:
    written: list[bytes] = []
    log = AccessLog(written.append)
    for status in (200, 404):
        log.note(trace.begin(), "projects", "GET", path="/v1/projects/x", status=status, seconds=0.001)
    assert written == []
    await asyncio.sleep(FLUSH_SECONDS * 2)
    assert [json.loads(line)["status"] for line in written[0].splitlines()] == [200, 404]
    assert len(written) == 1
