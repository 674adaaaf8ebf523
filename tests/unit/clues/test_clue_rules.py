"""Who may know of a clue, in which order it lives, and that its number counts nothing."""

import datetime as dt

import pytest

from services.projects.clues import rules
from shared.errors import Invalid
from shared.schemas.projects.clues import ClueRecipient as R
from shared.schemas.projects.clues import ClueState as S

DAY = dt.date(2026, 3, 2)
TODAY = dt.date(2026, 11, 23)
ONE = dt.timedelta(days=1)


def test_each_reader_knows_what_was_sent_to_it() -> None:
    assert rules.readable(frozenset({"inspector"})) == set(R)
    assert rules.readable(frozenset({"judicial"})) == {R.political_legal, R.judicial}
    assert rules.readable(frozenset({"office", "leader", "auditor", "admin"})) == frozenset()
    assert rules.readable(frozenset({"judicial", "inspector"})) == set(R)


def test_receipt_numbers_are_drawn() -> None:
    numbers = {rules.receipt_number(DAY) for _ in range(500)}
    assert len(numbers) == 500
    assert all(number.startswith("XS-20260302-") and len(number) == 20 for number in numbers)


def test_a_clue_is_transferred_received_answered() -> None:
    rules.check_transferred(TODAY, TODAY)
    with pytest.raises(Invalid):
        rules.check_transferred(TODAY + ONE, TODAY)
    rules.check_receive(S.transferred, DAY, DAY, TODAY)
    for state in (S.received, S.answered):
        with pytest.raises(rules.AlreadyReceived):
            rules.check_receive(state, DAY, DAY, TODAY)
    for received_on in (DAY - ONE, TODAY + ONE):
        with pytest.raises(Invalid):
            rules.check_receive(S.transferred, DAY, received_on, TODAY)
    rules.check_result(DAY, DAY, TODAY)
    with pytest.raises(rules.NotReceived):
        rules.check_result(None, DAY, TODAY)
    for result_on in (DAY - ONE, TODAY + ONE):
        with pytest.raises(Invalid):
            rules.check_result(DAY, result_on, TODAY)
