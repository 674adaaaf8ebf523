"""Settings of the projects service: `ANJU_PROJECTS_…`."""

from typing import ClassVar

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from shared.chassis.settings import Settings


class ProjectsSettings(Settings):
    model_config = SettingsConfigDict(env_prefix="ANJU_PROJECTS_", extra="ignore", hide_input_in_errors=True)

    service: ClassVar[str] = "projects"

    port: int = 8101
    gateway_url: str
    client_id: str = "projects"
    client_secret: SecretStr
    data_key: SecretStr
    checkpoint_seconds: float = 300.0
    sweep_except: frozenset[str] = frozenset({"999901", "999902"})
    """Divisions swept only when somebody asks: the demonstration counties, whose story must not move by itself."""


def load() -> ProjectsSettings:
    return ProjectsSettings()
