"""The words of a petition's life: states, acts, clocks. Source: 信访工作条例 (2022), arts. 17–37."""

from enum import IntEnum, StrEnum


class PetitionState(StrEnum):
    registered = "registered"
    forwarded = "forwarded"
    returned = "returned"
    accepted = "accepted"
    rejected = "rejected"
    routed_to_legal_channel = "routed_to_legal_channel"
    answered = "answered"
    opinion_issued = "opinion_issued"
    review_requested = "review_requested"
    reviewed = "reviewed"
    re_review_requested = "re_review_requested"
    re_reviewed = "re_reviewed"
    terminated = "terminated"
    lapsed = "lapsed"
    settled = "settled"
    withdrawn = "withdrawn"
    merged = "merged"


class PetitionClass(StrEnum):
    suggestion = "suggestion"
    accusation = "accusation"
    appeal_claim = "appeal_claim"


class LegalRoute(IntEnum):
    """Art. 31 (1)–(6)."""

    court = 1
    arbitration = 2
    party_appeal = 3
    administrative = 4
    duty_to_investigate = 5
    petition_opinion = 6


class ActKind(StrEnum):
    register = "register"
    forward = "forward"
    assign = "assign"
    receive = "receive"
    object = "object"
    consent_to_return = "consent_to_return"
    refuse_return = "refuse_return"
    notify = "notify"
    accept = "accept"
    reject = "reject"
    route_to_legal_channel = "route_to_legal_channel"
    convert_to_normal = "convert_to_normal"
    request_extension = "request_extension"
    approve_extension = "approve_extension"
    refuse_extension = "refuse_extension"
    answer = "answer"
    issue_opinion = "issue_opinion"
    deliver = "deliver"
    request_review = "request_review"
    decide_review = "decide_review"
    begin_hearing = "begin_hearing"
    end_hearing = "end_hearing"
    settle = "settle"
    terminate = "terminate"
    lapse = "lapse"
    withdraw = "withdraw"
    merge = "merge"
    stand_aside = "stand_aside"
    comment = "comment"


class ReviewOutcome(StrEnum):
    uphold = "uphold"
    change = "change"
    redo = "redo"


class ClockKind(StrEnum):
    route = "route"
    notify = "notify"
    acceptance = "acceptance"
    objection = "objection"
    handle = "handle"
    simple = "simple"
    review_request = "review_request"
    review = "review"
    re_review_request = "re_review_request"
    re_review = "re_review"


class DayType(StrEnum):
    calendar = "calendar"
    working = "working"


class ClockState(StrEnum):
    running = "running"
    extended = "extended"
    suspended = "suspended"
    met = "met"
    missed = "missed"
    void = "void"


class WarningBand(StrEnum):
    """Share of the time used: below 50 % normal, then notice, warning, severe, at 99 % critical, else overdue."""

    normal = "normal"
    notice = "notice"
    warning = "warning"
    severe = "severe"
    critical = "critical"
    overdue = "overdue"


LABELS: dict[type[StrEnum], dict[str, str]] = {
    PetitionState: {
        "registered": "已登记",
        "forwarded": "已转送交办",
        "returned": "已退回",
        "accepted": "已受理",
        "rejected": "不予受理",
        "routed_to_legal_channel": "导入法定途径",
        "answered": "已答复",
        "opinion_issued": "已出具处理意见",
        "review_requested": "申请复查",
        "reviewed": "已复查",
        "re_review_requested": "申请复核",
        "re_reviewed": "已复核",
        "terminated": "已终结",
        "lapsed": "逾期未申请，程序终止",
        "settled": "调解和解",
        "withdrawn": "已撤回",
        "merged": "已并案",
    },
    PetitionClass: {"suggestion": "建议意见", "accusation": "检举控告", "appeal_claim": "申诉求决"},
    ActKind: {
        "register": "登记",
        "forward": "转送",
        "assign": "交办",
        "receive": "签收",
        "object": "提出异议",
        "consent_to_return": "同意退回",
        "refuse_return": "不同意退回",
        "notify": "告知收到和去向",
        "accept": "受理",
        "reject": "不予受理",
        "route_to_legal_channel": "导入法定途径",
        "convert_to_normal": "转普通程序",
        "request_extension": "申请延期",
        "approve_extension": "批准延期",
        "refuse_extension": "不批准延期",
        "answer": "答复",
        "issue_opinion": "出具处理意见书",
        "deliver": "送达",
        "request_review": "申请复查（复核）",
        "decide_review": "作出复查（复核）意见",
        "begin_hearing": "听证开始",
        "end_hearing": "听证结束",
        "settle": "调解和解",
        "terminate": "终结",
        "lapse": "逾期未申请",
        "withdraw": "撤回",
        "merge": "并案",
        "stand_aside": "回避",
        "comment": "备注",
    },
    ReviewOutcome: {"uphold": "维持", "change": "变更", "redo": "撤销并责令重新办理"},
    ClockKind: {
        "route": "登记并转送交办",
        "notify": "告知收到和去向",
        "acceptance": "告知是否受理",
        "objection": "异议期",
        "handle": "办理",
        "simple": "简易办理",
        "review_request": "申请复查期",
        "review": "复查",
        "re_review_request": "申请复核期",
        "re_review": "复核",
    },
    DayType: {"calendar": "自然日", "working": "工作日"},
    ClockState: {
        "running": "计时中",
        "extended": "延期计时中",
        "suspended": "暂停",
        "met": "按期完成",
        "missed": "超期",
        "void": "不再计时",
    },
    WarningBand: {
        "normal": "正常",
        "notice": "提示",
        "warning": "预警",
        "severe": "严重",
        "critical": "临期",
        "overdue": "超期",
    },
}
