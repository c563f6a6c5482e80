"""The record of the course speaks to people: marks, titles and names, not ids and programs."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from docx import Document
from openpyxl import load_workbook

from dxkit.case import Case, create, journal, open_case
from dxkit.cli import forms
from dxkit.definitions import COURSE, load
from dxkit.forms.excel import read_form
from dxkit.forms.merging.comparison import compare
from dxkit.forms.returned import Stamp
from dxkit.forms.sending import form_bytes
from dxkit.forms.stamping import Sending, log_sending, numbers_for

DEFINITIONS = load()
FORM = DEFINITIONS.annexes[COURSE]
STAMP = Stamp("probe", COURSE, "1502-2026-0001-FB-01", 0, "", "2026-11", False)
KEPT: dict[str, Any] = {
    "history": [{"transition": "T01", "to_state": "draft", "journal_n": 1}],
    "overrides": [{"rule": "R-04", "reason": "人员不足"}],
    "notes": [{"rule": "R-17", "note": "已知"}],
    "exports": [{"form_no": "1", "annex": "aux_1"}, {"form_no": "2", "annex": "报送材料"}],
}
CALLED = {"T01 立项建档", "辅-1", "报送材料"}
IDS = {"T01", "R-04", "R-17", "aux_1"}


def words_of(kind: Any) -> set[str]:
    case = Case(Path("parameters/probe"), {COURSE: KEPT}, DEFINITIONS, "")
    content = form_bytes(FORM, DEFINITIONS, case, STAMP, kind)
    if kind == "xlsx":
        book = load_workbook(BytesIO(content))
        return {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    tables = Document(BytesIO(content)).tables
    return {
        cell.text.replace("\u200d", "").replace("\u200b", "")
        for table in tables
        for row in table.rows
        for cell in row.cells
    }


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_forms_steps_and_rules_are_printed_by_what_they_are_called(kind):
    words = words_of(kind)
    plain = {word.split("[#")[0] for word in words}
    rules = {f"{rule} {DEFINITIONS.rules[rule].title}" for rule in ("R-04", "R-17")}
    assert plain >= CALLED | rules
    assert not plain & IDS


def test_what_they_are_called_is_read_back_as_their_ids(tmp_path):
    case = create(tmp_path / "probe", {COURSE: KEPT}, DEFINITIONS, "测试")
    sent, stamps = log_sending(case, Sending([FORM], "xlsx", False, "测试", "测试"))
    content = form_bytes(FORM, DEFINITIONS, sent, stamps[COURSE], "xlsx")
    assert compare(read_form(content, DEFINITIONS), sent).items == ()


def test_a_form_number_has_neither_the_name_of_a_folder_nor_an_english_word(tmp_path):
    case = create(tmp_path / "demo-none", {}, DEFINITIONS, "测试")
    number, course = numbers_for(case, case.data, [DEFINITIONS.annexes["annex_3"], FORM])
    assert "demo" not in number and number.startswith("待编号") and number.endswith("-F3-01")
    assert course.endswith("-FB-01")


def test_two_cases_without_a_project_number_do_not_share_form_numbers(tmp_path):
    form = DEFINITIONS.annexes["annex_3"]
    cases = [create(tmp_path / each, {}, DEFINITIONS, "测试") for each in ("a", "b")]
    assert len({numbers_for(case, case.data, [form])[0] for case in cases}) == 2


def test_whoever_does_not_say_a_name_is_noted_as_unnamed_in_chinese(tmp_path):
    case = create(tmp_path / "probe", {}, DEFINITIONS, "测试")
    asked = ["export", str(case.folder), "--annex", "3", "--format", "xlsx"]
    asked += ["--out", str(tmp_path / "3.xlsx")]
    assert CliRunner().invoke(forms.form, asked, catch_exceptions=False).exit_code == 0
    last = journal.last(case.folder)
    assert last is not None and last.who == "未署名"
    assert open_case(case.folder).annex(COURSE)["exports"][0]["who"] == "未署名"
