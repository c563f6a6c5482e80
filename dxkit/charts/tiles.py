"""The strip of all indicators at a glance: one tile each, one band per direction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dxkit.charts.chart import (
    Chart,
    Gap,
    Reading,
    drawable,
    fill_of,
    finish,
    is_fraction,
    require,
    say,
)
from dxkit.charts.legend import Sign, legend, partial, swatch
from dxkit.charts.lettering import SIZE, SMALL, block, block_height, line_height, width_of, wrap
from dxkit.charts.picture import TEXT_WIDTH, Box, Label, Mark, Picture, Tone

_BAND = 1.35
_TILE = 1.85
_GAP = 0.1
_STATE = 0.62
_MARGIN = 0.09


@dataclass(frozen=True)
class Tile:
    """One indicator: its number, a short name and what was found."""

    number: int
    name: str
    reading: Reading


@dataclass(frozen=True)
class Band:
    """One direction and its indicators in their order."""

    name: str
    tiles: tuple[Tile, ...]


def panorama(bands: Sequence[Band], width_cm: float = TEXT_WIDTH) -> Chart:
    """Draw the strip: 是 filled, 否 hollow, ratios filled to their value, 不适用 and 未知 marked.

    Raises:
        ChartError: there is no band, or a band has no tile.
    """
    return finish(compose(bands, width_cm), _alt(bands))


def compose(bands: Sequence[Band], width_cm: float = TEXT_WIDTH) -> Picture:
    """Return the marks of `panorama`."""
    require(bands, "指标全景图")
    marks: list[Mark] = []
    y = 0.05
    for band in bands:
        require(band.tiles, f"指标全景图“{band.name}”")
        drawn, y = _band(band, width_cm, y)
        marks += drawn
        y += 2 * _GAP
    explained, bottom = legend(_entries(bands), _BAND + _GAP, y, width_cm)
    return Picture(width_cm, bottom + 0.05, (*marks, *explained))


def _band(band: Band, width: float, top: float) -> tuple[list[Mark], float]:
    """Return the marks of one band and the y of its lower end."""
    columns = max(1, int((width - 0.05 - _BAND) / (_TILE + _GAP)))
    tile_width = (width - 0.05 - _BAND) / columns - _GAP
    marks: list[Mark] = []
    y = top
    for first in range(0, len(band.tiles), columns):
        line = band.tiles[first : first + columns]
        height = max(_tile_height(tile, tile_width) for tile in line)
        for column, tile in enumerate(line):
            x = _BAND + _GAP + column * (tile_width + _GAP)
            marks += _tile(tile, x, y, tile_width, height)
        y += height + _GAP
    heading = wrap(band.name, _BAND - 2 * _MARGIN)
    bottom = max(y - _GAP, top + block_height(heading) + 2 * _MARGIN)
    return [*_heading(heading, top, bottom), *marks], bottom


def _heading(lines: Sequence[str], top: float, bottom: float) -> list[Mark]:
    ground = Box(0.02, top, _BAND - 0.02, bottom - top, "ground", outlined=False)
    return [ground, *block(lines, _BAND / 2, (top + bottom) / 2, anchor="center")]


def _tile_height(tile: Tile, width: float) -> float:
    lines = _name(tile, width)
    return _STATE + block_height(lines, SMALL) + 2 * _MARGIN


def _name(tile: Tile, width: float) -> tuple[str, ...]:
    return wrap(tile.name, width - 2 * _MARGIN, SMALL)


def _tile(tile: Tile, x: float, y: float, width: float, height: float) -> list[Mark]:
    lines = _name(tile, width)
    middle = y + _STATE + _MARGIN + block_height(lines, SMALL) / 2
    return [
        *_state(tile.reading, x, y, width),
        *_number(tile, x, y),
        *block(lines, x + width / 2, middle, size=SMALL, anchor="center"),
        Box(x, y, width, height, "clear"),
    ]


def _state(reading: Reading, x: float, y: float, width: float) -> list[Mark]:
    word = "?" if reading is Gap.UNKNOWN else say(reading)
    middle = y + _STATE / 2
    area = Box(x, y, width, _STATE, fill_of(reading))
    label = Label(x + width - 2 * _MARGIN, middle, word, SIZE, "right")
    if reading is True:
        return [area, Label(label.x, label.y, word, SIZE, "right", "paper")]
    if isinstance(reading, Gap):
        return [area, *_patch(label), label]
    if reading is False:
        return [area, label]
    part = Box(x, y, width * drawable(reading), _STATE, "tint", outlined=False)
    return [part, Box(x, y, width, _STATE, "clear"), label]


def _patch(label: Label) -> list[Mark]:
    """Return white ground for a label on a hatch."""
    text, height = width_of(label.text, label.size), line_height(label.size) * 0.9
    left = label.x - (text if label.anchor == "right" else 0) - _MARGIN / 2
    return [Box(left, label.y - height / 2, text + _MARGIN, height, outlined=False)]


def _number(tile: Tile, x: float, y: float) -> list[Mark]:
    tone: Tone = "paper" if tile.reading is True else "ink"
    label = Label(x + _MARGIN, y + _STATE / 2, str(tile.number), SMALL, "left", tone)
    return [*_patch(label), label] if isinstance(tile.reading, Gap) else [label]


def _entries(bands: Sequence[Band]) -> list[tuple[Sign, str]]:
    readings = [tile.reading for band in bands for tile in band.tiles]
    entries: list[tuple[bool, Sign, str]] = [
        (any(r is True for r in readings), swatch("main"), "是"),
        (any(r is False for r in readings), swatch("paper"), "否"),
        (any(is_fraction(r) for r in readings), partial("tint"), "比率，填充长度为其值"),
        (Gap.NOT_APPLICABLE in readings, swatch("hatch"), "不适用"),
        (Gap.UNKNOWN in readings, swatch("dots"), "未知（?）"),
    ]
    return [(sign, words) for shown, sign, words in entries if shown]


def _alt(bands: Sequence[Band]) -> str:
    readings = [tile.reading for band in bands for tile in band.tiles]
    tally = Counter(say(r) for r in readings if not is_fraction(r))
    ratios = sum(map(is_fraction, readings))
    total = f"共{len(readings)}项：比率{ratios}项" + "".join(
        f"，{word}{tally[word]}项" for word in ("是", "否", "不适用", "未知") if tally[word]
    )
    listed = "；".join(_sentence(band) for band in bands)
    return f"指标全景图，{total}。{listed}。"


def _sentence(band: Band) -> str:
    found = "，".join(f"{tile.number} {tile.name}{say(tile.reading)}" for tile in band.tiles)
    return f"{band.name}：{found}"
