"""What people do to a returned Excel form: everything is read right, or listed with its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image as Picture

from dxkit.case import create, open_case, writing
from dxkit.forms.merging.applying import Choosing, apply
from dxkit.forms.merging.comparison import compare
from dxkit.forms.opening import open_returned
from dxkit.forms.returned import Stamp
from tests.mutilations import (
    DEFINITIONS,
    NAME,
    PRODUCTS,
    SENT,
    EditBook,
    Outcome,
    Post,
    edited_book,
    judge,
    kept,
    listed,
    new_case,
    parts_of,
    read,
    refused,
    sent,
    spot_of,
    table_of,
    turned_away,
    with_parts,
)

INGOT, SHEET, FOIL = PRODUCTS
ROD = {"product": "铝棒", "capacity": 500}
NO_ID, REPAINTED = "没有可以认出的编号", "印好的文字被改动"
GONE = "文件中找不到这一项"
MUTILATIONS: list[tuple[EditBook, Outcome]] = []


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Post:
    case = new_case(tmp_path_factory.mktemp("sent"))
    return Post(case.folder, {"xlsx": sent(case, "xlsx")})


def comes_to(outcome: Outcome) -> Callable[[EditBook], EditBook]:
    """Note down what a mutilation must come to."""

    def note(edit: EditBook) -> EditBook:
        MUTILATIONS.append((edit, outcome))
        return edit

    return note


def put(book: Workbook, key: str, value: Any, column: int = 3) -> None:
    sheet, row = spot_of(book, key)
    sheet.cell(row, column).value = value


def strike(book: Workbook, key: str, value: Any) -> None:
    sheet, row = spot_of(book, key)
    sheet.cell(row, 3).value, sheet.cell(row, 3).font = value, Font(strike=True)


def values(sheet: Worksheet, row: int) -> list[Any]:
    return [cell.value for cell in sheet[row]]


def overwrite(sheet: Worksheet, row: int, told: list[Any]) -> None:
    for column, value in enumerate(told, start=1):
        sheet.cell(row, column).value = value


# -- rows ---------------------------------------------------------------------------------------


@comes_to(read())
def nothing_at_all(book: Workbook) -> None:
    del book


@comes_to(read(products=[INGOT, FOIL]))
def a_row_deleted(book: Workbook) -> None:
    table_of(book).delete_rows(7)


@comes_to(read(products=[INGOT, FOIL]))
def a_row_emptied(book: Workbook) -> None:
    overwrite(table_of(book), 7, [table_of(book)["A7"].value, 2, *[None] * 5])


@comes_to(read(products=None))
def every_row_deleted(book: Workbook) -> None:
    table_of(book).delete_rows(6, 8)


@comes_to(read(products=[INGOT, ROD, SHEET, FOIL]))
def a_row_put_in_between(book: Workbook) -> None:
    table_of(book).insert_rows(7)
    overwrite(table_of(book), 7, [None, None, "铝棒", 500])


@comes_to(read(products=[*PRODUCTS, ROD]))
def a_row_in_spare_place(book: Workbook) -> None:
    overwrite(table_of(book), 9, [table_of(book)["A9"].value, 4, "铝棒", "500"])


@comes_to(read(products=[*PRODUCTS, ROD]))
def a_row_far_below_the_last_line(book: Workbook) -> None:
    overwrite(table_of(book), 40, [None, None, "铝棒", 500])


@comes_to(read(products=[INGOT, INGOT, SHEET, FOIL]))
def a_row_doubled_with_its_hidden_number(book: Workbook) -> None:
    table_of(book).insert_rows(7)
    overwrite(table_of(book), 7, values(table_of(book), 6))


@comes_to(listed(("主营产品及产能", "顺序")))
def rows_sorted(book: Workbook) -> None:
    sheet = table_of(book)
    for row, told in zip((6, 7, 8), [values(sheet, row) for row in (8, 7, 6)], strict=True):
        overwrite(sheet, row, told)


@comes_to(listed(("主营产品及产能", "顺序")))
def rows_sorted_without_their_hidden_numbers(book: Workbook) -> None:
    sheet = table_of(book)
    for row, told in zip((6, 7, 8), [values(sheet, row)[2:] for row in (8, 7, 6)], strict=True):
        overwrite(sheet, row, [sheet.cell(row, 1).value, row - 5, *told])


@comes_to(read(products=[INGOT, {**SHEET, "capacity": 2100}, FOIL]))
def a_changed_value_in_a_hidden_row_under_a_filter(book: Workbook) -> None:
    sheet = table_of(book)
    sheet["D7"].value = 2100
    sheet.row_dimensions[7].hidden = True
    sheet.auto_filter.add_filter_column(2, ["铝锭"])


@comes_to(listed(("第9行", "合计")))
def a_row_of_totals(book: Workbook) -> None:
    overwrite(table_of(book), 9, [None, None, "合 计", 6000, None, 2400, 100])


@comes_to(listed(("!B15", "这一列不是表单的栏目")))
def a_remark_below_the_table(book: Workbook) -> None:
    table_of(book)["B15"].value = "注：产量按2025年统计"


@comes_to(listed(("!A7", "这一列不是"), products=[INGOT, {**SHEET, "capacity": 2100}, FOIL]))
def a_row_whose_number_was_typed_over_and_changed(book: Workbook) -> None:
    sheet = table_of(book)
    sheet["A7"].value, sheet["D7"].value = "第二", 2100


# -- columns and places -------------------------------------------------------------------------


@comes_to(listed(("第4行", REPAINTED), ("第5行", REPAINTED), ("设计产能（年）", GONE)))
def a_column_deleted(book: Workbook) -> None:
    table_of(book).delete_cols(4)


@comes_to(listed(("第5行", REPAINTED)))
def two_columns_swapped(book: Workbook) -> None:
    sheet = table_of(book)
    for row in range(3, 14):
        told = values(sheet, row)
        overwrite(sheet, row, [*told[:2], told[3], told[2], *told[4:]])


@comes_to(
    Outcome(
        {"products": [{**row, "product": str(row["capacity"])} for row in PRODUCTS]},
        refused=(("D6", "数字"), ("D7", "数字"), ("D8", "数字")),
        listed=(("第5行", REPAINTED),),
    )
)
def two_columns_swapped_without_their_hidden_ids(book: Workbook) -> None:
    sheet = table_of(book)
    for row in range(5, 9):
        sheet.cell(row, 3).value, sheet.cell(row, 4).value = values(sheet, row)[3:1:-1]


@comes_to(listed(("第5行", REPAINTED), ("!D6", "这一列不是表单的栏目")))
def a_column_of_their_own_put_in(book: Workbook) -> None:
    sheet = table_of(book)
    sheet.insert_cols(4)
    sheet["D5"].value, sheet["D6"].value = "备注", "主导产品"


@comes_to(read(contact_name="王工"))
def a_form_shifted_right_and_down(book: Workbook) -> None:
    put(book, "contact_name", "王工")
    sheet, _ = spot_of(book, "contact_name")
    sheet.insert_rows(1, 3)
    sheet.insert_cols(2, 2)


@comes_to(read(contact_name="王工"))
def sheets_in_another_order_with_other_names(book: Workbook) -> None:
    put(book, "contact_name", "王工")
    book._sheets.reverse()
    for number, sheet in enumerate(book.worksheets):
        if not sheet.title.startswith("_"):
            sheet.title = f"Sheet{number}"


@comes_to(listed(("已随表提供的材料", GONE)))
def a_sheet_deleted(book: Workbook) -> None:
    del book["随表材料清单"]


@comes_to(listed(("主营产品及产能", GONE)))
def the_sheet_of_a_table_deleted(book: Workbook) -> None:
    del book["主营产品及产能"]


@comes_to(listed(("第7行", "本页与之不同的行没有读入")))
def a_sheet_copied_and_changed(book: Workbook) -> None:
    book.copy_worksheet(table_of(book))["C7"].value = "铝线"


@comes_to(read(products=[INGOT, {**SHEET, "output": 1600}, FOIL]))
def a_table_moved_to_another_sheet(book: Workbook) -> None:
    old, new = table_of(book), book.create_sheet("重排")
    for row in range(3, 14):
        overwrite(new, row + 20, values(old, row))
    new["F27"].value = 1600
    book.remove(old)


@comes_to(listed(("第1行", NO_ID), ("第3行", NO_ID)))
def a_sheet_of_notes_added(book: Workbook) -> None:
    sheet = book.create_sheet("补充说明")
    sheet["A1"].value = "我厂另有一处仓库"
    sheet["B3"].value, sheet["C3"].value = "仓库", "3000平方米"


@comes_to(listed(("!J6", "这一列不是表单的栏目"), ("!K6", "这一列不是表单的栏目")))
def a_table_of_their_own_beside(book: Workbook) -> None:
    table_of(book)["J6"].value, table_of(book)["K6"].value = "另附", 12


@comes_to(listed(*((f"第{row}行", NO_ID) for row in range(1, 14)), ("主营产品及产能", GONE)))
def the_hidden_column_deleted(book: Workbook) -> None:
    table_of(book).delete_cols(1)


@comes_to(listed(*((f"第{row}行", NO_ID) for row in range(5, 8)), ("主营产品及产能", GONE)))
def the_hidden_row_deleted(book: Workbook) -> None:
    table_of(book).delete_rows(3)


@comes_to(read())
def the_hidden_column_and_row_unhidden(book: Workbook) -> None:
    for sheet in book.worksheets:
        sheet.column_dimensions["A"].hidden = False
        sheet.row_dimensions[3].hidden = False


@comes_to(
    Outcome(
        refused=(("!C20", "手机号"),),
        listed=(("第20行", REPAINTED), ("联系人", GONE), ("!C22", "同一项出现了两次")),
    )
)
def a_hidden_id_typed_over_by_another(book: Workbook) -> None:
    sheet, row = spot_of(book, "contact_name")
    other, below = spot_of(book, "contact_phone")
    sheet.cell(row, 1).value = other.cell(below, 1).value


@comes_to(listed(("第20行", NO_ID), ("联系人", GONE)))
def a_hidden_id_typed_over_by_words(book: Workbook) -> None:
    sheet, row = spot_of(book, "contact_name")
    sheet.cell(row, 1).value = "联系人"


# -- merges -------------------------------------------------------------------------------------


@comes_to(refused("!C20", "取消合并", contact_phone="13900139000"))
def a_label_merged_with_its_place(book: Workbook) -> None:
    sheet, row = spot_of(book, "contact_name")
    sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=3)
    put(book, "contact_phone", "13900139000")


@comes_to(refused("!C21", "取消合并"))
def two_places_merged(book: Workbook) -> None:
    sheet, row = spot_of(book, "contact_name")
    sheet.merge_cells(start_row=row, end_row=row + 1, start_column=3, end_column=3)


@comes_to(listed(("!C7", "纵向合并"), products=[INGOT, {**SHEET, "product": "铝锭"}, FOIL]))
def two_rows_merged_in_one_column(book: Workbook) -> None:
    table_of(book).merge_cells("C6:C7")


@comes_to(refused("!D6", "取消合并"))
def two_columns_merged_in_one_row(book: Workbook) -> None:
    table_of(book).merge_cells("C6:D6")


# -- contents that are no plain contents --------------------------------------------------------


@comes_to(refused("!C11", "没有结果的公式", contact_name="王工"))
def a_formula_without_a_result(book: Workbook) -> None:
    put(book, "equip_est", "=100+20")
    put(book, "contact_name", "王工")


@comes_to(refused("!C20", "没有结果的公式"))
def a_command_as_a_formula(book: Workbook) -> None:
    put(book, "contact_name", "=cmd|'/c calc'!A1")


@comes_to(refused("!C11", "错误值"))
def an_error_value(book: Workbook) -> None:
    put(book, "equip_est", "#N/A")


@comes_to(Outcome({}, refused=(("!D6", "错误值"), ("!F7", "错误值"))))
def error_values_in_a_table(book: Workbook) -> None:
    table_of(book)["D6"].value, table_of(book)["F7"].value = "#DIV/0!", "#REF!"


@comes_to(read(products=[{**INGOT, "revenue_share": 65}, SHEET, FOIL]))
def a_percentage_kept_as_a_fraction(book: Workbook) -> None:
    cell = table_of(book)["G6"]
    cell.value, cell.number_format = 0.65, "0%"


@comes_to(listed(("!G6", "不到百分之一"), products=[{**INGOT, "revenue_share": 0.65}, SHEET, FOIL]))
def a_fraction_where_per_cent_are_asked(book: Workbook) -> None:
    cell = table_of(book)["G6"]
    cell.value, cell.number_format = 0.65, "General"


@comes_to(listed(("!C12", "1905"), founded_on="1905-07-01"))
def a_year_alone_in_a_cell_for_days(book: Workbook) -> None:
    put(book, "founded_on", 2009)


@comes_to(refused("!C11", "整数", contact_name="王工"))
def a_number_shown_as_a_percentage_where_a_count_is_asked(book: Workbook) -> None:
    sheet, row = spot_of(book, "equip_est")
    sheet.cell(row, 3).value, sheet.cell(row, 3).number_format = 0.5, "0%"
    put(book, "contact_name", "王工")


@comes_to(listed(("!C20", "批注"), contact_name="王工"))
def a_comment(book: Workbook) -> None:
    sheet, row = spot_of(book, "contact_name")
    sheet.cell(row, 3).comment = Comment("李工已离职", "赵工")
    sheet.cell(row, 3).value = "王工"


@comes_to(listed(("!J6", "图片"), contact_name="王工"))
def a_picture_pasted(book: Workbook) -> None:
    stream = BytesIO()
    Picture.new("RGB", (8, 8)).save(stream, "PNG")
    table_of(book).add_image(Image(stream), "J6")
    put(book, "contact_name", "王工")


@comes_to(read(contact_name="王工"))
def colours_locks_and_rules(book: Workbook) -> None:
    put(book, "contact_name", "王工")
    for sheet in book.worksheets:
        sheet.protection.enable()
        red = PatternFill("solid", bgColor="FF0000")
        sheet.conditional_formatting.add("C1:C99", CellIsRule("equal", ["0"], fill=red))
        sheet.data_validations.dataValidation.clear()
        for cell in sheet["C"]:
            cell.fill, cell.font = copy(red), copy(cell.font)


@comes_to(refused("!C20", "删除线", contact_phone="13900139000"))
def a_new_name_struck_out(book: Workbook) -> None:
    put(book, "contact_phone", "13900139000")
    strike(book, "contact_name", "王工")


@comes_to(Outcome(refused=(("!C7", "删除线"), ("!D7", "删除线"))))
def cells_of_a_row_struck_out_as_they_were_sent(book: Workbook) -> None:
    for spot in ("C7", "D7"):
        table_of(book)[spot].font = Font(strike=True)


@comes_to(read())
def a_label_struck_out(book: Workbook) -> None:
    sheet, row = spot_of(book, "contact_name")
    sheet.cell(row, 2).font = Font(strike=True)


@comes_to(refused("!C20", "删除线"))
def a_part_of_a_name_struck_out(book: Workbook) -> None:
    gone = TextBlock(InlineFont(strike=True), "李工")
    put(book, "contact_name", CellRichText([gone, "王工"]))


@comes_to(read(contact_name="王工"))
def a_name_in_two_colours(book: Workbook) -> None:
    red = TextBlock(InlineFont(color="FFFF0000"), "王")
    put(book, "contact_name", CellRichText([red, "工"]))


@comes_to(refused("!C20", "图片"))
def a_picture_of_wps_within_a_cell(book: Workbook) -> None:
    put(book, "contact_name", '=_xlfn.DISPIMG("ID_0A1B",1)')


# -- printed words ------------------------------------------------------------------------------


@comes_to(listed(("第20行", REPAINTED), contact_name="王工"))
def a_label_changed(book: Workbook) -> None:
    put(book, "contact_name", "联系人（新）", column=2)
    put(book, "contact_name", "王工")


@comes_to(listed(("第11行", REPAINTED)))
def words_written_beside_the_unit(book: Workbook) -> None:
    put(book, "equip_est", "台/套（含在建）", column=4)


@comes_to(listed(("第5行", REPAINTED)))
def a_head_changed(book: Workbook) -> None:
    table_of(book)["D5"].value = "设计产能（万吨）"


@comes_to(listed(("第4行", REPAINTED)))
def the_cover_changed(book: Workbook) -> None:
    book["填写说明"]["C4"].value = "1502-2026-0099"


# -- whose form it is ---------------------------------------------------------------------------


def restamp(book: Workbook, change: Callable[[Stamp], Stamp | None]) -> None:
    """Write another stamp into both of its places, or none."""
    stamp = Stamp.from_text(book["_dxkit"]["A2"].value)
    assert stamp is not None
    changed = change(stamp)
    book["_dxkit"]["A2"].value = changed.as_text() if changed else None
    if changed is None:
        del book.custom_doc_props["dxkit"]
    else:
        book.custom_doc_props["dxkit"].value = changed.as_text()


def emptied(book: Workbook) -> None:
    put(book, "contact_name", None)


@comes_to(read(contact_name=None))
def the_stamp_removed_but_not_the_printed_number(book: Workbook) -> None:
    emptied(book)
    restamp(book, lambda stamp: None)


@comes_to(listed(("第3行", REPAINTED), *(("第2行", REPAINTED),) * 10, contact_phone="13900139000"))
def every_trace_of_the_sending_removed(book: Workbook) -> None:
    emptied(book)
    put(book, "contact_phone", "13900139000")
    restamp(book, lambda stamp: None)
    book["填写说明"]["C3"].value = None
    for sheet in book.worksheets[1:]:
        if not sheet.title.startswith("_"):
            sheet["B2"].value = "（无）"


@comes_to(turned_away("操作日志中没有这次发出"))
def a_stamp_of_a_later_entry(book: Workbook) -> None:
    restamp(book, lambda stamp: replace(stamp, n=stamp.n + 5))


@comes_to(turned_away("操作日志中没有这次发出"))
def a_stamp_with_another_hash(book: Workbook) -> None:
    restamp(book, lambda stamp: replace(stamp, hash="0" * 12))


@comes_to(turned_away("不是 chenguang 的表单"))
def a_stamp_of_another_enterprise(book: Workbook) -> None:
    restamp(book, lambda stamp: replace(stamp, case="hengtong", hash="0" * 12))


@comes_to(turned_away("annex_99"))
def a_stamp_of_a_form_there_is_not(book: Workbook) -> None:
    restamp(book, lambda stamp: replace(stamp, annex="annex_99"))


@comes_to(listed(("_dxkit", "几个不同的发出标记")))
def two_stamps_that_differ(book: Workbook) -> None:
    emptied(book)
    stamp = Stamp.from_text(book["_dxkit"]["A2"].value)
    assert stamp is not None
    book["_dxkit"]["A2"].value = replace(stamp, n=1).as_text()


@comes_to(read(contact_name=None))
def a_torn_stamp_beside_a_whole_one(book: Workbook) -> None:
    emptied(book)
    book["_dxkit"]["A2"].value = book["_dxkit"]["A2"].value[:20]


@comes_to(listed(("表单版本", "现行的是 2026-11 版"), contact_name="王工"))
def a_form_of_an_older_edition(book: Workbook) -> None:
    put(book, "contact_name", "王工")
    restamp(book, lambda stamp: replace(stamp, edition="2025-01"))


@comes_to(listed(("联系人", GONE), ("!C20", "没有“old_name”这一项")))
def a_field_that_is_no_more(book: Workbook) -> None:
    sheet, row = spot_of(book, "contact_name")
    sheet.cell(row, 1).value = sheet.cell(row, 1).value.replace("contact_name", "old_name")


@pytest.mark.parametrize(
    ("edit", "outcome"), MUTILATIONS, ids=[edit.__name__ for edit, _ in MUTILATIONS]
)
def test_a_mutilated_form_is_read_right_or_listed(edit, outcome, post, tmp_path: Path):
    (tmp_path / "退回.xlsx").write_bytes(edited_book(post.files["xlsx"], edit))
    judge(post.taken_by(tmp_path), tmp_path / "退回.xlsx", outcome)


def test_a_row_put_in_with_what_the_program_computes_is_read_without_it(tmp_path: Path):
    """As when rows are pasted from another form; nothing is computed for a row that is new."""
    case = create(tmp_path / "case" / NAME, {"annex_3": SENT}, DEFINITIONS, "测试")

    def fill(book: Workbook) -> None:
        sheet = next(each for each in book if each["A3"].value == "dx|annex_6|table|investment")
        column = {cell.value: cell.column for cell in sheet[3]}
        sheet.cell(20, column["year"]).value = 2025
        sheet.cell(20, column["hardware"]).value = 100
        sheet.cell(20, column["total"]).value = 100

    (tmp_path / "退回.xlsx").write_bytes(edited_book(sent(case, "xlsx", "annex_6"), fill))
    added = listed(("20", "由程序计算"), investment=[{"year": 2025, "hardware": 100}])
    judge(open_case(case.folder), tmp_path / "退回.xlsx", added)


# -- what openpyxl cannot write -----------------------------------------------------------------

RESULTS = [
    ("130", "n", read(equip_est=130), "是公式"),
    ("12.5", "n", refused("!C11", "整数"), "是公式"),
    ("约三百", "str", refused("!C11", "整数"), "是公式"),
    ("#REF!", "e", refused("!C11", "没有结果的公式"), ""),
    ("1e400", "n", refused("!C11", "整数"), "是公式"),
]
_SAVED = re.compile(rb'(<c r="C11"(?: s="\d+")?)( t="\w+")?(><f>100\+30</f>)<v ?(?:/>|></v>)')


@pytest.mark.parametrize(("result", "kind", "outcome", "noted"), RESULTS)
def test_a_formula_counts_by_the_result_saved_with_it(
    result, kind, outcome, noted, post, tmp_path: Path
):
    content = edited_book(post.files["xlsx"], lambda book: put(book, "equip_est", "=100+30"))
    parts = parts_of(content)
    name = next(name for name, part in parts.items() if b"100+30" in part)
    saved = rf'\1 t="{kind}"\3<v>{result}</v>'.encode()
    told, times = _SAVED.subn(saved, parts[name])
    assert times == 1
    (tmp_path / "退回.xlsx").write_bytes(with_parts(content, {name: told}))
    remarks = (("!C11", noted),) if noted else ()
    judge(post.taken_by(tmp_path), tmp_path / "退回.xlsx", replace(outcome, listed=remarks))


def test_rows_pasted_from_the_form_of_another_annex_are_listed(post, tmp_path: Path):
    case = post.taken_by(tmp_path)
    other = load_workbook(BytesIO(sent(case, "xlsx", "annex_4")))
    source = next(each for each in other.worksheets if "|table|members" in str(each["A3"].value))

    def paste(book: Workbook) -> None:
        sheet = book.create_sheet("粘贴")
        for row in range(3, 7):
            overwrite(sheet, row, values(source, row))
        sheet["C6"].value = "张三"

    (tmp_path / "退回.xlsx").write_bytes(edited_book(post.files["xlsx"], paste))
    judge(case, tmp_path / "退回.xlsx", listed(("第6行", "属于另一张表")))


def test_a_form_of_another_enterprise_is_turned_away(post, tmp_path: Path):
    other = create(tmp_path / "hengtong", {"annex_3": SENT}, DEFINITIONS, "测试")
    (tmp_path / "退回.xlsx").write_bytes(post.files["xlsx"])
    judge(other, tmp_path / "退回.xlsx", turned_away("不是 hengtong 的表单"))


def test_what_changed_meanwhile_is_a_conflict_of_that_field_alone(post, tmp_path: Path):
    case = post.taken_by(tmp_path)
    with writing(case.folder, "另一人") as writer:
        changed = writer.set("annex_3.contact_name", "赵工")

    def edit(book: Workbook) -> None:
        put(book, "contact_name", "王工")
        put(book, "contact_phone", "13900139000")

    (tmp_path / "退回.xlsx").write_bytes(edited_book(post.files["xlsx"], edit))
    outcome = Outcome({"contact_phone": "13900139000"}, conflicts=("C20",))
    judge(changed, tmp_path / "退回.xlsx", outcome)


def test_a_cell_emptied_on_the_form_and_changed_meanwhile_is_a_conflict(post, tmp_path: Path):
    case = post.taken_by(tmp_path)
    with writing(case.folder, "另一人") as writer:
        changed = writer.set("annex_3.it_staff", 7)
    content = edited_book(post.files["xlsx"], lambda book: put(book, "it_staff", None))
    (tmp_path / "退回.xlsx").write_bytes(content)
    judge(changed, tmp_path / "退回.xlsx", Outcome(conflicts=("C7",)))


def test_two_returns_of_one_sending_are_both_taken_in_and_contradictions_are_conflicts(
    post, tmp_path: Path
):
    case = post.taken_by(tmp_path)

    def filled(name: str, staff: int | None) -> EditBook:
        def edit(book: Workbook) -> None:
            put(book, "contact_name", name)
            put(book, "it_staff", staff)

        return edit

    first, second = tmp_path / "一.xlsx", tmp_path / "二.xlsx"
    first.write_bytes(edited_book(post.files["xlsx"], filled("王工", 0)))
    second.write_bytes(edited_book(post.files["xlsx"], filled("赵工", 5)))
    apply(compare(open_returned(first, DEFINITIONS), case), case.folder, "测试", Choosing())
    before = kept(case.folder)
    judge(open_case(case.folder), second, Outcome({"it_staff": 5}, conflicts=("C20",)))
    assert kept(case.folder) != before
