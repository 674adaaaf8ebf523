"""Photos as files: what a phone says in them, what somebody makes of an old one, an album of a county."""

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from tests.support.scenes import HEIGHT, WIDTH, shoot
from tests.support.sites import grown, site, standing

SHOTS = 4
"""Photos on file of each site."""


def jpeg(
    image: Image.Image,
    *,
    taken: dt.datetime | None = None,
    place: tuple[float, float] | None = None,
    zoned: bool = True,
    quality: int = 88,
    turned: int | None = None,
) -> bytes:
    """As a phone writes it. `zoned` says the offset from UTC beside the time; `place` is latitude and longitude."""
    exif = Image.Exif()
    if turned:
        exif[0x0112] = turned
    if taken is not None:
        stated = exif.get_ifd(0x8769)
        stated[0x9003] = taken.strftime("%Y:%m:%d %H:%M:%S")
        if zoned:
            offset = taken.strftime("%z")
            stated[0x9011] = f"{offset[:3]}:{offset[3:]}"
    if place is not None:
        gps = exif.get_ifd(0x8825)
        for tag, degrees, signs in ((1, place[0], "NS"), (3, place[1], "EW")):
            gps[tag], gps[tag + 1] = signs[degrees < 0], _sexagesimal(abs(degrees))
    target = io.BytesIO()
    image.save(target, "JPEG", quality=quality, exif=exif)
    return target.getvalue()


def _sexagesimal(degrees: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    minutes, seconds = divmod(round(degrees * 3600 * 1000), 60_000)
    return IFDRational(minutes // 60), IFDRational(minutes % 60), IFDRational(seconds, 1000)


def copies(image: Image.Image, seed: int) -> Iterator[tuple[str, bytes]]:
    """What somebody makes of an old photo to send it again: the issue's three ways, and all of them at once."""
    draw = np.random.default_rng([seed, 7])
    half = (WIDTH // 2, HEIGHT // 2)
    yield "rescaled", jpeg(image.resize(half, Image.Resampling.BICUBIC), quality=80)
    yield "enlarged", jpeg(image.resize((WIDTH * 2, HEIGHT * 2), Image.Resampling.BILINEAR), quality=85)
    yield "re-encoded", jpeg(image, quality=35)
    yield "cropped 5 % a side", jpeg(_cut(image, (0.05,) * 4), quality=85)
    yield "cropped 5 % in all", jpeg(_cut(image, (0.025,) * 4), quality=85)
    for name, edges in (
        ("corner", draw.permutation([0.05, 0.05, 0, 0]).tolist()),
        ("anyhow", draw.uniform(0, 0.05, 4).tolist()),
    ):
        yield f"cropped, {name}", jpeg(_cut(image, edges), quality=85)
    yield "all at once", jpeg(_cut(image, draw.uniform(0, 0.05, 4).tolist()).resize(half), quality=50)
    yield "as WebP", _webp(image)


def _cut(image: Image.Image, edges: Sequence[float]) -> Image.Image:
    left, top, right, bottom = edges
    w, h = image.size
    return image.crop((round(w * left), round(h * top), round(w * (1 - right)), round(h * (1 - bottom))))


def _webp(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, "WEBP", quality=60)
    return target.getvalue()


@cache
def original(number: int) -> Image.Image:
    """A photo on file. Every `SHOTS` of them show one site from several positions."""
    place, position = site(number // SHOTS), number % SHOTS
    return shoot(place, standing(place, position), place.seed * 100 + position)


@cache
def another(number: int, sites: int) -> Image.Image:
    """A new photo of one of the first `sites` sites, and so no copy of any: from where an original was shot but on
    another day, or a step beside it, or after a floor was added, or from somewhere else on the site."""
    place, kind = site(number % sites), number // sites
    view, day = standing(place, kind // 4 % SHOTS), place.seed * 100 + 50 + kind
    match kind % 4:
        case 1:
            view = replace(view, x=view.x + 0.7, yaw=view.yaw + 0.01)
        case 2:
            place = grown(place, 1)
        case 3:
            view = standing(place, SHOTS + kind)
    return shoot(place, view, day)
