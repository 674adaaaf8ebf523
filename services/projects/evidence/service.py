"""Use cases of 现场证据: add with every check, show, download; where a site is, its code of the day."""

import asyncio
import hashlib
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from services.projects.duty import service as duty
from services.projects.evidence import likeness, photo, queries, rules
from services.projects.evidence.codes import SiteCodes
from services.projects.evidence.models import evidence, project_site
from services.projects.evidence.photo import Seen
from services.projects.ledger import service as ledger
from services.projects.thresholds import thresholds
from shared.chassis.clock import Clock, today
from shared.chassis.http import require_version
from shared.chassis.identity import Caller
from shared.errors import Conflict, Forbidden
from shared.schemas.projects.evidence import (
    EvidenceCopy,
    EvidenceFlag,
    EvidenceOut,
    ProjectSiteIn,
    ProjectSiteOut,
    SiteCodeOut,
)
from shared.storage import Session, files, work
from shared.storage.rows import Row
from shared.storage.turns import take_turns

WHAT = "这份证据"
OUT_FIELDS = tuple(name for name in EvidenceOut.model_fields if name not in ("received_at", "sha256"))


class NoPublicCopy(Conflict):
    code, title, title_en = "no_public_copy", "文档没有公开副本", "No public copy"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came, after `photo.look`, and what its sender says of it."""

    content: bytes
    seen: Seen
    filename: str
    subject_type: str
    subject_id: str
    description: str | None
    code: str | None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Of which evidence, and how alike: 1 is the same file or the same pixels."""

    evidence_id: UUID
    project_id: UUID
    likeness: Decimal
    flag: EvidenceFlag


async def add(
    session: Session, caller: Caller, project_id: UUID, upload: Upload, codes: SiteCodes, clock: Clock
) -> Row:
    """Kept with its flags, whatever they are. Raises `NotFound` (no such project here), `Forbidden`."""
    project = await ledger.own_project(session, caller, project_id)
    division: str = project["division_code"]
    if caller.roles <= {"enterprise"} and await duty.answers_for(session, division, project_id, caller.unit) is None:
        raise Forbidden("贵单位不是该项目的责任企业")
    seen, sha256 = upload.seen, hashlib.sha256(upload.content).digest()
    await files.put(session, division, sha256, seen.media_type, upload.content, clock.now())
    keys = likeness.keys(seen.grey) if seen.grey else []
    duplicate = await _duplicate(session, division, sha256, seen.grey, keys)
    now = clock.now()
    checked = rules.Checked((), None, None)
    if seen.is_photo:
        limits = await thresholds.values(session, division)
        days = rules.code_days(seen.claim, now)
        checked = rules.check(
            seen.claim,
            now,
            _place_of(await queries.site(session, division, project_id)),
            skew_limit_minutes=limits["clock_skew_minutes"],
            radius_m=limits["site_radius_m"],
            code=codes.fits(upload.code, project_id, *days) if upload.code else None,
        )
    place = seen.claim.place
    values = {
        "project_id": project_id,
        "subject_type": upload.subject_type,
        "subject_id": upload.subject_id,
        "unit_code": caller.unit,
        "description": upload.description,
        "filename": upload.filename,
        "media_type": seen.media_type,
        "sha256": sha256,
        "size_bytes": len(upload.content),
        "width": seen.width,
        "height": seen.height,
        "taken_at": seen.claim.taken_at,
        "latitude": _degrees(place.latitude) if place else None,
        "longitude": _degrees(place.longitude) if place else None,
        "skew_minutes": checked.skew_minutes,
        "distance_m": checked.distance_m,
        "flags": [*checked.flags, *([duplicate.flag] if duplicate else [])],
        "duplicate_of": duplicate.evidence_id if duplicate else None,
        "duplicate_project_id": duplicate.project_id if duplicate else None,
        "likeness": duplicate.likeness if duplicate else None,
        "grey": seen.grey,
    }
    told = {name: values[name] for name in ("subject_type", "subject_id", "flags", "duplicate_of")}
    told |= {"sha256": sha256.hex()}
    row = await work.add(session, evidence, caller, division, values, now, action="add", detail=told)
    assert row is not None, "the id is new, and nothing else of evidence is unique"
    # The same file again is found by its hash: its keys would only crowd the index.
    if keys and not (duplicate and duplicate.flag is EvidenceFlag.EXACT_DUPLICATE):
        await queries.add_keys(session, division, row["id"], keys)
    return row


