"""Forms as Word files: what is printed, what comes back, and what is refused."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from dxkit import paths
from dxkit.case import Case, Change, open_case, writing
from dxkit.case.answers import read_answer
from dxkit.definitions import load
from dxkit.errors import FormError
from dxkit.export.word.xml import find, find_all, value, w
from dxkit.forms.marks import marks_in
from dxkit.forms.paper.layout import form_of
from dxkit.forms.paper.sheets import Form, Questions, Rows
from dxkit.forms.record_parts import part_field, parts_of
from dxkit.forms.returned import Returned, Stamp
from dxkit.forms.ticks import read_ticks
from dxkit.forms.values import answers_of
from dxkit.forms.word import read_word, write_word
from dxkit.forms.word.write import word_bytes
from dxkit.forms.written.parsing import parse
from dxkit.forms.written.printed import is_blank, numbered, printed
from dxkit.forms.written.sameness import same_value
from dxkit.models.annex import Field, FieldType
from dxkit.models.shape import Basis

DEFINITIONS = load()
ANNEXES = sorted(DEFINITIONS.annexes)
MM = 56.6929


@pytest.fixture(scope="module")
def copper(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("case") / "demo-copper"
    shutil.copytree(paths.parameters() / "demo-copper", folder)
    return open_case(folder, DEFINITIONS)


def stamp_of(annex: str, blank: bool = False) -> Stamp:
    return Stamp("demo-copper", annex, "1508-2026-0001-F3-01", 7, "abcdef012345", "2026-11", blank)


def filled(case: Case, annex: str) -> Form:
    return form_of(case, DEFINITIONS.annexes[annex], DEFINITIONS, stamp_of(annex))


def blank(case: Case | None, annex: str) -> Form:
    return form_of(case, DEFINITIONS.annexes[annex], DEFINITIONS, stamp_of(annex, True), True)


def returned(form: Form, folder: Path, change: Callable[[etree._Element], None]) -> Returned:
    """Write a form, let somebody change its body, read it back."""
    path = folder / "returned.docx"
    write_word(form, path)
    rewrite(path, "word/document.xml", change)
    return read_word(path, DEFINITIONS)


def rewrite(path: Path, part: str, change: Callable[[etree._Element], None]) -> None:
    with zipfile.ZipFile(path) as source:
        content = {name: source.read(name) for name in source.namelist()}
    root = etree.fromstring(content[part])
    change(root)
    content[part] = etree.tostring(root)
    pack(path, content)


def pack(path: Path, content: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in content.items():
            target.writestr(name, part)


def marked(root: etree._Element, beginning: str) -> etree._Element:
    """Return the cell whose hidden mark begins so, such as `fpark`."""
    for cell in root.iter(w("tc").tag):
        if f"[#{beginning}" in "".join(cell.itertext()):
            return cell
    raise LookupError(beginning)


def write_in(cell: etree._Element, words: str) -> None:
    """Type words into a cell in place of what stands there."""
    for paragraph in find_all(cell, "w:p"):
        cell.remove(paragraph)
    for line in words.split("\n"):
        run = w("t")
        run.text = line
        cell.append(w("p", w("r", run)))


def place_of(root: etree._Element, mark: str) -> etree._Element:
    cell = marked(root, mark).getnext()
    assert cell is not None
    return cell


def raw(found: Returned, path: str) -> object:
    return next(cell.raw for cell in found.cells if cell.path == path)


def differing(found: Returned, case: Case) -> list[str]:
    """Name every place whose content does not parse to what the case holds."""
    annex = DEFINITIONS.annexes[found.annex]
    answers, questions = answers_of(case, annex), dict(annex.questions())
    wrong = []
    for cell in found.cells:
        key, _, part = ("", "", "") if cell.path in questions else cell.path.rpartition(".")
        field = questions[key or cell.path]
        first, _, row = (key or cell.path).partition(".")
        stored = answers.get(first)
        stored = (stored or {}).get(row) if row else stored
        stored = parts_of(stored).get(part) if part else stored
        asked = part_field(field, part) if part else field
        if not agrees(asked, cell.raw, stored) and not (stored is None and field.prefill):
            wrong.append(f"{cell.path}: {cell.raw!r} {stored!r}")
    fields = {field.key: field for field in annex.fields}
    for table in found.tables:
        columns = {column.key: column for column in fields[table.path].columns}
        rows = answers.get(table.path) or []
        assert [row.number for row in table.rows] == list(range(1, len(rows) + 1)), table.path
        for row in table.rows:
            for key, (content, place) in row.cells.items():
                stored = rows[(row.number or 0) - 1].get(key)
                if not agrees(columns[key], content, stored):
                    wrong.append(f"{table.path} {place}: {content!r} {stored!r}")
    return wrong


def agrees(field: Field, content: object, stored: object) -> bool:
    if content == (printed(field, stored, DEFINITIONS) or None):
        return True
    parsed = parse(field, content, DEFINITIONS)
    return parsed.readable and same_value(field, parsed.value, stored)


# --- out and back ---------------------------------------------------------------------------


@pytest.mark.parametrize("annex", ANNEXES)
def test_a_filled_form_read_back_says_what_the_case_holds(
    annex: str, copper: Case, tmp_path: Path
) -> None:
    found = returned(filled(copper, annex), tmp_path, lambda _root: None)
    assert found.annex == annex
    assert found.stamp == stamp_of(annex)
    assert found.unmatched == ()
    assert differing(found, copper) == []


@pytest.mark.parametrize("annex", ANNEXES)
def test_a_blank_form_read_back_says_nothing(annex: str, copper: Case, tmp_path: Path) -> None:
    found = returned(blank(copper, annex), tmp_path, lambda _root: None)
    assert [cell for cell in found.cells if cell.raw is not None] == []
    assert [row for table in found.tables for row in table.rows if not row.proposed] == []
    assert found.unmatched == ()


def test_every_row_of_the_case_comes_back(copper: Case, tmp_path: Path) -> None:
    found = returned(filled(copper, "annex_7"), tmp_path, lambda _root: None)
    counts = {table.path: len(table.rows) for table in found.tables}
    assert counts["evidence"] == len(copper.annex("annex_7")["evidence"])
    assert counts["evidence"] > 20


@pytest.mark.slow
@pytest.mark.parametrize("way", [("docx",), ("odt", "docx")])
def test_forms_survive_being_saved_again(
    way: tuple[str, ...], copper: Case, tmp_path: Path, program: Callable[[str], str]
) -> None:
    for annex in ANNEXES:
        write_word(filled(copper, annex), tmp_path / f"{annex}.docx")
    files, kind = sorted(tmp_path.glob("*.docx")), "docx"
    for step, suffix in enumerate(way):
        out = tmp_path / f"step-{step}"
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        kind = "docx:MS Word 2007 XML" if suffix == "docx" else suffix
        command = [program("soffice"), profile, "--headless", "--convert-to", kind]
        subprocess.run([*command, "--outdir", out, *files], check=True, capture_output=True)
        files = sorted(out.glob(f"*.{suffix}"))
    assert [file.stem for file in files] == ANNEXES
    for file in files:
        found = read_word(file, DEFINITIONS)
        assert found.stamp == stamp_of(file.stem)
        assert found.unmatched == ()
        assert differing(found, copper) == [], file.stem


def test_numbers_dates_and_texts_are_printed_without_loss() -> None:
    def said(kind: FieldType, stored: object) -> str:
        field = Field(key="x", label="x", type=kind, basis=Basis.DESIGN)
        return printed(field, stored, DEFINITIONS)

    assert said(FieldType.MONEY, 1234.5) == "1234.50"
    assert said(FieldType.MONEY, 0.12345) == "0.12345"
    assert said(FieldType.PERCENT, 93.3333) == "93.3333"
    assert said(FieldType.NUMBER, 1e-7) == "0.0000001"
    assert said(FieldType.NUMBER, 12.0) == "12"
    assert said(FieldType.DATE, "2026-03-05") == "2026年3月5日"
    assert said(FieldType.DATETIME, "2026-03-05 09:30:07") == "2026年3月5日09:30:07"
    assert said(FieldType.LONG_TEXT, "甲\n\n  乙") == "甲\n\n  乙"


# --- what people do to forms ----------------------------------------------------------------


def test_what_is_typed_beside_a_label_is_read(copper: Case, tmp_path: Path) -> None:
    found = returned(
        blank(copper, "annex_3"),
        tmp_path,
        lambda root: write_in(place_of(root, "fpark~"), "稀土高新区\n二期"),
    )
    assert raw(found, "park") == "稀土高新区\n二期"


@pytest.mark.parametrize(
    ("typed", "ticked"),
    [
        ("☑ 是　□ 否", "是"),
        ("√是　□否", "是"),
        ("□√是 □否", "是"),
        ("□是　□否√", "否"),
        ("■是□否", "是"),
        ("R是 £否", "是"),
        ("是", "是"),
        ("□ 是　□ 否", None),
        ("☑是 ☑否", "是；否"),
    ],
)
def test_a_tick_is_recognised_whatever_sign_is_used(
    typed: str, ticked: str | None, copper: Case, tmp_path: Path
) -> None:
    found = returned(
        blank(copper, "annex_3"),
        tmp_path,
        lambda root: write_in(place_of(root, "fis_above_scale~"), typed),
    )
    assert raw(found, "is_above_scale") == ticked


def test_letters_of_a_label_are_no_ticks() -> None:
    assert read_ticks("ERP；MES", ("ERP", "MES", "SRM")) is None


def test_an_option_within_another_is_not_mistaken_for_it() -> None:
    read = read_ticks("☑无线网", ("无", "有线网", "无线网"))
    assert read is not None
    assert read.options == ("无线网",)


def test_what_is_written_behind_other_is_listed(copper: Case, tmp_path: Path) -> None:
    found = returned(
        blank(copper, "annex_3"),
        tmp_path,
        lambda root: write_in(place_of(root, "fownership~"), "□民营　☑其他：合作社__"),
    )
    assert raw(found, "ownership") == "其他"
    assert [(each.text, each.place) for each in found.unmatched] == [
        ("合作社", place_of_cell(found, "ownership"))
    ]


def place_of_cell(found: Returned, path: str) -> str:
    return next(cell.place for cell in found.cells if cell.path == path)


def test_a_row_put_in_is_a_row_without_number(copper: Case, tmp_path: Path) -> None:
    def put_in(root: etree._Element) -> None:
        first = marked(root, "r1:").getparent()
        row = etree.fromstring(etree.tostring(first))
        for cell, words in zip(find_all(row, "w:tc"), ("", "新厂区", "某路1号", "是"), strict=True):
            write_in(cell, words)
        first.addnext(row)

    found = returned(filled(copper, "annex_3"), tmp_path, put_in)
    rows = next(table for table in found.tables if table.path == "plant_addresses").rows
    assert [row.number for row in rows] == [1, None, 2, 3]
    assert {key: content for key, (content, _) in rows[1].cells.items()} == {
        "name": "新厂区",
        "address": "某路1号",
        "included": "是",
    }


def test_a_deleted_row_is_missing_and_the_others_keep_their_numbers(
    copper: Case, tmp_path: Path
) -> None:
    def delete(root: etree._Element) -> None:
        row = marked(root, "r2:").getparent()
        row.getparent().remove(row)

    found = returned(filled(copper, "annex_3"), tmp_path, delete)
    rows = next(table for table in found.tables if table.path == "plant_addresses").rows
    assert [row.number for row in rows] == [1, 3]


def test_moved_columns_are_found_by_their_heads(copper: Case, tmp_path: Path) -> None:
    def move(root: etree._Element) -> None:
        table = marked(root, "cplant_addresses:name").getparent().getparent()
        for row in find_all(table, "w:tr"):
            row.append(find_all(row, "w:tc")[1])

    found = returned(filled(copper, "annex_3"), tmp_path, move)
    assert differing(found, copper) == []


def test_cells_merged_downwards_give_every_row_their_content(copper: Case, tmp_path: Path) -> None:
    def merge(root: etree._Element) -> None:
        for number, kind in ((1, {"val": "restart"}), (2, {})):
            cell = find_all(marked(root, f"r{number}:").getparent(), "w:tc")[2]
            properties = find(cell, "w:tcPr")
            assert properties is not None
            properties.insert(1, w("vMerge", **kind))
            if number == 2:
                write_in(cell, "")

    found = returned(filled(copper, "annex_3"), tmp_path, merge)
    rows = next(table for table in found.tables if table.path == "plant_addresses").rows
    assert rows[1].cells["address"][0] == rows[0].cells["address"][0]


def test_struck_out_words_are_gone_and_put_in_words_are_there(copper: Case, tmp_path: Path) -> None:
    def revise(root: etree._Element) -> None:
        cell = place_of(root, "fpark~")
        write_in(cell, "")
        old, new = w("delText"), w("t")
        old.text, new.text = "旧园区", "新园区"
        cell.append(w("p", w("del", w("r", old)), w("ins", w("r", new))))

    found = returned(filled(copper, "annex_3"), tmp_path, revise)
    assert raw(found, "park") == "新园区"


def test_words_that_belong_to_no_field_are_listed_with_their_place(
    copper: Case, tmp_path: Path
) -> None:
    def add(root: etree._Element) -> None:
        note, cell = w("t"), w("t")
        note.text, cell.text = "请尽快安排", "附带表格"
        body = root[0]
        table = w("tbl", w("tr", w("tc", w("p", w("r", cell)))))
        body.insert(0, w("p", w("r", note)))
        body.insert(1, table)

    found = returned(filled(copper, "annex_3"), tmp_path, add)
    assert [(each.place, each.text) for each in found.unmatched] == [
        ("第1段", "请尽快安排"),
        ("第1个表第1行第1列", "附带表格"),
    ]


def test_a_change_of_what_the_tool_fills_in_is_listed(copper: Case, tmp_path: Path) -> None:
    def rename(root: etree._Element) -> None:
        for node in root.iter(w("t").tag):
            if node.text == copper.name:
                node.text = "另一家企业"
                return

    found = returned(filled(copper, "annex_4"), tmp_path, rename)
    assert [each.text for each in found.unmatched] == ["另一家企业"]


def test_a_text_box_and_a_picture_are_listed(copper: Case, tmp_path: Path) -> None:
    def draw(root: etree._Element) -> None:
        words = w("t")
        words.text = "框里的话"
        cell = place_of(root, "fpark~")
        boxed = w("txbxContent", w("p", w("r", words)))
        cell.append(w("p", w("r", w("pict", boxed)), w("r", w("drawing"))))

    found = returned(filled(copper, "annex_3"), tmp_path, draw)
    assert raw(found, "park") == copper.annex("annex_3")["park"]
    assert [each.text for each in found.unmatched] == ["框里的话", "（图片）"]


def test_not_applicable_and_its_reason_come_back(copper: Case, tmp_path: Path) -> None:
    stored = copper.annex("annex_6")["levels"]["product_design"]
    found = returned(filled(copper, "annex_6"), tmp_path, lambda _root: None)
    told = raw(found, "levels.product_design.not_applicable")
    assert told == read_answer(stored).not_applicable
    assert raw(found, "levels.product_design.onsite") is None


def test_the_ways_of_collecting_are_ticked_by_their_signs(copper: Case, tmp_path: Path) -> None:
    def tick(root: etree._Element) -> None:
        cells = find_all(marked(root, "qequipment~").getparent(), "w:tc")
        write_in(cells[3], "☑访□察√巡\n□文□演□采")

    found = returned(blank(copper, "annex_6"), tmp_path, tick)
    assert raw(found, "equipment.methods") == "访谈；现场巡视"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("□0 □1 ☑2 □3 □4\n□不适用，理由：____", "2 用信息系统规范化管理本环节"),
        ("2", "2"),
        ("□0 □1 □2 □3 □4", None),
    ],
)
def test_a_level_is_ticked_by_its_number(
    typed: str, meant: str | None, copper: Case, tmp_path: Path
) -> None:
    found = returned(
        blank(copper, "annex_6"),
        tmp_path,
        lambda root: write_in(place_of(root, "qlevels.quality~"), typed),
    )
    assert raw(found, "levels.quality.onsite") == meant


def test_a_step_is_printed_with_the_letter_that_the_guidance_names(copper: Case) -> None:
    text = "".join(opened(blank(copper, "annex_6")).element.body.itertext())
    assert "C 主要产线自动" in text


@pytest.mark.parametrize(
    "typed",
    ["□A 人工录入 □B 个别产线自动 ☑C 主要产线自动", "☑主要产线自动\n□全部产线自动", "C"],
)
def test_a_step_is_ticked_with_or_without_its_letter(
    typed: str, copper: Case, tmp_path: Path
) -> None:
    found = returned(
        blank(copper, "annex_6"),
        tmp_path,
        lambda root: write_in(place_of(root, "qdata_upward~"), typed),
    )
    asked = dict(DEFINITIONS.annexes["annex_6"].questions())["data_upward"]
    assert parse(asked, raw(found, "data_upward.onsite"), DEFINITIONS).value == "C"


def test_what_is_asked_beside_a_level_comes_back(copper: Case, tmp_path: Path) -> None:
    found = returned(filled(copper, "annex_6"), tmp_path, lambda _root: None)
    systems = copper.annex("annex_6")["level_systems"]
    assert systems
    for segment, said in systems.items():
        assert raw(found, f"level_systems.{segment}.onsite") == read_answer(said).onsite


def test_all_that_is_told_of_an_answer_beside_a_level_comes_back(tmp_path: Path) -> None:
    folder = tmp_path / "demo-copper"
    shutil.copytree(paths.parameters() / "demo-machinery", folder)
    told = {"onsite": "ERP", "verified": "MES", "methods": ["site_walk"], "recorder": "某人"}
    with writing(folder, "测试", DEFINITIONS) as writer:
        case = writer.apply([Change("annex_6.level_systems", {"quality": told})])
    found = returned(filled(case, "annex_6"), tmp_path, lambda _root: None)
    assert found.unmatched == ()
    beside = {cell.path: cell.raw for cell in found.cells if "level_systems.quality" in cell.path}
    assert beside == {
        "level_systems.quality.onsite": "ERP",
        "level_systems.quality.verified": "MES",
        "level_systems.quality.methods": "现场巡视",
        "level_systems.quality.recorder": "某人",
    }


def test_a_row_as_proposed_says_nothing_until_somebody_writes_in_it(tmp_path: Path) -> None:
    form = blank(None, "annex_4")
    untouched = returned(form, tmp_path, lambda _root: None)
    assert all(row.proposed for table in untouched.tables for row in table.rows)

    def write(root: etree._Element) -> None:
        write_in(find_all(marked(root, "e3:").getparent(), "w:tc")[4], "2026年10月8日 9时")

    found = returned(form, tmp_path, write)
    rows = next(table for table in found.tables if table.path == "tasks").rows
    (row,) = (row for row in rows if not row.proposed)
    told = {key: content for key, (content, _) in row.cells.items() if content is not None}
    proposed = DEFINITIONS.seeds.tasks[2]
    assert row.number is None
    assert told["task"] == proposed.task
    assert told["start"] == "2026年10月8日 9时"


def test_without_hidden_marks_labels_are_matched_and_that_is_said(
    copper: Case, tmp_path: Path
) -> None:
    def strip(root: etree._Element) -> None:
        without_marks(root)
        write_in(find_value(root, "所在园区"), "新园区")

    found = returned(blank(copper, "annex_3"), tmp_path, strip)
    assert found.annex == "annex_3"
    assert raw(found, "park") == "新园区"
    assert found.unmatched[0].place == "整份文件"


def test_numbered_rows_of_a_grid_are_found_by_their_numbers_when_the_marks_are_gone(
    copper: Case, tmp_path: Path
) -> None:
    def strip(root: etree._Element) -> None:
        without_marks(root)
        cells = [*find_value(root, "16").getparent().iter(w("tc").tag)]
        write_in(cells[5], "□合格\n☑不合格\n□不适用")
        write_in(cells[6], "第3章有错字")

    found = returned(blank(copper, "annex_1"), tmp_path, strip)
    written = {cell.path: cell.raw for cell in found.cells if cell.raw is not None}
    assert written == {"result.c16": "不合格", "note.c16": "第3章有错字"}


def without_marks(root: etree._Element) -> None:
    for node in root.iter(w("t").tag):
        if node.text and marks_in(node.text):
            node.text = ""


def find_value(root: etree._Element, label: str) -> etree._Element:
    for cell in root.iter(w("tc").tag):
        if "".join(cell.itertext()) == label:
            return cell.getnext()
    raise LookupError(label)


def test_the_stamp_is_found_in_the_property_alone(copper: Case, tmp_path: Path) -> None:
    def unstamp(root: etree._Element) -> None:
        for node in root.iter(w("t").tag):
            node.text = (node.text or "").replace("[#s", "[ s")

    assert returned(filled(copper, "annex_3"), tmp_path, unstamp).stamp == stamp_of("annex_3")


def test_the_visible_number_tells_the_form_if_all_else_is_gone(
    copper: Case, tmp_path: Path
) -> None:
    path = tmp_path / "form.docx"
    write_word(filled(copper, "annex_3"), path)

    def unstamp(root: etree._Element) -> None:
        for node in root.iter(w("t").tag):
            node.text = (node.text or "").replace("[#s", "[ s")

    rewrite(path, "word/document.xml", unstamp)
    rewrite(path, "docProps/custom.xml", lambda root: root.remove(root[0]))
    stamp = read_word(path, DEFINITIONS).stamp
    assert stamp is not None
    assert (stamp.annex, stamp.form_no) == ("annex_3", "1508-2026-0001-F3-01")


# --- what is printed ------------------------------------------------------------------------


def opened(form: Form) -> Document:
    return Document(BytesIO(word_bytes(form)))


def test_the_paper_is_a4_with_the_margins_of_the_guide(copper: Case) -> None:
    for annex, turned in (("annex_3", False), ("annex_4", True)):
        section = opened(blank(copper, annex)).sections[0]
        width, height = section.page_width.mm, section.page_height.mm
        sides = [section.top_margin, section.right_margin, section.bottom_margin]
        margins = [round(side.mm) for side in (*sides, section.left_margin)]
        assert (round(width), round(height)) == ((297, 210) if turned else (210, 297))
        assert margins == ([28, 37, 26, 35] if turned else [37, 26, 35, 28])


def test_rows_are_not_broken_are_high_enough_and_heads_are_repeated(copper: Case) -> None:
    root = opened(blank(copper, "annex_6")).element
    rows = list(root.iter(w("tr").tag))
    heads = [row for row in rows if find(row, "w:trPr/w:tblHeader") is not None]
    assert all(find(row, "w:trPr/w:cantSplit") is not None for row in rows)
    low = [row for row in rows if int(value(find(row, "w:trPr/w:trHeight"))) < 9 * MM - 1]
    derived = [row for row in rows if "[#i" in "".join(row.itertext())]
    assert all(row in heads or row in derived for row in low)
    assert all(
        find(next(table.iter(w("tr").tag)), "w:trPr/w:tblHeader") is not None
        for table in root.iter(w("tbl").tag)
        if "[#c" in "".join(table.itertext())
    )


def test_a_seal_of_42_mm_fits_every_box(copper: Case) -> None:
    for annex in ANNEXES:
        root = opened(blank(copper, annex)).element
        for cell in root.iter(w("tc").tag):
            if "（盖章）　　" not in "".join(cell.itertext()):
                continue
            width = int(value(find(cell, "w:tcPr/w:tcW"), "w"))
            height = int(value(find(cell.getparent(), "w:trPr/w:trHeight")))
            assert min(width, height) >= 45 * MM, annex


def test_a_blank_form_has_its_minimum_of_rows_and_no_answer(copper: Case) -> None:
    form = blank(copper, "annex_3")
    body = word_bytes(form)
    text = "".join(Document(BytesIO(body)).element.body.itertext())
    answers = copper.annex("annex_3")
    assert answers["contact_phone"] not in text
    assert str(answers["products"][0]["product"]) not in text
    tables = (each for sheet in form.sheets for each in sheet.blocks if isinstance(each, Rows))
    products = next(table for table in tables if table.field.key == "products")
    assert len(products.lines) == 5


def test_a_table_that_nobody_has_begun_is_printed_with_its_seeds(copper: Case) -> None:
    seeds = DEFINITIONS.seeds
    expected = {
        ("annex_4", "tasks"): [each.task for each in seeds.tasks],
        ("annex_7", "service_ledger"): [each.title for each in seeds.service_records],
        ("annex_7", "evidence"): [each.title for each in seeds.materials],
        ("aux_2", "materials"): [each.title for each in seeds.materials],
    }
    for (annex, table), titles in expected.items():
        blocks = [each for sheet in blank(copper, annex).sheets for each in sheet.blocks]
        rows = next(each for each in blocks if isinstance(each, Rows) and each.field.key == table)
        words = [{entry.text for entry in line.entries} for line in rows.lines if line.seeded]
        assert len(words) == len(titles)
        assert all(title in said for title, said in zip(titles, words, strict=True))
    begun = [each for sheet in filled(copper, "annex_4").sheets for each in sheet.blocks]
    assert not any(line.seeded for each in begun if isinstance(each, Rows) for line in each.lines)


def printed_rows(form: Form, head: str) -> list[list[str]]:
    """Return the words in the rows of the table that begins with a head, without its marks."""
    for table in opened(form).tables:
        rows = [[_visible(cell.text) for cell in row.cells] for row in table.rows]
        rows[0] = [each.replace("\n", "") for each in rows[0]]
        if head in rows[0]:
            return rows
    raise LookupError(head)


def _visible(text: str) -> str:
    return re.sub(r"\[#[^#]*#\]", "", text)


def test_a_blank_self_check_says_how_each_item_is_judged_and_asks_only_the_manual_ones() -> None:
    head, *rows = printed_rows(blank(None, "annex_1"), "检查方式")
    assert head == [
        *("序号", "项目", "检查方式", "不合格的后果", "系统判定"),
        *("结果", "说明", "检查人", "日期"),
    ]
    assert [row[0] for row in rows] == [str(number) for number in range(1, 21)]
    ticks = "□合格\n□不合格\n□不适用"
    assert rows[3] == [
        *("4", "每项“是”和每个比率分子至少有一条审核通过的证据", "自动", "须写明理由"),
        *[""] * 5,
    ]
    assert rows[17] == [
        *("18", "涉密内容已遮盖，分发清单正确", "人工", "阻断", "", ticks),
        *[""] * 3,
    ]
    assert [row[0] for row in rows if row[5]] == ["15", "16", "17", "18", "19"]


def test_a_filled_self_check_tells_what_the_system_finds(copper: Case) -> None:
    report = {**copper.annex("annex_2"), "background": "待补充"}
    spoiled = replace(copper, data={**copper.data, "annex_2": report})
    rows = printed_rows(filled(spoiled, "annex_1"), "检查方式")
    found = {row[0]: (row[4], row[5]) for row in rows}
    assert found["10"] == ("合格", "合格")
    # What the author wrote beside it stands there still, for whoever has to settle it.
    assert found["11"] == ("不合格：工作背景与目的：“待补充”", "合格")
    assert found["15"] == ("人工核对", "☑合格\n□不合格\n□不适用")


def test_every_card_has_the_text_that_is_signed_on_it(tmp_path: Path) -> None:
    folder = tmp_path / "demo-copper"
    shutil.copytree(paths.parameters() / "demo-machinery", folder)
    rows = [{"commitment_no": f"P0{n}", "party": f"成员{n}"} for n in (1, 2, 3)]
    with writing(folder, "测试", DEFINITIONS) as writer:
        case = writer.apply([Change("aux_1.personal_commitments", rows)])
    paragraphs = opened(filled(case, "aux_1")).paragraphs
    first = next(s for s in DEFINITIONS.annexes["aux_1"].sections if s.id == "personal").text[1]
    assert sum(first in each.text for each in paragraphs) == 3


def test_a_card_shows_what_the_meeting_it_names_says(tmp_path: Path) -> None:
    folder = tmp_path / "demo-copper"
    shutil.copytree(paths.parameters() / "demo-machinery", folder)
    with writing(folder, "测试", DEFINITIONS) as writer:
        meetings = [{"meeting_no": "M1", "held_on": "2026-03-05"}, {"meeting_no": "M2"}]
        minutes = [{"minutes_no": "J1", "meeting_no": "M1"}, {"minutes_no": "J2"}]
        case = writer.apply(
            [Change("annex_5.meetings", meetings), Change("aux_3.minutes", minutes)]
        )
    found = returned(filled(case, "aux_3"), tmp_path, lambda _root: None)
    rows = next(table for table in found.tables if table.path == "minutes").rows
    assert [row.cells["held_on"][0] for row in rows] == ["2026年3月5日", None]


def test_a_number_taken_from_a_recorded_answer_is_printed_as_a_number(copper: Case) -> None:
    form = filled(copper, "annex_6")
    asked = [
        each
        for sheet in form.sheets
        for b in sheet.blocks
        if isinstance(b, Questions)
        for each in b.questions
    ]
    shown = next(each for each in asked if each.path == "equipment_digital_total")
    answer = read_answer(copper.annex("annex_6")["equipment_digital"]).value
    assert shown.parts["onsite"].text == str(answer)


def test_a_long_list_of_indicators_is_printed_as_ranges() -> None:
    ids = [each.id for each in DEFINITIONS.indicators]
    field = Field(key="x", label="x", type=FieldType.INDICATORS, basis=Basis.DESIGN)
    for chosen, text in ((ids, "1至24"), ([ids[0], ids[1], *ids[6:9]], "1、2、7至9")):
        assert numbered(field, chosen, DEFINITIONS) == text
        assert parse(field, text, DEFINITIONS).value == chosen


@pytest.mark.slow
def test_no_form_is_longer_than_it_must_be_and_no_mark_is_printed(
    copper: Case, tmp_path: Path, program: Callable[[str], str]
) -> None:
    longest = {
        "annex_1": 5,
        "annex_3": 5,
        "annex_4": 7,
        "annex_5": 8,
        "annex_6": 23,
        "annex_7": 7,
        "annex_8": 3,
        "annex_9": 6,
    }
    for annex in longest:
        write_word(blank(copper, annex), tmp_path / f"{annex}.docx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [program("soffice"), profile, "--headless", "--convert-to", "pdf", "--outdir"]
    subprocess.run([*command, tmp_path, *tmp_path.glob("*.docx")], check=True, capture_output=True)
    for annex, most in longest.items():
        pdf = tmp_path / f"{annex}.pdf"
        read = subprocess.run(
            [program("pdftotext"), pdf, "-"], check=True, capture_output=True, encoding="utf-8"
        )
        assert read.stdout.count("\f") <= most, annex
        assert "[#" not in read.stdout


def test_a_filled_table_leaves_a_few_empty_rows(copper: Case, tmp_path: Path) -> None:
    root = opened(filled(copper, "annex_3")).element
    empty = [mark for mark in marks_in("".join(root.body.itertext())) if mark.kind == "n"]
    assert len(empty) >= 2


def test_no_cell_is_shaded_and_every_style_names_a_chinese_font(copper: Case) -> None:
    document = opened(filled(copper, "annex_3"))
    assert not list(document.element.iter(w("shd").tag))
    styles = [each for each in document.styles.element if value(each, "type") == "paragraph"]
    assert all(value(find(style, "w:rPr/w:rFonts"), "eastAsia") for style in styles)


def test_a_row_longer_than_a_page_may_be_broken(copper: Case) -> None:
    long = replace(filled(copper, "annex_3"), header=(("说明", "很长的话" * 500),))
    rows = opened(long).element.iter(w("tr").tag)
    broken = [row for row in rows if find(row, "w:trPr/w:cantSplit") is None]
    assert len(broken) == 1


def test_boxes_stay_with_their_words(copper: Case) -> None:
    paragraphs = opened(blank(copper, "annex_3")).element.iter(w("p").tag)
    ticks = [said for each in paragraphs if "□" in (said := "".join(each.itertext()))]
    assert len(ticks) > 20
    assert all(line[-1] != "□" for line in ticks)


def test_the_foot_says_number_version_and_what_the_signs_mean(copper: Case) -> None:
    document = opened(blank(copper, "annex_3"))
    for foot in (document.sections[0].footer, document.sections[0].even_page_footer):
        text = "\n".join(paragraph.text for paragraph in foot.paragraphs)
        assert "1508-2026-0001-F3-01" in text
        assert "2026-11" in text
        assert "本工具设定" in text
        asked = [each.text.strip() for each in foot._element.iter(qn("w:instrText"))]
        assert asked == ["NUMPAGES", "PAGE"]


def test_what_a_signer_confirms_stands_in_the_table_of_the_boxes(copper: Case) -> None:
    tables = opened(blank(copper, "aux_4")).tables
    boxes = [each for each in tables if "签字" in each.rows[-1].cells[0].text]
    assert len(boxes) == 1
    confirmed = boxes[0].rows[0]._tr
    assert "企业授权人" in "".join(confirmed.itertext())
    kept = [each.pPr.find(qn("w:keepNext")) for each in confirmed.iter(qn("w:p"))]
    assert kept
    assert all(each is not None for each in kept)


def test_a_line_of_the_head_that_is_not_full_keeps_the_columns_above(copper: Case) -> None:
    above, below = opened(blank(copper, "annex_4")).tables[0].rows[:2]
    widths = [
        [int(cell.tcPr.find(qn("w:tcW")).get(qn("w:w"))) for cell in row._tr.tc_lst]
        for row in (above, below)
    ]
    assert len(widths[1]) < len(widths[0])
    assert widths[1][:-1] == widths[0][: len(widths[1]) - 1]


def test_a_restricted_form_says_so_on_every_page(copper: Case) -> None:
    restricted = [each.id for each in DEFINITIONS.annexes.values() if each.restricted]
    assert restricted
    for annex in ANNEXES:
        head = opened(blank(copper, annex)).sections[0].header.paragraphs[0].text
        assert ("不得复制" in head) == (annex in restricted)


def test_the_same_form_gives_the_same_bytes(copper: Case) -> None:
    assert word_bytes(filled(copper, "annex_3")) == word_bytes(filled(copper, "annex_3"))


def test_a_form_without_a_case_is_blank_throughout() -> None:
    form = blank(None, "annex_4")
    assert all(text == "" for _, text in form.header)


def test_words_a_document_cannot_hold_do_not_break_the_form(copper: Case) -> None:
    form = filled(copper, "annex_3")
    odd = replace(form, note="甲\x0b乙\ufffe丙")
    assert "甲乙丙" in "".join(opened(odd).element.body.itertext())


@pytest.mark.parametrize(
    ("kind", "unit", "text", "empty"),
    [
        (FieldType.DATE, "", "　　年　　月　　日", True),
        (FieldType.DATE, "", "2026年　　月　　日", False),
        (FieldType.COUNT, "人", "____ 人", True),
        (FieldType.COUNT, "人", "0 人", False),
        (FieldType.SEAL, "", "（盖章）\n　　年　　月　　日", True),
        (FieldType.TEXT, "", "/", False),
    ],
)
def test_only_what_was_printed_counts_as_empty(
    kind: FieldType, unit: str, text: str, empty: bool
) -> None:
    field = Field(key="x", label="x", type=kind, unit=unit, basis=Basis.DESIGN)
    assert is_blank(field, text) is empty


# --- hostile files --------------------------------------------------------------------------


def hostile(path: Path, **parts: bytes) -> Path:
    write_word(blank(None, "annex_3"), path)
    with zipfile.ZipFile(path) as source:
        content = {name: source.read(name) for name in source.namelist()}
    pack(path, content | {name.replace("__", "/"): part for name, part in parts.items()})
    return path


def refusal(path: Path) -> str:
    with pytest.raises(FormError) as caught:
        read_word(path, DEFINITIONS)
    return str(caught.value)


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>
<x>&b;</x>"""


