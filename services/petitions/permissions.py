"""Who may do what in the petitions service. An operation that is not here is open to nobody."""

from shared.chassis.permissions import PUBLIC, Permissions

AUDITORS = frozenset({"auditor", "inspector"})
PETITION_OFFICE = frozenset({"petition_office"})
HANDLERS = PETITION_OFFICE | {"department", "township", "taskforce", "judicial", "inspector"}
"""Whose unit a petition may be sent to; the office writes down what they did on paper. Which petitions: `visible`."""
BODIES = HANDLERS - {"inspector"}
REGISTRARS = PETITION_OFFICE | {"department", "township"}
"""A body registers what came to itself (art. 23)."""
PETITION_READERS = HANDLERS | {"office", "leader"}
CASE_LEADERS = PETITION_OFFICE | {"office", "leader"}
"""Who says which leader takes a case."""

PERMISSIONS: Permissions = {
    "list_petitions_audit_entries": AUDITORS,
    "verify_petitions_audit": AUDITORS,
    # registry 登记: which petitions, `visible`; whose persons, `reading.require_may_reveal`
    "register_petition": REGISTRARS,
    "list_petitions": PETITION_READERS,
    "get_petition": PETITION_READERS,
    "export_petitions": PETITION_OFFICE | {"inspector", "leader", "office"},
    "update_petition": REGISTRARS,
    "link_petition_project": REGISTRARS,
    "merge_petitions": PETITION_OFFICE,
    "split_petition": PETITION_OFFICE,
    "reveal_petitioner": BODIES,
    "find_petitions_by_person": PETITION_OFFICE,
    "issue_query_code": PETITION_OFFICE,
    "add_petition_attachment": BODIES,
    "list_petition_attachments": PETITION_READERS,
    "download_petition_attachment": BODIES,
    "list_content_classes": PETITION_READERS | {"auditor"},
    "list_petitions_labels": PETITION_READERS | {"auditor", "admin", "platform", "service", "enterprise"},
    # life 办理: acts, clocks, assignments
    "forward_petition": HANDLERS,
    "assign_petition": HANDLERS,
    "receive_petition": HANDLERS,
    "object_to_forward": HANDLERS,
    "decide_objection": HANDLERS,
    "notify_petitioner": HANDLERS,
    "accept_petition": HANDLERS,
    "reject_petition": HANDLERS,
    "route_petition_to_legal_channel": HANDLERS,
    "convert_to_normal_procedure": HANDLERS,
    "extend_petition": HANDLERS,
    "review_extension": HANDLERS,
    "reply_petition": HANDLERS,
    "settle_petition": HANDLERS,
    "withdraw_petition": HANDLERS,
    "stand_aside": HANDLERS,
    "comment_on_petition": PETITION_READERS,
    "deliver_document": HANDLERS,
    "request_review": HANDLERS,
    "decide_review": HANDLERS,
    "begin_hearing": HANDLERS,
    "end_hearing": HANDLERS,
    "terminate_petition": HANDLERS,
    "list_petition_acts": PETITION_READERS,
    "list_petition_clocks": PETITION_READERS,
    "list_petition_assignments": PETITION_READERS,
    "answer_assignment": HANDLERS,
    "list_clock_changes": PETITION_READERS,
    # leaders 领导包案
    "take_case": CASE_LEADERS,
    "release_case": CASE_LEADERS,
    "set_case_plan": HANDLERS | CASE_LEADERS,
    "hold_case_meeting": HANDLERS | CASE_LEADERS,
    "record_promise": HANDLERS | CASE_LEADERS,
    "settle_promise": HANDLERS | CASE_LEADERS,
    "list_case_leaders": PETITION_READERS,
    "list_leader_cases": CASE_LEADERS | {"inspector"},
    "list_case_plans": PETITION_READERS,
    "list_case_meetings": PETITION_READERS,
    "list_promises": PETITION_READERS,
    # ratings 满意度评价
    "rate_petition": PETITION_OFFICE,
    "get_petition_rating": PETITION_READERS,
    "list_petition_ratings": PETITION_READERS,
    # citizen 信访人查询
    "query_petition_publicly": PUBLIC,
    "rate_petition_publicly": PUBLIC,
    # opinion 舆情: whose, `opinion.rules`
    "record_opinion_item": PETITION_OFFICE | {"office"},
    "update_opinion_item": PETITION_OFFICE | {"office"},
    "answer_opinion_item": PETITION_OFFICE | {"office", "department", "township", "taskforce", "judicial"},
    "list_opinion_items": PETITION_READERS,
    "get_opinion_item": PETITION_READERS,
    # incidents 过激行为、群体性事件: whose, `incidents.rules`
    "report_incident": BODIES | {"office"},
    "update_petition_incident": BODIES | {"office"},
    "close_incident": BODIES | {"office"},
    "list_petition_incidents": PETITION_READERS,
    "get_petition_incident": PETITION_READERS,
    "count_incidents": PETITION_READERS,
    "report_no_incidents": BODIES | {"office"},
    "list_incident_reporting": CASE_LEADERS | {"inspector"},
    # what a county sets for itself
    "list_petition_thresholds": PETITION_READERS,
    "get_petition_threshold": PETITION_READERS,
    "set_petition_threshold": PETITION_OFFICE | {"office"},
    # kpis 信访统计
    "get_petition_kpis": PETITION_READERS,
    "list_kpi_petitions": PETITION_READERS,
    # imports 登记簿导入
    "import_petitions": PETITION_OFFICE,
    "list_petition_imports": PETITION_OFFICE | {"inspector"},
    "get_petition_import": PETITION_OFFICE | {"inspector"},
    "download_petition_import_result": PETITION_OFFICE,
    # repeats 重件
    "list_repeat_candidates": HANDLERS,
    "get_repeat_case": PETITION_READERS,
    "confirm_repeat": PETITION_OFFICE,
    "unconfirm_repeat": PETITION_OFFICE,
    # reminders 催办督办: which of them, `reminders.queries`
    "run_petitions_sweep": PETITION_OFFICE,
    "list_petitions_sweeps": PETITION_OFFICE | {"inspector", "leader", "office"},
    "get_petitions_sweep": PETITION_OFFICE | {"inspector", "leader", "office"},
    "list_petition_reminders": PETITION_READERS,
    "acknowledge_petition_reminder": BODIES,
    "answer_petition_reminder": BODIES,
    "list_petition_supervisions": PETITION_READERS,
    "get_petition_supervision": PETITION_READERS,
    "answer_petition_supervision": BODIES,
    "review_petition_supervision": PETITION_OFFICE,
    # warnings 预警: a unit sees those it must act on
    "list_petition_warnings": PETITION_READERS,
    "get_petition_warning": PETITION_READERS,
    "list_petition_warning_readings": PETITION_READERS,
    "acknowledge_petition_warning": PETITION_READERS,
    "close_petition_warning": PETITION_OFFICE | {"office", "leader"},
    "refresh_petition_warnings": PETITION_OFFICE | {"office"},
    # summaries 摘要: figures without accusations, for other services whatever their caller may see
    "get_project_petition_summary": PETITION_READERS | {"service"},
    "list_project_petition_summaries": PETITION_READERS | {"service"},
    "answer_linked_petitions": HANDLERS,
}
