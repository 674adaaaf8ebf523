"""Is one photo a rescaled, re-encoded or slightly cropped copy of another? (docs/decisions/0009-near-duplicates.md)

A photo is remembered as a grey picture of 64 × 64 bytes. `keys` finds what may be alike through an index: copies share
at least one of some twenty integers. `copies_among` then looks: it lays one grey over the other and says whether what
remains is no more than scaling and encoding leave behind. The same view on another day leaves more.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

SIDE = 64
FEATURELESS = 6.0
"""Below this deviation (of 255) a picture is a wall, a fog or a lens cap: everything would resemble it."""
BANDS, BITS = 4, 16
CROPS = ((0, 0, 0, 0), (1, 1, 1, 1), (2, 2, 2, 2), (2, 2, 0, 0), (0, 0, 2, 2), (2, 0, 0, 2), (0, 2, 2, 0))
"""Left, top, right, bottom in fortieths: a copy cut by up to 5 % a side comes close to one of these of its original."""
PROMISING = 8
"""So many of the candidates are looked at in full."""
ROUGHLY = 0.9
REMAINDER = 3.5
"""Grey levels (of a picture brought to a deviation of 50) that may remain in four fifths of the blocks."""
BLOCK = 8
OVERLAID = 80
"""Per cent of the blocks that must agree: a watermark may cover the others."""

Array = npt.NDArray[Any]
"""Of float32."""


def _blur(side: int, sigma: float) -> Array:
    """A matrix that blurs columns; its transpose on the right blurs rows."""
    i = np.arange(side)
    weights = np.exp(-((i[:, None] - i[None]) ** 2) / (2 * sigma**2))
    return np.asarray(weights / weights.sum(1, keepdims=True), np.float32)


def _hat(distance: Array) -> Array:
    return np.asarray(np.maximum(0, 1 - distance))


def _cubic(d: Array) -> Array:
    """Keys' kernel of the third order (IEEE Trans. ASSP 29, 1981)."""
    near, far = 1.5 * d**3 - 2.5 * d**2 + 1, -0.5 * d**3 + 2.5 * d**2 - 4 * d + 2
    return np.where(d < 1, near, np.where(d < 2, far, 0)).astype(np.float32)


def _sampling(side: int, scale: Array, shift: Array, kernel: Any, edge: int = 0) -> tuple[Array, Array]:
    """For each of a batch, the matrix that samples at `scale` about the middle and `shift` (in sides), and which of the
    places lie inside."""
    middle = (side - 1) / 2
    at = middle + scale[:, None] * (np.arange(side, dtype=np.float32) - middle) + shift[:, None] * side
    inside = (at >= edge) & (at <= side - 1 - edge)
    weights = kernel(np.abs(np.clip(at, 0, side - 1)[..., None] - np.arange(side, dtype=np.float32)))
    return weights / weights.sum(-1, keepdims=True), inside.astype(np.float32)


def _cosines(count: int) -> Array:
    """The first `count` rows of the orthogonal DCT."""
    k, i = np.arange(count)[:, None], np.arange(SIDE)[None]
    rows = np.cos(np.pi * k * (2 * i + 1) / (2 * SIDE)) * np.sqrt(2 / SIDE)
    rows[0] /= np.sqrt(2)
    return np.asarray(rows, np.float32)


_SOFTEN = _blur(SIDE, 0.8)
_ORDER = sorted(((u, v) for u in range(11) for v in range(11) if u + v), key=lambda at: (sum(at), at))[: BANDS * BITS]
_ROWS, _COLUMNS = np.array(_ORDER).T


def _views() -> tuple[Array, Array]:
    """Per crop, what takes a grey's columns and rows straight to the low frequencies of the cut picture."""
    cosines, left, top, right, bottom = _cosines(11), *(np.array(CROPS, np.float32).T / 40)
    across, _ = _sampling(SIDE, 1 - left - right, (left - right) / 2, _hat)
    down, _ = _sampling(SIDE, 1 - top - bottom, (top - bottom) / 2, _hat)
    return cosines @ down, (cosines @ across).transpose(0, 2, 1)


_DOWN, _ACROSS = _views()


def grey_of(image: Image.Image) -> bytes | None:
    """The picture as it is remembered, squeezed into a square; None when there is nothing to recognise."""
    small = image.convert("L").resize((SIDE, SIDE), Image.Resampling.BICUBIC, reducing_gap=3.0)
    # Softened, so that it can be sampled anywhere without its windows and poles turning into other patterns.
    pixels = _SOFTEN @ np.asarray(small, np.float32) @ _SOFTEN.T
    return np.rint(pixels).astype(np.uint8).tobytes() if pixels.std() >= FEATURELESS else None


def _array(greys: Sequence[bytes]) -> Array:
    return np.frombuffer(b"".join(greys), np.uint8).reshape(-1, SIDE, SIDE).astype(np.float32)


def signs(grey: bytes) -> npt.NDArray[np.bool_]:
    """The 64-bit perceptual hash of the whole picture and of each crop: the signs of its low frequencies."""
    return np.asarray((_DOWN @ _array([grey]) @ _ACROSS)[:, _ROWS, _COLUMNS] > 0)


def keys(grey: bytes) -> list[int]:
    """What copies have in common: band and bits of every hash, as integers of 18 bits, ascending.

    Neighbouring frequencies go to different bands, so that one disturbed part of the spectrum spoils no band alone.
    """
    bands = signs(grey).reshape(len(CROPS), BITS, BANDS).transpose(0, 2, 1) @ (1 << np.arange(BITS))
    return sorted({int(key) for key in (bands + (np.arange(BANDS) << BITS)).ravel()})


