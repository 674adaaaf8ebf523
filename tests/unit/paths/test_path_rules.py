"""What a path knows: its stages and what each needs, conversion inside a court case, and proof of insolvency."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.projects.paths import rules
from services.projects.paths.lawsuits import rules as lawsuits
from shared.chassis.days import BadDay
from shared.errors import Conflict, Invalid
from shared.schemas.projects.facts import ResolutionMode as P
from shared.schemas.projects.lawsuits import LawsuitStage
from shared.schemas.projects.paths import InsolvencyKind as K
from shared.schemas.projects.paths import PathStage as S

TODAY = dt.date(2026, 11, 23)
DAY = dt.date(2026, 3, 2)


@pytest.mark.parametrize("path", P)
def test_every_path_can_be_gone_to_its_end_by_what_comes_next(path: P) -> None:
    recorded: dict[S, dt.date] = {}
    while rest := [stage for stage in rules.following(path, recorded) if stage not in recorded]:
        rules.check_stage(path, rest[0], DAY, recorded, today=TODAY)
        recorded[rest[0]] = DAY
    assert set(recorded) == set(rules.STEPS[path])


@given(path=st.sampled_from(P), drawn=st.lists(st.sampled_from(S), max_size=40))
def test_what_was_recorded_in_any_order_holds(path: P, drawn: list[S]) -> None:
    recorded: dict[S, dt.date] = {}
    for number, stage in enumerate(drawn):
        allowed = stage in rules.following(path, recorded)
        try:
            rules.check_stage(path, stage, DAY + dt.timedelta(days=number), recorded, today=TODAY)
        except (Conflict, Invalid):
            assert not allowed
        else:
            assert allowed
            recorded[stage] = DAY + dt.timedelta(days=number)
    assert rules.holds(path, recorded)


def test_a_stage_is_a_fact_after_what_it_needs() -> None:
    recorded = {S.application_filed: DAY}
    with pytest.raises(BadDay):
        rules.check_stage(P.liquidation, S.accepted, TODAY + dt.timedelta(days=1), recorded, today=TODAY)
    with pytest.raises(BadDay):
        rules.check_stage(P.liquidation, S.accepted, DAY - dt.timedelta(days=1), recorded, today=TODAY)
    with pytest.raises(rules.StageNotReady) as refused:
        rules.check_stage(P.liquidation, S.declared_bankrupt, DAY, recorded, today=TODAY)
    assert "法院裁定受理" in refused.value.detail
    with pytest.raises(rules.StageRecorded):
        rules.check_stage(P.liquidation, S.application_filed, DAY, recorded, today=TODAY)
    with pytest.raises(Invalid):
        rules.check_stage(P.liquidation, S.application_filed, dt.date(2007, 5, 31), {}, today=TODAY)
    with pytest.raises(rules.NotOfThisPath):
        rules.check_stage(P.liquidation, S.plan_submitted, DAY, recorded, today=TODAY)


def test_proof_of_insolvency_has_two_limbs_and_reorganisation_another_door() -> None:
    for path, kinds in itertools.product(P, (set(c) for n in range(5) for c in itertools.combinations(K, n))):
        court = path in {P.reorganization, P.composition, P.liquidation}
        both = K.unable_to_pay in kinds and bool(kinds & {K.assets_below_liabilities, K.manifestly_insolvent})
        likely = path is P.reorganization and K.likely_to_fail in kinds
        assert (not rules.missing_evidence(path, kinds)) == (not court or both or likely), (path, kinds)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(rules.EvidenceMissing) as refused:
        rules.check_evidence(P.liquidation, {K.likely_to_fail})
    named = [error.message for error in refused.value.errors]
    assert named == ["不能清偿到期债务", "资产不足以清偿全部债务或者明显缺乏清偿能力"]
    rules.check_evidence(P.liquidation, {K.unable_to_pay, K.manifestly_insolvent})


def test_amounts_bear_out_what_they_are_to_prove() -> None:
    rules.check_amounts({"kind": K.assets_below_liabilities, "assets_fen": 1, "liabilities_fen": 2})
    for bad in (
        {"kind": K.assets_below_liabilities, "assets_fen": 2, "liabilities_fen": 2},
        {"kind": K.assets_below_liabilities, "assets_fen": 2, "liabilities_fen": None},
        {"kind": K.unable_to_pay, "unpaid_fen": 0},
    ):
        with pytest.raises(Invalid):
            rules.check_amounts(bad)


def test_a_court_case_goes_on_when_its_kind_changes() -> None:
    accepted = {S.application_filed, S.accepted}
    assert rules.check_conversion(P.liquidation, P.reorganization, accepted)
    assert rules.check_conversion(P.reorganization, P.liquidation, accepted)
    assert not rules.check_conversion(P.liquidation, P.reorganization, {S.application_filed})
    assert not rules.check_conversion(P.resume_and_deliver, P.liquidation, accepted)
    with pytest.raises(rules.AfterDeclaration):
        rules.check_conversion(P.liquidation, P.composition, accepted | {S.declared_bankrupt})


def test_a_case_number_is_one_whatever_its_brackets() -> None:
    same = ("（2026）京0101民初1234号", "(2026)京0101民初1234号", " 〔2026〕 京0101民初1234号")
    assert len({lawsuits.case_key(number) for number in same}) == 1
    assert lawsuits.case_key("（2026）京0101民初1235号") != lawsuits.case_key(same[0])
    assert lawsuits.case_key(None) is None
    assert lawsuits.case_key("（）") == "（）"


def test_a_closed_case_says_since_when() -> None:
    case = {"filed_on": DAY, "stage": LawsuitStage.filed, "closed_on": None}
    lawsuits.check_lawsuit(case, TODAY)
    lawsuits.check_lawsuit(case | {"stage": LawsuitStage.closed, "closed_on": DAY}, TODAY)
    for bad in (
        {"filed_on": TODAY + dt.timedelta(days=1)},
        {"stage": LawsuitStage.closed},
        {"closed_on": DAY},
        {"stage": LawsuitStage.closed, "closed_on": DAY - dt.timedelta(days=1)},
        {"stage": LawsuitStage.closed, "closed_on": TODAY + dt.timedelta(days=1)},
    ):
        with pytest.raises(Invalid):
            lawsuits.check_lawsuit(case | bad, TODAY)
    assert lawsuits.days(DAY, None, TODAY) == (TODAY - DAY).days
    assert lawsuits.days(DAY, DAY, TODAY) == 0
