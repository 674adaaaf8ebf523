"""Settings every process has. Read from the environment; refuse to start on a secret that everybody knows."""

from typing import ClassVar, Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MIN_SECRET_LENGTH = 16
WELL_KNOWN = {"secret", "password", "changeme", "change-me", "example", "postgres", "anju", "default"}


class Settings(BaseSettings):
    """Subclass once per process kind and set `env_prefix`."""

    model_config = SettingsConfigDict(extra="ignore", hide_input_in_errors=True)

    service: ClassVar[str]

    environment: Literal["local", "production"] = "production"
    host: str = "127.0.0.1"
    port: int = Field(ge=1, le=65535)
    log_level: str = "INFO"
    database_url: SecretStr
    relay_database_url: SecretStr | None = None
    pool_size: int = Field(10, ge=1, le=100)
    max_body_bytes: int = 1_000_000
    max_upload_bytes: int = 20_000_000
    body_deadline_seconds: float = 60.0
    job_lease_seconds: float = Field(30.0, ge=1, le=60)

    @model_validator(mode="after")
    def _no_default_secrets(self) -> Self:
        if self.environment == "local":
            return self
        for name, value in self:
            if not isinstance(value, SecretStr):
                continue
            text = value.get_secret_value()
            secret = text.split("@")[0].rsplit(":", 1)[-1] if "://" in text else text
            if secret.lower() in WELL_KNOWN or len(secret) < MIN_SECRET_LENGTH:
                raise ValueError(f"{name}: 生产环境须使用至少 {MIN_SECRET_LENGTH} 位的随机密钥，不得使用示例值")
        return self
