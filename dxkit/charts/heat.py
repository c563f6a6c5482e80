"""A map of shares: rows against columns, the darker the greater, each with its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from dxkit.charts.chart import Chart, ChartError, Gap, drawable, finish, require
from dxkit.charts.legend import Sign, legend, swatch
from dxkit.charts.lettering import SMALL, block, block_height, line_height, width_of, wrap
from dxkit.charts.picture import TEXT_WIDTH, Box, Label, Mark, Picture, Shade, Tone
from dxkit.errors import Problem
from dxkit.percentages import percent

_NAME = 3.8
_GAP = 0.15
_PADDING = 0.1
_MARGIN = 0.08
_SHADES: tuple[Shade, ...] = ("shade1", "shade2", "shade3", "shade4", "shade5")
_DARK = 3


@dataclass(frozen=True)
class Heat:
    """The share of one field, and whether it rests on few."""

    value: float
    small: bool = False


Field: TypeAlias = Heat | Gap | None
"""A share, why there is none, or None where there is nobody at all."""


def heat_map(
    rows: Sequence[str],
    columns: Sequence[str],
    fields: Sequence[Sequence[Field]],
    width_cm: float = TEXT_WIDTH,
) -> Chart:
    """Draw `fields[row][column]` in five shades with the percentage in each.

    Raises:
        ChartError: there is no row or no column, or a row of fields of another length.
    """
    return finish(compose(rows, columns, fields, width_cm), _alt(rows, columns, fields))


def compose(
    rows: Sequence[str],
    columns: Sequence[str],
    fields: Sequence[Sequence[Field]],
    width_cm: float = TEXT_WIDTH,
) -> Picture:
    """Return the marks of `heat_map`."""
    _refuse_gaps(rows, columns, fields)
    left = _NAME + _GAP
    pitch = (width_cm - left - 0.03) / len(columns)
    heads = [wrap(column, pitch - _MARGIN, SMALL) for column in columns]
    y = max(block_height(head, SMALL) for head in heads) + _PADDING
    marks: list[Mark] = []
    for i, head in enumerate(heads):
        at = y - _PADDING / 2 - block_height(head, SMALL) / 2
        marks += block(head, left + (i + 0.5) * pitch, at, size=SMALL, anchor="center")
    for name, line in zip(rows, fields, strict=True):
        words = wrap(name, _NAME, SMALL)
        height = max(block_height(words, SMALL), line_height(SMALL)) + 2 * _PADDING
        marks += block(words, 0, y + height / 2, size=SMALL)
        for i, field in enumerate(line):
            marks += _field(field, left + i * pitch, y, pitch, height)
        y += height
    explained, bottom = legend(_entries(fields), left, y + _PADDING, width_cm)
    return Picture(width_cm, bottom + 0.05, (*marks, *explained))


def _refuse_gaps(
    rows: Sequence[str], columns: Sequence[str], fields: Sequence[Sequence[Field]]
) -> None:
    require(rows, "热力图的行")
    require(columns, "热力图的列")
    lengths = [len(line) for line in fields]
    if lengths != [len(columns)] * len(rows):
        expected = f"{len(rows)}行，每行{len(columns)}格"
        raise ChartError(Problem("热力图", found=f"各行格数{lengths}", expected=expected))


def _field(field: Field, x: float, y: float, width: float, height: float) -> list[Mark]:
    middle = y + height / 2
    if field is None:
        return [Box(x, y, width, height, "paper")]
    if isinstance(field, Gap):
        word = "?" if field is Gap.UNKNOWN else "不适用"
        return [
            Box(x, y, width, height, "dots" if field is Gap.UNKNOWN else "hatch"),
            *_patched(Label(x + width / 2, middle, word, SMALL, "center")),
        ]
    step = _step(field.value)
    words = percent(field.value).rstrip("%") + ("*" if field.small else "")
    tone: Tone = "paper" if step >= _DARK else "ink"
    return [
        Box(x, y, width, height, _SHADES[step]),
        Label(x + width / 2, middle, words, SMALL, "center", tone),
    ]


def _patched(label: Label) -> list[Mark]:
    """Return a label on white ground, to be read on a hatch."""
    width, height = width_of(label.text, label.size) + _MARGIN, line_height(label.size) * 0.85
    ground = Box(label.x - width / 2, label.y - height / 2, width, height, outlined=False)
    return [ground, label]


def _step(value: float) -> int:
    return min(int(drawable(value) * len(_SHADES)), len(_SHADES) - 1)


def _entries(fields: Sequence[Sequence[Field]]) -> list[tuple[Sign, str]]:
    every = [field for line in fields for field in line]
    known = [field for field in every if isinstance(field, Heat)]
    width = 100 // len(_SHADES)
    steps: list[tuple[bool, Sign, str]] = [
        (bool(known), swatch(shade), f"{i * width}–{(i + 1) * width}%")
        for i, shade in enumerate(_SHADES)
    ]
    steps += [
        (Gap.UNKNOWN in every, swatch("dots"), "?　有企业，全部未知"),
        (Gap.NOT_APPLICABLE in every, swatch("hatch"), "不适用"),
        (None in every, swatch("paper"), "没有企业"),
    ]
    shown = [(sign, words) for wanted, sign, words in steps if wanted]
    if any(field.small for field in known):
        shown.append((lambda x, y: [Label(x + 0.23, y, "*", SMALL, "center")], "企业数少"))
    return shown


def _alt(rows: Sequence[str], columns: Sequence[str], fields: Sequence[Sequence[Field]]) -> str:
    lines = (
        f"{name}：" + "，".join(map(_said, columns, line))
        for name, line in zip(rows, fields, strict=True)
    )
    return f"热力图，{len(rows)}行{len(columns)}列，单位为百分比。" + "；".join(lines) + "。"


def _said(column: str, field: Field) -> str:
    if field is None:
        return f"{column}没有企业"
    if isinstance(field, Gap):
        return f"{column}{field.value}"
    return f"{column}{percent(field.value)}"
