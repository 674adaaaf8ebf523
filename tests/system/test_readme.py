"""The tours of both READMEs, pasted line by line into a plain shell; what they show must be what comes out."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy import demo, demo_cast
from deploy.local import BOOTSTRAP_USER, CLONE
from tests.support.house import House, running_house
from tests.support.registers import EXPECTED, stated

ADDRESS = "http://127.0.0.1:8000"
TOOLS = ("curl", "grep", "sh", "sleep")
"""Beside python3, all that the tours may use."""
TOUR_SECONDS = 120
_BLOCK = re.compile(r"^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """Lines to paste and what they show; `…` stands for what is left out or differs from run to run."""

    commands: str
    shown: str

    def matches(self, output: str) -> bool:
        pattern = ".*".join(re.escape(part) for part in self.shown.split("…"))
        return re.fullmatch(pattern, output, re.DOTALL) is not None


def tour(readme: str) -> list[Step]:
    text = (CLONE / readme).read_text()
    return [Step(found[1], found[2] or "") for found in _BLOCK.finditer(text)]


@pytest.fixture
async def demo_house() -> AsyncIterator[House]:
    """What `make run` has started when it prints its accounts."""
    with running_house() as house:
        first = demo.Bootstrap(BOOTSTRAP_USER, house.secrets["ANJU_GATEWAY_BOOTSTRAP_PASSWORD"])
        await demo.load(house.gateway_url, first)
        yield house


def paste(steps: list[Step], gateway: str, folder: Path) -> list[str]:
    """What each step prints when all are typed into one shell that finds the tours' tools and nothing else."""
    tools = folder / "bin"
    tools.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found is not None, f"{name} is needed to paste the tour"
        (tools / name).symlink_to(found)
    (tools / "python3").symlink_to(sys.executable)
    (folder / "tests").symlink_to(CLONE / "tests")
    mark = "--- pasted ---"
    typed = "".join(f"{step.commands}echo '{mark}'\n" for step in steps).replace(ADDRESS, gateway)
    with subprocess.Popen(
        ["sh"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env={"PATH": str(tools), "LANG": "C.UTF-8"},
        text=True,
        start_new_session=True,
    ) as shell:
        try:
            output, _ = shell.communicate(typed, timeout=TOUR_SECONDS)
        finally:
            if shell.poll() is None:
                os.killpg(shell.pid, signal.SIGKILL)
    return output.split(f"{mark}\n")[:-1]


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
@pytest.mark.skipif(shutil.which("curl") is None, reason="the tours use curl")
def test_the_tour_shows_what_it_says(readme: str, demo_house: House, tmp_path: Path) -> None:
    steps = tour(readme)
    assert len(steps) >= 8
    outputs = paste(steps, demo_house.gateway_url, tmp_path)
    assert len(outputs) == len(steps), "a line of the tour ended the shell"
    wrong = [
        f"{step.commands}shows:\n{step.shown}prints:\n{output}"
        for step, output in zip(steps, outputs, strict=True)
        if not step.matches(output)
    ]
    assert not wrong, "\n".join(wrong)
    assert stated(figures_as_of(EXPECTED["as_of"], demo_house)) == EXPECTED


def figures_as_of(day: str, house: House) -> dict[str, Any]:
    """What a clerk of the demo county is told: petitions of these weeks change no figure of the register's year."""
    form = {"grant_type": "password", "username": f"petitions.{demo_cast.COUNTY}", "password": demo.PASSWORD}
    with httpx.Client(base_url=house.gateway_url, verify=False) as client:
        token = client.post("/v1/auth/token", data=form).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        answer = client.get("/v1/petitions/kpis", params={"as_of": day}, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_what_is_shown_decides() -> None:
    step = Step("true\n", "projects: 24\nid: …\n")
    assert step.matches("projects: 24\nid: 01a2\n")
    assert not step.matches("projects: 25\nid: 01a2\n")
    assert not step.matches("projects: 24\nid: 01a2\nTraceback")
