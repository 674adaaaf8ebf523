"""Who may do what in the petitions service. An operation that is not here is open to nobody."""

from shared.chassis.permissions import Permissions

AUDITORS = frozenset({"auditor", "inspector"})

PERMISSIONS: Permissions = {
    "list_petitions_audit_entries": AUDITORS,
    "verify_petitions_audit": AUDITORS,
}
