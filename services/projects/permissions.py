"""Who may do what in the projects service. An operation that is not here is open to nobody."""

from shared.chassis.permissions import Permissions

KEEPERS = frozenset({"office"})
"""The leading group's office keeps the ledger."""
READERS = KEEPERS | {"leader", "department", "taskforce", "township", "inspector", "auditor"}
MACHINES = frozenset({"platform"})
AUDITORS = frozenset({"auditor", "inspector"})

PERMISSIONS: Permissions = {
    "list_projects": READERS | MACHINES,
    "create_project": KEEPERS,
    "get_project": READERS | MACHINES,
    "update_project": KEEPERS,
    "change_construction_status": KEEPERS,
    "change_resolution_status": KEEPERS,
    "get_project_history": READERS,
    "import_ledger": KEEPERS,
    "get_import": KEEPERS,
    "list_imports": KEEPERS,
    "download_import_result": KEEPERS,
    "export_ledger": KEEPERS | {"leader", "department", "inspector"},
    "get_project_statistics": READERS | MACHINES,
    "list_contradictions": READERS,
    "list_unmapped_names": KEEPERS | {"admin"},
    "list_project_labels": READERS | MACHINES | {"admin", "enterprise", "service"},
    "list_audit_entries": AUDITORS,
    "verify_audit": AUDITORS,
}
