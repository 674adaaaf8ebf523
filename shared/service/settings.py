"""What every service behind the gateway is told beside the settings of any process."""

from pydantic import SecretStr

from shared.chassis.settings import Settings

DEMONSTRATIONS = frozenset({"999901", "999902"})


class ServiceSettings(Settings):
    """Subclass once per service: `service`, `port`, `client_id` and `env_prefix`."""

    gateway_url: str
    client_id: str
    client_secret: SecretStr
    checkpoint_seconds: float = 300.0
    sweep_except: frozenset[str] = DEMONSTRATIONS
    """Divisions swept only when somebody asks: the demonstration counties, whose story must not move by itself."""
