"""The nodes of a process in their order, with their dates, done or missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from dxkit.charts.chart import Chart, finish, require
from dxkit.charts.legend import Sign, dot, legend
from dxkit.charts.lettering import SMALL, block, block_height, wrap
from dxkit.charts.picture import TEXT_WIDTH, Dot, Fill, Label, Mark, Picture, Stroke

_SLOT = 1.3
_STEM = 0.42
_RADIUS = 0.13
_GAP = 0.3
_MARGIN = 0.15


@dataclass(frozen=True)
class Event:
    """One node: what, when (None if no date is on record) and whether it took place."""

    label: str
    day: date | None
    done: bool = True


def timeline(events: Sequence[Event], width_cm: float = TEXT_WIDTH) -> Chart:
    """Draw the nodes at equal distances, labels above and below in turn, on one line or several.

    Raises:
        ChartError: there is no event.
    """
    return finish(compose(events, width_cm), _alt(events))


def compose(events: Sequence[Event], width_cm: float = TEXT_WIDTH) -> Picture:
    """Return the marks of `timeline`."""
    require(events, "过程时间轴")
    strips = ceil(len(events) / int((width_cm - _SLOT) / _SLOT))
    per_strip = ceil(len(events) / strips)
    marks: list[Mark] = []
    y = 0.05
    for first in range(0, len(events), per_strip):
        drawn, y = _strip(events[first : first + per_strip], per_strip, width_cm, y)
        marks += drawn
        y += _GAP
    entries = _entries(events)
    explained, bottom = legend(entries, _MARGIN, y - _GAP / 2, width_cm)
    return Picture(width_cm, bottom + 0.05, (*marks, *explained))


def _strip(
    events: Sequence[Event], slots: int, width: float, top: float
) -> tuple[list[Mark], float]:
    """Return the marks of one line of the time axis and the y of its lower end."""
    # Neighbours on one side stand two slots apart, so a label may be nearly two slots wide.
    slot = width / (slots + 1)
    room = min(2 * slot - _MARGIN, 4.0)
    texts = [_text(event, room) for event in events]
    above = max(block_height(text, SMALL) for text in texts[::2])
    below = max((block_height(text, SMALL) for text in texts[1::2]), default=0.0)
    axis = top + above + _STEM
    marks: list[Mark] = [Stroke(0, axis, width, axis, "axis")]
    for i, (event, text) in enumerate(zip(events, texts, strict=True)):
        marks += _node(event, text, (i + 1) * slot, axis, upward=i % 2 == 0)
    return marks, axis + (_STEM + below if below else _RADIUS)


def _text(event: Event, room: float) -> tuple[str, ...]:
    day = _day(event.day) if event.day else "日期未记"
    return (day, *wrap(event.label, room, SMALL))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _node(event: Event, text: tuple[str, ...], x: float, axis: float, upward: bool) -> list[Mark]:
    side = -1 if upward else 1
    middle = axis + side * (_STEM + block_height(text, SMALL) / 2)
    day, *label = block(text, x, middle, size=SMALL, anchor="center")
    return [
        Stroke(x, axis, x, axis + side * (_STEM - 0.04), "axis", dashed=not event.done),
        Dot(x, axis, _RADIUS, _fill(event)),
        Label(day.x, day.y, day.text, SMALL, "center", "soft"),
        *label,
    ]


def _fill(event: Event) -> Fill:
    return "main" if event.done else "paper"


def _entries(events: Sequence[Event]) -> list[tuple[Sign, str]]:
    found = {event.done for event in events}
    words: dict[bool, tuple[Sign, str]] = {
        True: (dot("main"), "已完成"),
        False: (dot("paper"), "缺失"),
    }
    return [words[done] for done in (True, False) if done in found]


def _alt(events: Sequence[Event]) -> str:
    done = sum(event.done for event in events)
    listed = "；".join(
        f"{_text(event, 99)[0]} {event.label}{'' if event.done else '（缺失）'}" for event in events
    )
    return f"过程时间轴，{len(events)}个节点，已完成{done}个。{listed}。"
