"""What stands on a printed form where: promises of the paper that people read and write on."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from dxkit import paths
from dxkit.case import Case, Change, open_case, writing
from dxkit.definitions import load
from dxkit.forms.paper.guidance import guidance
from dxkit.forms.paper.layout import form_of
from dxkit.forms.paper.sheets import Cards, Entry, Form, Pairs, Questions, Rows
from dxkit.forms.word import read_word, write_word
from dxkit.forms.word.balance import balanced
from dxkit.forms.word.runs import lines_of
from dxkit.forms.word.write import word_bytes
from dxkit.models.annex import Field, FieldType

DEFINITIONS = load()
ANNEXES = sorted(DEFINITIONS.annexes)
LEAST = {FieldType.DATE: 17, FieldType.DATETIME: 26, FieldType.EVIDENCE: 18}
"""Millimetres that the longest part of a day, of a moment, and one code of evidence take."""


@pytest.fixture(scope="module")
def copper(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("paper") / "demo-copper"
    shutil.copytree(paths.parameters() / "demo-copper", folder)
    return open_case(folder, DEFINITIONS)


def changed(folder: Path, *changes: Change) -> Case:
    """Return a case that is not closed yet, with some changes."""
    shutil.copytree(paths.parameters() / "demo-machinery", folder)
    with writing(folder, "测试", DEFINITIONS) as writer:
        return writer.apply(list(changes))


def filled(case: Case, annex: str) -> Form:
    return form_of(case, DEFINITIONS.annexes[annex], DEFINITIONS)


def blank(annex: str) -> Form:
    return form_of(None, DEFINITIONS.annexes[annex], DEFINITIONS)


def opened(form: Form) -> Any:
    return Document(BytesIO(word_bytes(form)))


def text_of(form: Form) -> str:
    return "".join(opened(form).element.body.itertext())


def rows_of(form: Form, table: str) -> list[Rows]:
    blocks = [block for sheet in form.sheets for block in sheet.blocks]
    return [each for each in blocks if isinstance(each, Rows) and each.field.key == table]


def onsite(form: Form, path: str) -> Entry:
    lists = (b for sheet in form.sheets for b in sheet.blocks if isinstance(b, Questions))
    return next(q.parts["onsite"] for each in lists for q in each.questions if q.path == path)


def columns() -> Iterator[tuple[str, Field]]:
    for annex in DEFINITIONS.annexes.values():
        for field in annex.fields:
            for column in field.columns if field.layout == "rows" else ():
                yield f"{annex.id}.{field.key}.{column.key}", column


@pytest.mark.parametrize(
    ("annex", "words"), [("annex_3", "真实、准确、完整"), ("annex_3", "报送"), ("annex_4", "宴请")]
)
def test_what_is_signed_is_printed_on_the_paper_that_is_signed(
    annex: str, words: str, copper: Case
) -> None:
    assert words in text_of(filled(copper, annex))


@pytest.mark.parametrize("annex", ANNEXES)
def test_no_table_touches_the_next_so_that_both_become_one(annex: str, copper: Case) -> None:
    for form in (filled(copper, annex), blank(annex)):
        kinds = [child.tag for child in opened(form).element.body]
        assert all((one, other) != (qn("w:tbl"), qn("w:tbl")) for one, other in pairwise(kinds))


def test_the_guidance_says_what_columns_ask_for_and_repeats_nothing() -> None:
    told = "".join(text for _, text in guidance(DEFINITIONS.annexes["annex_6"]))
    assert "按正常生产时的实际控制方式选" in told
    assert "2级是系统化管理的起点" in told
    opinions = "".join(text for _, text in guidance(DEFINITIONS.annexes["annex_3"]))
    assert opinions.count("由主管部门填写，企业不填") == 1


def test_the_guidance_stands_beside_its_heading(copper: Case) -> None:
    body = opened(form_of(copper, DEFINITIONS.annexes["annex_3"], DEFINITIONS, blank=True))
    heading = next(each for each in body.paragraphs if each.text.endswith("填写说明"))
    assert heading._p.find(qn("w:pPr")).find(qn("w:sectPr")) is None


def test_the_note_of_a_form_stands_under_its_head() -> None:
    texts = [each.text for each in opened(blank("annex_4")).paragraphs]
    note = next(place for place, text in enumerate(texts) if "注：" in text)
    first = next(place for place, text in enumerate(texts) if "一、计划概要" in text)
    assert note < first


def test_a_question_ruled_out_says_why_and_that_is_no_answer(tmp_path: Path) -> None:
    case = changed(
        tmp_path / "demo-copper",
        Change("annex_6.has_design_activity", False),
        Change("annex_6.design_tools", None),
    )
    form = filled(case, "annex_6")
    assert onsite(form, "design_tools").text == "（不涉及：Q03.1为“否”）"
    path = tmp_path / "form.docx"
    write_word(form, path)
    found = read_word(path, DEFINITIONS)
    assert next(c.raw for c in found.cells if c.path == "design_tools.onsite") is None
    assert found.unmatched == ()


def test_a_question_is_not_ruled_out_by_an_answer_that_is_missing(tmp_path: Path) -> None:
    case = changed(
        tmp_path / "demo-copper",
        Change("annex_6.has_design_activity", None),
        Change("annex_6.design_tools", None),
    )
    assert onsite(filled(case, "annex_6"), "design_tools").text == ""


def test_people_may_write_on_a_blank_form_what_they_know_as_well_as_the_program() -> None:
    assert "系统生成" not in text_of(blank("annex_8"))
    assert "（系统推出，不填）" in text_of(blank("annex_6"))


@pytest.mark.parametrize("kind", list(LEAST))
def test_no_column_is_too_narrow_for_one_day_or_code(kind: FieldType) -> None:
    narrow = [
        place
        for place, column in columns()
        if column.paper and column.type is kind and (column.width or 99) < LEAST[kind]
    ]
    assert narrow == []


def test_lists_of_numbers_and_codes_break_only_between_their_members(copper: Case) -> None:
    pieces = [node.text or "" for node in opened(filled(copper, "annex_7")).element.iter(qn("w:t"))]
    listed = [each for each in pieces if re.search(r"\d、.?\d", each) and "[#" not in each]
    assert listed
    assert all("、\u200b" in each for each in listed)
    assert lines_of("E-E003、E-E008", 7.0) == 2


@pytest.mark.parametrize(
    ("annex", "table"), [("annex_3", "yearly"), ("annex_4", "tasks"), ("annex_7", "service_ledger")]
)
def test_a_table_in_which_all_that_can_come_is_has_no_spare_rows(
    annex: str, table: str, copper: Case
) -> None:
    for part in rows_of(filled(copper, annex), table):
        assert all(line.sent for line in part.lines)


def test_a_box_holds_its_label_and_is_read_as_before(copper: Case, tmp_path: Path) -> None:
    path = tmp_path / "form.docx"
    document = opened(blank("annex_3"))
    (cell,) = (
        cell
        for cell in document.element.body.iter(qn("w:tc"))
        if "[#fenterprise_sign~" in "".join(cell.itertext())
    )
    lines = cell.findall(qn("w:p"))
    assert "法定代表人" in "".join(lines[0].itertext())
    run = next(lines[1].iter(qn("w:t")))
    run.text = f"{run.text}王示例"
    document.save(str(path))
    found = read_word(path, DEFINITIONS)
    assert next(c.raw for c in found.cells if c.path == "enterprise_sign") == "王示例"
    assert found.unmatched == ()


def test_a_box_without_its_hidden_mark_is_known_by_its_label(tmp_path: Path) -> None:
    path = tmp_path / "form.docx"
    document = opened(blank("annex_3"))
    for node in document.element.body.iter(qn("w:t")):
        node.text = "" if (node.text or "").startswith("[#") else node.text
    document.save(str(path))
    paths_read = {cell.path for cell in read_word(path, DEFINITIONS).cells}
    assert {"enterprise_sign", "enterprise_seal", "bureau_seal"} <= paths_read


def test_a_seal_that_was_set_says_so_and_leaves_no_day_open(copper: Case) -> None:
    cells = [
        "".join(cell.itertext())
        for cell in opened(filled(copper, "annex_3")).element.body.iter(qn("w:tc"))
    ]
    sealed = next(text for text in cells if "[#fenterprise_seal~" in text)
    assert "已盖章" in sealed
    assert "线下已签" not in sealed
    assert "年" not in sealed.rpartition("#]")[2]


def test_a_class_of_software_has_one_box_for_not_applicable() -> None:
    body = opened(blank("annex_6")).element.body
    cells = ["".join(t.text or "" for t in c.iter(qn("w:t"))) for c in body.iter(qn("w:tc"))]
    boxes = [text for text in cells if "适用未用" in text and "□" in text]
    assert boxes
    assert all(text.count("□不适用") == 1 for text in boxes)


def test_a_short_scale_is_ticked(tmp_path: Path) -> None:
    path = tmp_path / "form.docx"
    document = opened(blank("annex_8"))
    nodes = [node for node in document.element.body.iter(qn("w:t")) if node.text == "□"]
    ten = next(
        node
        for node in nodes
        if "".join(node.getparent().getparent().itertext()).endswith("10")
        and (node.getparent().getnext().findtext(qn("w:t")) or "").strip() == "10"
    )
    ten.text = "☑"
    document.save(str(path))
    found = read_word(path, DEFINITIONS)
    assert next(c.raw for c in found.cells if c.path == "recommendation") == "10"


def test_every_sheet_of_cards_says_of_which_form_it_is_and_whose(copper: Case) -> None:
    for annex in ("annex_5", "aux_3"):
        form = filled(copper, annex)
        blocks = [block for sheet in form.sheets for block in sheet.blocks]
        sheets = sum(len(block.cards) for block in blocks if isinstance(block, Cards))
        texts = [each.text.replace("\u200d", "") for each in opened(form).paragraphs]
        assert sum(text.endswith(f"{form.mark}　{form.title}") for text in texts) == sheets - 1
        assert sum(copper.name in text for text in texts) >= sheets - 1


@pytest.mark.parametrize(
    ("label", "room", "broken"),
    [
        ("盟市工信局盖章", 6, "盟市\n工信局盖章"),
        ("登记注册类型（企业性质）", 9, "登记注册类型\n（企业性质）"),
        ("营业收入（万元）", 5, "营业收入\n（万元）"),
        ("是否属于“两高”行业或重点用能单位", 8.9, "是否属于\n“两高”行业或\n重点用能单位"),
        ("短名", 6, "短名"),
        ("F4 召开宣贯培训会", 8, "F4 召开\n宣贯培训会"),
        ("9.1 数字化方向结论", 8, "9.1 数字化\n方向结论"),
        ("诊断服务机构统一社会信用代码", 8.3, "诊断服务机构\n统一社会信用代码"),
        ("是否规模以上工业企业", 8.9, "是否规模以上\n工业企业"),
        ("无利益冲突", 3.3, "无利益\n冲突"),
        ("其中数字化数量（台/套）", 3.3, "其中\n数字化\n数量\n（台/\n套）"),
        ("承诺提供的材料", 5, "承诺\n提供的材料"),
    ],
)
def test_a_label_is_broken_by_its_sense_in_lines_about_as_long(
    label: str, room: float, broken: str
) -> None:
    assert balanced(label, room) == broken


def test_the_sign_before_a_label_takes_room_in_its_first_line_only() -> None:
    assert balanced("支撑指标", 4.0) == "支撑指标"
    assert balanced("支撑指标", 4.0, 0.75) == "支撑\n指标"
    assert balanced("其中数字化", 3.0, 0.75) == "其中\n数字化"


def test_labels_that_belong_together_stay_beside_each_other() -> None:
    lines = [
        [pair.path for pair in line]
        for sheet in blank("annex_3").sheets
        for block in sheet.blocks
        if isinstance(block, Pairs)
        for line in block.lines
    ]
    assert ["equip_est", "equip_digital_est"] in lines


def test_a_signature_that_was_written_out_as_an_answer_is_printed_as_one(tmp_path: Path) -> None:
    told = {"recorder": "王示例", "recorded_at": "2026-11-30 10:00"}
    answers = {"signed_on": "2026-11-30", "recorder_sign": True}
    written = [
        Change(f"annex_6.{key}", {"onsite": value, **told}) for key, value in answers.items()
    ]
    bare = [Change(f"annex_6.{key}", value) for key, value in answers.items()]
    one, other = (
        text_of(filled(changed(tmp_path / name, *changes), "annex_6"))
        for name, changes in (("written", written), ("bare", bare))
    )
    assert one == other
    assert "2026年11月30日" in one
