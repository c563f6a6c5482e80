"""What stands on what: layers of equipment, networks and systems, and how they are joined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dxkit.charts.arrows import arrow, double_arrow
from dxkit.charts.chart import Chart, finish, require
from dxkit.charts.legend import legend, swatch
from dxkit.charts.lettering import SIZE, SMALL, block, block_height, line_height, width_of, wrap
from dxkit.charts.picture import TEXT_WIDTH, Box, Mark, Picture

_NAME = 2.6
_PADDING = 0.2
_MARGIN = 0.03
_ITEM_GAP = 0.15
_ITEM_PADDING = 0.13
_BARE = 0.14
_ARROW = 0.7
_WALL = 0.18
_DOOR = 0.46
# Contents with a longer part are sentences, not a list, and are set as running text.
_LONGEST_ITEM = 16
# Commas inside brackets belong to one item.
_BETWEEN_ITEMS = re.compile(r"[、；;\n](?![^（(]*[）)])")

# Words that say there is nothing; wireless links and such begin alike and are something.
_NOTHING = re.compile(r"无(?![线源人])|[暂尚]无|没有|未|[—–/-]*$")


@dataclass(frozen=True)
class Layer:
    """One layer; `link` and `protection` say how its upper border is crossed and guarded."""

    name: str
    contents: str
    link: str = ""
    protection: str = ""


def architecture(layers: Sequence[Layer], width_cm: float = TEXT_WIDTH) -> Chart:
    """Draw the layers, given from the lowest to the highest, one upon another.

    Contents that read as a list are shown item by item, others as text. A layer without a link
    is drawn without an arrow to the one above; where words say that there is no link or no
    protection, the words are shown, but neither arrow nor wall.

    Raises:
        ChartError: there is no layer.
    """
    return finish(compose(layers, width_cm), _alt(layers))


def compose(layers: Sequence[Layer], width_cm: float = TEXT_WIDTH) -> Picture:
    """Return the marks of `architecture`."""
    require(layers, "系统架构图")
    marks: list[Mark] = []
    y = _MARGIN
    for layer in reversed(layers):
        outermost = layer is layers[-1] and not (layer.link or layer.protection)
        foot = y if outermost else y + _border_height(layer, width_cm)
        marks += _border(layer, y, foot, width_cm)
        height = _height(layer, width_cm)
        marks += _band(layer, foot, height, width_cm)
        y = foot + height
    if any(_exists(layer.protection) for layer in layers):
        explained, y = legend([(swatch("cross"), "安全防护边界")], _NAME, y + _BARE, width_cm)
        marks += explained
    return Picture(width_cm, y + _MARGIN, tuple(marks))


def _band(layer: Layer, top: float, height: float, width: float) -> list[Mark]:
    heading = Box(_MARGIN, top, _NAME, height, "main")
    body = Box(_MARGIN + _NAME, top, width - 2 * _MARGIN - _NAME, height, "ground")
    name = _name(layer)
    x, middle = _MARGIN + _NAME / 2, top + height / 2
    return [
        heading,
        body,
        *block(name, x, middle, anchor="center", tone="paper"),
        *_contents(layer, top, height, width),
    ]


def _name(layer: Layer) -> tuple[str, ...]:
    return wrap(layer.name, _NAME - _PADDING)


def _height(layer: Layer, width: float) -> float:
    inner = max(_inner_height(layer, width), block_height(_name(layer)), line_height() * 1.6)
    return inner + 2 * _PADDING


def _inner_height(layer: Layer, width: float) -> float:
    items = _items(layer.contents)
    if not items:
        return block_height(_text(layer, width))
    rows = len(_item_rows(items, _room(width)))
    return rows * (_item_height() + _ITEM_GAP) - _ITEM_GAP


def _contents(layer: Layer, top: float, height: float, width: float) -> list[Mark]:
    left = _MARGIN + _NAME + _PADDING
    items = _items(layer.contents)
    if not items:
        return [*block(_text(layer, width), left, top + height / 2)]
    y = top + (height - _inner_height(layer, width)) / 2
    marks: list[Mark] = []
    for row in _item_rows(items, _room(width)):
        x = left
        for item in row:
            marks += _item(item, x, y)
            x += _item_width(item) + _ITEM_GAP
        y += _item_height() + _ITEM_GAP
    return marks


def _room(width: float) -> float:
    return width - 2 * _MARGIN - _NAME - 2 * _PADDING


def _text(layer: Layer, width: float) -> tuple[str, ...]:
    return wrap(layer.contents, _room(width))


def _items(contents: str) -> tuple[str, ...]:
    """Return the parts of a list, or nothing if `contents` reads as a sentence."""
    parts = tuple(part.strip() for part in _BETWEEN_ITEMS.split(contents) if part.strip())
    short = all(len(part) <= _LONGEST_ITEM and "，" not in part for part in parts)
    return parts if short else ()


def _item_rows(items: Sequence[str], room: float) -> list[list[str]]:
    rows: list[list[str]] = [[]]
    for item in items:
        taken = sum(_item_width(other) + _ITEM_GAP for other in rows[-1])
        if rows[-1] and taken + _item_width(item) > room:
            rows.append([])
        rows[-1].append(item)
    return rows


def _item(words: str, x: float, y: float) -> list[Mark]:
    width, height = _item_width(words), _item_height()
    label = block([words], x + width / 2, y + height / 2, anchor="center")
    return [Box(x, y, width, height), *label]


def _item_width(words: str) -> float:
    return width_of(words, SIZE) + 2 * _ITEM_PADDING


def _item_height() -> float:
    return line_height() + _ITEM_PADDING


def _border_height(layer: Layer, width: float) -> float:
    if not (layer.link or layer.protection):
        return _BARE
    words = max(block_height(lines, SMALL) for _, lines in _border_words(layer, width))
    return max(words + _PADDING, _ARROW - _WALL) + _WALL


def _border_words(layer: Layer, width: float) -> list[tuple[float, tuple[str, ...]]]:
    """Return where the words on the upper border of `layer` begin, and their lines."""
    first, middle = _MARGIN + _NAME / 2 + 2 * _PADDING, _MARGIN + _NAME + _room(width) / 2
    end = width - _MARGIN
    guarded = f"防护：{layer.protection}"
    if layer.link and layer.protection:
        half = wrap(layer.link, middle - first - _PADDING, SMALL)
        return [(first, half), (middle, wrap(guarded, end - middle, SMALL))]
    return [(first, wrap(layer.link or guarded, end - first, SMALL))]


def _border(layer: Layer, top: float, foot: float, width: float) -> Iterator[Mark]:
    """Yield what lies between a layer and the one above: a wall, words, an arrow through both."""
    if not (layer.link or layer.protection):
        return
    x = _MARGIN + _NAME / 2
    if _exists(layer.protection):
        yield from _wall(foot - _WALL, width, x if _exists(layer.link) else None)
    if _exists(layer.link):
        # Links go both ways unless their words say otherwise; then values rise, as from a sensor.
        ends = arrow if "单向" in layer.link else double_arrow
        yield from ends((x, foot), (x, top))
    for left, words in _border_words(layer, width):
        yield from block(words, left, (top + foot - _WALL) / 2, size=SMALL)


def _exists(words: str) -> bool:
    return not _NOTHING.match(words.strip())


def _wall(top: float, width: float, door: float | None) -> list[Mark]:
    """Return a wall across the page, with a door around x = `door` where something passes."""
    right = width - _MARGIN
    parts = [(_MARGIN, right)]
    if door is not None:
        parts = [(_MARGIN, door - _DOOR / 2), (door + _DOOR / 2, right)]
    return [Box(start, top, end - start, _WALL, "cross") for start, end in parts]


def _alt(layers: Sequence[Layer]) -> str:
    listed = "；".join(map(_sentence, layers))
    return f"系统架构图，自下而上共{len(layers)}层。{listed}。"


def _sentence(layer: Layer) -> str:
    said = [f"{layer.name}：{layer.contents}".rstrip("：。；")]
    said += [f"与上层的连接为{layer.link}"] if layer.link else []
    said += [f"边界防护为{layer.protection}"] if layer.protection else []
    return "，".join(said)