async def _duplicate(
    session: Session, division: str, sha256: bytes, grey: bytes | None, keys: list[int]
) -> Duplicate | None:
    """The earliest evidence of the county with the same file or the same picture.

    Looked for twice: before the county's turn is taken, which costs time but stops nobody, then once more in turn,
    where only what came meanwhile is left to compare.
    """
    alike: dict[UUID, float] = {}
    compared: set[UUID] = set()
    for in_turn in (False, True):
        if in_turn:
            # Of two that are alike, one sees the other.
            await take_turns(session, "evidence", division)
        same = await queries.first_of_file(session, division, sha256)
        if same is not None:
            return Duplicate(same["id"], same["project_id"], Decimal(1), EvidenceFlag.EXACT_DUPLICATE)
        if grey is not None:
            fresh = [c for c in await queries.candidates(session, division, keys) if c not in compared]
            known = await queries.greys(session, division, fresh) if fresh else {}
            compared |= set(fresh)
            found = await asyncio.to_thread(likeness.copies_among, grey, list(known.values())) if known else {}
            alike |= {list(known)[n]: how for n, how in found.items()}
    if not alike:
        return None
    # UUIDv7: the smallest id came first.
    original = min(alike)
    project_id = await queries.projects_of(session, division, original)
    return Duplicate(original, project_id, Decimal(str(alike[original])), EvidenceFlag.NEAR_DUPLICATE)


def _degrees(value: float) -> Decimal:
    return Decimal(str(round(value, 6)))


def shown(row: Row, caller: Caller) -> EvidenceOut:
    """For an enterprise without the other project's id: whom else a photo shows is not its business."""
    values = {name: row[name] for name in OUT_FIELDS}
    if caller.roles <= {"enterprise"}:
        values["duplicate_project_id"] = None
    return EvidenceOut.model_validate(values | {"received_at": row["created_at"], "sha256": row["sha256"].hex()})


async def load(session: Session, caller: Caller, evidence_id: UUID) -> Row:
    own = work.own_rows(caller, "unit_code")
    return await work.load(session, evidence, caller, evidence_id, what=WHAT, only=own)


async def download(session: Session, caller: Caller, evidence_id: UUID, copy: EvidenceCopy) -> tuple[Row, bytes, str]:
    """The evidence, its bytes and their media type. Raises `Forbidden`, `NoPublicCopy`."""
    row = await load(session, caller, evidence_id)
    if copy is EvidenceCopy.ORIGINAL:
        rules.require_original(caller.roles, caller.subject, row["created_by"])
        return row, await files.get(session, row["division_code"], row["sha256"]), row["media_type"]
    if row["media_type"] == photo.PDF:
        raise NoPublicCopy("文档可能含有个人信息，只提供原件")
    content = await files.get(session, row["division_code"], row["sha256"])
    return row, await photo.aside(photo.public_copy, content), photo.JPEG


async def site_code(session: Session, caller: Caller, project_id: UUID, codes: SiteCodes, clock: Clock) -> SiteCodeOut:
    project = await ledger.own_project(session, caller, project_id)
    day = today(clock)
    return SiteCodeOut(project_id=project["id"], day=day, code=codes.of(project["id"], day))


def _place_of(site: Row | None) -> rules.Place | None:
    return rules.Place(float(site["latitude"]), float(site["longitude"])) if site else None


def shown_site(project_id: UUID, row: Row | None) -> ProjectSiteOut:
    return ProjectSiteOut(
        project_id=project_id,
        latitude=row["latitude"] if row else None,
        longitude=row["longitude"] if row else None,
        version=row["version"] if row else 0,
        updated_at=row["updated_at"] if row else None,
    )


async def site_of(session: Session, caller: Caller, project_id: UUID) -> ProjectSiteOut:
    project = await ledger.load(session, caller, project_id)
    return shown_site(project_id, await queries.site(session, project["division_code"], project_id))


async def set_site(
    session: Session, caller: Caller, project_id: UUID, version: int, body: ProjectSiteIn, clock: Clock
) -> ProjectSiteOut:
    """From now on: what was already judged by the old place stays as it was judged."""
    project = await ledger.own_project(session, caller, project_id, lock=True)
    division = project["division_code"]
    row = await queries.site(session, division, project_id, lock=True)
    require_version(row["version"] if row else 0, version)
    place = rules.cgcs2000(body.latitude, body.longitude, body.datum)
    values = {"latitude": _degrees(place.latitude), "longitude": _degrees(place.longitude)}
    if row is not None:
        return shown_site(project_id, await work.move(session, project_site, caller, row, values, clock.now()))
    made = await work.add(session, project_site, caller, division, values | {"project_id": project_id}, clock.now())
    return shown_site(project_id, made)
