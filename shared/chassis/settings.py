"""Settings every process has. Read from the environment; refuse to start on a secret that everybody knows."""

from pathlib import Path
from typing import ClassVar, Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.chassis.clock import Clock, ShiftedClock, SystemClock

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
    clock_file: Path | None = Field(None, description="seconds the clock is put on, for rehearsals; local only")

    def clock(self) -> Clock:
        return ShiftedClock(self.clock_file) if self.clock_file else SystemClock()

    @model_validator(mode="after")
    def _fit_for_production(self) -> Self:
        if self.environment == "local":
            return self
        if self.clock_file is not None:
            raise ValueError("clock_file: 生产环境只用系统时间")
        for name, value in self:
            if not isinstance(value, SecretStr):
                continue
            text = value.get_secret_value()
            secret = text.split("@")[0].rsplit(":", 1)[-1] if "://" in text else text
            if secret.lower() in WELL_KNOWN or len(secret) < MIN_SECRET_LENGTH:
                raise ValueError(f"{name}: 生产环境须使用至少 {MIN_SECRET_LENGTH} 位的随机密钥，不得使用示例值")
        return self
