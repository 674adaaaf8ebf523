"""The thresholds of petition work and our defaults. A county sets its own; each feature reads them by name."""

from services.petitions.life.clocks import REMINDED_FROM_PERCENT
from services.petitions.metadata import metadata
from shared.storage.thresholds import Threshold, Thresholds, threshold_table

THRESHOLDS: dict[str, Threshold] = {
    # kpis
    "resolution_window_days": Threshold("一次性化解的观察期（办结后）", "天", 60, 1, 730),
    # ratings
    "rating_window_days": Threshold("答复后可作满意度评价的期限", "天", 30, 1, 365),
    # reminders
    "reminder_first_percent": Threshold("第一次催办：已用时间的比例", "%", 75, REMINDED_FROM_PERCENT, 100),
    "reminder_second_percent": Threshold("第二次催办：已用时间的比例", "%", 85, REMINDED_FROM_PERCENT, 100),
    "reminder_last_percent": Threshold("到期前最后一次催办：已用时间的比例", "%", 99, REMINDED_FROM_PERCENT, 100),
    "supervision_after_days": Threshold("超期多少天后转为督办", "天", 5, 0, 60),
    "supervision_answer_days": Threshold("督办书面反馈的期限", "天", 10, 1, 60),
    "supervision_step_days": Threshold("督办逾期后每升一级的天数", "天", 5, 1, 60),
    # warnings
    "warning_window_days": Threshold("预警观察期", "天", 14, 3, 60),
    "warning_history_windows": Threshold("作为基线的前几个观察期", "期", 12, 4, 60),
    "warning_surge_p_per_mille": Threshold("来访量突增检验的显著性水平", "‰", 10, 1, 100),
    "warning_surge_least": Threshold("一期至少几件才可能是突增", "件", 3, 2, 100),
    "warning_repeat_percent": Threshold("重复信访占比超过多少计分", "%", 30, 1, 99),
    "warning_clocks_full": Threshold("超期几项即计满分", "项", 5, 1, 1000),
    "warning_promises_full": Threshold("未兑现几项承诺即计满分", "项", 3, 1, 100),
    "warning_weight_surge": Threshold("突增的权重", "份", 30, 0, 100),
    "warning_weight_repeats": Threshold("重复信访占比的权重", "份", 15, 0, 100),
    "warning_weight_groups": Threshold("集体访规模的权重", "份", 20, 0, 100),
    "warning_weight_levels": Threshold("信访层级上升的权重", "份", 15, 0, 100),
    "warning_weight_promises": Threshold("承诺未兑现的权重", "份", 10, 0, 100),
    "warning_weight_clocks": Threshold("法定期限超期的权重", "份", 10, 0, 100),
    "warning_notice_at": Threshold("得分达到多少列为关注", "分", 15, 1, 100),
    "warning_warning_at": Threshold("得分达到多少列为预警", "分", 30, 1, 100),
    "warning_severe_at": Threshold("得分达到多少列为严重", "分", 50, 1, 100),
    "warning_act_days": Threshold("关注、预警的处置期限", "天", 7, 1, 60),
    "warning_severe_act_days": Threshold("严重的处置期限", "天", 3, 1, 60),
    "warning_rest_days": Threshold("人工关闭后，不更严重则多久不再预警", "天", 14, 0, 180),
}
threshold = threshold_table(metadata)
thresholds = Thresholds(threshold, THRESHOLDS)
