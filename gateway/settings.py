"""Settings of the gateway: `ANJU_GATEWAY_…`."""

import json
from pathlib import Path
from typing import ClassVar, Self

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from shared.chassis.settings import MIN_SECRET_LENGTH, Settings


class GatewaySettings(Settings):
    """`signing_key` and `retired_key` are Ed25519 keys as JWK or PEM; a retired key only verifies what it signed."""

    model_config = SettingsConfigDict(env_prefix="ANJU_GATEWAY_", extra="ignore", hide_input_in_errors=True)

    service: ClassVar[str] = "gateway"

    port: int = 8000
    workers: int = Field(1, ge=1, le=64)
    service_urls: dict[str, str] = Field(description="服务名 → 该服务的地址")
    signing_key: SecretStr
    retired_key: str | None = Field(None, description="更换签名密钥后，旧密钥的公钥保留至其签发的凭证全部过期")
    cors_origins: frozenset[str] = frozenset()
    trusted_proxies: str | None = None
    user_requests_per_minute: int = Field(1_200, ge=1)
    own_requests_per_minute: int = Field(3_000, ge=1, description="每个地址每分钟可向网关自身发出的请求数")
    visitor_requests_per_minute: int = Field(60, ge=1, description="每个地址每分钟可向公开查询发出的请求数")
    service_requests_per_minute: int = Field(60_000, ge=1)
    checkpoint_file: Path
    checkpoint_seconds: float = Field(300.0, gt=0)
    bootstrap_user: str | None = None
    bootstrap_password: SecretStr | None = None
    service_clients: dict[str, SecretStr] = Field(default={}, description="服务名 → 该服务的客户端密钥")

    @field_validator("signing_key")
    @classmethod
    def _is_private_key(cls, value: SecretStr) -> SecretStr:
        if not read_key(value.get_secret_value()).is_private:
            raise ValueError("须为 Ed25519 私钥")
        return value

    @model_validator(mode="after")
    def _service_secrets_are_long(self) -> Self:
        short = [n for n, s in self.service_clients.items() if len(s.get_secret_value()) < MIN_SECRET_LENGTH]
        if short and self.environment != "local":
            raise ValueError(f"service_clients: 密钥至少 {MIN_SECRET_LENGTH} 位")
        return self


def read_key(text: str) -> OKPKey:
    """An Ed25519 key from JWK or PEM, named by its thumbprint (RFC 7638). Raises `ValueError`."""
    try:
        key = OKPKey.import_key(json.loads(text) if text.lstrip().startswith("{") else text)
    except (JoseError, ValueError, TypeError):
        raise ValueError("须为 JWK 或 PEM 形式的 Ed25519 密钥") from None
    if key.curve_name != "Ed25519":
        raise ValueError("须为 Ed25519 密钥")
    return OKPKey.import_key(dict(key.as_dict(private=key.is_private)) | {"kid": key.thumbprint()})


def load() -> GatewaySettings:
    return GatewaySettings()
