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
}
threshold = threshold_table(metadata)
thresholds = Thresholds(threshold, THRESHOLDS)
