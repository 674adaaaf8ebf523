"""DDL every service's revisions call: the shared tables, and the row security of any tenant table.

A tenant table is led by `division_code` in every key and FORCEs a range policy; rights are granted by name. `alembic
check` sees none of that, the catalogue test does.
"""

from collections.abc import Sequence

from alembic import op

from shared.storage.sealed_files import sealed_kit
from shared.storage.tables import kit

RELAY_READS = ("audit_head", "audit_entry", "outbox")
_IN_SCOPE = (
    "division_code >= nullif(current_setting('app.lo', true), '') "
    "and division_code < nullif(current_setting('app.hi', true), '')"
)
APPEND_ONLY = ("audit_entry",)
FORGOTTEN = ("idempotency",)
"""Workers delete rows nobody can ask for any more."""


def app_role() -> str:
    """Migrations run as `<role>_owner`; `<role>` serves requests and `<role>_relay` reads audit and outbox."""
    return str(op.get_bind().exec_driver_sql("select current_user").scalar_one()).removesuffix("_owner")


def protect(table: str, *, rights: Sequence[str] = ("select", "insert", "update")) -> None:
    """FORCE row security on a tenant table and grant the app role the named rights."""
    role = app_role()
    op.execute(f'alter table "{table}" enable row level security')
    op.execute(f'alter table "{table}" force row level security')
    op.execute(f'create policy in_scope on "{table}" to "{role}" using ({_IN_SCOPE}) with check ({_IN_SCOPE})')
    op.execute(f'grant {", ".join(rights)} on "{table}" to "{role}"')


def allow_renewal(table: str, *columns: str) -> None:
    """Let a re-key renew sealed columns of a table whose rows the app role may otherwise not change."""
    op.execute(f'grant update ({", ".join(columns)}) on "{table}" to "{app_role()}"')


def create_shared_tables(names: Sequence[str] | None = None) -> None:
    """Audit, outbox, idempotency, jobs, files, calendar overrides, as `shared.storage.tables` has them."""
    bind, role = op.get_bind(), app_role()
    tables = [table for table in kit.sorted_tables if names is None or table.name in names]
    for table in tables:
        table.create(bind)
        if "division_code" not in table.c:
            op.execute(f'grant select on "{table.name}" to "{role}"')
            continue
        rights = ["select", "insert"]
        rights += [] if table.name in APPEND_ONLY else ["update"]
        rights += ["delete"] if table.name in FORGOTTEN else []
        protect(table.name, rights=rights)
        if table.name in RELAY_READS:
            op.execute(f'create policy relay on "{table.name}" for select to "{role}_relay" using (true)')
            op.execute(f'grant select on "{table.name}" to "{role}_relay"')


def create_sealed_tables() -> None:
    """Sealed files, for a service that keeps what nobody may read at rest. `sealed_kit` has the tables."""
    for table in sealed_kit.sorted_tables:
        table.create(op.get_bind())
        protect(table.name)


def drop_sealed_tables() -> None:
    for table in reversed(sealed_kit.sorted_tables):
        table.drop(op.get_bind())


def drop_shared_tables() -> None:
    for table in reversed(kit.sorted_tables):
        table.drop(op.get_bind())
