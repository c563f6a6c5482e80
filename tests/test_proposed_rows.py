"""Rows that a form proposes: shown in Word and Excel, taken once somebody began the table."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from dxkit.case import Case, create, open_case
from dxkit.cli import commands
from dxkit.definitions import load
from dxkit.forms.excel import read_form
from dxkit.forms.merging.applying import Choosing, apply
from dxkit.forms.merging.comparison import Comparison, compare
from dxkit.forms.sending import form_bytes
from dxkit.forms.stamping import Sending, log_sending
from dxkit.forms.word import read_word
from dxkit.models.annex import Annex

DEFINITIONS = load()
SEEDS = DEFINITIONS.seeds
PLAN, LEDGER = DEFINITIONS.annexes["annex_4"], DEFINITIONS.annexes["annex_7"]
TASKS = "任务安排表"


@pytest.fixture
def case(tmp_path: Path) -> Case:
    folder = tmp_path / "probe"
    create(folder, {"engagement": {"year": 2026, "serial_no": 7}}, DEFINITIONS, "测试")
    return open_case(folder, DEFINITIONS)


def sent(case: Case, annex: Annex, kind: str = "xlsx") -> bytes:
    sending = Sending([annex], kind, False, "测试", "测试")
    case, stamps = log_sending(case, sending)
    return form_bytes(annex, DEFINITIONS, case, stamps[annex.id], kind)  # type: ignore[arg-type]


def sheet_with(content: bytes, table: str) -> tuple[object, Worksheet]:
    book = load_workbook(BytesIO(content))
    page = next(page for page in book if f"|table|{table}" in str(page["A3"].value))
    return book, page


def came_back(case: Case, book: object) -> Comparison:
    stream = BytesIO()
    book.save(stream)  # type: ignore[attr-defined]
    return compare(read_form(stream.getvalue(), DEFINITIONS), open_case(case.folder, DEFINITIONS))


def column_of(page: Worksheet, key: str) -> int:
    return next(cell.column for cell in page[3] if cell.value == key)


def taken(case: Case, comparison: Comparison) -> Case:
    apply(comparison, case.folder, "测试", Choosing())
    return open_case(case.folder, DEFINITIONS)


@pytest.mark.parametrize(
    ("annex", "table", "column", "titles"),
    [
        ("annex_4", "tasks", "task", [each.task for each in SEEDS.tasks]),
        ("annex_7", "service_ledger", "title", [each.title for each in SEEDS.service_records]),
        ("annex_7", "evidence", "title", [each.title for each in SEEDS.materials]),
        ("aux_2", "materials", "title", [each.title for each in SEEDS.materials]),
    ],
)
def test_a_sheet_that_nobody_has_begun_shows_what_is_proposed(
    case: Case, annex: str, table: str, column: str, titles: list[str]
) -> None:
    _book, page = sheet_with(sent(case, DEFINITIONS.annexes[annex]), table)
    at = column_of(page, column)
    shown = [page.cell(row, at).value for row in range(6, 6 + len(titles))]
    assert shown == titles
    assert page.cell(6 + len(titles), at).value is None


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_proposals_left_alone_are_not_read_and_this_is_said(
    case: Case, tmp_path: Path, kind: str
) -> None:
    content = sent(case, PLAN, kind)
    path = tmp_path / f"plan.{kind}"
    path.write_bytes(content)
    returned = read_form(content, DEFINITIONS) if kind == "xlsx" else read_word(path, DEFINITIONS)
    comparison = compare(returned, open_case(case.folder, DEFINITIONS))
    assert comparison.items == ()
    remark = next(each for each in comparison.remarks if each.place == TASKS)
    assert (remark.text, "--take-proposed" in remark.why) == ("预置的24行没有改动", True)


def test_a_plan_that_somebody_began_keeps_every_task_that_still_stands_in_it(case: Case) -> None:
    book, page = sheet_with(sent(case, PLAN), "tasks")
    page.cell(6, column_of(page, "place")).value = "盟市工信局"
    page.delete_rows(6 + 23)
    rows = taken(case, came_back(case, book)).annex("annex_4")["tasks"]
    assert [row["task"] for row in rows] == [each.task for each in SEEDS.tasks[:23]]
    assert rows[0]["place"] == "盟市工信局"
    assert rows[0]["output"] == list(SEEDS.tasks[0].output)


def test_a_row_struck_out_is_enough_to_begin_a_plan(case: Case) -> None:
    book, page = sheet_with(sent(case, PLAN), "tasks")
    page.delete_rows(6)
    rows = taken(case, came_back(case, book)).annex("annex_4")["tasks"]
    assert [row["task"] for row in rows] == [each.task for each in SEEDS.tasks[1:]]


def test_of_the_ledger_only_the_documents_written_in_are_read(case: Case) -> None:
    book, page = sheet_with(sent(case, LEDGER), "evidence")
    page.cell(7, column_of(page, "provider")).value = "王主任"
    comparison = came_back(case, book)
    rows = taken(case, comparison).annex("annex_7")["evidence"]
    assert [(row["item"], row["provider"]) for row in rows] == [(SEEDS.materials[1].item, "王主任")]
    assert "预置的47行没有改动" in [each.text for each in comparison.remarks]


def test_proposals_are_not_put_beside_the_rows_that_others_wrote_meanwhile(case: Case) -> None:
    book, page = sheet_with(sent(case, PLAN), "tasks")
    other, other_page = sheet_with(sent(case, PLAN), "tasks")
    other_page.cell(6, column_of(other_page, "place")).value = "现场"
    taken(case, came_back(case, other))
    page.cell(7, column_of(page, "place")).value = "公司"
    rows = taken(case, came_back(case, book)).annex("annex_4")["tasks"]
    assert [row.get("place") for row in rows if "place" in row] == ["现场", "公司"]
    assert len(rows) == 25


def test_rows_in_another_order_and_moved_columns_are_still_known_as_proposals(case: Case) -> None:
    book, page = sheet_with(sent(case, PLAN), "tasks")
    moved = [[cell.value for cell in page[row]] for row in (8, 7, 6)]
    for row, values in zip((6, 7, 8), moved, strict=True):
        for place, value in enumerate(values, start=1):
            page.cell(row, place).value = value
    page.insert_cols(3)
    assert came_back(case, book).items == ()


def test_the_command_takes_proposals_when_told_so(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "附件4.xlsx"
    file.write_bytes(sent(case, PLAN))
    asked = ["form", "import", str(case.folder), str(file), "--yes"]
    assert "没有写入" in CliRunner().invoke(commands, asked).output
    assert "已写入" in CliRunner().invoke(commands, [*asked, "--take-proposed"]).output
    assert len(open_case(case.folder, DEFINITIONS).annex("annex_4")["tasks"]) == 24


def test_a_word_plan_keeps_its_tasks_once_somebody_wrote_in_one(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "plan.docx"
    path.write_bytes(sent(case, PLAN, "docx"))
    document = Document(str(path))
    rows = (row for table in document.tables for row in table.rows)
    row = next(row for row in rows if any(SEEDS.tasks[0].task == c.text for c in row.cells))
    empty = [cell for cell in row.cells if not cell.text]
    empty[-1].paragraphs[0].add_run("企业会议室")
    document.save(str(path))
    comparison = compare(read_word(path, DEFINITIONS), open_case(case.folder, DEFINITIONS))
    tasks = taken(case, comparison).annex("annex_4")["tasks"]
    assert [each["task"] for each in tasks] == [each.task for each in SEEDS.tasks]
    shutil.rmtree(case.folder)
