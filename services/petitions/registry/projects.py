"""The project a petition is about: its own service is asked, what it said is kept."""

from uuid import UUID

from services.petitions.registry.problems import bad
from shared.chassis.clock import Clock
from shared.clients.gateway import GatewayClient, ProjectName
from shared.errors import NotFound
from shared.storage.rows import Row


async def named_project(gateway: GatewayClient, project_id: UUID | None, division_code: str) -> ProjectName | None:
    """The project as its own service has it now; 422 where this division has none such."""
    if project_id is None:
        return None
    try:
        project = await gateway.name_project(project_id)
    except NotFound:
        project = None
    if project is None or project.division_code != division_code:
        raise bad("/project_id", "unknown_project", "本县台账中没有此项目")
    return project


def linked(project: ProjectName | None, clock: Clock) -> Row:
    """What a petition keeps of its project: as it was called when it was asked for."""
    return {
        "project_id": project.project_id if project else None,
        "project_code": project.project_code if project else None,
        "project_name": project.name if project else None,
        "developer": project.developer if project else None,
        "project_asked_at": clock.now() if project else None,
    }
