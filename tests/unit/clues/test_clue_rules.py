"""Who may know of a clue, in which order it lives, and that its number counts nothing."""

import datetime as dt

import pytest

from services.projects.clues import rules
from shared.schemas.projects.clues import ClueRecipient as R

DAY = dt.date(2026, 3, 2)


def test_each_reader_knows_what_was_sent_to_it() -> None:
    assert rules.readable(frozenset({"inspector"})) == set(R)
    assert rules.readable(frozenset({"judicial"})) == {R.political_legal, R.judicial}
    assert rules.readable(frozenset({"office", "leader", "auditor", "admin"})) == frozenset()
    assert rules.readable(frozenset({"judicial", "inspector"})) == set(R)


def test_receipt_numbers_are_drawn() -> None:
    numbers = {rules.receipt_number(DAY) for _ in range(500)}
    assert len(numbers) == 500
    assert all(number.startswith("XS-20260302-") and len(number) == 20 for number in numbers)


def test_a_clue_is_received_once_and_answered_after_that() -> None:
    rules.check_not_received(None)
    rules.check_received(DAY)
    with pytest.raises(rules.AlreadyReceived):
        rules.check_not_received(DAY)
    with pytest.raises(rules.NotReceived):
        rules.check_received(None)
