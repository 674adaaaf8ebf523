"""The real projects service (`service.py`) and a county's office at its ledger."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx
import pytest

from deploy.parts import PROJECTS
from deploy.postgres.databases import Database as Addresses
from services.projects import app, worker
from services.projects.settings import ProjectsSettings
from tests.support import service
from tests.support.postgres import Templates
from tests.support.service import LEASE, MORNING, Directory, Service, directory, until
from tests.support.statements import Statements, counting

__all__ = ["LEASE", "MORNING", "Statements", "directory", "until"]
"""Of any service; a test of this one finds them here."""

BASE = "/v1/projects"


class Projects(Service):
    def county(self) -> "County":
        return County(self)


@dataclass
class County(service.County[Projects]):
    @property
    def projects(self) -> Projects:
        return self.service

    async def create(self, name: str, **facts: Any) -> dict[str, Any]:
        return await self.add("/projects", name=name, **facts)

    async def change(self, project: Mapping[str, Any], **facts: Any) -> dict[str, Any]:
        """PATCH at the version given."""
        answer = await self.call(
            "PATCH", f"/projects/{project['id']}", json=facts, headers={"If-Match": f'"{project["version"]}"'}
        )
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def move(self, project: Mapping[str, Any], machine: str, to: str, **more: Any) -> httpx.Response:
        """A status change; `machine` is `construction` or `resolution`."""
        return await self.call(
            "POST",
            f"/projects/{project['id']}/{machine}-status",
            json={"to": to, "reason": "现场核查", **more},
            headers={"If-Match": f'"{project["version"]}"'},
        )

    async def upload(self, content: bytes, *, query: str = "", **fields: str) -> httpx.Response:
        return await self.call("POST", f"/imports{query}", files={"file": ("台账.xlsx", content)}, data=fields)

    async def load(self, content: bytes, *, dry_run: bool = False, **fields: str) -> dict[str, Any]:
        """Upload, run the worker's step, and give the finished import."""
        accepted = await self.upload(content, query="?dry_run=true" if dry_run else "", **fields)
        assert accepted.status_code == 202, accepted.text
        await self.projects.run_jobs()
        return await self.read(f"/imports/{accepted.json()['id']}")

    async def named(self) -> dict[str, dict[str, Any]]:
        """Every project by its name."""
        return {p["name"]: p for p in await self.every("/projects")}


running = partial(service.running, Projects, ProjectsSettings, app.create, worker.duties)


@pytest.fixture(scope="session")
async def running_projects(templates: Templates, directory: Directory) -> AsyncIterator[Projects]:
    await asyncio.to_thread(templates.make, PROJECTS)
    with templates.clone(PROJECTS) as addresses:
        async with running(addresses, directory) as projects:
            yield projects


@pytest.fixture
def projects(running_projects: Projects) -> Projects:
    """The service on the morning of 2026-11-23; its clock may be moved."""
    running_projects.clock.set(MORNING)
    return running_projects


@pytest.fixture
def county(projects: Projects) -> County:
    return projects.county()


@pytest.fixture
async def fresh(projects_database: Addresses, directory: Directory) -> AsyncIterator[Projects]:
    """The service on a database nobody else uses."""
    async with running(projects_database, directory) as projects:
        yield projects


@pytest.fixture
def statements(projects: Projects) -> Iterator[Statements]:
    with counting(projects.database) as seen:
        yield seen