def test_files_built_to_harm_are_refused_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "bad.docx"
    assert "实体" in refusal(hostile(path, **{"word__laughs.xml": LAUGHS}))
    assert "宏" in refusal(hostile(path, **{"word__vbaProject.bin": b"x"}))
    assert "对象" in refusal(hostile(path, **{"word__embeddings__oleObject1.bin": b"x"}))
    assert "越界" in refusal(hostile(path, **{"..__..__evil.xml": b"<a/>"}))
    assert "压缩炸弹" in refusal(hostile(path, **{"word__media__bomb.bin": bytes(20_000_000)}))
    assert "嵌套" in refusal(hostile(path, **{"word__deep.xml": b"<a>" * 400 + b"</a>" * 400}))
    assert "损坏" in refusal(hostile(path, **{"word__torn.xml": b"<a><b></a>"}))


def test_files_of_another_kind_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "form.docx"
    path.write_bytes(b"not a zip at all")
    assert "完好" in refusal(path)
    path.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le"))
    assert "密码" in refusal(path)
    path.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + b"old")
    assert "旧版" in refusal(path)
    with zipfile.ZipFile(path, "w") as empty:
        empty.writestr("hello.txt", "hello")
    assert "不是 docx" in refusal(path)
    assert "没有这个文件" in refusal(tmp_path / "nowhere.docx")
    assert "普通文件" in refusal(tmp_path)


