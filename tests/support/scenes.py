"""Site photos that nobody took: a building site (tests/support/sites.py) photographed from anywhere on any day.

Made to be confused: sites share building types, a site is shot from positions a few steps apart, and a camera on a mast
shoots the same view day after day. Everything follows from seeds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tests.support.sites import Block, Colour, Site, View

WIDTH, HEIGHT = 640, 480
NET = (58, 120, 84)
Grey = np.ndarray[Any, np.dtype[np.float32]]


def cloud(draw: np.random.Generator, width: int, height: int, coarsest: int = 3, octaves: int = 5) -> Grey:
    """Fractal noise in 0…1."""
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        cells = coarsest * 2**octave
        patch = Image.fromarray((draw.random((cells, cells)) * 255).astype(np.uint8))
        total += np.asarray(patch.resize((width, height), Image.Resampling.BICUBIC), np.float32) / 2**octave
    low, high = float(total.min()), float(total.max())
    return (total - low) / (high - low)


@dataclass
class Camera:
    """Projects metres to pixels; None behind the lens."""

    view: View

    def point(self, x: float, y: float, z: float) -> tuple[float, float] | None:
        x, y, z = x - self.view.x, y - self.view.y, z - self.view.z
        cos, sin = np.cos(self.view.yaw), np.sin(self.view.yaw)
        x, z = cos * x - sin * z, sin * x + cos * z
        cos, sin = np.cos(self.view.pitch), np.sin(self.view.pitch)
        y, z = cos * y - sin * z, sin * y + cos * z
        if z < 1:
            return None
        scale = self.view.focal * WIDTH / z
        return WIDTH / 2 + x * scale, HEIGHT / 2 - y * scale

    def face(self, corners: Sequence[tuple[float, float, float]]) -> list[tuple[float, float]] | None:
        points = [p for p in (self.point(*c) for c in corners) if p is not None]
        return points if len(points) == len(corners) else None


def shaded(colour: Colour, light: float, haze: float, air: Colour) -> tuple[int, int, int]:
    mixed = (c * light * (1 - haze) + a * haze for c, a in zip(colour, air, strict=True))
    red, green, blue = (int(min(255, max(0, m))) for m in mixed)
    return red, green, blue


@dataclass(frozen=True)
class Day:
    """Weather and hour: where the sun stands, how hazy it is, what the sky looks like."""

    seed: int
    sun: float
    haze: float
    bright: float
    air: Colour

    @classmethod
    def of(cls, seed: int) -> "Day":
        draw = np.random.default_rng([seed, 3])
        warm = draw.uniform(-18, 18)
        return cls(
            seed,
            draw.uniform(-1.2, 1.2),
            draw.uniform(0.05, 0.45),
            draw.uniform(0.75, 1.15),
            (195 + warm, 203.0, 212 - warm),
        )


def shoot(place: Site, view: View, day: int) -> Image.Image:
    """The photo; people, vehicles and noise are of the day, what is built is of the site."""
    weather, camera = Day.of(day), Camera(view)
    draw = np.random.default_rng([place.seed, day, int(view.x * 1000) % 9973, 4])
    picture = Image.fromarray(_backdrop(place, view, weather, draw))
    pen = ImageDraw.Draw(picture)
    for block in sorted(place.blocks, key=lambda b: -b.z):
        _block(pen, camera, block, weather, place.seed)
    for crane in place.cranes:
        _crane(pen, camera, crane, day)
    _people(pen, camera, draw)
    return _exposed(picture, weather, draw)


@lru_cache(maxsize=8)
def _mud(seed: int) -> Grey:
    return cloud(np.random.default_rng([seed, 5]), WIDTH * 2, HEIGHT, coarsest=6, octaves=6)


def _backdrop(place: Site, view: View, weather: Day, draw: np.random.Generator) -> np.ndarray[Any, Any]:
    """Sky with clouds of the day, ground with mud of the site."""
    rows = np.arange(HEIGHT, dtype=np.float32)[:, None]
    horizon = HEIGHT / 2 + np.tan(view.pitch) * view.focal * WIDTH
    sky = np.array([110, 150, 205], np.float32)
    up = np.clip(rows / max(horizon, 1), 0, 1)[..., None]
    puffs = cloud(draw, WIDTH, HEIGHT)[..., None] ** 2
    air = np.array(weather.air, np.float32)
    above = (sky * (1 - up) + air * up) * (1 - puffs * 0.6) + 235 * puffs * 0.6
    mud = _mud(place.seed)
    depth = np.clip((rows - horizon) / (HEIGHT - min(horizon, HEIGHT - 1)), 0.001, 1)
    along = (np.arange(WIDTH)[None, :] - WIDTH / 2) * (0.25 + 0.75 / (0.4 + depth)) * 0.5 + WIDTH + view.x * 9
    away = HEIGHT - 1 - np.abs((16 / depth + view.z * 5) % (2 * HEIGHT) - HEIGHT)  # there and back: no seam
    texture = mud[np.broadcast_to(away, along.shape).astype(int) % HEIGHT, along.astype(int) % (WIDTH * 2)]
    ground = np.array([140, 122, 98], np.float32) * (0.55 + 0.8 * texture[..., None]) * weather.bright
    ground = ground * (1 - weather.haze * (1 - depth[..., None])) + air * weather.haze * (1 - depth[..., None])
    seen = np.where((rows < horizon)[..., None], above, ground)
    return np.asarray(np.clip(seen, 0, 255).astype(np.uint8))


def _block(pen: ImageDraw.ImageDraw, camera: Camera, block: Block, weather: Day, seed: int) -> None:
    x, z, w, d, h = block.x, block.z, block.width, block.depth, block.height
    haze = weather.haze * min(1.0, (z - camera.view.z) / 140)
    sides = [((x, z), (x + w, z), 0.95 + 0.25 * np.cos(weather.sun))]
    if camera.view.x < x:
        sides.insert(0, ((x, z + d), (x, z), 0.75 - 0.35 * np.sin(weather.sun)))
    elif camera.view.x > x + w:
        sides.insert(0, ((x + w, z), (x + w, z + d), 0.75 + 0.35 * np.sin(weather.sun)))
    for (x0, z0), (x1, z1), lit in sides:
        light = float(lit) * weather.bright
        _wall(pen, camera, (x0, z0, x1, z1, 0, h), shaded(block.colour, light, haze, weather.air))
        glass = shaded((52, 60, 70), light * 1.1, haze, weather.air)
        fixed = np.random.default_rng([seed, int(x * 10) % 7919, 6])
        for floor in range(block.floors):
            bottom = h * floor / block.floors
            for bay in range(block.bays):
                a, b = (bay + 0.2) / block.bays, (bay + fixed.uniform(0.55, 0.85)) / block.bays
                span = (x0 + (x1 - x0) * a, z0 + (z1 - z0) * a, x0 + (x1 - x0) * b, z0 + (z1 - z0) * b)
                _wall(pen, camera, (*span, bottom + 0.9, bottom + fixed.uniform(2.1, 2.6)), glass)
        if block.netted:
            _net(pen, camera, (x0, z0, x1, z1), block, shaded(NET, light, haze, weather.air))


def _wall(
    pen: ImageDraw.ImageDraw,
    camera: Camera,
    span: tuple[float, float, float, float, float, float],
    colour: tuple[int, int, int],
) -> None:
    x0, z0, x1, z1, low, high = span
    face = camera.face([(x0, low, z0), (x1, low, z1), (x1, high, z1), (x0, high, z0)])
    if face:
        pen.polygon(face, fill=colour)


def _net(
    pen: ImageDraw.ImageDraw,
    camera: Camera,
    foot: tuple[float, float, float, float],
    block: Block,
    colour: tuple[int, int, int],
) -> None:
    """Green net over the upper part, and the poles that carry it."""
    x0, z0, x1, z1 = foot
    low = block.height * (1 - block.netted)
    _wall(pen, camera, (x0, z0, x1, z1, low, block.height + 1.5), colour)
    pole = (90, 80, 70)
    for step in range(13):
        x, z = x0 + (x1 - x0) * step / 12, z0 + (z1 - z0) * step / 12
        line = camera.face([(x, 0, z), (x, block.height + 2, z)])
        if line:
            pen.line(line, fill=pole)
    for floor in range(block.floors + 1):
        y = block.height * floor / block.floors
        line = camera.face([(x0, y, z0), (x1, y, z1)])
        if line:
            pen.line(line, fill=pole)


def _crane(pen: ImageDraw.ImageDraw, camera: Camera, crane: tuple[float, float, float, float], day: int) -> None:
    x, z, height, arm = crane
    arm += day * 0.7
    far = (x + 38 * np.cos(arm), z + 38 * np.sin(arm))
    back = (x - 12 * np.cos(arm), z - 12 * np.sin(arm))
    for start, end in (
        ((x, 0, z), (x, height + 6, z)),
        ((back[0], height, back[1]), (far[0], height, far[1])),
        ((x, height + 6, z), (far[0], height, far[1])),
        ((x, height + 6, z), (back[0], height, back[1])),
    ):
        line = camera.face([start, end])
        if line:
            pen.line(line, fill=(204, 162, 40), width=3)


def _people(pen: ImageDraw.ImageDraw, camera: Camera, draw: np.random.Generator) -> None:
    for _ in range(int(draw.integers(0, 9))):
        x, z = draw.uniform(-20, 35), draw.uniform(18, 48)
        feet, head = camera.point(x, 0, z), camera.point(x, 1.75, z)
        if feet and head:
            half = max(1.0, (feet[1] - head[1]) / 6)
            pen.rectangle((feet[0] - half, head[1], feet[0] + half, feet[1]), fill=(70, 74, 92))
            pen.ellipse((feet[0] - half, head[1] - half, feet[0] + half, head[1] + half), fill=(230, 190, 40))


def _exposed(picture: Image.Image, weather: Day, draw: np.random.Generator) -> Image.Image:
    """What a lens and a sensor add: softness, darker corners, noise, an exposure of its own."""
    pixels = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.7)), np.float32)
    y, x = np.linspace(-1, 1, HEIGHT, dtype=np.float32)[:, None], np.linspace(-1, 1, WIDTH, dtype=np.float32)
    corners = (1 - 0.18 * (x**2 + y**2))[..., None] * np.float32(draw.uniform(0.9, 1.1))
    noise = draw.standard_normal((HEIGHT, WIDTH, 3), np.float32) * 3
    exposed = pixels * corners + noise
    return Image.fromarray(np.clip(exposed, 0, 255).astype(np.uint8))
