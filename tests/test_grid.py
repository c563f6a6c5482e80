"""Claims about where the cells of a table stand once spans are worked out."""

from __future__ import annotations

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


Cut = tuple[int, int, int, int]
"""A piece of a rectangle: its first row and column, how many rows and columns."""


@st.composite
def pieces(draw: st.DrawFn) -> list[Cut]:
    """Cut a rectangle in two, and each piece again, until all are as small as was drawn."""
    left = [(0, 0, draw(st.integers(1, 5)), draw(st.integers(1, 5)))]
    done: list[Cut] = []
    while left:
        row, column, down, across = left.pop()
        ways = ["whole", *["down"] * (down > 1), *["across"] * (across > 1)]
        match draw(st.sampled_from(ways)):
            case "down":
                cut = draw(st.integers(1, down - 1))
                left += [(row, column, cut, across), (row + cut, column, down - cut, across)]
            case "across":
                cut = draw(st.integers(1, across - 1))
                left += [(row, column, down, cut), (row, column + cut, down, across - cut)]
            case _:
                done.append((row, column, down, across))
    return sorted(done)


def spans_of(cuts: list[Cut]) -> Spans:
    height = max(row + down for row, _, down, _ in cuts)
    return [[cut[2:] for cut in cuts if cut[0] == number] for number in range(height)]


@given(pieces())
def test_the_pieces_of_a_rectangle_stand_where_they_were_cut(cuts: list[Cut]) -> None:
    found = [cell for row in grid(table(spans_of(cuts))).rows for cell in row]
    assert [(each.row, each.column, each.rowspan, each.colspan) for each in found] == cuts


@given(pieces(), st.data())
def test_a_row_with_a_cell_too_many_is_refused(cuts: list[Cut], data: st.DataObject) -> None:
    rows = spans_of(cuts)
    rows[data.draw(st.integers(0, len(rows) - 1))].append((1, 1))
    if len(rows) == 1:
        assert grid(table(rows)).width == sum(across for _, across in rows[0])
    else:
        with pytest.raises(ExportError, match="各行列数"):
            grid(table(rows))


def test_a_table_of_a_declaration_comes_out_as_drawn() -> None:
    """Worked by hand: a name two rows high, a head over two columns, four figures below."""
    drawn = [[(2, 1), (1, 2)], [(1, 1), (1, 1)], [(1, 1), (1, 1), (1, 1)]]
    made = grid(table(drawn))
    assert [[cell.column for cell in row] for row in made.rows] == [[0, 1], [1, 2], [0, 1, 2]]
    assert made.width == 3
    assert list(made.covered) == [(1, 0)]