def test_a_file_with_macros_by_its_type_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "form.docx"
    write_word(blank(None, "annex_3"), path)

    def enable(root: etree._Element) -> None:
        for part in root:
            if part.get("PartName") == "/word/document.xml":
                part.set("ContentType", "application/vnd.ms-word.document.macroEnabled.main+xml")

    rewrite(path, "[Content_Types].xml", enable)
    assert "宏" in refusal(path)


def test_marks_that_were_tampered_with_do_no_harm(copper: Case, tmp_path: Path) -> None:
    def tamper(root: etree._Element) -> None:
        kinds = "".join("cdfghiknpqrstz")
        for number, node in enumerate(root.iter(w("t").tag)):
            if node.text and node.text.startswith("[#"):
                node.text = f"[#{kinds[number % len(kinds)]}x:²:{number}~00000000#]"
        for span in root.iter(w("gridSpan").tag):
            span.set(w("x").tag.replace("}x", "}val"), "many")

    found = returned(filled(copper, "annex_6"), tmp_path, tamper)
    assert found.annex == "annex_6"
    assert len(found.unmatched) > 100


def test_a_foreign_document_is_said_to_be_none_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    letter = Document()
    letter.add_paragraph("一封信")
    letter.save(str(path))
    found = read_word(path, DEFINITIONS)
    assert found.annex == ""
    assert found.stamp is None
    assert len(found.unmatched) == 1


def test_nothing_is_left_behind_if_a_form_cannot_be_written(tmp_path: Path) -> None:
    target = tmp_path / "taken.docx"
    target.mkdir()
    with pytest.raises(Exception, match="文件夹"):
        write_word(blank(None, "annex_3"), target)
    assert list(tmp_path.iterdir()) == [target]
