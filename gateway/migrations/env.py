from alembic import context

from gateway.audit import models as audit
from gateway.directory import models as directory
from gateway.identity import models as identity
from shared.storage.migrate import run_env

assert audit.metadata is directory.metadata is identity.metadata
run_env(context, identity.metadata)
