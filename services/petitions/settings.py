"""Settings of the petitions service: `ANJU_PETITIONS_…`."""

from typing import ClassVar

from pydantic_settings import SettingsConfigDict

from shared.service.settings import ServiceSettings


class PetitionsSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="ANJU_PETITIONS_", extra="ignore", hide_input_in_errors=True)

    service: ClassVar[str] = "petitions"

    port: int = 8102
    client_id: str = "petitions"


def load() -> PetitionsSettings:
    return PetitionsSettings()
