"""Settings every process has. Read from the environment; refuse to start on a secret that everybody knows."""

from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

import orjson
from pydantic import BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.chassis.clock import Clock, ShiftedClock, SystemClock
from shared.chassis.keys import KEY_IDS, Keys

MIN_SECRET_LENGTH = 16
WELL_KNOWN = {"secret", "password", "changeme", "change-me", "example", "postgres", "anju", "default"}


def _by_id(value: Any) -> Any:
    """`{"1": "…"}`; an empty variable is no key, which lets a compose file pass it on unset."""
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value or "{}")
    except orjson.JSONDecodeError:
        raise ValueError('请写成 {"1": "密钥"} 的形式') from None


KeyId = Annotated[int, Field(ge=KEY_IDS[0], le=KEY_IDS[-1])]


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
    data_key: SecretStr
    data_key_id: KeyId = 1
    data_keys_other: Annotated[dict[KeyId, SecretStr], NoDecode, BeforeValidator(_by_id)] = {}
    """What opens besides `data_key`, by id: a key on its way in, and those whose values are not re-sealed yet."""
    pool_size: int = Field(10, ge=1, le=100)
    max_body_bytes: int = 1_000_000
    max_upload_bytes: int = 20_000_000
    body_deadline_seconds: float = 60.0
    job_lease_seconds: float = Field(30.0, ge=1, le=60)
    clock_file: Path | None = Field(None, description="seconds the clock is put on, for rehearsals; local only")

    @property
    def relay_url(self) -> str:
        """Of the role that reads the audit heads and the outbox of every division."""
        return (self.relay_database_url or self.database_url).get_secret_value()

    def clock(self) -> Clock:
        return ShiftedClock(self.clock_file) if self.clock_file else SystemClock()

    def keys(self) -> Keys:
        every = {**self.data_keys_other, self.data_key_id: self.data_key}
        return Keys(self.data_key_id, {key_id: key.get_secret_value().encode() for key_id, key in every.items()})

    @model_validator(mode="after")
    def _one_key_for_each_id(self) -> Self:
        if self.data_key_id in self.data_keys_other:
            raise ValueError("data_keys_other: 不得再列出 data_key_id 的编号")
        return self

    @model_validator(mode="after")
    def _fit_for_production(self) -> Self:
        if self.environment == "local":
            return self
        if self.clock_file is not None:
            raise ValueError("clock_file: 生产环境只用系统时间")
        others = ((f"data_keys_other.{key_id}", key) for key_id, key in self.data_keys_other.items())
        for name, value in (*self, *others):
            if not isinstance(value, SecretStr):
                continue
            text = value.get_secret_value()
            secret = text.split("@")[0].rsplit(":", 1)[-1] if "://" in text else text
            if secret.lower() in WELL_KNOWN or len(secret) < MIN_SECRET_LENGTH:
                raise ValueError(f"{name}: 生产环境须使用至少 {MIN_SECRET_LENGTH} 位的随机密钥，不得使用示例值")
        return self
