"""Time, place and code of a photo against what the server knows."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.projects.evidence import rules
from services.projects.evidence.codes import ALPHABET, SiteCodes
from services.projects.evidence.rules import Checked, Claim, Place, cgcs2000, check, code_days, distance_m
from shared.errors import Forbidden
from shared.schemas.base import SHANGHAI
from shared.schemas.projects.evidence import Datum, EvidenceFlag

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
SITE = Place(38.04, 114.51)
places = st.builds(Place, st.floats(3, 54), st.floats(73, 136))


def checked(claim: Claim, site: Place | None = SITE, *, code: bool | None = True) -> Checked:
    return check(claim, NOW, site, skew_limit_minutes=60, radius_m=500, code=code)


def north(metres: float) -> Place:
    return Place(SITE.latitude + metres / 111_195, SITE.longitude)


def test_a_photo_is_above_doubt_up_to_the_limits_themselves() -> None:
    assert checked(Claim(NOW - dt.timedelta(minutes=60), north(500))) == Checked((), 60, 500)


@pytest.mark.parametrize(
    ("claim", "flags"),
    [
        (Claim(None, None), {"no_metadata"}),
        (Claim(None, SITE), {"no_time"}),
        (Claim(NOW, None), {"no_place"}),
        (Claim(NOW - dt.timedelta(minutes=61), SITE), {"clock_skew"}),
        (Claim(NOW + dt.timedelta(minutes=61), SITE), {"clock_skew"}),
        (Claim(NOW, north(501)), {"off_site"}),
        (Claim(NOW - dt.timedelta(days=400), north(90_000)), {"clock_skew", "off_site"}),
    ],
)
def test_each_doubt_has_its_flag(claim: Claim, flags: set[str]) -> None:
    assert set(checked(claim).flags) == flags


def test_without_coordinates_of_the_site_that_is_what_is_said() -> None:
    assert checked(Claim(NOW, north(90_000)), None) == Checked((EvidenceFlag.NO_SITE,), 0, None)


def test_the_code_is_absent_right_or_wrong() -> None:
    assert checked(Claim(NOW, SITE), code=None).flags == (EvidenceFlag.NO_CODE,)
    assert checked(Claim(NOW, SITE), code=False).flags == (EvidenceFlag.WRONG_CODE,)


def test_a_code_may_be_of_the_day_it_was_taken_or_came_in_china() -> None:
    late = dt.datetime(2026, 11, 20, 17, 30, tzinfo=dt.UTC)
    assert code_days(Claim(late, None), NOW) == (dt.date(2026, 11, 21), dt.date(2026, 11, 23))
    assert code_days(Claim(None, None), NOW) == (dt.date(2026, 11, 23),)


@given(places, places)
def test_distance_is_symmetric_and_zero_to_itself(a: Place, b: Place) -> None:
    assert distance_m(a, a) == 0
    assert distance_m(a, b) == pytest.approx(distance_m(b, a))
    assert 0 <= distance_m(a, b) < 9_000_000


def test_distance_of_a_known_pair() -> None:
    """Beijing and Shanghai: 1,067 km along the great circle."""
    assert distance_m(Place(39.9042, 116.4074), Place(31.2304, 121.4737)) == pytest.approx(1_067_300, rel=0.001)


@given(places)
def test_a_place_read_from_a_chinese_map_comes_back_to_where_it_was(place: Place) -> None:
    """Forth by the published formula, back by ours."""
    offset = rules._gcj02_offset(place)
    on_map = (Decimal(str(place.latitude + offset[0])), Decimal(str(place.longitude + offset[1])))
    assert distance_m(cgcs2000(*on_map, Datum.GCJ02), place) < 0.1
    assert cgcs2000(*on_map, Datum.CGCS2000) == Place(*map(float, on_map))


def test_a_chinese_map_is_off_by_hundreds_of_metres() -> None:
    """Tian'anmen: 39.907333, 116.391083 by satellite."""
    north_by, east_by = rules._gcj02_offset(Place(39.907333, 116.391083))
    assert north_by == pytest.approx(0.001402, abs=2e-6)
    assert east_by == pytest.approx(0.006243, abs=2e-6)


@given(st.uuids(), st.dates(dt.date(2020, 1, 1), dt.date(2099, 1, 1)))
def test_codes_are_short_legible_and_of_one_project_and_day(project: UUID, day: dt.date) -> None:
    codes, other = SiteCodes(b"a secret of a county"), SiteCodes(b"another secret")
    code = codes.of(project, day)
    assert code == codes.of(project, day)
    assert len(code) == 7
    assert set(code) <= set(ALPHABET) | {"-"}
    assert codes.fits(code, project, day)
    assert codes.fits(f" {code.lower().replace('-', ' ')}", project, day - dt.timedelta(1), day)
    assert not codes.fits(code, project, day + dt.timedelta(1))
    assert not codes.fits(code, UUID(int=project.int ^ 1), day)
    assert not other.fits(code, project, day)
    assert SiteCodes(b"another secret", b"a secret of a county").fits(code, project, day), "it outlives a change of key"


def test_originals_are_for_who_checks_and_who_brought_them() -> None:
    rules.require_original(frozenset({"inspector"}), "user:1", "user:2")
    rules.require_original(frozenset({"enterprise"}), "user:2", "user:2")
    with pytest.raises(Forbidden):
        rules.require_original(frozenset({"department", "enterprise"}), "user:1", "user:2")
