"""What may be recorded on a path: which stages it has, what each needs before it, and the proof of insolvency that
企业破产法 art. 2 asks for. Pure."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from shared.chassis.days import happened_on
from shared.errors import Conflict, FieldError, Invalid
from shared.schemas.projects.facts import LABELS as FACT_LABELS
from shared.schemas.projects.facts import ResolutionMode as P
from shared.schemas.projects.paths import LABELS, InsolvencyKind
from shared.schemas.projects.paths import PathStage as S

K = InsolvencyKind
Steps = Mapping[S, tuple[S, ...]]
"""Stage to the stages that must have been reached before it, in the order people tell them."""


def _chain(*stages: S) -> dict[S, tuple[S, ...]]:
    return {stage: stages[n - 1 : n] for n, stage in enumerate(stages)} | {stages[0]: ()}


_BUILD = (S.completion_accepted, S.handed_over, S.titles_issued)
_COURT: Steps = _chain(S.application_filed, S.accepted) | {
    S.announced: (S.accepted,),
    S.creditors_notified: (S.announced,),
    S.first_creditors_meeting: (S.announced,),
    S.contract_demanded: (S.accepted,),
    S.contract_answered: (S.contract_demanded,),
}
STEPS: dict[P, Steps] = {
    P.resume_and_deliver: _chain(S.scheme_approved, S.funds_in_place, S.work_resumed, *_BUILD),
    P.merger_acquisition: _chain(
        S.due_diligence_done, S.assets_appraised, S.acquisition_signed, S.transfer_registered, S.work_resumed, *_BUILD
    ),
    P.in_kind_settlement: _chain(
        S.housing_secured, S.households_verified, S.lots_drawn, S.settlement_signed, S.handed_over, S.titles_issued
    ),
    P.subrogated_refund: _chain(S.households_verified, S.claims_assigned, S.refunds_paid)
    | {
        S.suit_filed: (S.claims_assigned,),
        S.first_instance_judged: (S.suit_filed,),
        S.second_instance_judged: (S.first_instance_judged,),
        S.enforcement_applied: (S.first_instance_judged,),
        S.recovered: (S.suit_filed,),
    },
    P.reorganization: {
        **_COURT,
        S.reorganization_ruled: (S.accepted,),
        S.plan_extended: (S.reorganization_ruled,),
        S.plan_submitted: (S.reorganization_ruled,),
        S.plan_voted: (S.plan_submitted, S.first_creditors_meeting),
        S.plan_passed: (S.plan_voted,),
        # Art. 87: a plan that some group voted down may be put to the court all the same.
        S.plan_approval_requested: (S.plan_voted,),
        S.plan_approved: (S.plan_approval_requested,),
        S.plan_performed: (S.plan_approved,),
    },
    P.composition: {
        **_COURT,
        S.composition_ruled: (S.accepted,),
        S.composition_passed: (S.composition_ruled, S.first_creditors_meeting),
        S.composition_approved: (S.composition_passed,),
        S.composition_performed: (S.composition_approved,),
    },
    P.liquidation: {
        **_COURT,
        S.declared_bankrupt: (S.accepted,),
        S.bankruptcy_announced: (S.declared_bankrupt,),
        S.assets_realized: (S.declared_bankrupt,),
        S.assets_distributed: (S.assets_realized,),
        S.closing_requested: (S.declared_bankrupt,),
        S.proceedings_closed: (S.closing_requested,),
        S.deregistered: (S.proceedings_closed,),
    },
}
BANKRUPTCY = frozenset({P.reorganization, P.composition, P.liquidation})
REPEATED = frozenset({S.contract_demanded, S.contract_answered})
"""Each of the debtor's contracts may be asked about."""
IN_FORCE = dt.date(2007, 6, 1)
"""企业破产法 art. 136."""


class NotOfThisPath(Invalid):
    code, title, title_en = "not_of_this_path", "此路径没有这一阶段", "Not a stage of this path"


class StageNotReady(Conflict):
    code, title, title_en = "stage_not_ready", "前置阶段尚未完成", "Stage not ready"


class StageRecorded(Conflict):
    code, title, title_en = "stage_recorded", "此阶段已经记录", "Stage already recorded"


class EvidenceMissing(Conflict):
    """The detail lists what art. 2 still asks for."""

    code, title, title_en = "insolvency_evidence_missing", "破产申请所需证据不全", "Insolvency evidence missing"


