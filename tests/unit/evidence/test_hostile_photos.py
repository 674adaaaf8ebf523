"""Files that mean harm, or are none of ours: a clear 4xx, in bounded memory and time; broken EXIF is absent EXIF."""

import io
import random
import struct
import subprocess
import sys
import time
import zlib
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from services.projects.evidence import photo
from services.projects.evidence.photo import DamagedFile, NotEvidence, PhotoTooLarge, look
from services.projects.evidence.rules import Claim
from tests.support.photos import jpeg, original
from tests.support.profile import SEED, count, report

MAX_MEMORY_MB = 420
"""Of a whole process with one picture in hand: Python, numpy and Pillow take some 60 of it."""


def saved(picture: Image.Image, kind: str, **how: object) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **how)
    return target.getvalue()


def png(width: int, height: int, *, rows: int | None = None) -> bytes:
    """Millions of empty pixels in a few kilobytes; with fewer rows than it says."""
    packer = zlib.compressobj(9)
    row = bytes(1 + width * 4)
    body = b"".join(packer.compress(row) for _ in range(height if rows is None else rows)) + packer.flush()

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def resized_on_paper(content: bytes, width: int, height: int) -> bytes:
    """A JPEG whose frame header states another size."""
    at = content.index(b"\xff\xc0")
    return content[: at + 5] + struct.pack(">HH", height, width) + content[at + 9 :]


def many_scans(scans: int) -> bytes:
    """A progressive JPEG with its last scan over and over: each makes a decoder walk the whole picture."""
    content = saved(original(0), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * scans + content[-2:]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x",
        b"\xff\xd8",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html><script>alert(1)</script></html>",
        b"MZ\x90\x00",
        b"PK\x03\x04" + bytes(100),
        b"GIF89a" + bytes(100),
        b"BM" + bytes(100),
        b"II*\x00" + bytes(100),
        b"%!PS-Adobe-3.0",
        b"RIFF\x00\x00\x00\x00AVI " + bytes(20),
        b"\x00\x00\x00\x18ftypheic" + bytes(20),
    ],
    ids=lambda content: repr(content[:12]),
)
def test_what_is_no_photo_or_document_is_415(content: bytes) -> None:
    with pytest.raises(NotEvidence) as refused:
        look(content)
    assert refused.value.status == 415
    assert "JPEG" in refused.value.detail


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_file_cut_short_is_damaged(kind: str) -> None:
    content = saved(original(0).resize((320, 240)), kind)
    for part in (0.05, 0.3, 0.6, 0.9):
        with pytest.raises(DamagedFile) as refused:
            look(content[: int(len(content) * part)])
        assert [error.pointer for error in refused.value.errors] == ["/file"]


def test_a_pdf_without_its_end_is_damaged() -> None:
    with pytest.raises(DamagedFile):
        look(b"%PDF-1.7\n1 0 obj")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_whatever_bytes_are_changed_the_answer_is_a_look_or_a_problem(kind: str) -> None:
    draw = random.Random(SEED)
    content = jpeg(original(0).resize((160, 120)), place=(38.0, 114.5))
    if kind != "JPEG":
        content = saved(original(0).resize((160, 120)), kind)
    refused = 0
    tries = count(150, 5_000)
    for _ in range(tries):
        bent = bytearray(content)
        for _ in range(draw.choice((1, 3, 20))):
            bent[draw.randrange(12 if draw.random() < 0.8 else 0, len(bent))] = draw.randrange(256)
        try:
            look(bytes(bent))
        except (NotEvidence, DamagedFile, PhotoTooLarge):
            refused += 1
    report(f"{kind} with bytes changed", tries=tries, refused=refused)
    assert refused


@pytest.mark.parametrize(
    "content",
    [
        png(30_000, 30_000, rows=1),
        png(6_000, 5_001, rows=1),
        png(20_000, 20_000, rows=1),
        resized_on_paper(jpeg(original(0)), 65_000, 65_000),
        resized_on_paper(jpeg(original(0)), 12_000, 9_200),
    ],
    ids=["900 M png", "30 M png", "400 M png", "4225 M jpeg", "110 M jpeg"],
)
def test_a_bomb_is_refused_by_its_size_on_paper(content: bytes) -> None:
    began = time.perf_counter()
    with pytest.raises(PhotoTooLarge) as refused:
        look(content)
    assert time.perf_counter() - began < 2
    assert "万像素" in refused.value.errors[0].message


def test_a_progressive_photo_may_be_smaller_only() -> None:
    """It needs all of its coefficients in memory at once."""
    content = saved(Image.new("RGB", (6_400, 4_800)), "JPEG", progressive=True)
    with pytest.raises(PhotoTooLarge):
        look(content)
    assert look(saved(Image.new("RGB", (6_400, 4_800)), "JPEG")).width == 6_400


def test_a_photo_of_a_thousand_scans_is_refused_unread() -> None:
    assert look(many_scans(10)).width == 640
    with pytest.raises(DamagedFile) as refused:
        look(many_scans(1_000))
    assert [error.code for error in refused.value.errors] == ["too_many_scans"]


