"""Indexes the figures of one county need, so that they read that county's rows and no more."""

from sqlalchemy import Index, text

from services.petitions.life.models import petition_act, petition_clock
from services.petitions.ratings.models import petition_rating

CLOSES = text(
    "(kind in ('issue_opinion', 'answer', 'settle', 'reject', 'route_to_legal_channel', 'withdraw', 'merge') "
    "or (kind = 'decide_review' and facts ->> 'outcome' = 'redo'))"
)
"""Acts that close a case (办结), and the decision of a review that opens it again. As text: an index is only used where
the planner sees the same words."""

DUTIES_ONLY = text("kind in ('route', 'notify', 'acceptance', 'handle', 'simple', 'review', 're_review')")
"""Clocks of what somebody must do; the others are windows in which somebody may."""

closing_idx = Index(
    "petition_act_closing_idx",
    petition_act.c.division_code,
    petition_act.c.petition_id,
    postgresql_include=["number", "kind", "acted_on", "recorded_at"],
    postgresql_where=CLOSES,
)
duty_idx = Index(
    "petition_clock_duty_idx",
    petition_clock.c.division_code,
    petition_clock.c.petition_id,
    postgresql_include=[
        "kind",
        "starts_on",
        "due_on",
        "met_on",
        "state",
        "ended_at",
        "recorded_at",
        "extended_at",
        "unextended_due_on",
        "suspended_on",
    ],
    postgresql_where=DUTIES_ONLY,
)
"""Whole, so that the clocks of a county lie side by side and not among those of all the others."""
rating_idx = Index(
    "petition_rating_figures_idx",
    petition_rating.c.division_code,
    petition_rating.c.petition_id,
    postgresql_include=[
        "created_at",
        "updated_at",
        "rated_on",
        "body_rating",
        "office_rating",
        "window_ends_on",
        "rated_body_code",
    ],
)
