"""When an answer was recorded is a moment: printed in Chinese, checked when it comes back."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from dxkit.case import Case, create
from dxkit.case.words import shown
from dxkit.definitions import load
from dxkit.forms.excel import read_form
from dxkit.forms.merging.comparison import compare
from dxkit.forms.record_parts import part_field
from dxkit.forms.returned import Stamp
from dxkit.forms.sending import form_bytes
from dxkit.forms.stamping import Sending, log_sending
from dxkit.forms.word import read_word

DEFINITIONS = load()
RECORD = DEFINITIONS.annexes["annex_6"]
QUESTION = DEFINITIONS.questions["equipment"]
FIELD = part_field(QUESTION, "recorded_at")


def sent(folder: Path, at: str, kind: Any) -> tuple[Case, bytes]:
    answers = {"annex_6": {"equipment": {"onsite": 40, "recorded_at": at}}}
    case = create(folder / "probe", answers, DEFINITIONS, "测试")
    case, stamps = log_sending(case, Sending([RECORD], kind, False, "测试", "测试"))
    return case, form_bytes(RECORD, DEFINITIONS, case, stamps["annex_6"], kind)


def test_it_is_told_in_chinese():
    assert shown(FIELD, "2026-10-13 11:40", DEFINITIONS) == "2026年10月13日11:40"


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
@pytest.mark.parametrize("at", ["2026-10-13 11:40", "2026-10-13T11:40:05"])
def test_it_comes_back_unchanged_from_both_formats(at, kind, tmp_path):
    case, content = sent(tmp_path, at, kind)
    path = tmp_path / f"form.{kind}"
    path.write_bytes(content)
    returned = read_form(content, DEFINITIONS) if kind == "xlsx" else read_word(path, DEFINITIONS)
    assert compare(returned, case).items == ()


def test_what_is_no_moment_is_refused_and_a_moment_is_stored_in_iso_form(tmp_path):
    case, content = sent(tmp_path, "2026-10-13 11:40", "xlsx")
    for written, outcome, value in (
        ("昨天下午", "refused", None),
        ("2026年10月14日 9:05", "new", "2026-10-14 09:05"),
    ):
        book = load_workbook(BytesIO(content))
        row = next(
            cells
            for sheet in book
            for cells in sheet.iter_rows()
            if str(cells[0].value).startswith("annex_6.equipment~")
        )
        heads = [cell.value for cell in row[0].parent[3]]
        row[heads.index("recorded_at")].value = written
        stream = BytesIO()
        book.save(stream)
        (item,) = compare(read_form(stream.getvalue(), DEFINITIONS), case).items
        assert (item.outcome, item.value) == (outcome, value)


@pytest.mark.parametrize("at", ["上午", "2026-10-13"])
def test_what_an_older_case_says_instead_of_a_moment_stands_as_it_is(at, tmp_path):
    case = Case(
        tmp_path / "probe",
        {"annex_6": {"equipment": {"onsite": 40, "recorded_at": at}}},
        DEFINITIONS,
        "",
    )
    told = shown(FIELD, at, DEFINITIONS)
    assert told in {"上午", "2026年10月13日"}
    stamp = Stamp("probe", "annex_6", "1", 0, "", "2026-11", False)
    book = load_workbook(BytesIO(form_bytes(RECORD, DEFINITIONS, case, stamp, "xlsx")))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert told in cells
    assert form_bytes(RECORD, DEFINITIONS, case, stamp, "docx")