class AfterDeclaration(Conflict):
    code, title, title_en = "after_declaration", "宣告破产后不能转为重整或和解", "After the declaration of bankruptcy"


def invalid(field: str, code: str, message: str) -> Invalid:
    return Invalid(errors=[FieldError(f"/{field}", code, message)])


def check_stage(path: P, stage: S, reached_on: dt.date, recorded: Mapping[S, dt.date], *, today: dt.date) -> None:
    """`recorded` is when each stage of this case was (first) reached. What a stage needs is there, and not later."""
    if stage not in STEPS[path]:
        raise NotOfThisPath(f"“{FACT_LABELS[P][path]}”没有这一阶段", [FieldError("/stage", NotOfThisPath.code, "")])
    if path in BANKRUPTCY and reached_on < IN_FORCE:
        raise invalid("reached_on", "before_the_law", "企业破产法自 2007 年 6 月 1 日起施行")
    if stage in recorded and stage not in REPEATED:
        raise StageRecorded("如日期有误，请先撤销原记录；如重新开始，请写明原因")
    needed = STEPS[path][stage]
    if absent := [LABELS[S][one] for one in needed if one not in recorded]:
        raise StageNotReady(f"请先记录：{'、'.join(absent)}")
    happened_on(reached_on, today, "/reached_on", since=max((recorded[one] for one in needed), default=None))


def following(path: P, recorded: Collection[S]) -> list[S]:
    """What can be reached next."""
    return [
        stage
        for stage, needed in STEPS[path].items()
        if (stage not in recorded or stage in REPEATED) and all(one in recorded for one in needed)
    ]


def holds(path: P, recorded: Collection[S]) -> bool:
    """Whether every stage still has what it needs before it."""
    return all(one in recorded for stage in recorded for one in STEPS[path].get(stage, ()))


def is_first(path: P, stage: S) -> bool:
    return not STEPS[path].get(stage, (stage,))


def check_conversion(old: P, new: P, recorded: Collection[S]) -> bool:
    """Whether the new path goes on with the old one's court case (arts. 70, 78, 88, 93, 95, 99, 104)."""
    if old not in BANKRUPTCY or new not in BANKRUPTCY or S.accepted not in recorded:
        return False
    if S.declared_bankrupt in recorded and new is not P.liquidation:
        raise AfterDeclaration("企业破产法第七十条、第九十五条：须在宣告破产前申请")
    return True


def missing_evidence(path: P, kinds: Collection[InsolvencyKind]) -> list[str]:
    """What art. 2 still asks for before an application, in words; nothing for paths outside the court.

    Debts that are due are not paid, *and* assets do not cover liabilities or the firm manifestly cannot pay. For
    reorganisation the likelihood of losing the ability to pay is enough.
    """
    if path not in BANKRUPTCY or (path is P.reorganization and K.likely_to_fail in kinds):
        return []
    label = LABELS[K]
    missing = [] if K.unable_to_pay in kinds else [label[K.unable_to_pay]]
    if not {K.assets_below_liabilities, K.manifestly_insolvent} & set(kinds):
        missing.append(f"{label[K.assets_below_liabilities]}或者{label[K.manifestly_insolvent]}")
    return missing


def check_evidence(path: P, kinds: Collection[InsolvencyKind]) -> None:
    if missing := missing_evidence(path, kinds):
        raise EvidenceMissing(
            f"企业破产法第二条，尚缺：{'；'.join(missing)}",
            [FieldError("/stage", EvidenceMissing.code, one) for one in missing],
        )


def check_amounts(values: Mapping[str, Any]) -> None:
    """The amounts bear out what the evidence is said to prove."""
    kind, unpaid = values["kind"], values.get("unpaid_fen")
    assets, liabilities = values.get("assets_fen"), values.get("liabilities_fen")
    if kind is K.unable_to_pay and not unpaid:
        raise invalid("unpaid_fen", "required", "请填写到期未清偿的金额")
    if kind is K.assets_below_liabilities:
        if assets is None or liabilities is None:
            raise invalid("assets_fen", "required", "请填写资产总额与负债总额")
        if assets >= liabilities:
            raise invalid("assets_fen", "not_below_liabilities", "资产总额不低于负债总额，不能证明资不抵债")
