"""How a product comes about: steps in lines from left to right, with arrows from step to step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from dxkit.charts.arrows import HEAD
from dxkit.charts.chart import Chart, finish, require
from dxkit.charts.courses import Course, course
from dxkit.charts.legend import legend
from dxkit.charts.lettering import SMALL, block, block_height, wrap
from dxkit.charts.picture import TEXT_WIDTH, Box, Diamond, Label, Mark, Picture, Stroke
from dxkit.charts.wires import LANE, Cell, Columns, wires

_NARROWEST = 2.25
_WIDEST = 3.4
_GAP = 0.62
_ROW_GAP = 0.3
_LINE_GAP = 0.55
_PADDING = 0.14
_MARGIN = 0.17
_MARK = 0.13
_PASSAGE = 0.2


@dataclass(frozen=True)
class Step:
    """One step of a process: its number, the numbers it follows, where and with what it is run."""

    number: str
    name: str
    follows: tuple[str, ...] = ()
    key: bool = False
    place: str = ""
    system: str = ""


@dataclass(frozen=True)
class _Text:
    """What stands in the box of a step: what it is, and smaller where and with what it is run."""

    title: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def height(self) -> float:
        return block_height(self.title) + block_height(self.notes, SMALL)


def flow(steps: Sequence[Step], width_cm: float = TEXT_WIDTH) -> Chart:
    """Draw the steps; key steps have a heavy outline and a mark.

    Steps that follow none begin the process; if none follows any, they follow one another as
    listed. A step that leads back to an earlier one says so in words.

    Raises:
        ChartError: there is no step.
    """
    return finish(compose(steps, width_cm), _alt(steps))


def compose(steps: Sequence[Step], width_cm: float = TEXT_WIDTH) -> Picture:
    """Return the marks of `flow`."""
    require(steps, "流程图")
    way = _course(steps)
    columns = _columns(way, width_cm)
    texts = [_text(i, steps, way, columns.width) for i in range(len(steps))]
    cells, bottoms = _cells(way, columns, [text.height + 2 * _PADDING for text in texts])
    marks = wires(way, columns, cells, bottoms)
    for step, text, cell, column in zip(steps, texts, cells, way.columns, strict=False):
        marks += _box(step, text, Box(columns.x(column), cell.top, columns.width, cell.height))
    bottom = bottoms[-1]
    if any(step.key for step in steps):
        entries = [(_key_sign, "关键工序")]
        explained, bottom = legend(entries, columns.left, bottom + 2 * _PADDING, width_cm)
        marks += explained
    return Picture(width_cm, bottom + 0.05, tuple(marks))


def _course(steps: Sequence[Step]) -> Course:
    return course([(step.number, step.follows) for step in steps])


def _columns(way: Course, width: float) -> Columns:
    lanes = max(len(way.bundles(column)) for column in range(way.length))
    gap = max(_GAP, HEAD + (lanes + 2) * LANE)
    most = int((width - 2 * _MARGIN + gap) / (_NARROWEST + gap))
    edge = _MARGIN
    if way.length > most:
        edge += HEAD + lanes * LANE
        most = max(1, int((width - 2 * edge + gap) / (_NARROWEST + gap)))
    per_line = ceil(way.length / ceil(way.length / most))
    box = min((width - 2 * edge + gap) / per_line - gap, _WIDEST)
    left = (width - per_line * (box + gap) + gap) / 2
    return Columns(per_line, left, box, gap)


def _text(i: int, steps: Sequence[Step], way: Course, width: float) -> _Text:
    step = steps[i]
    room = width - 2 * _PADDING
    notes = (step.place, step.system, _back(i, steps, way))
    lines = tuple(line for note in notes if note for line in wrap(note, room, SMALL))
    return _Text(wrap(f"{step.number} {step.name}", room), lines)


def _back(i: int, steps: Sequence[Step], way: Course) -> str:
    """Return the words for a way back to earlier steps, for which no line is drawn."""
    numbers = "、".join(steps[end].number for start, end in way.returns if start == i)
    return f"返回工序{numbers}" if numbers else ""


def _cells(
    way: Course, columns: Columns, heights: Sequence[float]
) -> tuple[list[Cell], list[float]]:
    """Return the cell of each node, and the lower edge of each line of boxes."""
    cells: dict[int, Cell] = {}
    bottoms: list[float] = []
    top = _MARGIN
    for number in range(columns.line(way.length - 1) + 1):
        nodes = [i for i, column in enumerate(way.columns) if columns.line(column) == number]
        for row in sorted({way.rows[node] for node in nodes}):
            members = [node for node in nodes if way.rows[node] == row]
            tall = max(heights[node] if node < len(heights) else _PASSAGE for node in members)
            cells |= {node: Cell(top, tall, node >= len(heights)) for node in members}
            top += tall + _ROW_GAP
        bottoms.append(top - _ROW_GAP)
        top = bottoms[-1] + _LINE_GAP + LANE * len(way.bundles((number + 1) * columns.per_line - 1))
    return [cells[node] for node in range(len(way.columns))], bottoms


def _box(step: Step, text: _Text, box: Box) -> list[Mark]:
    x, top = box.x + box.width / 2, box.y + (box.height - text.height) / 2
    title = block_height(text.title)
    notes = top + title + block_height(text.notes, SMALL) / 2
    words: list[Label] = [
        *block(text.title, x, top + title / 2, anchor="center"),
        *block(text.notes, x, notes, size=SMALL, anchor="center", tone="soft"),
    ]
    return [*(_key(box) if step.key else [box]), *words]


def _key(box: Box) -> list[Mark]:
    left, top, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    return [
        Box(left, top, box.width, box.height, "tint"),
        Stroke(left, top, right, top, "bold"),
        Stroke(left, bottom, right, bottom, "bold"),
        Stroke(left, top, left, bottom, "bold"),
        Stroke(right, top, right, bottom, "bold"),
        Diamond(left, top, _MARK, "main"),
    ]


def _key_sign(x: float, y: float) -> list[Mark]:
    return _key(Box(x + 0.06, y - 0.13, 0.4, 0.28))


def _alt(steps: Sequence[Step]) -> str:
    keys = sum(step.key for step in steps)
    way = _course(steps)
    listed = "；".join(_sentence(i, steps, way) for i in range(len(steps)))
    return f"流程图，共{len(steps)}道工序，其中关键工序{keys}道。{listed}。"


def _sentence(i: int, steps: Sequence[Step], way: Course) -> str:
    step = steps[i]
    before = "、".join(steps[start].number for start, end in way.onward if end == i)
    notes = (
        f"接{before}" if before else "",
        step.place,
        step.system,
        "关键工序" if step.key else "",
        _back(i, steps, way),
    )
    said = "，".join(note for note in notes if note)
    return f"{step.number} {step.name}" + (f"（{said}）" if said else "")
