"""What each role may do to each table. What is new is written here, where a reviewer reads it."""

RELAY_READS = {"audit_entry", "audit_head", "outbox"}
SHARED_RIGHTS = {
    "audit_entry": "INSERT SELECT",
    "audit_head": "INSERT SELECT UPDATE",
    "idempotency": "DELETE INSERT SELECT UPDATE",  # forgotten once nobody can ask for it any more
    "job": "INSERT SELECT UPDATE",
    "outbox": "INSERT SELECT UPDATE",
    "stored_file": "INSERT SELECT UPDATE",
    "workday_override": "SELECT",
}
RIGHTS: dict[str, dict[str, str]] = {
    "gateway": SHARED_RIGHTS
    | {
        "checkpoint": "INSERT SELECT",
        "client": "INSERT SELECT UPDATE",
        "division": "INSERT SELECT UPDATE",
        "login_attempt": "DELETE INSERT SELECT UPDATE",
        "person": "INSERT SELECT UPDATE",
        "refresh_token": "DELETE INSERT SELECT UPDATE",
        "revocation": "DELETE INSERT SELECT UPDATE",
        "unit": "INSERT SELECT UPDATE",
        "user_account": "INSERT SELECT UPDATE",
    },
    "projects": SHARED_RIGHTS
    | {
        "ledger_import": "INSERT SELECT UPDATE",
        "project": "INSERT SELECT UPDATE",
        "project_change": "INSERT SELECT",
        "project_number": "INSERT SELECT UPDATE",
        "stated_total": "INSERT SELECT",
        "threshold": "INSERT SELECT UPDATE",
        # duty
        "backstop": "INSERT SELECT",
        "duty": "INSERT SELECT UPDATE",
        "group_seat": "INSERT SELECT UPDATE",
        "site_promise": "INSERT SELECT UPDATE",
        "taskforce": "INSERT SELECT UPDATE",
        "visit": "INSERT SELECT",
        # plan
        "milestone": "INSERT SELECT UPDATE",
        "milestone_block": "INSERT SELECT UPDATE",
        "milestone_report": "INSERT SELECT",
        "plan": "INSERT SELECT UPDATE",
        "plan_baseline": "INSERT SELECT",
        # paths
        "insolvency_evidence": "INSERT SELECT",
        "lawsuit": "INSERT SELECT UPDATE",
        "liaison_matter": "INSERT SELECT UPDATE",
        "path_deadline": "INSERT SELECT UPDATE",
        "path_stage": "INSERT SELECT UPDATE",
        "project_path": "INSERT SELECT UPDATE",
        # enterprises
        "enforcement_step": "INSERT SELECT UPDATE",
        "enterprise": "INSERT SELECT UPDATE",
        "enterprise_finding": "INSERT SELECT",
        # clues
        "clue": "INSERT SELECT UPDATE",
        "clue_result": "INSERT SELECT",
        # problems
        "decision": "INSERT SELECT UPDATE",
        "decision_project": "INSERT SELECT",
        "decision_task": "INSERT SELECT UPDATE",
        "decision_vote": "INSERT SELECT UPDATE",
        "problem": "INSERT SELECT UPDATE",
        "problem_event": "INSERT SELECT",
        "problem_step": "INSERT SELECT UPDATE",
        # meetings
        "meeting": "INSERT SELECT UPDATE",
        "meeting_action": "INSERT SELECT UPDATE",
        "meeting_item": "INSERT SELECT UPDATE",
        "meeting_topic": "INSERT SELECT UPDATE",
        "inspection_draw": "INSERT SELECT",
        "progress_inspection": "INSERT SELECT",
        "progress_report": "INSERT SELECT UPDATE",
        "site_signal": "INSERT SELECT UPDATE",
        # progress
        # evidence
        "evidence": "INSERT SELECT",
        "photo_key": "INSERT SELECT",
        "project_site": "INSERT SELECT UPDATE",
        # quality
        "acceptance": "INSERT SELECT UPDATE",
        "defect": "INSERT SELECT UPDATE",
        "incident": "INSERT SELECT UPDATE",
        "quality_inspection": "INSERT SELECT UPDATE",
        # closeout
        "closeout": "INSERT SELECT UPDATE",
        "closeout_draw": "INSERT SELECT",
        "closeout_item": "INSERT SELECT UPDATE",
        "closeout_recheck": "INSERT SELECT UPDATE",
        # supervision
        "accountability": "INSERT SELECT UPDATE",
        "order_extension": "INSERT SELECT",
        "order_feedback": "INSERT SELECT UPDATE",
        "order_step": "INSERT SELECT",
        "supervision_number": "INSERT SELECT UPDATE",
        "supervision_order": "INSERT SELECT UPDATE",
        "sweep": "INSERT SELECT UPDATE",
    },
    "petitions": SHARED_RIGHTS
    | {
        "attachment": "INSERT SELECT UPDATE",
        "content_class": "SELECT",
        "petition": "INSERT SELECT UPDATE",
        "petition_number": "INSERT SELECT UPDATE",
        "petitioner": "INSERT SELECT UPDATE",
        "register_import": "INSERT SELECT UPDATE",
        "sealed_chunk": "INSERT SELECT UPDATE",
        "sealed_file": "INSERT SELECT UPDATE",
        # life
        "assignment": "INSERT SELECT UPDATE",
        "calendar_seen": "INSERT SELECT UPDATE",
        "clock_change": "INSERT SELECT",
        "petition_act": "INSERT SELECT",
        "petition_clock": "INSERT SELECT UPDATE",
        # leaders
        "case_leader": "INSERT SELECT UPDATE",
        "case_meeting": "INSERT SELECT",
        "case_plan": "INSERT SELECT UPDATE",
        "case_promise": "INSERT SELECT UPDATE",
        # ratings
        "petition_rating": "INSERT SELECT UPDATE",
        # repeats
        "repeat_decision": "INSERT SELECT UPDATE",
        # citizen
        "look_up_try": "DELETE INSERT SELECT UPDATE",  # forgotten after an hour
        # opinion
        "opinion_item": "INSERT SELECT UPDATE",
        # incidents
        "no_unrest": "INSERT SELECT",
        "unrest": "INSERT SELECT UPDATE",
        # thresholds
        "threshold": "INSERT SELECT UPDATE",
        # reminders
        "petition_supervision": "INSERT SELECT UPDATE",
        "petition_supervision_step": "INSERT SELECT",
        "reminder": "INSERT SELECT UPDATE",
        "sweep": "INSERT SELECT UPDATE",
        # warnings
        "petition_warning": "INSERT SELECT UPDATE",
        "warning_reading": "INSERT SELECT",
    },
}
"""What the role that serves requests may do to each table: no TRUNCATE, no deleting of what is remembered."""
RENEWED = {
    "projects": {("clue_result", "content")},
    "petitions": {("case_meeting", "notes_sealed"), ("petition_act", "text_sealed")},
}
"""Sealed columns of rows that are only ever added: a re-key changes them and nothing else."""
