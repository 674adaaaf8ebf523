"""The thresholds of project work and our defaults. A county sets its own; each feature reads them by name."""

from services.projects.metadata import metadata
from shared.storage.thresholds import Threshold, Thresholds, threshold_table

THRESHOLDS: dict[str, Threshold] = {
    # plan
    "red_lag_days": Threshold("节点预计晚多少个工作日标红", "个工作日", 10, 1, 250),
    # progress
    "truth_signals": Threshold("认定复工所需的独立信号种类", "种", 3, 2, 6),
    "truth_window_days": Threshold("认定复工的观察期", "天", 7, 1, 31),
    "workers_floor": Threshold("实名制在场人数计为信号的最低值", "人", 1, 1, 10_000),
    "power_floor_kwh": Threshold("日用电量计为信号的最低值", "千瓦时", 50, 1, 1_000_000),
    "report_every_days": Threshold("进度报告间隔", "天", 7, 1, 31),
    "weekly_inspections": Threshold("每周可安排的核查项目数", "个", 5, 1, 200),
    # evidence
    "site_radius_m": Threshold("现场照片离项目的最大距离", "米", 500, 50, 20_000),
    "clock_skew_minutes": Threshold("照片时间与收到时间的最大相差", "分钟", 24 * 60, 5, 30 * 24 * 60),
    # problems
    "problem_climb_days": Threshold("问题逾期多少天上升一级", "天", 7, 1, 90),
    # closeout
    "quiet_weeks": Threshold("销号前无信访的周数", "周", 4, 0, 52),
    "recheck_percent": Threshold("销号后抽查比例", "%", 20, 1, 100),
    # supervision
    "silent_percent": Threshold("期限过去多少仍无反馈即催办或开单", "%", 50, 10, 100),
    "missed_reports": Threshold("连续几次未报即开单", "次", 2, 1, 20),
    "overdue_milestone_days": Threshold("节点逾期几天即开单", "天", 1, 0, 90),
    "rule_order_days": Threshold("系统所开督办单的办理期限", "天", 15, 1, 90),
    "ladder_step_days": Threshold("督办逾期后每升一级的天数", "天", 5, 1, 60),
}

threshold = threshold_table(metadata)
thresholds = Thresholds(threshold, THRESHOLDS)
