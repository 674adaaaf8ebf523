"""Settings of the projects service: `ANJU_PROJECTS_…`."""

from typing import ClassVar

from pydantic_settings import SettingsConfigDict

from shared.service.settings import ServiceSettings


class ProjectsSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="ANJU_PROJECTS_", extra="ignore", hide_input_in_errors=True)

    service: ClassVar[str] = "projects"

    port: int = 8101
    client_id: str = "projects"


def load() -> ProjectsSettings:
    return ProjectsSettings()
