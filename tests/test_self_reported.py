"""What the enterprise says of itself: prefilled, copied from its report, never silently used."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from dxkit.case import Case, create, open_case
from dxkit.case.answers import read_answer
from dxkit.definitions import load
from dxkit.diagnosis import diagnose
from dxkit.facts import fact
from dxkit.forms.excel import read_form
from dxkit.forms.merging.applying import Choosing, apply
from dxkit.forms.merging.comparison import compare
from dxkit.forms.paper.layout import form_of
from dxkit.forms.paper.sheets import Questions
from dxkit.forms.sending import form_bytes
from dxkit.forms.stamping import Sending, log_sending
from dxkit.report.comparison import WORKED_OUT, differences

DEFINITIONS = load()
RECORD = DEFINITIONS.annexes["annex_6"]
APPLIED = {"it_dept": "independent", "it_staff": 46}


def made(tmp_path: Path, **content: Any) -> Case:
    folder = tmp_path / "probe"
    create(folder, {"engagement": {"year": 2026, "serial_no": 7}, **content}, DEFINITIONS, "测试")
    return open_case(folder, DEFINITIONS)


def row_of(book: Any, key: str) -> tuple[Worksheet, int]:
    for page in book:
        for row in range(1, page.max_row + 1):
            if str(page.cell(row, 1).value or "").startswith(f"annex_6.{key}~"):
                return page, row
    raise AssertionError(key)


def column_of(page: Worksheet, key: str) -> int:
    return next(cell.column for cell in page[3] if cell.value == key)


def test_what_the_application_says_stands_as_self_reported_never_as_seen_on_site(
    tmp_path: Path,
) -> None:
    case = made(tmp_path, annex_3=APPLIED)
    case, stamps = log_sending(case, Sending([RECORD], "xlsx", False, "测试", "测试"))
    book = load_workbook(BytesIO(form_bytes(RECORD, DEFINITIONS, case, stamps["annex_6"], "xlsx")))
    page, row = row_of(book, "digital_staff")
    told = {
        part: page.cell(row, column_of(page, part)).value for part in ("self_reported", "onsite")
    }
    assert (str(told["self_reported"]), told["onsite"]) == ("46", None)


def test_an_answer_that_confirms_what_was_prefilled_is_read_back(tmp_path: Path) -> None:
    case = made(tmp_path, annex_3=APPLIED)
    case, stamps = log_sending(case, Sending([RECORD], "xlsx", False, "测试", "测试"))
    book = load_workbook(BytesIO(form_bytes(RECORD, DEFINITIONS, case, stamps["annex_6"], "xlsx")))
    page, row = row_of(book, "digital_staff")
    page.cell(row, column_of(page, "onsite")).value = 46
    stream = BytesIO()
    book.save(stream)
    comparison = compare(read_form(stream.getvalue(), DEFINITIONS), case)
    assert [(item.outcome, item.value) for item in comparison.items] == [("new", 46)]
    apply(comparison, case.folder, "测试", Choosing())
    answer = read_answer(open_case(case.folder, DEFINITIONS).annex("annex_6")["digital_staff"])
    assert (answer.onsite, answer.self_reported) == (46, None)


def test_paper_tells_what_was_prefilled_in_the_line_of_the_self_reported_value(
    tmp_path: Path,
) -> None:
    case = made(tmp_path, annex_3=APPLIED)
    for blank, text in ((False, "46"), (True, "")):
        form = form_of(case, RECORD, DEFINITIONS, None, blank=blank)
        lists = (b for sheet in form.sheets for b in sheet.blocks if isinstance(b, Questions))
        asked = next(q for each in lists for q in each.questions if q.path == "digital_staff")
        assert asked.parts["self_reported"].text == text
        assert asked.parts["onsite"].text == ""


def test_a_question_that_only_the_application_answers_is_still_open_on_site(tmp_path: Path) -> None:
    case = made(tmp_path, annex_3=APPLIED, annex_6={"staff": 400})
    gaps = fact(case, "unanswered_questions")
    assert any("数字化人员数" in gap for gap in gaps)


COUNTS = {"key_processes": 20, "key_processes_nc": 10}
OWN = {key: {"self_reported": value, "onsite": value} for key, value in COUNTS.items()}


@pytest.mark.parametrize(
    ("words", "state", "value", "printed"),
    [
        ("93.33%", "known", 0.9333, "93.33%"),
        ("９３.３３％", "known", 0.9333, "93.33%"),
        ("45", "known", 0.45, "45.00%"),
        ("不适用", "not_applicable", None, "不适用"),
    ],
)
def test_the_value_that_the_platform_report_states_is_what_is_compared(
    tmp_path: Path, words: str, state: str, value: float | None, printed: str
) -> None:
    case = made(tmp_path, annex_6=OWN, annex_2={"stated_value": {"key_process_nc_rate": words}})
    found = diagnose(case).differences[0]
    assert (found.reported.state, found.reported.words) == (state, printed)
    assert found.reported.value == (pytest.approx(value) if value is not None else None)
    assert found.found.words == "50.00%"


def test_without_a_stated_value_the_enterprises_own_answers_are_worked_out_and_marked_so(
    tmp_path: Path,
) -> None:
    case = made(
        tmp_path, annex_6=OWN, annex_2={"stated_value": {"smart_manufacturing_ready": "是"}}
    )
    diagnosis = diagnose(case)
    assert diagnosis.differences[0].reported.words == "50.00%"
    html = str(differences(diagnosis))
    assert f"50.00%{WORKED_OUT}" in html
    assert f"是{WORKED_OUT}" not in html


def test_indicator_14_is_compared_with_what_the_report_states_of_it(tmp_path: Path) -> None:
    stated = {"stated_value": {"smart_manufacturing_ready": "是"}}
    answers = {"data_upward": "A", "orders_downward": "A", "supply_flow": "A"}
    case = made(tmp_path, annex_6=OWN | answers, annex_2=stated)
    found = next(f for f in diagnose(case).findings if f.check == "self_report_differs")
    assert found.answers == ("指标14 智能制造就绪率：自评 是，核定 否",)


def test_a_statement_that_its_own_answers_do_not_give_and_one_nobody_can_read_are_found(
    tmp_path: Path,
) -> None:
    stated = {
        "key_process_nc_rate": "80%",
        "smart_products": "九成",
        "equipment_digital_rate": "180",
    }
    case = made(tmp_path, annex_6=OWN, annex_2={"stated_value": stated})
    findings = {(f.check, f.answers) for f in diagnose(case).findings}
    own = "指标1 关键工序数控化率：报告载 80.00%，按自报答案为 50.00%"
    assert ("self_statement_fits_answers", (own,)) in findings
    unread = [answers[0] for check, answers in findings if check == "self_statement_reads"]
    assert sorted(text[:3] for text in unread) == ["指标1", "指标2"]
    assert all("读不懂" in text for text in unread)
