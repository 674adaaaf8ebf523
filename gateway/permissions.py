"""Who may do what at the gateway itself. An operation that is not here is open to nobody."""

from shared.chassis.permissions import ROLES, Permissions

EVERYONE = frozenset(ROLES)
MACHINES = frozenset({"service", "platform"})
PEOPLE = EVERYONE - MACHINES
OFFICIALS = PEOPLE - {"enterprise"}
ADMINS = frozenset({"admin"})
"""Of their own division and below."""
AUDITORS = frozenset({"auditor", "inspector"})
SERVICES = frozenset({"service"})

PERMISSIONS: Permissions = {
    "get_me": EVERYONE,
    "change_password": PEOPLE,
    "list_users": ADMINS | AUDITORS,
    "get_user": ADMINS | AUDITORS,
    "create_user": ADMINS,
    "update_user": ADMINS,
    "disable_user": ADMINS,
    "enable_user": ADMINS,
    "revoke_tokens": ADMINS,
    "list_clients": ADMINS | AUDITORS,
    "get_client": ADMINS | AUDITORS,
    "create_client": ADMINS,
    "rotate_client_secret": ADMINS,
    "disable_client": ADMINS,
    "list_divisions": EVERYONE,
    "list_units": OFFICIALS | MACHINES,
    "get_unit": OFFICIALS | MACHINES,
    "create_unit": ADMINS | {"office"},
    "update_unit": ADMINS | {"office"},
    "list_persons": OFFICIALS | SERVICES,
    "get_person": OFFICIALS | SERVICES,
    "create_person": ADMINS | {"office"},
    "update_person": ADMINS | {"office"},
    "record_checkpoints": SERVICES,
    "list_checkpoints": SERVICES | AUDITORS,
    "list_gateway_audit_entries": AUDITORS,
    "verify_gateway_audit": AUDITORS,
}
