from alembic import context

from gateway.catalogue import metadata
from shared.storage.migrate import run_env

run_env(context, metadata)
