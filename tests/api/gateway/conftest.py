from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.postgres.databases import Database
from gateway.settings import GatewaySettings
from tests.support.gateway import Gateway, running, settings_for


@pytest.fixture
def gateway_settings(gateway_database: Database, tmp_path: Path) -> GatewaySettings:
    return settings_for(gateway_database, tmp_path)


@pytest.fixture
async def gateway(gateway_settings: GatewaySettings) -> AsyncIterator[Gateway]:
    async with running(gateway_settings) as gateway:
        yield gateway
