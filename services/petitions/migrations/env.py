from alembic import context

from services.petitions.catalogue import metadata
from shared.storage.migrate import run_env

run_env(context, metadata)
