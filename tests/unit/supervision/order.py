"""An order of ten days, issued on a Monday."""

import datetime as dt

from services.projects.supervision.ladder import Standing

DAY = dt.timedelta(days=1)
MONDAY = dt.date(2026, 11, 23)
ORDER = Standing(
    state="open",
    issued_on=MONDAY,
    due_on=MONDAY + 10 * DAY,
    silent_percent=50,
    step_days=5,
    lead_unit_code="ZJJ",
    assigned_on=MONDAY,
)
