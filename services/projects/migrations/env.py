from alembic import context

from services.projects.ledger import models
from shared.storage.migrate import run_env

run_env(context, models.metadata)