def copies_among(grey: bytes, candidates: Sequence[bytes]) -> dict[int, float]:
    """Which candidates (by their place) show the same picture, and how alike they are: 1 is the same in every pixel."""
    if not candidates:
        return {}
    one, many = _array([grey])[0], _array(candidates)
    laid, alike = _laid_over(one, many, ((16, 6), (32, 5)))
    promising = [int(n) for n in np.argsort(-alike)[:PROMISING] if alike[n] >= ROUGHLY]
    if not promising:
        return {}
    laid, _ = _laid_over(one, many[promising], ((64, 4),), laid[:, promising])
    remainders = _remainders(one, many[promising], laid)
    return {
        n: round(1 - float(remainder) / (2 * REMAINDER), 3)
        for n, remainder in zip(promising, remainders, strict=True)
        if remainder <= REMAINDER
    }


def _laid_over(
    one: Array, many: Array, levels: Sequence[tuple[int, int]], start: Array | None = None
) -> tuple[Array, Array]:
    """Scale and shift, across and down, that bring each of `many` onto `one`; and how well they then correlate.

    Lucas and Kanade's method from coarse to fine: each step solves for the change that explains what still differs,
    brightness and contrast aside.
    """
    batch = len(many)
    laid = np.array([[1.0], [0.0], [1.0], [0.0]], np.float32).repeat(batch, 1) if start is None else start
    alike = np.zeros(batch, np.float32)
    for side, steps in levels:
        factor, soft = SIDE // side, _blur(side, 0.7)
        still = soft @ one.reshape(side, factor, side, factor).mean((1, 3)) @ soft.T
        moving = soft @ many.reshape(batch, side, factor, side, factor).mean((2, 4)) @ soft.T
        place = np.arange(side, dtype=np.float32) - (side - 1) / 2
        for _ in range(steps):
            across, in_x = _sampling(side, laid[0], laid[1], _hat)
            down, in_y = _sampling(side, laid[2], laid[3], _hat)
            mask = in_y[:, :, None] * in_x[:, None, :]
            warped = down @ moving @ across.transpose(0, 2, 1)
            a, b = _centred(warped, mask), _centred(still[None], mask)
            ab, aa, bb = ((x * y).sum((1, 2)) for x, y in ((a, b), (a, a), (b, b)))
            alike = ab / np.sqrt(aa * bb + 1e-6)
            gain = np.clip(ab / (aa + 1e-6), 0.3, 3)[:, None, None]
            by_y, by_x = (slope * gain * mask for slope in np.gradient(warped, axis=(1, 2)))
            slopes = np.stack([by_x * place, by_x, by_y * place[:, None], by_y], 1).reshape(batch, 4, -1)
            normal = slopes @ slopes.transpose(0, 2, 1) + np.eye(4, dtype=np.float32) * 0.1
            step = np.linalg.solve(normal, slopes @ (b - gain * a).reshape(batch, -1, 1))[..., 0].T
            laid = laid + step * laid[[0, 0, 2, 2]] / np.array([[1], [side], [1], [side]], np.float32)
            laid = np.clip(laid, [[0.8], [-0.12]] * 2, [[1.25], [0.12]] * 2).astype(np.float32)
    return laid, alike


def _centred(pixels: Array, mask: Array) -> Array:
    mean = (pixels * mask).sum((1, 2)) / (mask.sum((1, 2)) + 1e-6)
    return np.asarray((pixels - mean[:, None, None]) * mask)


def _remainders(one: Array, many: Array, laid: Array) -> Array:
    """What differs after laying over, in most blocks: grey levels of a picture with a deviation of 50."""
    across, in_x = _sampling(SIDE, laid[0], laid[1], _cubic, 2)
    down, in_y = _sampling(SIDE, laid[2], laid[3], _cubic, 2)
    soft = _blur(SIDE, 1.0)
    warped, still = soft @ (down @ many @ across.transpose(0, 2, 1)) @ soft.T, (soft @ one @ soft.T)[None]
    mask = in_y[:, :, None] * in_x[:, None, :]
    a, b, agreed = _centred(warped, mask), _centred(still, mask), mask
    # Fitted to every pixel first, then to those that agree: a watermark must not bend the fit of what it leaves free.
    for _ in range(3):
        a, b = _centred(warped, agreed), _centred(still, agreed)
        gain = (a * b).sum((1, 2)) / ((a * a).sum((1, 2)) + 1e-6)
        offset = _mean(still, agreed) - gain * _mean(warped, agreed)
        rest = (still - gain[:, None, None] * warped - offset[:, None, None]) * mask
        size = np.abs(rest)
        agreed = mask * (size <= np.quantile(size, OVERLAID / 100, axis=(1, 2), keepdims=True) + 1e-6)
    count = _by_block(mask)
    levels = np.where(count > BLOCK * BLOCK / 2, np.sqrt(_by_block(rest * rest) / (count + 1e-6)), np.nan)
    spread = np.sqrt((_centred(still, mask) ** 2).sum((1, 2)) / (mask.sum((1, 2)) + 1e-6))
    return np.asarray(
        np.nanpercentile(levels, OVERLAID, axis=(1, 2)) * 50 / np.maximum(spread, FEATURELESS), np.float32
    )


def _mean(pixels: Array, mask: Array) -> Array:
    return np.asarray((pixels * mask).sum((1, 2)) / (mask.sum((1, 2)) + 1e-6), np.float32)


def _by_block(pixels: Array) -> Array:
    blocks = SIDE // BLOCK
    return np.asarray(pixels.reshape(-1, blocks, BLOCK, blocks, BLOCK).sum((2, 4)), np.float32)
