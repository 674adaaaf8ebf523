from alembic import context

from gateway.audit import models as audit  # noqa: F401 - its tables join the catalogue
from gateway.directory import models as directory  # noqa: F401
from gateway.identity import models as identity  # noqa: F401
from gateway.metadata import metadata
from shared.storage.migrate import run_env

run_env(context, metadata)
