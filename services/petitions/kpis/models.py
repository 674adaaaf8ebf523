"""Indexes the figures of one county need, so that they read that county's rows and no more."""

from sqlalchemy import Index, text

from services.petitions.life.models import petition_act
from services.petitions.registry.models import petition

CLOSES = text(
    "(kind in ('issue_opinion', 'answer', 'settle', 'reject', 'route_to_legal_channel', 'withdraw', 'merge') "
    "or (kind = 'decide_review' and facts ->> 'outcome' = 'redo'))"
)
"""Acts that close a case (办结), and the decision of a review that opens it again. As text: an index is only used where
the planner sees the same words."""

closing_idx = Index(
    "petition_act_closing_idx",
    petition_act.c.division_code,
    petition_act.c.petition_id,
    postgresql_include=["number", "kind", "acted_on", "recorded_at"],
    postgresql_where=CLOSES,
)
rule_repeat_idx = Index(
    "petition_rule_repeat_idx",
    petition.c.division_code,
    petition.c.rule_repeat_of,
    postgresql_where=text("rule_repeat_of is not null"),
)