def test_scans_of_a_thumbnail_inside_a_photo_do_not_count() -> None:
    content = jpeg(original(0))
    inside = b"Exif\0\0" + many_scans(1)[:60_000].replace(b"\xff\xd9", b"") + b"\xff\xda\x00\x02" * 100
    segment = b"\xff\xe1" + struct.pack(">H", len(inside[:65_000]) + 2) + inside[:65_000]
    assert look(content[:2] + segment + content[2:]).width == 640


PROBE = """
import sys, time
from services.projects.evidence import photo
from shared.errors import Problem
content, began = sys.stdin.buffer.read(), time.process_time()
try:
    photo.look(content)
    photo.public_copy(content)
except Problem:
    pass
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(peak // 1024, round(time.process_time() - began, 2))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
@pytest.mark.parametrize("case", ["png", "webp", "jpeg", "progressive"])
def test_the_largest_that_is_taken_fits_into_bounded_memory(case: str) -> None:
    """Looked at and copied for the public, in a process of its own."""
    contents = {
        "png": lambda: png(6_000, 5_000),
        "webp": lambda: saved(Image.effect_noise((4_000, 4_000), 50).convert("RGB"), "WEBP", quality=20, method=0),
        "jpeg": lambda: saved(Image.new("RGB", (12_000, 9_000), (90, 120, 30)), "JPEG"),
        "progressive": lambda: saved(Image.new("RGB", (6_000, 5_000), (90, 120, 30)), "JPEG", progressive=True),
    }
    done = subprocess.run([sys.executable, "-c", PROBE], input=contents[case](), capture_output=True, check=True)
    megabytes, seconds = map(float, done.stdout.split())
    report(f"largest {case}", peak_mb=megabytes, cpu_seconds=seconds)
    print(f"{case}: {megabytes:.0f} MB, {seconds} s of CPU")
    assert megabytes < MAX_MEMORY_MB


def with_exif(exif: Image.Exif) -> bytes:
    return saved(original(0).resize((80, 60)), "JPEG", exif=exif)


@pytest.mark.parametrize(
    "moment", ["0000:00:00 00:00:00", "9999:99:99 99:99:99", "0001:01:01 00:00:00", "2026-11-20", "昨天", "", "\0" * 20]
)
def test_a_time_that_is_none_is_absent(moment: str) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = moment.encode() if not moment.isascii() else moment
    assert look(with_exif(exif)).claim == Claim(None, None)


@pytest.mark.parametrize("offset", ["+99:99", "+25:00", "-24:00", "Z", "8", "\xff"])
def test_an_offset_that_is_none_leaves_chinas_time_or_no_time(offset: str) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769).update({0x9003: "2026:11:20 08:00:00", 0x9011: offset})
    found = look(with_exif(exif)).claim.taken_at
    assert found is None or found.isoformat() == "2026-11-20T08:00:00+08:00"


@pytest.mark.parametrize(
    "degrees",
    [
        (IFDRational(1, 0), IFDRational(0, 1), IFDRational(0, 1)),
        (IFDRational(91, 1), IFDRational(0, 1), IFDRational(0, 1)),
        (IFDRational(0, 1), IFDRational(0, 1), IFDRational(0, 1)),
        (IFDRational(38, 1), IFDRational(2, 1)),
    ],
    ids=["no number", "beyond the pole", "nowhere", "two parts"],
)
def test_a_place_that_is_none_is_absent(degrees: tuple[IFDRational, ...]) -> None:
    exif = Image.Exif()
    east = degrees if not any(degrees) else (IFDRational(114, 1), IFDRational(0, 1), IFDRational(0, 1))
    exif.get_ifd(0x8825).update({1: "N", 2: degrees, 3: "E", 4: east})
    assert look(with_exif(exif)).claim.place is None


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_place_is_read_as_it_was_written(latitude: float, longitude: float) -> None:
    if max(abs(latitude), abs(longitude)) < 0.001:
        return
    found = look(jpeg(Image.new("RGB", (16, 16)), place=(latitude, longitude))).claim.place
    assert found is not None
    assert abs(found.latitude - latitude) < Fraction(1, 1_000_000)
    assert abs(found.longitude - longitude) < Fraction(1, 1_000_000)


@given(st.binary(max_size=400))
def test_any_exif_block_at_all_can_be_looked_at(block: bytes) -> None:
    content = jpeg(Image.new("RGB", (16, 16)))
    inside = b"Exif\0\0" + block
    segment = b"\xff\xe1" + struct.pack(">H", len(inside) + 2) + inside
    assert look(content[:2] + segment + content[2:]).width == 16


def test_a_public_copy_has_only_pixels() -> None:
    exif = Image.Exif()
    exif[0x010F] = "PHONE-MAKER"
    content = saved(original(0), "JPEG", exif=exif, comment=b"by Zhang San", icc_profile=b"PROFILE" * 20)
    copy = photo.public_copy(content)
    assert not [word for word in (b"PHONE-MAKER", b"Zhang", b"PROFILE", b"Exif") if word in copy]
    assert set(Image.open(io.BytesIO(copy)).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    large = Image.open(io.BytesIO(photo.public_copy(saved(original(0).resize((4_000, 3_000)), "PNG"))))
    assert large.size == (1_600, 1_200)
