from alembic import context

from services.projects.ledger import models  # noqa: F401 - its tables join the catalogue
from services.projects.metadata import metadata
from shared.storage.migrate import run_env

run_env(context, metadata)
