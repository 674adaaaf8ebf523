"""Who may do what in the projects service. An operation that is not here is open to nobody."""

from shared.chassis.permissions import Permissions

KEEPERS = frozenset({"office"})
"""The leading group's office keeps the ledger."""
READERS = KEEPERS | {"leader", "department", "taskforce", "township", "inspector", "auditor"}
REPORTERS = KEEPERS | {"department", "taskforce", "township"}
"""Who meets the difficulties and works on them."""
MACHINES = frozenset({"platform"})
JUDICIARY = frozenset({"judicial"})
AUDITORS = frozenset({"auditor", "inspector"})

CHECKERS = KEEPERS | {"department", "township"}
"""Who goes and looks: the office's inspection groups, departments and townships."""

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
    "list_thresholds": READERS,
    "get_threshold": READERS,
    "set_threshold": KEEPERS,
    # duty 包抓与专班
    "assign_duty": KEEPERS,
    "end_duty": KEEPERS,
    "get_duty": READERS,
    "get_duty_history": READERS,
    "list_leader_load": READERS,
    "name_responsible_party": KEEPERS,
    "decide_backstop": KEEPERS | {"leader"},
    "list_backstops": READERS,
    "create_taskforce": KEEPERS,
    "get_taskforce": READERS,
    "list_taskforces": READERS,
    "set_taskforce_member": KEEPERS,
    "list_leading_group": READERS,
    "set_leading_group_member": KEEPERS,
    "record_visit": KEEPERS | {"leader", "department", "taskforce", "township"},
    "get_visit": READERS,
    "list_visits": READERS,
    "record_site_promise": KEEPERS | {"leader", "taskforce", "township"},
    "get_site_promise": READERS,
    "list_site_promises": READERS,
    # Whoever gives a promise does not declare it kept.
    "settle_site_promise": KEEPERS,
    # plan 一项目一策
    "set_plan": KEEPERS,
    "get_plan": READERS | MACHINES,
    "replan": KEEPERS,
    "list_baselines": READERS,
    "get_baseline": READERS,
    "complete_milestone": KEEPERS | {"taskforce", "department", "township"},
    "reopen_milestone": KEEPERS,
    "report_forecast": KEEPERS | {"taskforce", "department", "township"},
    "list_milestone_reports": READERS,
    "get_battle_map": READERS | MACHINES,
    # paths 化解路径与诉讼
    "record_path_stage": KEEPERS | {"taskforce", "judicial"},
    "withdraw_path_stage": KEEPERS,
    "get_path": READERS | JUDICIARY,
    "list_path_deadlines": READERS | JUDICIARY,
    "record_insolvency_evidence": KEEPERS | {"taskforce", "department"},
    "list_insolvency_evidence": READERS | JUDICIARY,
    "record_lawsuit": KEEPERS | {"taskforce", "department", "judicial"},
    "get_lawsuit": READERS | JUDICIARY,
    "update_lawsuit": KEEPERS | {"taskforce", "department", "judicial"},
    "list_lawsuits": READERS | JUDICIARY,
    "raise_liaison_matter": KEEPERS | {"taskforce", "department"},
    "answer_liaison_matter": KEEPERS | JUDICIARY,
    "list_liaison_matters": READERS | JUDICIARY,
    # enterprises 企业档案
    # clues 线索移交
    # problems 问题与决策
    "list_problems": READERS,
    "create_problem": REPORTERS,
    "get_problem": READERS,
    "update_problem": REPORTERS,
    "authorise_problem": KEEPERS,
    "start_problem": REPORTERS,
    "solve_problem": REPORTERS,
    "reopen_problem": REPORTERS | {"leader", "inspector"},
    "add_problem_step": REPORTERS,
    "complete_problem_step": REPORTERS,
    "list_decisions": READERS,
    "create_decision": REPORTERS,
    "get_decision": READERS,
    "vote_decision": KEEPERS | {"leader"},
    "decide_decision": KEEPERS | {"leader"},
    "withdraw_decision": REPORTERS,
    "complete_decision_task": REPORTERS,
    # meetings 调度会
    # progress 进度与真实性
    # evidence 现场证据
    # quality 质量与安全
    "record_safety_inspection": CHECKERS,
    "list_quality_inspections": READERS,
    "get_quality_inspection": READERS,
    "record_defect": CHECKERS,
    "list_defects": READERS,
    "get_defect": READERS,
    "order_rectification": CHECKERS,
    "rectify_defect": KEEPERS | {"department", "taskforce", "township"},
    "reinspect_defect": CHECKERS,
    "record_acceptance": CHECKERS,
    "list_acceptances": READERS,
    "get_acceptance": READERS,
    "file_acceptance": CHECKERS,
    "record_incident": KEEPERS | {"department", "taskforce", "township"},
    "list_incidents": READERS,
    "get_incident": READERS,
    "update_incident": KEEPERS | {"department", "taskforce", "township"},
    # closeout 销号
    "request_closeout": {"department", "taskforce", "township"},
    "list_closeouts": READERS,
    "get_closeout": READERS,
    "get_closeout_rates": READERS,
    "attest_closeout_item": KEEPERS | {"department"},
    "check_closeout": CHECKERS,
    "publish_closeout": KEEPERS | {"department"},
    "approve_closeout": KEEPERS | {"leader"},
    "return_closeout": KEEPERS | {"leader", "department"},
    "report_rebound": KEEPERS | {"department", "service"},
    "draw_rechecks": KEEPERS | {"inspector"},
    "get_recheck_draw": READERS,
    "list_rechecks": READERS,
    "record_recheck": KEEPERS | {"department", "inspector"},
    # supervision 督办
    "issue_order": KEEPERS | {"leader"},
    "list_orders": READERS,
    "get_order": READERS,
    "list_order_feedbacks": READERS,
    "answer_order": REPORTERS,
    "review_order": KEEPERS,
    "extend_order": KEEPERS | {"leader"},
    "assign_order": KEEPERS,
    "close_order": KEEPERS | {"leader"},
    "record_accountability": KEEPERS | {"inspector"},
    "list_accountability": KEEPERS | {"leader", "inspector", "auditor"},
    "run_sweep": KEEPERS | {"leader"},
    "list_sweeps": READERS,
    "get_sweep": READERS,
    # audit
    "list_audit_entries": AUDITORS,
    "verify_audit": AUDITORS,
}
