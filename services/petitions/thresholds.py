"""The thresholds of petition work and our defaults. A county sets its own; each feature reads them by name."""

from services.petitions.metadata import metadata
from shared.storage.thresholds import Threshold, Thresholds, threshold_table

THRESHOLDS: dict[str, Threshold] = {
    # ratings
    "rating_window_days": Threshold("答复后可作满意度评价的期限", "天", 30, 1, 365),
}
threshold = threshold_table(metadata)
thresholds = Thresholds(threshold, THRESHOLDS)
