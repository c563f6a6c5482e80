"""What people do to a returned Word form: everything is read right, or listed with its place."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from dxkit.case import writing
from dxkit.forms.merging.comparison import compare
from dxkit.forms.opening import open_returned
from tests.mutilations import (
    DEFINITIONS,
    PRODUCTS,
    EditBody,
    Outcome,
    Post,
    W,
    edited_body,
    judge,
    label_in,
    listed,
    new_case,
    place_in,
    read,
    refused,
    row_in,
    sent,
    turned_away,
    with_parts,
    words_of,
    write,
)

INGOT, SHEET, FOIL = PRODUCTS
WHOLE = "不小于 0 的整数（台/套）"
CHANGED, NO_FIELD = "印好的文字被改动", "不属于任何栏目"
GONE = "文件中找不到这一项"
LOST = "隐藏编号已经丢失"
COLUMNS = ("产品名称", "设计产能（年）", "计量单位", "上年产量", "营收占比")
MUTILATIONS: list[tuple[EditBody, Outcome]] = []


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Post:
    case = new_case(tmp_path_factory.mktemp("sent"))
    return Post(case.folder, {"docx": sent(case, "docx"), "annex_4": sent(case, "docx", "annex_4")})


def comes_to(outcome: Outcome) -> Callable[[EditBody], EditBody]:
    """Note down what a mutilation must come to."""

    def note(edit: EditBody) -> EditBody:
        MUTILATIONS.append((edit, outcome))
        return edit

    return note


def cells_of(row: Any) -> list[Any]:
    return row.findall(f"{W}tc")


def put(root: Any, key: str, text: str) -> None:
    write(place_in(root, key), text)


def table_with(root: Any, key: str) -> Any:
    return row_in(root, 1, key).getparent()


def tick(root: Any, key: str, old: str, new: str) -> None:
    """Replace words in the printed choices of a field, as typing over them does."""
    texts = [each for each in place_in(root, key).iter(f"{W}t") if each.text]
    whole = "".join(each.text for each in texts).replace("\u00a0", "")
    assert old in whole, whole
    texts[0].text = whole.replace(old, new)
    for each in texts[1:]:
        each.text = ""


# -- rows and tables ----------------------------------------------------------------------------


@comes_to(read())
def nothing_at_all(root: Any) -> None:
    del root


@comes_to(read(products=[INGOT, FOIL]))
def a_row_deleted(root: Any) -> None:
    row = row_in(root, 2)
    row.getparent().remove(row)


@comes_to(read(products=[INGOT, FOIL]))
def a_row_struck_out_as_a_tracked_change(root: Any) -> None:
    row = row_in(root, 2)
    properties = row.find(f"{W}trPr")
    if properties is None:
        properties = etree.Element(f"{W}trPr")
        row.insert(0, properties)
    etree.SubElement(properties, f"{W}del")


@comes_to(read(products=[INGOT, {key: SHEET[key] for key in SHEET if key != "capacity"}, FOIL]))
def a_cell_struck_out_as_a_tracked_change(root: Any) -> None:
    etree.SubElement(cells_of(row_in(root, 2))[2].find(f"{W}tcPr"), f"{W}cellDel")


@comes_to(read(products=[INGOT, {"product": "铝棒", "capacity": 500}, SHEET, FOIL]))
def a_row_put_in_between(root: Any) -> None:
    new = deepcopy(row_in(root, 1))
    for cell, text in zip(cells_of(new), ("", "铝棒", "500", "", "", ""), strict=True):
        write(cell, text)
    row_in(root, 1).addnext(new)


@comes_to(read(products=[INGOT, INGOT, SHEET, FOIL]))
def a_row_doubled_with_its_hidden_number(root: Any) -> None:
    row_in(root, 1).addnext(deepcopy(row_in(root, 1)))


@comes_to(listed(("主营产品及产能", "顺序")))
def rows_moved(root: Any) -> None:
    row_in(root, 3).addnext(row_in(root, 1))


@comes_to(listed(("第5行第2列", "合计行")))
def a_row_of_totals(root: Any) -> None:
    spare = row_in(root, 3).getnext()
    write(cells_of(spare)[1], "合计")
    write(cells_of(spare)[2], "6000")


@comes_to(listed(("第5个表第7行第1列", NO_FIELD)))
def a_remark_in_a_row_of_its_own(root: Any) -> None:
    rows = table_with(root, "products").findall(f"{W}tr")
    new = deepcopy(rows[-1])
    for cell in cells_of(new)[1:]:
        new.remove(cell)
    write(cells_of(new)[0], "注：产量按2025年统计")
    rows[-1].addnext(new)


@comes_to(listed(("主营产品及产能", GONE)))
def a_table_deleted(root: Any) -> None:
    table = table_with(root, "products")
    table.getparent().remove(table)


@comes_to(read(products=[INGOT, {**SHEET, "capacity": 2100}, FOIL]))
def a_table_split_in_two(root: Any) -> None:
    first = table_with(root, "products")
    second = deepcopy(first)
    for row in first.findall(f"{W}tr")[2:]:
        first.remove(row)
    head, one = second.findall(f"{W}tr")[:2]
    second.remove(one)
    write(cells_of(row_in(second, 2))[2], "2100")
    first.addnext(second)
    first.addnext(etree.Element(f"{W}p"))
    assert head is not None


@comes_to(listed(("第1列", NO_FIELD), ("第2列", NO_FIELD)))
def a_table_of_their_own_within_a_cell(root: Any) -> None:
    cell = place_in(root, "restricted_areas")
    table = etree.SubElement(cell, f"{W}tbl")
    row = etree.SubElement(table, f"{W}tr")
    for text in ("区域", "一号炉"):
        write(_with_paragraph(etree.SubElement(row, f"{W}tc")), text)


def _with_paragraph(cell: Any) -> Any:
    etree.SubElement(cell, f"{W}p")
    return cell


@comes_to(listed(("第2行第2列", NO_FIELD)))
def a_table_of_their_own_at_the_end(root: Any) -> None:
    table = deepcopy(table_with(root, "products"))
    for mark in list(table.iter(f"{W}vanish")):
        run = mark.getparent().getparent()
        run.getparent().remove(run)
    rows = table.findall(f"{W}tr")
    for row in rows[2:]:
        table.remove(row)
    for row in rows[:2]:
        for cell in cells_of(row):
            write(cell, "")
    write(cells_of(rows[1])[1], "备用泵")
    root.find(f"{W}body").find(f"{W}sectPr").addprevious(table)


@comes_to(Outcome(refused=(("第2行第2列", "与左边的单元格合并"),)))
def two_cells_of_a_row_merged(root: Any) -> None:
    cells = cells_of(row_in(root, 1))
    properties = cells[1].find(f"{W}tcPr")
    etree.SubElement(properties, f"{W}gridSpan").set(f"{W}val", "2")
    row_in(root, 1).remove(cells[2])


# -- words typed elsewhere ----------------------------------------------------------------------


@comes_to(listed(("", CHANGED)))
def an_answer_typed_into_the_label(root: Any) -> None:
    paragraph = label_in(root, "contact_title").find(f"{W}p")
    run = etree.SubElement(paragraph, f"{W}r")
    etree.SubElement(run, f"{W}t").text = "：设备部长"


@comes_to(listed(("", CHANGED), contact_name="王工"))
def a_label_reworded(root: Any) -> None:
    texts = list(label_in(root, "contact_name").iter(f"{W}t"))
    texts[-1].text = "联系人（新）"
    put(root, "contact_name", "王工")


@comes_to(listed(("第1个表第2行第2列", "由系统带出")))
def the_common_head_changed(root: Any) -> None:
    first = next(root.iter(f"{W}tbl"))
    write(cells_of(first.findall(f"{W}tr")[1])[1], "1502-2026-0099")


@comes_to(listed(("段", NO_FIELD), contact_name="王工"))
def a_sentence_between_the_tables(root: Any) -> None:
    table = table_with(root, "products")
    paragraph = etree.Element(f"{W}p")
    etree.SubElement(etree.SubElement(paragraph, f"{W}r"), f"{W}t").text = "请尽快安排"
    table.addnext(paragraph)
    put(root, "contact_name", "王工")


@comes_to(listed(("", "图片和文本框")))
def a_picture_pasted_into_a_place(root: Any) -> None:
    run = etree.SubElement(place_in(root, "contact_name").find(f"{W}p"), f"{W}r")
    etree.SubElement(run, f"{W}drawing")


@comes_to(listed(("整份文件", LOST)))
def every_hidden_mark_removed(root: Any) -> None:
    for mark in [*root.iter(f"{W}vanish")]:
        run = mark.getparent().getparent()
        if run.tag == f"{W}r":
            run.getparent().remove(run)


@comes_to(read(contact_name="王工"))
def the_mark_of_one_label_removed(root: Any) -> None:
    label = label_in(root, "contact_name")
    for mark in [*label.iter(f"{W}vanish")]:
        run = mark.getparent().getparent()
        run.getparent().remove(run)
    put_beside(label, "王工")


def put_beside(label: Any, text: str) -> None:
    write(label.getnext(), text)


@comes_to(listed(("联系人", GONE), contact_phone="13900139000"))
def a_row_of_fields_deleted_in_part(root: Any) -> None:
    label = label_in(root, "contact_name")
    row = label.getparent()
    row.remove(label.getnext())
    row.remove(label)
    put(root, "contact_phone", "13900139000")


# -- ticks --------------------------------------------------------------------------------------


@comes_to(read(is_above_scale=False))
def the_other_box_ticked(root: Any) -> None:
    tick(root, "is_above_scale", "☑是\u3000□否", "□是\u3000☑否")


@comes_to(refused("第2行第2列", "是 或 否"))
def both_boxes_ticked(root: Any) -> None:
    tick(root, "is_above_scale", "□否", "☑否")


@comes_to(read(is_above_scale=None))
def no_box_ticked(root: Any) -> None:
    tick(root, "is_above_scale", "☑", "□")


@comes_to(read(is_above_scale=False))
def boxes_replaced_by_a_word(root: Any) -> None:
    put(root, "is_above_scale", "否")


@comes_to(read(ownership="foreign"))
def a_stroke_in_place_of_a_box(root: Any) -> None:
    tick(root, "ownership", "☑", "□")
    tick(root, "ownership", "□外资", "√外资")


@comes_to(read(ownership="foreign"))
def a_filled_square(root: Any) -> None:
    tick(root, "ownership", "☑", "□")
    tick(root, "ownership", "□外资", "■外资")


@comes_to(read(ownership="foreign"))
def a_check_mark_over_the_box(root: Any) -> None:
    tick(root, "ownership", "☑", "□")
    tick(root, "ownership", "□外资", "□✓外资")


@comes_to(read(ownership="foreign"))
def a_wingdings_r_without_its_font(root: Any) -> None:
    tick(root, "ownership", "☑", "□")
    tick(root, "ownership", "□外资", "R外资")


@comes_to(read(ownership="foreign"))
def a_stroke_behind_the_choice(root: Any) -> None:
    tick(root, "ownership", "☑", "□")
    tick(root, "ownership", "□外资", "□外资√")


@comes_to(listed(("第4行第2列", "写在选项之外"), ownership="other"))
def another_choice_written_out(root: Any) -> None:
    tick(root, "ownership", "☑", "□")
    tick(root, "ownership", "□其他________", "☑其他__中外合资__")


@comes_to(read(ics_types=["plc", "dcs"]))
def several_choices_ticked_in_several_ways(root: Any) -> None:
    tick(root, "ics_types", "□PLC\u3000□DCS", "☑PLC √DCS")


@comes_to(read(ics_types=["plc", "dcs"]))
def several_choices_written_as_words(root: Any) -> None:
    put(root, "ics_types", "PLC；DCS")


# -- contents -----------------------------------------------------------------------------------


@comes_to(refused("第6行第2列", WHOLE))
def words_where_a_number_is_asked(root: Any) -> None:
    put(root, "equip_est", "约三百台")


@comes_to(read(equip_est=1234))
def a_number_with_its_unit_and_separator(root: Any) -> None:
    put(root, "equip_est", "１，２３４ 台")


@comes_to(read(it_staff=None))
def a_zero_wiped_out(root: Any) -> None:
    put(root, "it_staff", "")


@comes_to(read(it_staff=None))
def a_zero_wiped_out_but_for_its_unit(root: Any) -> None:
    put(root, "it_staff", "______人")


@comes_to(read(contact_name=None))
def a_name_struck_out_as_a_tracked_change(root: Any) -> None:
    paragraph = place_in(root, "contact_name").find(f"{W}p")
    runs = paragraph.findall(f"{W}r")
    gone = etree.SubElement(paragraph, f"{W}del")
    for run in runs:
        for text in run.findall(f"{W}t"):
            text.tag = f"{W}delText"
        gone.append(run)


@comes_to(read(contact_name="李工程师"))
def a_name_completed_as_a_tracked_change(root: Any) -> None:
    paragraph = place_in(root, "contact_name").find(f"{W}p")
    added = etree.SubElement(paragraph, f"{W}ins")
    etree.SubElement(etree.SubElement(added, f"{W}r"), f"{W}t").text = "程师"


def struck_out(text: str, how: str = "strike") -> Any:
    run = etree.Element(f"{W}r")
    etree.SubElement(etree.SubElement(run, f"{W}rPr"), f"{W}{how}")
    etree.SubElement(run, f"{W}t").text = text
    return run


@comes_to(refused("第8行第4列", "删除线", contact_phone="13900139000"))
def a_name_struck_out_by_hand_and_another_behind_it(root: Any) -> None:
    put(root, "contact_name", "王工")
    put(root, "contact_phone", "13900139000")
    place_in(root, "contact_name").find(f"{W}p").insert(1, struck_out("李工"))


@comes_to(refused("第2行第3列", "删除线"))
def a_number_of_a_row_struck_out_twice(root: Any) -> None:
    cell = cells_of(row_in(root, 1))[2]
    write(cell, "")
    cell.find(f"{W}p").append(struck_out("1000", "dstrike"))


@comes_to(read(contact_name="王工"))
def what_is_struck_out_switched_off(root: Any) -> None:
    put(root, "contact_name", "")
    run = struck_out("王工")
    run.find(f"{W}rPr/{W}strike").set(f"{W}val", "0")
    place_in(root, "contact_name").find(f"{W}p").append(run)


def controlled(cell: Any, text: str, prompt: bool) -> None:
    """Put a content control into a cell, filled in or only asking to be."""
    write(cell, text)
    paragraph = cell.find(f"{W}p")
    run = paragraph.find(f"{W}r")
    control = etree.SubElement(paragraph, f"{W}sdt")
    properties = etree.SubElement(control, f"{W}sdtPr")
    if prompt:
        etree.SubElement(properties, f"{W}showingPlcHdr")
    etree.SubElement(control, f"{W}sdtContent").append(run)


@comes_to(read(contact_title="部长"))
def a_content_control_filled_in(root: Any) -> None:
    controlled(place_in(root, "contact_title"), "部长", prompt=False)


@comes_to(read())
def a_content_control_that_only_asks_to_write(root: Any) -> None:
    controlled(place_in(root, "contact_title"), "单击此处输入文字。", prompt=True)


@comes_to(read(founded_on="2009-03-05"))
def a_day_in_chinese_numerals(root: Any) -> None:
    put(root, "founded_on", "二〇〇九年三月五日")


@comes_to(refused("第3行第2列", "日期"))
def a_day_there_is_not(root: Any) -> None:
    put(root, "founded_on", "2009年2月30日")


@comes_to(refused("第2列", "没有内容的留空"))
def a_stroke_over_what_was_sent(root: Any) -> None:
    put(root, "equip_est", "/")


@comes_to(read())
def strokes_where_nothing_was_sent(root: Any) -> None:
    for key in ("reg_address", "park", "line_count", "selfassess_files"):
        put(root, key, "/")


@comes_to(refused("第4行第4列", "写出具体内容"))
def ditto_marks(root: Any) -> None:
    write(cells_of(row_in(root, 3))[3], "〃")


@comes_to(read(ai_needs="长" * 40_000))
def a_text_longer_than_any_cell_of_excel(root: Any) -> None:
    put(root, "ai_needs", "长" * 40_000)


@comes_to(refused("第1行第2列", "80"))
def a_name_longer_than_the_form_allows(root: Any) -> None:
    put(root, "enterprise_name", "长" * 81)


@pytest.mark.parametrize(
    ("edit", "outcome"), MUTILATIONS, ids=[edit.__name__ for edit, _ in MUTILATIONS]
)
def test_a_mutilated_form_is_read_right_or_listed(edit, outcome, post, tmp_path: Path):
    (tmp_path / "退回.docx").write_bytes(edited_body(post.files["docx"], edit))
    judge(post.taken_by(tmp_path), tmp_path / "退回.docx", outcome)


# -- the file around it -------------------------------------------------------------------------


def test_a_row_pasted_from_the_form_of_another_annex_is_listed(post, tmp_path: Path):
    found: list[Any] = []

    def take(root: Any) -> None:
        table = next(each for each in root.iter(f"{W}tbl") if "[#cmembers:" in words_of(each))
        found.append(deepcopy(table))

    edited_body(post.files["annex_4"], take)

    def paste(root: Any) -> None:
        rows = found[0].findall(f"{W}tr")
        write(cells_of(rows[1])[1], "张三")
        table_with(root, "products").addnext(found[0])

    case, file = post.taken_by(tmp_path), tmp_path / "退回.docx"
    file.write_bytes(edited_body(post.files["docx"], paste))
    comparison = compare(open_returned(file, DEFINITIONS), case)
    assert comparison.items == ()
    assert {each.why.partition("，")[0] for each in comparison.remarks} == {NO_FIELD}
    assert "张三" in {each.text for each in comparison.remarks}


def test_a_lost_stamp_is_found_again_by_the_number_in_the_foot(post, tmp_path: Path):
    def edit(root: Any) -> None:
        put(root, "contact_name", "")
        for run in [each for each in root.iter(f"{W}r") if "[#s" in words_of(each)]:
            run.getparent().remove(run)

    content = with_parts(edited_body(post.files["docx"], edit), {"docProps/custom.xml": None})
    (tmp_path / "退回.docx").write_bytes(content)
    judge(post.taken_by(tmp_path), tmp_path / "退回.docx", read(contact_name=None))


def test_what_changed_meanwhile_is_a_conflict(post, tmp_path: Path):
    case = post.taken_by(tmp_path)
    with writing(case.folder, "另一人") as writer:
        changed = writer.set("annex_3.contact_name", "赵工")

    def edit(root: Any) -> None:
        put(root, "contact_name", "王工")
        put(root, "contact_phone", "13900139000")

    (tmp_path / "退回.docx").write_bytes(edited_body(post.files["docx"], edit))
    outcome = Outcome({"contact_phone": "13900139000"}, conflicts=("第4个表第8行第4列",))
    judge(changed, tmp_path / "退回.docx", outcome)


def test_a_form_without_any_title_or_mark_is_turned_away(post, tmp_path: Path):
    def edit(root: Any) -> None:
        body = root.find(f"{W}body")
        for each in [*body]:
            body.remove(each)
        paragraph = etree.SubElement(body, f"{W}p")
        etree.SubElement(etree.SubElement(paragraph, f"{W}r"), f"{W}t").text = "关于申请的函"

    content = with_parts(edited_body(post.files["docx"], edit), {"docProps/custom.xml": None})
    (tmp_path / "退回.docx").write_bytes(content)
    judge(post.taken_by(tmp_path), tmp_path / "退回.docx", turned_away("没有说明是哪一张表"))
