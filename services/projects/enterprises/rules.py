"""What a firm's file holds and what follows from it. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.projects.ledger.rules import enterprise_key, is_credit_code
from shared.chassis.days import happened_on
from shared.errors import Conflict, FieldError, Invalid
from shared.schemas.projects.enterprises import EnforcementKind, EnterpriseEvent, EnterpriseRole, FindingKind
from shared.schemas.projects.facts import FACT_TITLES

OWING = frozenset({EnterpriseRole.developer, EnterpriseRole.owner})
"""Who owes what the ledger states of a project."""
STANDING = frozenset({EnforcementKind.restriction, EnforcementKind.blacklisting})
Row = Mapping[str, Any]


class EnterpriseTaken(Conflict):
    code, title, title_en = "enterprise_taken", "本县已有此企业", "Enterprise already on file"


class NothingToLift(Conflict):
    code, title, title_en = "nothing_to_lift", "没有可以解除的这项措施", "Nothing to lift"


class ResultRecorded(Conflict):
    code, title, title_en = "result_recorded", "此项措施的结果已经登记", "Result already recorded"


def invalid(field: str, code: str, message: str) -> Invalid:
    return Invalid(errors=[FieldError(f"/{field}", code, message)])


def check_credit_code(code: str | None) -> None:
    """GB 32100-2015: the 18th character is a check digit."""
    if code is not None and not is_credit_code(code):
        raise invalid("credit_code", "bad_credit_code", "请核对营业执照上的 18 位代码")


def check_step(step: Row, today: dt.date) -> None:
    """Taken already; ends after it begins; a result comes with its day; only `lifted` lifts."""
    happened_on(step["taken_on"], today, "/taken_on")
    if step["until_on"] is not None and (step["kind"] not in STANDING or step["until_on"] < step["taken_on"]):
        raise invalid("until_on", "until_on", "到期日只用于限制和名单，且不早于采取之日")
    if (step["kind"] is EnforcementKind.lifted) != (step["lifts"] is not None):
        raise invalid("lifts", "lifts", "解除时填写所解除的措施，其他不填")
    if (step["result"] is None) != (step["result_on"] is None):
        raise invalid("result_on", "result_on", "结果与结果日期一并填写")
    if step["result_on"] is not None:
        happened_on(step["result_on"], today, "/result_on", since=step["taken_on"])


def keys_of(name: str, aliases: Iterable[str]) -> tuple[str, list[str]]:
    """The key of the name, and those of the other names, in their order and without the first."""
    key = enterprise_key(name)
    return key, [other for other in dict.fromkeys(map(enterprise_key, aliases)) if other != key]


def known_amounts(projects: Sequence[Row], facts: Iterable[str]) -> list[dict[str, Any]]:
    """Per fact the sum of what is stated; unknown stays apart and is never taken for 0."""
    amounts = []
    for fact in facts:
        stated = [project[fact] for project in projects if project[fact] is not None]
        amounts.append(
            {
                "fact": fact,
                "title": FACT_TITLES[fact],
                "sum_fen": sum(stated) if stated else None,
                "stated": len(stated),
                "unknown": len(projects) - len(stated),
            }
        )
    return amounts


def lost_contact_since(findings: Iterable[Row]) -> dt.date | None:
    """Since when nobody reaches the firm: the first loss after the last time it was reached, the later entry deciding
    within a day."""
    since: dt.date | None = None
    for finding in sorted(findings, key=lambda row: (row["found_on"], row["id"])):
        if finding["kind"] == FindingKind.lost_contact:
            since = since or finding["found_on"]
        elif finding["kind"] == FindingKind.contact_restored:
            since = None
    return since


def standing_measures(steps: Sequence[Row], today: dt.date) -> list[EnforcementKind]:
    """Restrictions and listings neither lifted nor past their last day."""
    lifted = {step["lifts"] for step in steps}
    kinds = {
        EnforcementKind(step["kind"])
        for step in steps
        if step["kind"] in STANDING
        and step["id"] not in lifted
        and (step["until_on"] is None or step["until_on"] >= today)
    }
    return [kind for kind in EnforcementKind if kind in kinds]


def timeline(findings: Iterable[Row], steps: Iterable[Row], most: int) -> list[EnterpriseEvent]:
    """Findings and steps in one line, the newest first."""
    events = [
        EnterpriseEvent(
            type="finding",
            id=row["id"],
            kind=FindingKind(row["kind"]),
            on=row["found_on"],
            document_number=row["document_number"],
            unit_name=row["source_unit_name"],
            amount_fen=row["amount_fen"],
            project_id=row["project_id"],
        )
        for row in findings
    ] + [
        EnterpriseEvent(
            type="step",
            id=row["id"],
            kind=EnforcementKind(row["kind"]),
            on=row["taken_on"],
            document_number=row["document_number"],
            unit_name=row["by_unit_name"],
            amount_fen=None,
            project_id=row["project_id"],
        )
        for row in steps
    ]
    return sorted(events, key=lambda event: (event.on, event.id), reverse=True)[:most]
