"""Returned forms: what each content means, what changed, and that a case changes whole or not."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell as ExcelCell
from openpyxl.worksheet.worksheet import Worksheet

from dxkit.case import Case, Change, create, journal, open_case, store_of, writing
from dxkit.cli import commands, main
from dxkit.definitions import load
from dxkit.errors import FormError
from dxkit.forms.csv_table import read_csv
from dxkit.forms.excel import read_form
from dxkit.forms.merging.applying import Choosing, apply
from dxkit.forms.merging.comparison import Comparison, compare
from dxkit.forms.opening import open_returned
from dxkit.forms.sending import form_bytes
from dxkit.forms.stamping import Sending, annexes_named, log_sending, stamp_for_nobody
from dxkit.forms.written.parsing import parse
from dxkit.forms.written.sameness import reason_not_applicable
from dxkit.models.annex import Choice, Field, FieldType
from dxkit.models.shape import Basis

DEFINITIONS = load()
CHOICES = (
    Choice(code="yes_all", label="全部（含试用）"),
    Choice(code="2", label="部分"),
    Choice(code="other", label="泵、风机"),
    Choice(code="none", label="无"),
)
CONTENT = {
    "annex_3": {
        "enterprise_name": "包头市晨光铝业有限公司",
        "uscc": "91150200MA0N00001X",
        "league": "150200",
        "contact_name": "李工",
        "contact_phone": "13800138000",
        "products": [
            {"product": "铝锭", "capacity": 1000},
            {"product": "铝板", "capacity": 2000},
            {"product": "铝箔", "capacity": 3000},
        ],
    },
    "engagement": {"year": 2026, "serial_no": 7},
}


def field_of(kind: FieldType, **told: Any) -> Field:
    choices = CHOICES if kind in (FieldType.CHOICE, FieldType.CHOICES) else ()
    return Field(key="x", label="项", type=kind, basis=Basis.DESIGN, choices=choices, **told)


READ = [
    ("count", "台", "12台", 12),
    ("count", "台", "１２ 台", 12),
    ("count", "", "1,234", 1234),
    ("count", "", 12.0, 12),
    ("count", "人", " 12人 ", 12),
    ("count", "台/套", "12台", 12),
    ("count", "台/套", "12台（套）", 12),
    ("number", "", "1，234.5", 1234.5),
    ("number", "", "-3.20", -3.2),
    ("money", "万元", "3.5万元", 3.5),
    ("money", "万元", "3.5万", 3.5),
    ("percent", "", "93.33%", 93.33),
    ("percent", "", "９３．３％", 93.3),
    ("year", "", "2025年度", 2025),
    ("date", "", "2026年3月5日", "2026-03-05"),
    ("date", "", "2026/3/5", "2026-03-05"),
    ("date", "", "2026.3.5", "2026-03-05"),
    ("date", "", "20260305", "2026-03-05"),
    ("date", "", 46086, "2026-03-05"),
    ("date", "", "２０２６－３－５", "2026-03-05"),
    ("date", "", datetime(2026, 3, 5), "2026-03-05"),
    ("date", "", date(2026, 3, 5), "2026-03-05"),
    ("time", "", "9时30分", "09:30"),
    ("time", "", "下午2：30", "14:30"),
    ("time", "", time(9, 30), "09:30"),
    ("time", "", 0.395833333333333, "09:30"),
    ("datetime", "", "2026年3月5日 9:30", "2026-03-05 09:30"),
    ("datetime", "", datetime(2026, 3, 5, 9, 30), "2026-03-05 09:30"),
    ("yes_no", "", "√", True),
    ("yes_no", "", "×", False),
    ("yes_no", "", "Y", True),
    ("yes_no", "", "Ｎ", False),
    ("yes_no", "", "☑否 ☐是", False),
    ("choice", "", "全部(含试用) ", "yes_all"),
    ("choice", "", "【全部】", None),
    ("choice", "", 2.0, "2"),
    ("choice", "", "2 部分", "2"),
    ("choices", "", "部分、泵、风机", ["2", "other"]),
    ("choices", "", "泵、风机；部分", ["other", "2"]),
    ("phone", "", 13800138000, "13800138000"),
    ("phone", "", "138 0013 8000", "13800138000"),
    ("credit_code", "", "91150200ma0n00001x ", "91150200MA0N00001X"),
    ("region", "", "包头", "150200"),
    ("region", "", "内蒙古自治区包头市", "150200"),
    ("industry", "", 32, "32"),
    ("industry", "", 6, "06"),
    ("references", "", "一厂区，二厂区", ["一厂区", "二厂区"]),
    ("text", "", 12.0, "12"),
    ("text", "", "  两端有空格 ", "两端有空格"),
    ("signature", "", "已签", True),
]
REFUSED = [
    ("count", "台", "12万台"),
    ("count", "", "12.5"),
    ("count", "", "约12"),
    ("count", "", "-1"),
    ("count", "", "十二"),
    ("count", "", True),
    ("money", "万元", "12元"),
    ("money", "万元", "1,23"),
    ("percent", "", "120%"),
    ("year", "", datetime(2025, 1, 1)),
    ("date", "", "2026年2月30日"),
    ("date", "", "26/3/5"),
    ("date", "", "3月5日"),
    ("date", "", "2026-03-05 09:30"),
    ("time", "", "25:00"),
    ("yes_no", "", "待定"),
    ("choice", "", "大部分"),
    ("choices", "", "部分、大部分"),
    ("phone", "", "1380013800"),
    ("credit_code", "", 9.11502e17),
    ("region", "", "北京市"),
]


@pytest.mark.parametrize(("kind", "unit", "raw", "value"), READ)
def test_what_people_write_is_read_as_meant(kind, unit, raw, value):
    parsed = parse(field_of(FieldType(kind), unit=unit), raw, DEFINITIONS)
    assert (parsed.value, parsed.readable) == (value, value is not None)


@pytest.mark.parametrize(("kind", "unit", "raw"), REFUSED)
def test_what_cannot_be_told_is_refused_with_what_would_be_right(kind, unit, raw):
    parsed = parse(field_of(FieldType(kind), unit=unit), raw, DEFINITIONS)
    assert not parsed.readable and parsed.value is None
    assert parsed.found and parsed.expected


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("不适用：没有设备", "没有设备"),
        ("不适用（无）", "无"),
        ("不适用", "未说明理由"),
        ("适用", None),
    ],
)
def test_a_reason_why_a_question_does_not_apply_is_understood(raw, reason):
    assert reason_not_applicable(raw) == reason


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return create(tmp_path / "chenguang", CONTENT, DEFINITIONS, "测试")


def sent(case: Case, annex_id: str = "annex_3", blank: bool = False) -> tuple[Case, bytes]:
    annex = DEFINITIONS.annexes[annex_id]
    sending = Sending([annex], "xlsx", blank, "测试", "测试")
    logged, stamps = log_sending(case, sending)
    return logged, form_bytes(annex, DEFINITIONS, logged, stamps[annex_id], "xlsx")


Edit = Callable[[Workbook], None]


def returned(content: bytes, edit: Edit) -> Any:
    book = load_workbook(BytesIO(content))
    edit(book)
    stream = BytesIO()
    book.save(stream)
    return read_form(stream.getvalue(), DEFINITIONS)


def cell_of(book: Workbook, key: str) -> ExcelCell:
    for sheet in book:
        for row in sheet.iter_rows():
            if str(row[0].value).partition("~")[0] == key:
                cell = row[2]
                assert isinstance(cell, ExcelCell)
                return cell
    raise AssertionError(f"no cell for {key}")


def products(book: Workbook) -> Worksheet:
    return next(s for s in book if s["A3"].value == "dx|annex_3|table|products")


def told(comparison: Comparison) -> list[tuple[str, str, str, str, str]]:
    return [(i.outcome, i.label, i.sent, i.returned, i.now) for i in comparison.items]


def put(key: str, value: Any, annex_id: str = "annex_3") -> Edit:
    def edit(book: Workbook) -> None:
        cell_of(book, f"{annex_id}.{key}").value = value

    return edit


def test_an_untouched_form_changes_nothing_and_leaves_nothing_unsaid(case):
    logged, content = sent(case)
    comparison = compare(returned(content, lambda book: None), logged)
    assert comparison.items == () and comparison.remarks == () and comparison.known


def test_a_changed_field_is_a_new_value_with_its_cell(case):
    logged, content = sent(case)
    comparison = compare(returned(content, put("contact_name", "王工")), logged)
    (item,) = comparison.items
    assert (item.outcome, item.sent, item.returned, item.now) == ("new", "李工", "王工", "李工")
    assert (
        item.place.endswith("!C" + item.place.rpartition("C")[2]) and "企业基本信息" in item.place
    )


def test_an_emptied_field_is_a_deletion(case):
    logged, content = sent(case)
    comparison = compare(returned(content, put("contact_name", None)), logged)
    assert [item.outcome for item in comparison.items] == ["deletion"]
    assert apply(comparison, logged.folder, "测试", Choosing()) == 1
    assert "contact_name" not in open_case(logged.folder).annex("annex_3")


def test_a_field_changed_on_both_sides_is_a_conflict_and_nothing_is_applied(case):
    logged, content = sent(case)
    with writing(logged.folder, "另一人") as writer:
        changed = writer.set("annex_3.contact_name", "赵工")

    def both(book: Workbook) -> None:
        put("contact_name", "王工")(book)
        put("contact_phone", "13900139000")(book)

    comparison = compare(returned(content, both), changed)
    assert [item.outcome for item in comparison.items] == ["conflict", "new"]
    before = (logged.folder / "case.yaml").read_bytes()
    with pytest.raises(FormError) as refused:
        apply(comparison, logged.folder, "测试", Choosing())
    assert (
        "李工" in str(refused.value)
        and "王工" in str(refused.value)
        and "赵工" in str(refused.value)
    )
    assert (logged.folder / "case.yaml").read_bytes() == before
    assert apply(comparison, logged.folder, "测试", Choosing(take="returned")) == 2
    assert open_case(logged.folder).annex("annex_3")["contact_name"] == "王工"


def test_of_a_conflict_the_present_value_may_be_kept_and_the_rest_taken(case):
    logged, content = sent(case)
    with writing(logged.folder, "另一人") as writer:
        changed = writer.set("annex_3.contact_name", "赵工")

    def both(book: Workbook) -> None:
        put("contact_name", "王工")(book)
        put("contact_phone", "13900139000")(book)

    comparison = compare(returned(content, both), changed)
    assert apply(comparison, logged.folder, "测试", Choosing(take="now")) == 1
    annex = open_case(logged.folder).annex("annex_3")
    assert (annex["contact_name"], annex["contact_phone"]) == ("赵工", "13900139000")


def test_an_unreadable_cell_keeps_everything_out_unless_the_rest_is_asked_for(case):
    logged, content = sent(case)

    def edit(book: Workbook) -> None:
        put("contact_phone", "不知道")(book)
        put("contact_name", "王工")(book)

    comparison = compare(returned(content, edit), logged)
    with pytest.raises(FormError) as refused:
        apply(comparison, logged.folder, "测试", Choosing())
    (problem,) = refused.value.problems
    assert problem.found == "不知道" and "手机号" in problem.expected and "!C" in problem.where
    assert apply(comparison, logged.folder, "测试", Choosing(partial=True)) == 1
    annex = open_case(logged.folder).annex("annex_3")
    assert (annex["contact_name"], annex["contact_phone"]) == ("王工", "13800138000")


def part_cell(book: Workbook, key: str, part: str) -> ExcelCell:
    cell = cell_of(book, f"annex_6.{key}")
    page = cell.parent
    column = next(each.column for each in page[3] if each.value == part)
    found = page.cell(cell.row, column)
    assert isinstance(found, ExcelCell)
    return found


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_no_indicator_at_all_is_written_out_and_read_back(case, kind):
    with writing(case.folder, "测试") as writer:
        case = writer.set("annex_2.problems", [{"problem_no": "P01", "indicators": ["none"]}])
    annex = DEFINITIONS.annexes["annex_2"]
    logged, stamps = log_sending(case, Sending([annex], kind, False, "测试", "测试"))
    content = form_bytes(annex, DEFINITIONS, logged, stamps["annex_2"], kind)
    path = case.folder.parent / f"back.{kind}"
    path.write_bytes(content)
    back = open_returned(path, DEFINITIONS)
    (problems,) = (table for table in back.tables if table.path == "problems")
    assert problems.rows[0].cells["indicators"][0] == "无"
    assert compare(back, logged).items == ()
    column = next(c for c in _problems().columns if c.key == "indicators")
    assert parse(column, "无", DEFINITIONS).value == ["none"]
    assert parse(column, "无、电子商务", DEFINITIONS).expected == "“无”不能与其他选项同时选"


def _problems() -> Field:
    return next(f for f in DEFINITIONS.annexes["annex_2"].fields if f.key == "problems")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (datetime(2026, 10, 13, 11, 40), "2026-10-13 11:40"),
        (date(2026, 10, 13), "2026-10-13"),
        ("2026年10月13日 上午9:05", "2026-10-13 09:05"),
        ("十月十三日上午", None),
    ],
)
def test_when_an_answer_was_written_down_is_read_as_a_day_or_a_moment(case, written, read):
    logged, content = sent(case, "annex_6")

    def edit(book: Workbook) -> None:
        part_cell(book, "equipment", "recorded_at").value = written

    (item,) = compare(returned(content, edit), logged).items
    if read is None:
        assert (item.outcome, item.found) == ("refused", written)
        assert item.expected.startswith("日期或日期和时间")
    else:
        assert (item.outcome, item.value) == ("new", read)


def test_excel_offers_the_four_strengths_and_another_one_is_refused(case):
    logged, content = sent(case, "annex_6")

    def edit(book: Workbook) -> None:
        part_cell(book, "equipment", "strength").value = "e3"
        part_cell(book, "has_ics", "strength").value = "很强"

    items = {item.label: item for item in compare(returned(content, edit), logged).items}
    assert items["Q02.1 生产设备总数·证据强度"].value == "E3"
    refused = next(item for item in items.values() if item.outcome == "refused")
    assert (refused.found, refused.expected) == ("很强", "E0、E1、E2、E3 中的一项")


def test_an_amount_not_in_ten_thousands_and_a_wrong_code_are_taken_and_doubted(case):
    logged, content = sent(case, "annex_4")
    wrong = "91150100MA0000000X"
    comparison = compare(returned(content, put("service_org_uscc", wrong, "annex_4")), logged)
    assert [item.value for item in comparison.items] == [wrong]
    assert ["校验位不符" in r.why for r in comparison.remarks if r.text == wrong] == [True]

    logged, content = sent(open_case(case.folder), "annex_6")

    def edit(book: Workbook) -> None:
        part_cell(book, "online_sales", "onsite").value = 586_000_000

    comparison = compare(returned(content, edit), logged)
    assert [item.value for item in comparison.items] == [586_000_000]
    (remark,) = comparison.remarks
    assert remark.why.endswith("超过 10000000 万元，单位是否为万元？")


def test_all_changes_of_a_form_are_one_entry_of_the_journal(case):
    logged, content = sent(case)

    def edit(book: Workbook) -> None:
        put("contact_phone", "13900139000")(book)
        put("contact_name", "王工")(book)
        products(book)["C6"].value = "铝锭A"

    before = len(journal.read(logged.folder))
    apply(compare(returned(content, edit), logged), logged.folder, "王工", Choosing())
    entries = journal.read(logged.folder)
    assert len(entries) == before + 1 and entries[-1].who == "王工"
    assert {change["path"] for change in entries[-1].changes} == {
        "annex_3.contact_phone",
        "annex_3.contact_name",
        "annex_3.products",
    }


def test_rows_may_be_inserted_deleted_and_changed_at_once(case):
    logged, content = sent(case)

    def edit(book: Workbook) -> None:
        sheet = products(book)
        sheet.delete_rows(7)
        sheet.insert_rows(7)
        sheet["C7"].value, sheet["D7"].value = "铝线", "1,500吨"
        sheet["D8"].value = 3500

    comparison = compare(returned(content, edit), logged)
    outcomes = [item.outcome for item in comparison.items]
    assert sorted(outcomes) == ["deletion", "new", "new", "refused"]
    (refused,) = comparison.of("refused")
    assert refused.found == "1,500吨" and refused.place.endswith("!D7")
    assert apply(comparison, logged.folder, "测试", Choosing(partial=True)) == 3
    assert open_case(logged.folder).annex("annex_3")["products"] == [
        {"product": "铝锭", "capacity": 1000},
        {"product": "铝线"},
        {"product": "铝箔", "capacity": 3500},
    ]


def test_sorted_rows_change_nothing_and_it_is_said(case):
    logged, content = sent(case)

    def edit(book: Workbook) -> None:
        sheet = products(book)
        rows = [[cell.value for cell in sheet[number]] for number in (8, 6, 7)]
        for number, row in zip((6, 7, 8), rows, strict=True):
            for column, value in enumerate(row, start=1):
                sheet.cell(number, column).value = value

    comparison = compare(returned(content, edit), logged)
    assert comparison.items == ()
    assert [remark.why for remark in comparison.remarks] == [
        "各行的顺序与发出时不同，保留案卷中的顺序"
    ]


def test_rows_sorted_without_their_hidden_numbers_are_known_by_their_content(case):
    logged, content = sent(case)

    def edit(book: Workbook) -> None:
        sheet = products(book)
        for column in ("C", "D"):
            values = [sheet[f"{column}{row}"].value for row in (8, 6, 7)]
            for row, value in zip((6, 7, 8), values, strict=True):
                sheet[f"{column}{row}"].value = value

    assert compare(returned(content, edit), logged).items == ()


def test_a_copied_row_with_the_same_hidden_number_is_a_new_row(case):
    logged, content = sent(case)

    def edit(book: Workbook) -> None:
        sheet = products(book)
        sheet.insert_rows(7)
        for column in range(1, 5):
            sheet.cell(7, column).value = sheet.cell(6, column).value
        sheet["C7"].value = "铝锭（新）"

    comparison = compare(returned(content, edit), logged)
    apply(comparison, logged.folder, "测试", Choosing())
    names = [row["product"] for row in open_case(logged.folder).annex("annex_3")["products"]]
    assert names == ["铝锭", "铝锭（新）", "铝板", "铝箔"]


def test_a_form_taken_in_twice_changes_the_case_once(case):
    logged, content = sent(case)

    def edit(book: Workbook) -> None:
        sheet = products(book)
        sheet["C9"].value = "铝线"
        put("contact_name", "王工")(book)

    file = returned(content, edit)
    assert apply(compare(file, logged), logged.folder, "测试", Choosing()) == 2
    again = compare(file, open_case(logged.folder))
    assert again.items == ()


def test_rows_added_to_the_case_meanwhile_stay(case):
    logged, content = sent(case)
    rows = [*CONTENT["annex_3"]["products"], {"product": "铝棒"}]
    with writing(logged.folder, "另一人") as writer:
        changed = writer.set("annex_3.products", rows)

    def edit(book: Workbook) -> None:
        products(book)["D6"].value = 1100
        products(book)["C9"].value = "铝线"

    comparison = compare(returned(content, edit), changed)
    apply(comparison, logged.folder, "测试", Choosing())
    kept = open_case(logged.folder).annex("annex_3")["products"]
    assert [row["product"] for row in kept] == ["铝锭", "铝板", "铝箔", "铝线", "铝棒"]
    assert kept[0]["capacity"] == 1100


def test_a_row_deleted_on_the_form_but_changed_in_the_case_is_a_conflict(case):
    logged, content = sent(case)
    with writing(logged.folder, "另一人") as writer:
        changed = writer.set("annex_3.products.2.capacity", 2222)
    comparison = compare(returned(content, lambda book: products(book).delete_rows(7)), changed)
    assert [item.outcome for item in comparison.items] == ["conflict"]


def test_sheets_may_be_renamed_and_reordered_and_columns_inserted(case):
    logged, content = sent(case)

    def edit(book: Workbook) -> None:
        put("contact_name", "王工")(book)
        sheet = products(book)
        sheet.title = "产品清单改名"
        sheet.insert_cols(4)
        book.move_sheet(sheet, -book.index(sheet))

    comparison = compare(returned(content, edit), logged)
    assert told(comparison) == [("new", "联系人", "李工", "王工", "李工")]


def test_a_copied_sheet_is_not_taken_in_twice_and_its_own_rows_are_listed(case):
    logged, content = sent(case)

    def edit(book: Workbook) -> None:
        book.copy_worksheet(products(book))["C7"].value = "铝线"

    comparison = compare(returned(content, edit), logged)
    assert comparison.items == ()
    assert [remark.text for remark in comparison.remarks] == ["铝线 2000"]


def test_a_deleted_column_keeps_what_the_case_holds_and_is_named(case):
    logged, content = sent(case)
    comparison = compare(returned(content, lambda book: products(book).delete_cols(4)), logged)
    assert comparison.items == ()
    assert [remark.place for remark in comparison.remarks][-1].endswith("·设计产能（年）")


def test_words_written_outside_the_form_are_listed_with_their_cell(case):
    logged, content = sent(case)

    def edit(book: Workbook) -> None:
        sheet = products(book)
        sheet["J6"].value = "请核实"
        sheet["B1"].value = "改了标题"

    remarks = compare(returned(content, edit), logged).remarks
    assert {(each.place.rpartition("!")[2], each.text) for each in remarks} == {
        ("J6", "请核实"),
        ("第1行", "改了标题"),
    }


def test_merged_fields_are_refused_because_nobody_can_tell_whose_the_content_is(case):
    logged, content = sent(case)

    def edit(book: Workbook) -> None:
        cell = cell_of(book, "annex_3.contact_name")
        cell.parent.cell(cell.row - 1, 3).value = "上一项的内容"
        cell.parent.merge_cells(
            start_row=cell.row - 1, end_row=cell.row, start_column=3, end_column=3
        )

    comparison = compare(returned(content, edit), logged)
    (refused,) = comparison.of("refused")
    assert (refused.label, refused.found) == ("联系人", "上一项的内容")
    assert "合并" in refused.expected and refused.place.rpartition("!")[2].startswith("C")


def test_a_formula_counts_by_its_saved_result_and_without_one_is_refused(case):
    logged, content = sent(case)
    comparison = compare(returned(content, put("contact_name", "=1+1")), logged)
    (item,) = comparison.of("refused")
    assert item.found == "=1+1"


def test_a_form_of_another_case_is_refused(case, tmp_path):
    _, content = sent(case)
    other = create(tmp_path / "other", CONTENT, DEFINITIONS, "测试")
    with pytest.raises(FormError, match="chenguang"):
        compare(returned(content, lambda book: None), other)


def test_a_form_without_a_stamp_is_compared_with_the_present_only_and_deletes_nothing(case):
    logged, content = sent(case)

    def edit(book: Workbook) -> None:
        put("contact_name", None)(book)
        put("contact_phone", "13900139000")(book)
        book["_dxkit"]["A2"].value = None
        for name in list(book.custom_doc_props.names):
            del book.custom_doc_props[name]
        for sheet in book:
            for row in sheet.iter_rows(max_row=12):
                for cell in row:
                    if "表单编号" in str(cell.value) or "1502-2026" in str(cell.value):
                        cell.value = None

    comparison = compare(returned(content, edit), logged)
    assert not comparison.known
    assert told(comparison) == [("new", "联系人手机", "", "13900139000", "13800138000")]


def test_a_lost_stamp_is_found_again_by_the_number_people_see(case):
    logged, content = sent(case)

    def edit(book: Workbook) -> None:
        put("contact_name", None)(book)
        book["_dxkit"]["A2"].value = None
        for name in list(book.custom_doc_props.names):
            del book.custom_doc_props[name]

    comparison = compare(returned(content, edit), logged)
    assert comparison.known
    assert [item.outcome for item in comparison.items] == ["deletion"]


def test_a_form_of_another_enterprise_without_a_stamp_is_refused_by_its_credit_code(case):
    content = form_bytes(
        DEFINITIONS.annexes["annex_3"],
        DEFINITIONS,
        None,
        stamp_for_nobody(DEFINITIONS.annexes["annex_3"]),
        "xlsx",
    )
    file = returned(content, put("uscc", "91150200MA0N00002W"))
    with pytest.raises(FormError, match="91150200MA0N00001X"):
        compare(file, case)


def test_a_refusal_of_the_whole_names_the_cell_it_comes_from(case):
    logged, content = sent(case)

    def more_digital_equipment_than_equipment(book: Workbook) -> None:
        put("equip_est", 5)(book)
        put("equip_digital_est", 9)(book)

    comparison = compare(returned(content, more_digital_equipment_than_equipment), logged)
    with pytest.raises(FormError) as refused:
        apply(comparison, logged.folder, "测试", Choosing())
    (problem,) = refused.value.problems
    assert "!C" in problem.where and "9" in problem.found and "5" in problem.expected
    assert "equip_est" not in open_case(logged.folder).annex("annex_3")


def test_form_numbers_count_up_and_the_export_is_on_record(case):
    logged, _ = sent(case)
    again, _ = sent(logged, blank=True)
    rows = again.annex("engagement")["exports"]
    assert [row["form_no"] for row in rows] == ["1502-2026-0007-F3-01", "1502-2026-0007-F3-02"]
    assert [row["format"] for row in rows] == ["xlsx", "xlsx（空白）"]
    assert rows[0]["contains"] == ["phones"] and "contains" not in rows[1]
    assert [row["journal_n"] for row in rows] == [2, 3]


@pytest.mark.parametrize("name", ["３", "附件３", "annex3", "3", "附件3", "annex_3"])
def test_a_form_is_known_by_number_mark_or_id(name):
    assert [annex.id for annex in annexes_named(name, DEFINITIONS)] == ["annex_3"]


def test_auxiliary_forms_are_known_by_their_mark_and_restricted_ones_only_by_name():
    assert [annex.id for annex in annexes_named("辅-2", DEFINITIONS)] == ["aux_2"]
    assert [annex.id for annex in annexes_named("aux_2", DEFINITIONS)] == ["aux_2"]
    everything = {annex.id for annex in annexes_named("all", DEFINITIONS)}
    assert everything == {a.id for a in DEFINITIONS.annexes.values() if not a.restricted}
    assert annexes_named("附件99", DEFINITIONS) == []


def test_a_restricted_form_is_written_into_its_own_store(case):
    logged, content = sent(case, "annex_9", blank=True)

    def edit(book: Workbook) -> None:
        cell_of(book, "annex_9.sec_head").value = "赵安"

    comparison = compare(returned(content, edit), logged)
    assert apply(comparison, logged.folder, "测试", Choosing()) == 1
    reopened = open_case(logged.folder)
    assert reopened.restricted is not None
    assert reopened.restricted.annex("annex_9") == {"sec_head": "赵安"}
    assert "赵安" not in (logged.folder / "case.yaml").read_text(encoding="utf-8")
    assert store_of(logged.folder, "annex_9") == logged.folder / "restricted"


@pytest.mark.parametrize("partial", [False, True])
def test_the_course_of_a_case_is_not_rewritten_by_a_form(case, partial):
    logged, content = sent(case, "engagement")
    before = (logged.folder / "case.yaml").read_bytes()
    archived = compare(returned(content, put("state", "归档", "engagement")), logged)
    assert [item.outcome for item in archived.items] == ["new"]
    with pytest.raises(FormError, match="由程序在办理时记载"):
        apply(archived, logged.folder, "测试", Choosing(partial=partial))
    assert (logged.folder / "case.yaml").read_bytes() == before


def csv_bytes(coding: str, *rows: list[str]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode(coding)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_one_table_is_read_from_csv_in_any_usual_coding(case, coding):
    content = csv_bytes(
        coding, ["产品名称", "capacity", "备注列"], ["铝锭", "1,000", ""], ["铝棒", "８００", "新"]
    )
    annex = DEFINITIONS.annexes["annex_3"]
    file = read_csv(content, annex, "products", "t.csv")
    comparison = compare(file, case)
    labels = {
        (item.outcome, item.label.rpartition("·")[2], item.returned) for item in comparison.items
    }
    assert labels == {("new", "产品名称", "铝棒"), ("new", "设计产能（年）", "800")}
    assert [remark.text for remark in comparison.remarks] == ["备注列、新"]


def test_a_row_of_totals_whose_head_is_no_column_is_no_row_and_numbers_are_told_once(case):
    rows = [["序号", "设备名称", "数量"], ["1", "车床", "3"], ["2", "铣床", "4"], ["合计", "", "7"]]
    annex = DEFINITIONS.annexes["annex_6"]
    comparison = compare(
        read_csv(csv_bytes("utf-8", *rows), annex, "equipment_list", "t.csv"), case
    )
    assert sorted(item.returned for item in comparison.items) == ["3", "4", "车床", "铣床"]
    told = [(remark.place, remark.text) for remark in comparison.remarks]
    assert told == [("第4行", "合计 7"), ("第1行第1列", "序号、1、2")]


def test_a_corrected_row_of_a_csv_is_the_row_of_the_same_names_and_not_another(case):
    rows = [
        {"name": "车床", "model": "A", "quantity": 3},
        {"name": "车床", "model": "B", "quantity": 5},
        {"name": "炉", "quantity": 1},
        {"name": "炉", "quantity": 2},
    ]
    table = next(f for f in DEFINITIONS.annexes["annex_6"].fields if f.key == "equipment_list")
    rows[0]["cat"] = rows[1]["cat"] = table.columns[0].choices[0].code
    with writing(case.folder, "测试") as writer:
        logged = writer.apply([Change("annex_6.equipment_list", rows)])
    file = read_csv(
        csv_bytes(
            "utf-8",
            ["设备名称", "型号", "数量"],
            ["车床", "B", "6"],
            ["车床", "C", "1"],
            ["炉", "", "9"],
        ),
        DEFINITIONS.annexes["annex_6"],
        "equipment_list",
        "t.csv",
    )
    comparison = compare(file, logged)
    assert apply(comparison, logged.folder, "测试", Choosing()) == 6
    after = open_case(logged.folder).annex("annex_6")["equipment_list"]
    lathe, furnace = {"name": "车床", "model": "C", "quantity": 1}, {"name": "炉", "quantity": 9}
    changed = {**rows[1], "quantity": 6}
    assert after == [rows[0], changed, lathe, furnace, *rows[2:]], "new rows behind their neighbour"


def test_a_csv_without_a_known_column_is_refused(case):
    annex = DEFINITIONS.annexes["annex_3"]
    with pytest.raises(FormError, match="栏目"):
        read_csv(b"a,b\n1,2\n", annex, "products", "t.csv")


def run(*arguments: str) -> tuple[int, str]:
    with pytest.MonkeyPatch.context():
        result = CliRunner().invoke(commands, list(arguments), standalone_mode=False)
    if result.exception is not None:
        problems = getattr(result.exception, "problems", [result.exception])
        return 2, result.output + "\n".join(map(str, problems))
    return int(result.return_value or 0), result.output


def test_commands_send_a_form_out_and_take_it_in_again(case, tmp_path):
    out = tmp_path / "申请表.xlsx"
    folder = str(case.folder)
    export = ["form", "export", folder, "--annex", "3", "--format", "xlsx", "--out", str(out)]
    assert run(*export)[0] == 0 and out.is_file()
    code, said = run(*export)
    assert code == 2 and "已经存在" in said
    book = load_workbook(out)
    cell_of(book, "annex_3.contact_name").value = "王工"
    book.save(out)
    code, said = run("form", "import", folder, str(out), "--dry-run")
    assert code == 0 and "王工" in said and "没有写入" in said
    assert open_case(case.folder).annex("annex_3")["contact_name"] == "李工"
    code, said = run("form", "import", folder, str(out), "--yes", "--who", "王工")
    assert code == 0 and "已写入 1 项" in said
    assert open_case(case.folder).annex("annex_3")["contact_name"] == "王工"
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".part"] == []


def test_nothing_is_written_without_somebody_to_agree(case, tmp_path):
    logged, content = sent(case)
    book = load_workbook(BytesIO(content))
    cell_of(book, "annex_3.contact_name").value = "王工"
    book.save(tmp_path / "f.xlsx")
    code, said = run("form", "import", str(case.folder), str(tmp_path / "f.xlsx"))
    assert code == 1 and "--yes" in said
    assert open_case(logged.folder).annex("annex_3")["contact_name"] == "李工"


def filled_in(logged: Case, content: bytes, path: Path, **values: object) -> Path:
    book = load_workbook(BytesIO(content))
    for key, value in values.items():
        cell_of(book, f"annex_3.{key}").value = value
    book.save(path)
    return path


def test_a_rehearsal_tells_what_writing_would_refuse_and_with_it_what_cannot_be_read(
    case, tmp_path
):
    logged, content = sent(case)
    file = filled_in(
        logged,
        content,
        tmp_path / "f.xlsx",
        equip_est=5,
        equip_digital_est=9,
        contact_phone="x",
    )
    before = (logged.folder / "case.yaml").read_bytes()
    told = set()
    for option in ("--dry-run", "--yes"):
        code, said = run("form", "import", str(case.folder), str(file), option)
        assert code == 2 and "有 2 项" in said
        assert "9，大于" in said and "手机号" in said
        told.add(said.partition("有 2 项")[2])
    assert len(told) == 1, "both say the same"
    assert (logged.folder / "case.yaml").read_bytes() == before


def test_options_for_csv_that_contradict_a_form_are_refused(case, tmp_path):
    logged, content = sent(case)
    file = filled_in(logged, content, tmp_path / "f.xlsx", contact_name="王工")
    wish = ["form", "import", str(case.folder), str(file), "--dry-run"]
    code, said = run(*wish, "--annex", "6", "--table", "products")
    assert code == 2 and "annex_6，而 f.xlsx 是 annex_3" in said and "只用于 CSV" in said
    assert run(*wish, "--annex", "3")[0] == 0
    code, said = run(*wish, "--annex", "all")
    assert code == 2 and "一张表单" in said


def test_cells_pasted_without_what_is_hidden_are_refused_with_what_to_do(case, tmp_path):
    pasted = Workbook()
    pasted.remove(pasted.active)
    for sheet in load_workbook(BytesIO(sent(case)[1])).worksheets:
        page = pasted.create_sheet(sheet.title)
        for row in sheet.iter_rows(min_col=2):
            if row and not sheet.row_dimensions[row[0].row].hidden:
                page.append([cell.value for cell in row])
    del pasted["_dxkit"]
    pasted.save(tmp_path / "pasted.xlsx")
    code, said = run("form", "import", str(case.folder), str(tmp_path / "pasted.xlsx"), "--yes")
    assert code == 2 and "隐藏的首列和编号行都不在了" in said and "重新导出" in said


def test_a_wish_for_marks_of_quotation_is_only_said_of_the_case_file():
    agenda = next(each for each in DEFINITIONS.annexes["annex_4"].fields if each.key == "agenda")
    start = next(each for each in agenda.columns if each.type is FieldType.TIME)
    for raw in ("99:99", "九点"):
        assert "引号" not in parse(start, raw, DEFINITIONS).expected


def test_a_restricted_form_goes_out_filled_only_with_a_purpose(case, tmp_path):
    out = tmp_path / "9.xlsx"
    export = ["form", "export", str(case.folder), "--annex", "9", "--format", "xlsx"]
    code, said = run(*export, "--out", str(out))
    assert code == 2 and "--purpose" in said and not out.exists()
    assert run(*export, "--out", str(out), "--purpose", "报送盟市工信局")[0] == 0


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_every_blank_form_goes_out_without_a_case(kind, tmp_path):
    code, said = run(
        "form", "export", "--annex", "all", "--blank", "--format", kind, "--out", str(tmp_path)
    )
    assert code == 0, said
    expected = {f"{a.id}-blank.{kind}" for a in DEFINITIONS.annexes.values() if not a.restricted}
    assert {path.name for path in tmp_path.iterdir()} == expected


def test_demo_forms_come_back_untouched_without_a_word(tmp_path):
    shutil.copytree("parameters/demo-copper", tmp_path / "demo-copper")
    case = open_case(tmp_path / "demo-copper")
    annexes = annexes_named("all", DEFINITIONS)
    logged, stamps = log_sending(case, Sending(annexes, "xlsx", False, "测试", "测试"))
    for annex in annexes:
        content = form_bytes(annex, DEFINITIONS, logged, stamps[annex.id], "xlsx")
        comparison = compare(read_form(content, DEFINITIONS), logged)
        assert (annex.id, comparison.items, comparison.remarks) == (annex.id, (), ())


def test_a_file_that_is_no_form_ends_with_a_chinese_line(case, tmp_path, capsys):
    (tmp_path / "x.xlsx").write_bytes(b"no zip")
    with pytest.raises(SystemExit) as left:
        main(["form", "import", str(case.folder), str(tmp_path / "x.xlsx")])
    assert left.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("written", ["ERP 企业资源计划、其他（排产软件）", "☑其他 排产软件"])
def test_words_written_behind_other_are_never_dropped_in_silence(case, written):
    logged, content = sent(case)

    def edit(book: Workbook) -> None:
        cell_of(book, "annex_3.systems_used").value = written

    (item,) = compare(returned(content, edit), logged).items
    assert item.outcome == "refused" and "排产软件" in item.found


def test_where_other_words_matter_they_have_a_field_of_their_own():
    fields = {*DEFINITIONS.fields}
    asked = ("annex_3.systems_used", "annex_3.difficulties", "annex_3.training_topics")
    asked += ("annex_6.design_tools", "annex_6.smart_scenes")
    assert {f"{path}_other" for path in asked} <= fields


def test_many_remarks_of_one_reason_are_told_once_with_all_their_places(case, tmp_path):
    out, folder = tmp_path / "自检.xlsx", str(case.folder)
    export = ["form", "export", folder, "--annex", "1", "--format", "xlsx", "--out", str(out)]
    assert run(*export)[0] == 0
    book = load_workbook(out)
    sheet = book["自检项"]
    written = [row for row in sheet.iter_rows(min_row=6) if ".self_check.c" in str(row[0].value)]
    for number, row in enumerate(written, start=1):
        row[-1].offset(column=1).value = f"旁注{number}"
    book.save(out)
    _, said = run("form", "import", folder, str(out), "--dry-run")
    (line,) = [each for each in said.splitlines() if "旁注1" in each]
    assert all(f"旁注{number}" in line for number in range(1, len(written) + 1))
    assert f"请注意 {len(written)} 处" in line
