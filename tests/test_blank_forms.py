"""A blank form is empty: of the case whose name it bears it tells nothing beside the header."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from dxkit.case import Case, open_case
from dxkit.definitions import load
from dxkit.forms.excel import write_form
from dxkit.forms.paper.header import header_of
from dxkit.forms.returned import Stamp
from dxkit.forms.stamping import stamp_for_nobody
from dxkit.models.annex import Annex

DEMOS = Path(__file__).resolve().parent.parent / "parameters"
DEFINITIONS = load()
ANNEXES = list(DEFINITIONS.annexes.values())
SHORTEST = 2


@cache
def copper() -> Case:
    return open_case(DEMOS / "demo-copper")


def blank_of(annex: Annex) -> Stamp:
    return Stamp("demo-copper", annex.id, "1508-2026-0001-F3-09", 7, "", annex.edition, blank=True)


def cells_of(content: bytes) -> set[str]:
    """All that the sheets show or hide, but for the ids of rows and the stamp."""
    book = load_workbook(BytesIO(content))
    shown = [sheet for sheet in book if sheet.title != "_dxkit"]
    cells = (cell for sheet in shown for row in sheet.iter_rows(min_col=2) for cell in row)
    return {str(cell.value) for cell in cells if cell.value is not None}


def texts_in(data: Any) -> Iterator[str]:
    if isinstance(data, dict | list):
        for each in data.values() if isinstance(data, dict) else data:
            yield from texts_in(each)
    elif data is not None and not isinstance(data, bool):
        yield str(data)


def header_words() -> list[str]:
    return [each.text for each in header_of(copper(), DEFINITIONS) if each.text]


def without_header(text: str) -> str:
    for words in (*header_words(), blank_of(ANNEXES[0]).form_no):
        text = text.replace(words, "")
    return text


@pytest.mark.parametrize("annex", ANNEXES, ids=lambda annex: annex.id)
def test_no_cell_of_a_blank_form_holds_a_text_of_its_case(annex):
    blank = cells_of(write_form(annex, DEFINITIONS, copper(), blank_of(annex)))
    nobodys = "\n".join(cells_of(write_form(annex, DEFINITIONS, None, stamp_for_nobody(annex))))
    own = "\n".join(without_header(text) for text in blank)
    kept = copper().restricted
    assert kept is not None
    texts = {*texts_in(copper().data), *texts_in(kept.data)}
    told = {text for text in texts if len(text) > SHORTEST and text not in nobodys}
    assert len(told) > 1000
    assert sorted(text for text in told if text in own) == []


@pytest.mark.parametrize("annex", ANNEXES, ids=lambda annex: annex.id)
def test_a_blank_form_differs_from_nobodys_only_by_its_header(annex):
    blank = cells_of(write_form(annex, DEFINITIONS, copper(), blank_of(annex)))
    nobodys = cells_of(write_form(annex, DEFINITIONS, None, stamp_for_nobody(annex)))
    headed = [*header_words(), blank_of(annex).form_no]
    own = {text for text in blank - nobodys if not any(words in text for words in headed)}
    assert own <= {each.label for each in header_of(copper(), DEFINITIONS)}
