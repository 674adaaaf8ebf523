"""What the server doubts about a photo, and who may see the original. Doubts are marked, never a reason to refuse."""

import datetime as dt
import math
from collections.abc import Set
from dataclasses import dataclass
from decimal import Decimal

from shared.errors import Forbidden
from shared.schemas.base import SHANGHAI
from shared.schemas.projects.evidence import Datum, EvidenceFlag

EARTH_M = 6_371_008.8
ORIGINALS = frozenset({"office", "leader", "inspector", "auditor"})
"""Who sees a file as it came: with the place, the time and the device, and with faces in full detail."""


@dataclass(frozen=True, slots=True)
class Place:
    """Degrees, CGCS2000 (for a phone's WGS-84 the same within a metre)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Claim:
    """What a photo says of itself."""

    taken_at: dt.datetime | None
    place: Place | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What the server found. `skew_minutes` is positive where the photo was taken before it came."""

    flags: tuple[EvidenceFlag, ...]
    skew_minutes: int | None
    distance_m: int | None


def distance_m(a: Place, b: Place) -> float:
    """Along a great circle."""
    from_lat, to_lat = math.radians(a.latitude), math.radians(b.latitude)
    across = math.radians(b.longitude - a.longitude)
    h = math.sin((to_lat - from_lat) / 2) ** 2 + math.cos(from_lat) * math.cos(to_lat) * math.sin(across / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(h)))


def code_days(claim: Claim, now: dt.datetime) -> tuple[dt.date, ...]:
    """Whose code a photo may carry: the day it says it was taken, or the day it came."""
    moments = [moment for moment in (claim.taken_at, now) if moment is not None]
    return tuple(moment.astimezone(SHANGHAI).date() for moment in moments)


def check(
    claim: Claim, now: dt.datetime, site: Place | None, *, skew_limit_minutes: int, radius_m: int, code: bool | None
) -> Checked:
    """Time against the clock, place against the site; `code` is None where none was given, else whether it fits."""
    flags = []
    skew = round((now - claim.taken_at).total_seconds() / 60) if claim.taken_at else None
    away = round(distance_m(claim.place, site)) if claim.place and site else None
    if claim.taken_at is None and claim.place is None:
        flags.append(EvidenceFlag.NO_METADATA)
    elif claim.taken_at is None:
        flags.append(EvidenceFlag.NO_TIME)
    elif claim.place is None:
        flags.append(EvidenceFlag.NO_PLACE)
    if site is None:
        flags.append(EvidenceFlag.NO_SITE)
    if skew is not None and abs(skew) > skew_limit_minutes:
        flags.append(EvidenceFlag.CLOCK_SKEW)
    if away is not None and away > radius_m:
        flags.append(EvidenceFlag.OFF_SITE)
    if code is not True:
        flags.append(EvidenceFlag.NO_CODE if code is None else EvidenceFlag.WRONG_CODE)
    return Checked(tuple(flags), skew, away)


def require_original(roles: Set[str], subject: str, uploader: str) -> None:
    """Originals are for those who check, and for who brought them."""
    if not roles & ORIGINALS and subject != uploader:
        raise Forbidden("您可以下载公开副本（copy=public），原件只供核查人员调取")


_AXIS, _ECCENTRICITY = 6_378_245.0, 0.00669342162296594323
"""Krasovsky's ellipsoid, on which GCJ-02 is computed."""


def cgcs2000(latitude: Decimal, longitude: Decimal, datum: Datum) -> Place:
    """A place as satellites tell it. The offset of GCJ-02 has no inverse in closed form; three steps leave < 1 cm."""
    given = Place(float(latitude), float(longitude))
    if datum is Datum.CGCS2000:
        return given
    found = given
    for _ in range(3):
        north, east = _gcj02_offset(found)
        found = Place(given.latitude - north, given.longitude - east)
    return found


def _gcj02_offset(at: Place) -> tuple[float, float]:
    """By how many degrees GCJ-02 lies north and east of the place."""
    x, y = at.longitude - 105.0, at.latitude - 35.0
    wave = 20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += (wave + 20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y / 30 * math.pi)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += (wave + 20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    radians = math.radians(at.latitude)
    magic = 1 - _ECCENTRICITY * math.sin(radians) ** 2
    meridian = _AXIS * (1 - _ECCENTRICITY) / magic**1.5
    parallel = _AXIS / math.sqrt(magic) * math.cos(radians)
    return math.degrees(north / meridian), math.degrees(east / parallel)
