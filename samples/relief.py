"""Draws relief.jpg, an invented lake country seen from above: python -m samples.relief"""

from __future__ import annotations

import itertools
import math
import random
from pathlib import Path

from PIL import Image, ImageFilter

SIZE = (1000, 560)
COLOURS = [  # height above the sea from 0 to 1, and its colour
    (0.00, (44, 92, 122)),
    (0.42, (118, 168, 184)),
    (0.44, (196, 202, 160)),
    (0.58, (142, 166, 112)),
    (0.76, (158, 138, 100)),
    (1.00, (240, 236, 228)),
]


def terrain() -> list[list[float]]:
    """Heights from 0 to 1: smooth noise, each octave finer and fainter."""
    octaves = [(_noise(seed, 2**seed * 2), 0.52**seed) for seed in range(1, 7)]
    total = sum(weight for _, weight in octaves)
    return [
        [
            sum(noise.getpixel((x, y)) * w for noise, w in octaves) / total / 255
            for x in range(SIZE[0])
        ]
        for y in range(SIZE[1])
    ]


def _noise(seed: int, cells: int) -> Image.Image:
    chance = random.Random(seed * 11)
    small = Image.new("L", (cells, max(2, cells * SIZE[1] // SIZE[0])))
    small.putdata([chance.randrange(256) for _ in range(small.width * small.height)])
    return small.resize(SIZE, Image.Resampling.BICUBIC)


def colour(height: float) -> tuple[int, int, int]:
    """The colour of a height, between those of its neighbours."""
    for (low, start), (high, end) in itertools.pairwise(COLOURS):
        if height <= high:
            part = (height - low) / (high - low)
            red, green, blue = (round(a + (b - a) * part) for a, b in zip(start, end, strict=True))
            return red, green, blue
    return COLOURS[-1][1]


def draw() -> Image.Image:
    """The map, lit from the north-west."""
    heights = terrain()
    low, high = min(map(min, heights)), max(map(max, heights))
    picture = Image.new("RGB", SIZE)
    for y, row in enumerate(heights):
        for x, height in enumerate(row):
            level = (height - low) / (high - low)
            slope = height - heights[y - 1][x - 1] if x and y and level > 0.44 else 0
            light = 1 + math.tanh(slope * 40) * 0.35
            picture.putpixel((x, y), tuple(min(255, round(part * light)) for part in colour(level)))
    return picture.filter(ImageFilter.SMOOTH)


if __name__ == "__main__":
    draw().save(Path(__file__).with_name("relief.jpg"), quality=82, optimize=True)
