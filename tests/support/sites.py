"""Building sites in three dimensions, and where people stand to take photos of them. Everything follows from seeds."""

from dataclasses import dataclass, replace

import numpy as np

Colour = tuple[float, float, float]
CONCRETE, BRICK, PLASTER, BLUE = (168, 164, 156), (150, 96, 74), (190, 180, 160), (62, 104, 168)


@dataclass(frozen=True)
class Block:
    """A building or a container: its corner on the ground, its size in metres, what its walls show."""

    x: float
    z: float
    width: float
    depth: float
    height: float
    floors: int
    bays: int
    colour: Colour
    netted: float = 0.0
    """The part of its height that is still behind scaffolding net."""


@dataclass(frozen=True)
class Site:
    seed: int
    blocks: tuple[Block, ...]
    cranes: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True)
class View:
    """Where the camera stands (metres), where it looks (radians), how far it zooms."""

    x: float
    z: float
    y: float = 1.6
    yaw: float = 0.0
    pitch: float = 0.0
    focal: float = 0.85


def site(seed: int) -> Site:
    """One of the building sites of a county: three to six towers of one type, containers, cranes."""
    draw = np.random.default_rng([seed, 1])
    floors, bays = int(draw.integers(11, 33)), int(draw.integers(4, 9))
    colour = (CONCRETE, BRICK, PLASTER)[int(draw.integers(3))]
    blocks = []
    for number in range(int(draw.integers(3, 7))):
        x, z = -45 + number * 26 + draw.uniform(-5, 5), draw.uniform(60, 130)
        done = floors - int(draw.integers(0, 6))
        netted = float(draw.choice([0, 0.3, 0.6, 1.0]))
        blocks.append(Block(x, z, draw.uniform(14, 22), draw.uniform(12, 18), done * 3.0, done, bays, colour, netted))
    for _ in range(int(draw.integers(1, 4))):
        blocks.append(Block(draw.uniform(-30, 30), draw.uniform(28, 50), 12, 3, 2.8, 1, 4, BLUE))
    cranes = tuple(
        (draw.uniform(-40, 80), draw.uniform(55, 120), floors * 3 + draw.uniform(8, 20), draw.uniform(0, 6.3))
        for _ in range(int(draw.integers(1, 4)))
    )
    return Site(seed, tuple(blocks), cranes)


def standing(place: Site, number: int) -> View:
    """The `number`th of the positions people take photos from: some metres and degrees apart."""
    draw = np.random.default_rng([place.seed, 2, number])
    return View(
        draw.uniform(-25, 45),
        draw.uniform(-25, 15),
        draw.choice([1.6, 1.7, 6.0, 12.0]),
        draw.uniform(-0.35, 0.35),
        draw.uniform(0.02, 0.18),
        draw.uniform(0.7, 1.1),
    )


def grown(place: Site, floors: int) -> Site:
    """The site some weeks later."""
    higher = (
        replace(b, height=b.height + 3.0 * floors, floors=b.floors + floors) if b.floors > 1 else b
        for b in place.blocks
    )
    return replace(place, blocks=tuple(higher))
