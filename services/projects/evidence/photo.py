"""What an uploaded file is and says of itself. Hostile files end as a 4xx, in bounded memory and time.

A file is at most 20 MB (the edge's limit). Its size in pixels is read before any pixel is; a JPEG is then decoded at an
eighth of its size, and one of hundreds of scans, each of which walks all of it, is refused unread.
"""

import asyncio
import datetime as dt
import io
import math
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from PIL import Image, ImageOps

from services.projects.evidence import likeness
from services.projects.evidence.rules import Claim, Place
from shared.errors import FieldError, Invalid, UnsupportedMediaType
from shared.schemas.base import SHANGHAI

PDF = "application/pdf"
JPEG = "image/jpeg"
_PLUGIN = {JPEG: "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
MAX_PIXELS = {JPEG: 110_000_000, "image/png": 30_000_000, "image/webp": 16_000_000}
"""Phones take JPEGs of up to 108 million; a PNG must be unpacked whole, four bytes a pixel, a WebP three times over."""
# Pillow's own limit warns of less than phones take, and fails only at twice as much.
Image.MAX_IMAGE_PIXELS = max(MAX_PIXELS.values())
MAX_PROGRESSIVE_PIXELS = 30_000_000
"""A progressive JPEG keeps all of its coefficients in memory; no camera writes one."""
MAX_SCANS = 40
"""Encoders write about ten."""
PUBLIC_SIDE = 1600
PUBLIC_QUALITY = 85

_AFTER_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_ORIGINAL, _DIGITISED, _CHANGED = (0x9003, 0x9011), (0x9004, 0x9012), (0x0132, 0x9010)
"""EXIF 2.32: the tags of a moment and of its offset from UTC."""
_EXIF, _GPS = 0x8769, 0x8825
T = TypeVar("T")


class NotEvidence(UnsupportedMediaType):
    code, title, title_en = "not_evidence", "不支持的文件类型", "Not a supported file"


class DamagedFile(Invalid):
    code, title, title_en = "damaged_file", "文件已损坏，无法打开", "Damaged file"


class PhotoTooLarge(Invalid):
    code, title, title_en = "photo_too_large", "照片像素过多", "Too many pixels"


@dataclass(frozen=True, slots=True)
class Seen:
    """A file after a look at it. Documents have no pixels; `grey` is what `likeness` remembers."""

    media_type: str
    claim: Claim
    width: int | None = None
    height: int | None = None
    grey: bytes | None = None

    @property
    def is_photo(self) -> bool:
        return self.media_type != PDF


_eyes = ThreadPoolExecutor(2, thread_name_prefix="photo")
"""Two pictures at a time in a process, whatever arrives: their memory is the bound."""


async def aside(work: Callable[..., T], *arguments: Any) -> T:
    """Run what decodes pictures, beside the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_eyes, work, *arguments)


def look(content: bytes) -> Seen:
    """Raises `NotEvidence`, `DamagedFile`, `PhotoTooLarge`."""
    kind = sniff(content)
    if kind == PDF:
        if b"%%EOF" not in content[-2048:]:
            raise DamagedFile(errors=[_at_file("damaged", "请重新生成 PDF 后再上传")])
        return Seen(PDF, Claim(None, None))
    try:
        with _opened(kind, content) as image:
            width, height = image.size
            _check_size(kind, image)
            image.draft("RGB", (8 * likeness.SIDE, 8 * likeness.SIDE))
            # Before its EXIF is read: a PNG is loaded to find it, and what is damaged would pass for absent EXIF.
            image.load()
            claim = claim_of(image)
            upright = ImageOps.exif_transpose(image) if _is_turned(image) else image
            return Seen(kind, claim, *_as_shown(image, width, height), likeness.grey_of(upright))
    except (PhotoTooLarge, DamagedFile):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large(MAX_PIXELS[kind]) from None
    # Whatever a decoder makes of a hostile file (OSError, SyntaxError, struct.error, zlib.error …) says the same.
    except Exception:
        raise DamagedFile(errors=[_at_file("damaged", "请重新拍摄或导出后再上传")]) from None


def sniff(content: bytes) -> str:
    """By its first bytes; what its name or sender says does not count."""
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"%PDF-"):
        return PDF
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"):
        raise NotEvidence("请在手机上将照片另存为 JPEG（相机格式选“兼容性最佳”）后再上传")
    raise NotEvidence("可以上传 JPEG、PNG、WebP 照片和 PDF 文档")


def _opened(kind: str, content: bytes) -> Image.Image:
    if kind == JPEG:
        _check_scans(content)
    return Image.open(io.BytesIO(content), formats=[_PLUGIN[kind]])


def _check_scans(content: bytes) -> None:
    """Walk the segments; what lies inside one (a thumbnail has scans too) is stepped over."""
    at, scans = 2, 0
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xD9:
            return
        if marker in (0x01, 0xFF) or 0xD0 <= marker <= 0xD8:
            at += 1 if marker == 0xFF else 2
            continue
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
        if marker == 0xDA:
            scans += 1
            if scans > MAX_SCANS:
                raise DamagedFile(errors=[_at_file("too_many_scans", "请重新拍摄或导出后再上传")])
            following = _AFTER_SCAN.search(content, at)
            if following is None:
                return
            at = following.start()


def _check_size(kind: str, image: Image.Image) -> None:
    most = MAX_PIXELS[kind]
    if image.info.get("progressive"):
        most = min(most, MAX_PROGRESSIVE_PIXELS)
    if image.width * image.height > most:
        raise _too_large(most)


def _too_large(most: int) -> PhotoTooLarge:
    message = f"照片至多 {most // 10_000} 万像素，请缩小后再上传"
    return PhotoTooLarge(errors=[_at_file("too_many_pixels", message)])


def _is_turned(image: Image.Image) -> bool:
    try:
        return bool(image.getexif().get(0x0112, 1) != 1)
    except Exception:  # a broken EXIF block is the same as none
        return False


def _as_shown(image: Image.Image, width: int, height: int) -> tuple[int, int]:
    sideways = _is_turned(image) and image.getexif().get(0x0112) in (5, 6, 7, 8)
    return (height, width) if sideways else (width, height)


def _at_file(code: str, message: str) -> FieldError:
    return FieldError("/file", code, message)


def claim_of(image: Image.Image) -> Claim:
    """Time and place in the EXIF block; unreadable is the same as absent."""
    try:
        exif = image.getexif()
        taken = {**exif, **exif.get_ifd(_EXIF)}
        place = _place(exif.get_ifd(_GPS))
    except Exception:  # the block is the sender's work: anything may be in it
        return Claim(None, None)
    moments = (_moment(taken.get(tag), taken.get(offset)) for tag, offset in (_ORIGINAL, _DIGITISED, _CHANGED))
    return Claim(next((m for m in moments if m is not None), None), place)


def _moment(text: Any, offset: Any) -> dt.datetime | None:
    """`2026:11:20 14:03:59`; without an offset it is China's time, where these sites are."""
    try:
        naive = dt.datetime.strptime(str(text).strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 the zone follows
        if not 1949 <= naive.year <= 2100:
            return None
        zone = re.fullmatch(r"([+-])(\d\d):([0-5]\d)", str(offset or "").strip("\0 "))
        if zone is None:
            return naive.replace(tzinfo=SHANGHAI)
        minutes = (int(zone[2]) * 60 + int(zone[3])) * (-1 if zone[1] == "-" else 1)
        return naive.replace(tzinfo=dt.timezone(dt.timedelta(minutes=minutes)))
    except ValueError:
        return None


def _place(gps: dict[int, Any]) -> Place | None:
    """Tags 1–4: hemisphere and degrees, minutes, seconds. Null Island is a receiver without satellites."""
    degrees = []
    for sign, value, negative, most in ((1, 2, "S", 90), (3, 4, "W", 180)):
        parts = gps.get(value)
        if not isinstance(parts, tuple) or len(parts) != 3:
            return None
        found = sum(float(part) / 60**n for n, part in enumerate(parts))
        if not math.isfinite(found) or not 0 <= found <= most:
            return None
        degrees.append(-found if str(gps.get(sign, "")).strip("\0 ").upper() == negative else found)
    return Place(*degrees) if any(degrees) else None


def public_copy(content: bytes) -> bytes:
    """A JPEG of at most 1600 pixels a side, from the pixels alone: no EXIF, no profile, no comment, no thumbnail."""
    with _opened(sniff(content), content) as image:
        image.draft("RGB", (PUBLIC_SIDE, PUBLIC_SIDE))
        image.thumbnail((PUBLIC_SIDE, PUBLIC_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
        upright = ImageOps.exif_transpose(image) if _is_turned(image) else image
        plain = Image.frombytes("RGB", upright.size, upright.convert("RGB").tobytes())
        target = io.BytesIO()
        plain.save(target, "JPEG", quality=PUBLIC_QUALITY)
        return target.getvalue()
