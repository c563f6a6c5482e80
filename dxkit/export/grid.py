"""Where each cell of a table stands once spans are worked out, and what room it needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from lxml.html import HtmlElement

from dxkit.errors import ExportError, Problem
from dxkit.export.vocabulary import has_class

# Room to sign by hand, and for a round seal of 42 mm; in mm.
_SIGNATURE_HEIGHT, _SEAL_HEIGHT = 15, 45

# A column takes room for its longest text, but no column starves and none takes everything.
_NARROWEST, _WIDEST = 4.0, 24.0


@dataclass(frozen=True)
class Cell:
    """A cell at its first row and column, counted from 0, with its spans."""

    element: HtmlElement
    row: int
    column: int
    rowspan: int
    colspan: int


@dataclass
class Grid:
    """A table's rows of cells, how many of them head or foot it, and where it stands."""

    rows: list[list[Cell]] = field(default_factory=list)
    heads: int = 0
    signed: bool = False
    shares: list[float] = field(default_factory=list)

    @cached_property
    def width(self) -> int:
        """Number of columns."""
        return max((cell.column + cell.colspan for row in self.rows for cell in row), default=0)

    def height_of(self, cell: Cell) -> int:
        """Return the least height of a cell in mm, 0 if any will do."""
        if has_class(cell.element, "seal-box"):
            return _SEAL_HEIGHT
        return _SIGNATURE_HEIGHT if self.signed else 0

    @cached_property
    def covered(self) -> dict[tuple[int, int], Cell]:
        """The cell above for each (row, first column) that a row span reaches into."""
        return {
            (cell.row + down, cell.column): cell
            for row in self.rows
            for cell in row
            for down in range(1, cell.rowspan)
        }


def grid(table: HtmlElement) -> Grid:
    """Work out the grid of a table.

    Raises:
        ExportError: rows do not add up to a rectangle, or a span is no whole number.
    """
    rows = list(_ordered_rows(table))
    made = Grid(heads=len(table.findall("thead/tr")), signed=has_class(table, "signatures"))
    reached: list[set[int]] = [set() for _ in rows]
    for number, row in enumerate(rows):
        made.rows.append(_place(row, number, reached))
    _refuse_ragged(table, made, reached)
    made.shares = _declared_shares(table, made.width) or _estimated_shares(made)
    return made


def needs_room_above(table: HtmlElement) -> bool:
    """Tell whether a table stands right under a text, without a caption or a title between."""
    above = table.getprevious()
    if above is None or above.tag != "p" or has_class(above, "front-title"):
        return False
    return table.find("caption") is None


def _ordered_rows(table: HtmlElement) -> list[HtmlElement]:
    paths = ("thead/tr", "tr", "tbody/tr", "tfoot/tr")
    return [row for path in paths for row in table.findall(path)]


def _place(row: HtmlElement, number: int, reached: list[set[int]]) -> list[Cell]:
    """Return the cells of a row; `reached` are the columns of each row that cells reach into."""
    cells = []
    column = 0
    for element in row.iterchildren("td", "th"):
        while column in reached[number]:
            column += 1
        rowspan, colspan = _span(element, "rowspan"), _span(element, "colspan")
        cell = Cell(element, number, column, min(rowspan, len(reached) - number), colspan)
        column += colspan
        for below in range(number + 1, number + cell.rowspan):
            reached[below].update(range(cell.column, column))
        cells.append(cell)
    return cells


def _span(element: HtmlElement, name: str) -> int:
    text = element.get(name)
    if text is None:
        return 1
    if not text.isdecimal() or int(text) < 1:
        raise ExportError(Problem("表格", name, text, "大于0的整数"))
    return int(text)


def _refuse_ragged(table: HtmlElement, made: Grid, reached: list[set[int]]) -> None:
    wanted = len(made.rows) * made.width
    there = sum(map(_filled, made.rows, reached))
    if wanted and wanted == there:
        return
    caption = table.findtext("caption") or "（无表题）"
    found = f"{len(made.rows)}行{made.width}列，实有{there}格"
    raise ExportError(Problem("表格", caption, found, "各行列数（含合并单元格）一致"))


def _filled(row: list[Cell], from_above: set[int]) -> int:
    """Return how many columns of a row are filled, by its own cells or from above."""
    if not from_above:
        return sum(cell.colspan for cell in row)
    own = (range(cell.column, cell.column + cell.colspan) for cell in row)
    return len(from_above.union(*own))


def _declared_shares(table: HtmlElement, width: int) -> list[float]:
    shares = []
    for column in table.findall("colgroup/col"):
        text = column.get("style", "").removeprefix("width:").rstrip("%; ").strip()
        shares += [float(text or 0)] * int(column.get("span", "1"))
    if len(shares) != width or min(shares) <= 0:
        return []
    return [share / sum(shares) for share in shares]


def _estimated_shares(made: Grid) -> list[float]:
    needs = [_NARROWEST] * made.width
    for row in made.rows:
        for cell in row:
            if cell.colspan == 1:
                need = min(reading_width(cell.element.text_content()), _WIDEST)
                needs[cell.column] = max(needs[cell.column], need)
    return [need / sum(needs) for need in needs]


def reading_width(text: str) -> float:
    """Return how long a text is in Chinese characters, half of one for a Latin letter."""
    return sum(1.0 if ord(char) > 0xFF else 0.55 for char in text.strip()) + 1
