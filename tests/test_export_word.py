"""Claims about the Word file: its page, its styles, its tables, its contents."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile

import pytest
from docx import Document
from docx.shared import Mm, Pt
from lxml import etree

from dxkit import paths
from dxkit.errors import ExportError
from dxkit.export import export, export_all

from .export_sample import exported, notebook, sample

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NEAR = Mm(0.1)


@pytest.fixture(scope="module")
def word():
    return Document(io.BytesIO(exported()["docx"]))


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def attribute(element, path, name="val"):
    found = element.find("/".join(f"{W}{step}" for step in path.split("/")))
    return None if found is None else found.get(f"{W}{name}")


def spans(cell):
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    down = None if merge is None else merge.get(f"{W}val", "continue")
    return attribute(cell, "tcPr/gridSpan"), down


def table_with(word, text):
    return next(table for table in word.tables if text in table._tbl.xpath("string(.)"))


# ---- page and type


def test_the_page_is_that_of_an_official_document(word):
    page = word.sections[0]
    assert abs(page.page_width - Mm(210)) < NEAR
    assert abs(page.page_height - Mm(297)) < NEAR
    margins = (page.top_margin, page.left_margin, page.right_margin, page.bottom_margin)
    for margin, wanted in zip(margins, (37, 28, 26, 35), strict=True):
        assert abs(margin - Mm(wanted)) < NEAR


def test_body_text_stands_in_22_lines_of_28_characters(word):
    style = word.styles["正文首行缩进"]
    assert style.font.size == Pt(16)
    assert style.paragraph_format.line_spacing == Pt(28)
    assert (Mm(297) - Mm(37) - Mm(35)) // Pt(28) == 22
    squeeze = int(style.element.find(f"{W}rPr/{W}spacing").get(f"{W}val")) / 20
    assert (Mm(156) / Pt(1)) // (16 + squeeze) == 28


@pytest.mark.parametrize(
    ("style", "chinese", "size"),
    [
        ("题名", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("Heading 3", "仿宋_GB2312", 16),
        ("正文首行缩进", "仿宋_GB2312", 16),
        ("表格文字", "仿宋_GB2312", 10.5),
        ("页码", "宋体", 14),
    ],
)
def test_faces_and_sizes_follow_the_official_layout(word, style, chinese, size):
    found = word.styles[style]
    assert attribute(found.element, "rPr/rFonts", "eastAsia") == chinese
    assert found.font.size == Pt(size)


def test_every_style_in_use_names_a_chinese_and_a_latin_face(word):
    body = word.element.body
    used = {
        node.get(f"{W}val") for kind in ("pStyle", "rStyle") for node in body.iter(f"{W}{kind}")
    }
    assert len(used) > 20
    styles = {style.style_id: style.element for style in word.styles}
    for name in used:
        for script in ("eastAsia", "ascii", "hAnsi"):
            assert attribute(styles[name], "rPr/rFonts", script), (name, script)


def test_every_chinese_face_has_a_documented_stand_in():
    fonts = etree.fromstring(parts(exported()["docx"])["word/fontTable.xml"])
    stand_ins = {
        font.get(f"{W}name"): attribute(font, "altName") for font in fonts.iter(f"{W}font")
    }
    assert stand_ins["仿宋_GB2312"] == "仿宋"
    assert stand_ins["楷体_GB2312"] == "楷体"
    assert stand_ins["方正小标宋简体"] == "宋体"


def test_chinese_quotation_marks_are_drawn_in_the_chinese_face(word):
    run = next(
        run for run in word.element.body.iter(f"{W}r") if "“痛点”" in "".join(run.itertext())
    )
    assert attribute(run, "rPr/rFonts", "hint") == "eastAsia"


# ---- sections and page numbers


def test_the_cover_has_no_page_number_and_the_body_begins_at_one(word):
    sections = [section._sectPr for section in word.sections]
    assert [section.find(f"{W}footerReference") is None for section in sections] == [
        True,
        *[False] * (len(sections) - 1),
    ]
    formats = [
        (attribute(section, "pgNumType", "fmt"), attribute(section, "pgNumType", "start"))
        for section in sections[1:]
    ]
    assert formats == [("upperRoman", "1"), ("decimal", "1"), ("decimal", None), ("decimal", None)]


def test_every_section_behind_the_cover_says_whose_report_it_is_and_of_which_version(word):
    cover, *others = word.sections
    assert cover._sectPr.find(f"{W}headerReference") is None
    for section in others:
        width = section.page_width - section.left_margin - section.right_margin
        for head in (section.header, section.even_page_header):
            (line,) = head.paragraphs
            assert line.text == "规模以上工业企业线下数字化评估诊断\tNMG-2026-001　V0.2（草稿）"
            assert line.paragraph_format.tab_stops[0].position == pytest.approx(width, abs=2)


def test_a_long_head_takes_two_lines():
    name = "内蒙古自治区某某盟某某旗某某工业园区某某新型材料科技发展集团有限责任公司第二分公司"
    stated = f"data-subject='{name}' data-number='1508-2026-0001-R'"
    cover = f"<section class='cover' {stated}><p>题</p></section>"
    made = Document(io.BytesIO(export(notebook(cover, "<h1>1 甲</h1>"), "docx")))
    lines = made.sections[-1].header.paragraphs
    assert [line.text for line in lines] == [name, "1508-2026-0001-R"]


def test_page_numbers_stand_outside_between_dashes(word):
    section = word.sections[1]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        line = footer._element.find(f"{W}p")
        assert attribute(line, "pPr/jc") == side
        assert attribute(line, "pPr/ind", side) == "280"
        assert "".join(node.text for node in line.iter(f"{W}t")) == "— 1 —"
        assert [node.text.strip() for node in line.iter(f"{W}instrText")] == ["PAGE"]
    assert word.settings.odd_and_even_pages_header_footer


def test_a_wide_table_stands_on_a_turned_sheet_with_its_head_to_the_left_edge(word):
    wide = word.sections[3]
    assert wide.page_width > wide.page_height
    assert abs(wide.top_margin - Mm(28)) < NEAR
    assert abs(wide.right_margin - Mm(37)) < NEAR
    assert word.sections[4].page_width < word.sections[4].page_height


# ---- tables


def test_long_tables_repeat_their_head_and_never_split_a_row(word):
    rows = table_with(word, "EQ-001")._tbl.findall(f"{W}tr")
    assert len(rows) == 61
    heads = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
    assert heads == [True] + [False] * 60
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
    assert {attribute(row, "trPr/trHeight", "hRule") for row in rows} == {"atLeast"}
    assert min(int(attribute(row, "trPr/trHeight")) for row in rows) >= 510  # 0.9 cm


def test_spans_become_merged_cells(word):
    rows = table_with(word, "核定值")._tbl.findall(f"{W}tr")
    shape = [[spans(cell) for cell in row.findall(f"{W}tc")] for row in rows]
    down, go_on, plain = (None, "restart"), (None, "continue"), (None, None)
    assert shape[0] == [down, down, down, ("2", None), down]
    assert shape[1] == [go_on, go_on, go_on, plain, plain, go_on]
    assert [row[1] for row in shape[2:7]] == [down, go_on, go_on, down, go_on]
    assert shape[7] == [("3", None), plain, plain, plain]


def test_columns_have_the_declared_shares_of_the_text_width(word):
    table = table_with(word, "核定值")._tbl
    widths = [int(column.get(f"{W}w")) for column in table.iter(f"{W}gridCol")]
    total = 11906 - 1587 - 1474
    assert sum(widths) == total
    shares = (0.08, 0.17, 0.35, 0.14, 0.13, 0.13)
    assert all(abs(width - total * share) <= 1 for width, share in zip(widths, shares, strict=True))


def test_a_seal_of_42_mm_fits_its_box(word):
    rows = table_with(word, "（盖章）")._tbl.findall(f"{W}tr")
    assert int(attribute(rows[1], "trPr/trHeight")) / 56.7 >= 45


def test_a_caption_stays_with_its_table_and_a_picture_with_its_caption(word):
    assert word.styles["表题"].paragraph_format.keep_with_next
    body = list(word.element.body)
    titled = [node for node in body if attribute(node, "pPr/pStyle") == "Caption"]
    assert len(titled) == 5
    assert all(node.getnext().tag == f"{W}tbl" for node in titled)
    pictures = [node for node in body if attribute(node, "pPr/pStyle") == "Figcaption"]
    assert all(node.getprevious().find(f"{W}pPr/{W}keepNext") is not None for node in pictures)


def test_tables_never_touch_and_text_follows_the_last():
    table = "<table><tr><td>甲</td></tr></table>"
    body = Document(io.BytesIO(export(notebook(table, table), "docx"))).element.body
    tags = [etree.QName(node).localname for node in body]
    assert tags == ["tbl", "p", "tbl", "p", "sectPr"]


def test_every_numbered_list_begins_at_one(word):
    numbers = [
        attribute(paragraph, "pPr/numPr/numId")
        for paragraph in word.element.body.iter(f"{W}p")
        if attribute(paragraph, "pPr/pStyle") == "Ol"
    ]
    assert len(set(numbers)) == 2
    lists = word.part.numbering_part.element
    for number in set(numbers):
        override = lists.find(f"{W}num[@{W}numId='{number}']/{W}lvlOverride/{W}startOverride")
        assert override.get(f"{W}val") == "1"


# ---- contents


def contents_lines(word):
    for paragraph in word.element.body.iter(f"{W}p"):
        style = attribute(paragraph, "pPr/pStyle") or ""
        if style.startswith("TOC"):
            text, page = "".join(
                "\t" if node.tag == f"{W}tab" else node.text
                for node in paragraph.iter(f"{W}t", f"{W}tab")
            ).split("\t")
            yield style, text, page


def test_contents_and_lists_are_fields_that_are_filled_already(word):
    codes = [node.text.strip() for node in word.element.body.iter(f"{W}instrText")]
    assert [code for code in codes if code.startswith("TOC")] == [
        r'TOC \o "1-2" \h \z \u',
        r'TOC \h \z \t "表题,3"',
        r'TOC \h \z \t "图题,3"',
    ]
    lines = list(contents_lines(word))
    assert lines[0] == ("TOC1", "1 概述", "1")
    assert lines[1][:2] == ("TOC2", "1.1 工作背景与目的")
    assert [style for style, _, _ in lines] == [
        *("TOC1", "TOC2", "TOC2", "TOC1", "TOC2", "TOC2", "TOC2", "TOC2", "TOC1", "TOC1", "TOC2"),
        *["TOC3"] * 7,
    ]
    assert all(page.isdecimal() for _, _, page in lines)


def test_fields_open_and_close_in_pairs(word):
    kinds = [node.get(f"{W}fldCharType") for node in word.element.body.iter(f"{W}fldChar")]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") == 3 + 18


def test_no_line_may_end_within_a_number_that_is_referred_to(word):
    body = word.element.body.iter(f"{W}hyperlink")
    links = ["".join(text.text for text in link.iter(f"{W}t")) for link in body]
    assert "表\u200d2-\u200d1" in links and "第3章" in links


def test_every_link_and_page_reference_has_its_bookmark(word):
    body = word.element.body
    marks = [node.get(f"{W}name") for node in body.iter(f"{W}bookmarkStart")]
    assert len(marks) == len(set(marks))
    links = {node.get(f"{W}anchor") for node in body.iter(f"{W}hyperlink")}
    codes = "".join(node.text for node in body.iter(f"{W}instrText"))
    wanted = links | set(re.findall(r"PAGEREF (\S+)", codes))
    assert len(wanted) == 18  # the lines of the three lists; references point to some of them
    assert wanted <= set(marks)


def test_word_is_asked_to_compute_page_numbers_afresh():
    settings = etree.fromstring(parts(exported()["docx"])["word/settings.xml"])
    tags = [etree.QName(node).localname for node in settings]
    assert "updateFields" in tags
    assert tags.index("updateFields") < tags.index("compat")  # the order that Word expects


# ---- the package


def test_properties_say_what_the_cover_says_and_nobody_else(word):
    properties = word.core_properties
    assert properties.title == "线下数字化评估诊断报告（内蒙古示例机械制造有限公司）"
    assert properties.subject == "规模以上工业企业线下数字化评估诊断"
    assert properties.author == "内蒙古示例诊断服务有限公司"
    assert properties.identifier == "NMG-2026-001　V0.2（草稿）"
    assert properties.last_modified_by == ""
    assert f"{properties.created:%Y-%m-%d}" == f"{properties.modified:%Y-%m-%d}" == "2026-06-30"
    assert [name for name in parts(exported()["docx"]) if name.startswith("docProps")] == [
        "docProps/core.xml"
    ]


def test_no_entry_of_the_archive_carries_the_clock():
    with zipfile.ZipFile(io.BytesIO(exported()["docx"])) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_an_undated_document_states_no_date():
    made = parts(export(notebook("<p>甲</p>"), "docx"))["docProps/core.xml"].decode("utf-8")
    assert "created" not in made
    assert "modified" not in made


# ---- restyling


@pytest.fixture
def own_look(tmp_path, monkeypatch):
    """A workspace with a look of its own."""
    shutil.copytree(paths.templates(), tmp_path / "templates")
    (tmp_path / "parameters").mkdir()
    monkeypatch.setenv("DXKIT_HOME", str(tmp_path))
    paths.workspace.cache_clear()
    yield tmp_path / "templates" / "report"
    paths.workspace.cache_clear()


def test_a_user_adds_a_paragraph_class_without_touching_code(own_look):
    styles = own_look / "styles.yaml"
    added = styles.read_text(encoding="utf-8").replace("paragraphs:", "paragraphs:\n  slogan: 口号")
    styles.write_text(added, encoding="utf-8")
    reference = Document(str(own_look / "reference.docx"))
    reference.styles.add_style("口号", 1)
    reference.save(str(own_look / "reference.docx"))
    look = own_look / "report.typ"
    look.write_text(look.read_text(encoding="utf-8") + "\n#let slogan = mark\n", encoding="utf-8")
    files = export_all(notebook('<p class="slogan">数字赋能</p>'))
    assert Document(io.BytesIO(files["docx"])).paragraphs[0].style.name == "口号"
    assert files["pdf"].startswith(b"%PDF")


def test_margins_changed_in_the_reference_reach_the_report(own_look):
    reference = Document(str(own_look / "reference.docx"))
    reference.sections[0].left_margin = Mm(40)
    reference.save(str(own_look / "reference.docx"))
    made = Document(io.BytesIO(export(notebook("<p>甲</p>"), "docx")))
    assert abs(made.sections[0].left_margin - Mm(40)) < NEAR


@pytest.mark.parametrize(
    "broken", ["missing style", "no file", "other prefix", "bad yaml", "bad look"]
)
def test_a_broken_look_is_explained(own_look, broken):
    if broken == "missing style":
        text = (own_look / "styles.yaml").read_text(encoding="utf-8")
        (own_look / "styles.yaml").write_text(
            text.replace("正文首行缩进", "无此样式"), encoding="utf-8"
        )
    elif broken == "no file":
        (own_look / "reference.docx").unlink()
    elif broken == "other prefix":
        with zipfile.ZipFile(own_look / "reference.docx") as source:
            parts = {name: source.read(name) for name in source.namelist()}
        main = parts["word/document.xml"].replace(b"xmlns:w=", b"xmlns:x=")
        parts["word/document.xml"] = re.sub(rb"(</?| )w:", rb"\1x:", main)
        with zipfile.ZipFile(own_look / "reference.docx", "w") as target:
            for name, content in parts.items():
                target.writestr(name, content)
    elif broken == "bad yaml":
        (own_look / "styles.yaml").write_text("paragraphs: [", encoding="utf-8")
    else:
        (own_look / "report.typ").write_text("#let (", encoding="utf-8")
    with pytest.raises(ExportError, match=r"无此样式|reference\.docx|styles\.yaml|report\.typ"):
        export(notebook("<p>甲</p>"), "docx")


# ---- opened by another program


@pytest.mark.slow
def test_contents_give_the_pages_that_libreoffice_arrives_at(program, tmp_path):
    soffice, pdftotext = program("soffice"), program("pdftotext")
    (tmp_path / "report.docx").write_bytes(export(sample(extra_chapters=2), "docx"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "report.docx")], check=True, capture_output=True)
    text = subprocess.run(
        [pdftotext, "-layout", str(tmp_path / "report.pdf"), "-"], check=True, capture_output=True
    ).stdout.decode("utf-8")
    pages = [re.sub(r"\s", "", page) for page in text.split("\f")]
    assert 35 <= len(pages) <= 45
    start = next(number for number, page in enumerate(pages) if page.endswith("—1—"))
    lines = list(contents_lines(Document(str(tmp_path / "report.docx"))))
    assert len(lines) > 30
    for _, title, page in lines:
        wanted = re.sub(r"\s", "", title)
        found = [n - start + 1 for n, shown in enumerate(pages) if n >= start and wanted in shown]
        assert min(abs(real - int(page)) for real in found) <= 1, title
