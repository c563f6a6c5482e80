"""Claims about where the cells of a table stand once spans are worked out."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from dxkit.errors import ExportError
from dxkit.export.grid import grid

Spans = list[list[tuple[int, int]]]


def table(rows: Spans) -> html.HtmlElement:
    cells = (
        "".join(f"<td rowspan='{down}' colspan='{across}'>x</td>" for down, across in row)
        for row in rows
    )
    return html.fragment_fromstring(f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>")


def squares(rows: Spans) -> tuple[list[tuple[int, int, int, int]], bool]:
    """Place cells square by square: where each stands, and whether no square is left or shared."""
    covered: list[tuple[int, int]] = []
    placed = []
    for number, row in enumerate(rows):
        column = 0
        for down, across in row:
            while (number, column) in covered:
                column += 1
            high = min(down, len(rows) - number)
            placed.append((number, column, high, across))
            covered += product(range(number, number + high), range(column, column + across))
            column += across
    width = max((column + across for _, column, _, across in placed), default=0)
    return placed, set(covered) == set(product(range(len(rows)), range(width))) and bool(placed)


spans = st.tuples(st.integers(1, 3), st.integers(1, 3))


@given(st.lists(st.lists(spans, min_size=1, max_size=4), min_size=1, max_size=5))
def test_cells_stand_where_they_stand_when_squares_are_counted(rows: Spans) -> None:
    placed, whole = squares(rows)
    if not whole:
        with pytest.raises(ExportError, match="各行列数"):
            grid(table(rows))
        return
    found = [cell for row in grid(table(rows)).rows for cell in row]
    assert [(each.row, each.column, each.rowspan, each.colspan) for each in found] == placed


def test_a_table_of_a_declaration_comes_out_as_drawn() -> None:
    """Worked by hand: a name two rows high, a head over two columns, four figures below."""
    drawn = [[(2, 1), (1, 2)], [(1, 1), (1, 1)], [(1, 1), (1, 1), (1, 1)]]
    made = grid(table(drawn))
    assert [[cell.column for cell in row] for row in made.rows] == [[0, 1], [1, 2], [0, 1, 2]]
    assert made.width == 3
    assert list(made.covered) == [(1, 0)]
