"""What anybody may ask stands at a public address and is granted to visitors alone, or the app does not start."""

import pytest

from shared.chassis.permissions import PUBLIC, check_complete, check_public, is_public


def test_a_visitor_has_one_role_that_no_account_has() -> None:
    check_complete({"look": PUBLIC}, ["look"])
    assert is_public({"look": PUBLIC}, "look")
    assert not is_public({"look": {"office"}}, "look")
    assert not is_public({}, "look")


@pytest.mark.parametrize(
    ("roles", "path", "agrees"),
    [
        (PUBLIC, "/v1/petitions/public/look-up", True),
        ({"office"}, "/v1/petitions/petitions", True),
        (PUBLIC, "/v1/petitions/petitions", False),
        ({"office"}, "/v1/petitions/public/look-up", False),
        (PUBLIC | {"office"}, "/v1/petitions/public/look-up", False),
    ],
)
def test_address_and_table_agree(roles: frozenset[str], path: str, agrees: bool) -> None:
    if agrees:
        check_public({"look": roles}, {"look": path})
    else:
        with pytest.raises(RuntimeError, match="look"):
            check_public({"look": roles}, {"look": path})
