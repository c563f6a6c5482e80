"""Claims about every format of a report: they say the same, and nothing else."""

from __future__ import annotations

import contextlib
import io
import json
import re
import subprocess
import sys
import zipfile
import zlib

import nbformat
import pypdf
import pytest
from docx import Document as WordDocument
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html
from nbconvert import get_exporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from dxkit.errors import ExportError, FontError
from dxkit.export import characters, export, export_all

from .export_sample import HOSTILE, LONG_TABLE_ROWS, MARKER, exported, notebook, sample

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

HEADINGS = [
    "1 概述",
    "1.1 工作背景与目的",
    "1.2 诊断范围与方法",
    "1.2.1 采集方式",
    "（1）口径",
    "2 指标测算",
    "2.1 测算结果总表",
    "2.2 指标全景",
    "2.3 设备明细",
    "2.4 恶意文字",
    "3 结论",
    "附录A 24项指标测算明细",
    "A.1 计算式",
]
TABLE_CAPTIONS = [
    "表2-1　24项指标测算表（节选）",
    "表2-2　生产设备明细表",
    "表2-3　业务环节与系统覆盖矩阵",
    "表2-4　<script>alert(1)</script>",
    "表A-1　计算式",
]
FIGURE_CAPTIONS = ["图2-1　比率类指标水平", "图2-2　自评与核定差异"]
RESULTS = [
    ["序号", "方向", "指标", "取值", "证据"],
    ["核定值", "自评值"],
    ["1", "数字化", "关键工序数控化率", "55.30%", "60.00%", "E3"],
    ["2", "生产设备数字化率", "48.25%", "48.25%", "E2"],
    ["3", "数字化研发设计工具普及率", "是", "是", "E3"],
    ["12", "网络化", "实现产供销集成的企业比例", "否", "是", "E2"],
    ["13", "实现产业链协同的企业比例", "待核实", "不适用", "E0"],
    ["合计", "5", "5", ""],
]


def main_of_html():
    return html.fromstring(exported()["html"].decode("utf-8")).find(".//main")


def word_xml(name="word/document.xml"):
    with zipfile.ZipFile(io.BytesIO(exported()["docx"])) as archive:
        return etree.fromstring(archive.read(name))


def word_text(element):
    return "".join(
        "" if node.tag == f"{W}instrText" else node.text or ""
        for node in element.iter(f"{W}t", f"{W}instrText")
    )


def word_paragraphs(prefix):
    names = {
        style.style_id: style.name for style in WordDocument(io.BytesIO(exported()["docx"])).styles
    }
    for paragraph in word_xml().iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is not None and names[style.get(f"{W}val")].startswith(prefix):
            yield word_text(paragraph)


def word_rows():
    for row in word_xml().iter(f"{W}tr"):
        yield [
            "".join(word_text(paragraph) for paragraph in cell.iter(f"{W}p"))
            for cell in row.iter(f"{W}tc")
            if (merge := cell.find(f"{W}tcPr/{W}vMerge")) is None
            or merge.get(f"{W}val") == "restart"
        ]


def html_rows(root):
    for row in root.iter("tr"):
        yield [cell.text_content().strip() for cell in row.iter("td", "th")]


def pdf_reader():
    return pypdf.PdfReader(io.BytesIO(exported()["pdf"]))


def pdf_text(content=None):
    reader = pdf_reader() if content is None else pypdf.PdfReader(io.BytesIO(content))
    return squeezed("".join(page.extract_text() for page in reader.pages))


def squeezed(text):
    return re.sub(r"\s", "", text)


def unpacked_streams(content):
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        with contextlib.suppress(zlib.error):
            yield zlib.decompress(stream)


def outline_titles(items):
    for item in items:
        yield from outline_titles(item) if isinstance(item, list) else [item.title]


def problems_of(*cells):
    with pytest.raises(ExportError) as caught:
        export(notebook(*cells), "html")
    return [str(problem) for problem in caught.value.problems]


# ---- the same document three times


def test_all_formats_have_the_same_headings_in_the_same_order():
    in_html = [element.text_content() for element in main_of_html().iter("h1", "h2", "h3", "h4")]
    assert in_html == HEADINGS
    assert list(word_paragraphs("Heading")) == HEADINGS
    assert list(outline_titles(pdf_reader().outline)) == HEADINGS


def test_all_formats_number_tables_and_figures_alike():
    root = main_of_html()
    assert [caption.text_content() for caption in root.iter("caption")] == TABLE_CAPTIONS
    assert [caption.text_content() for caption in root.iter("figcaption")] == FIGURE_CAPTIONS
    assert list(word_paragraphs("表题")) == TABLE_CAPTIONS
    assert list(word_paragraphs("图题")) == FIGURE_CAPTIONS
    text = pdf_text()
    # Once in the list of tables or figures, once where it stands.
    counts = [text.count(squeezed(caption)) for caption in TABLE_CAPTIONS + FIGURE_CAPTIONS]
    assert counts == [2] * 7


def test_all_formats_have_the_same_cells():
    rows = list(html_rows(main_of_html()))
    assert rows[2:10] == RESULTS  # after the two rows of the signatures
    assert list(word_rows()) == rows
    text = pdf_text()
    assert [cell for row in rows for cell in row if squeezed(cell) not in text] == []


def test_a_long_table_keeps_every_row_in_every_format():
    numbers = [f"EQ-{number:03d}" for number in range(1, LONG_TABLE_ROWS + 1)]
    for text in (exported()["html"].decode("utf-8"), word_text(word_xml()), pdf_text()):
        assert re.findall(r"EQ-\d{3}", text) == numbers


def test_references_are_filled_with_the_numbers_they_point_to():
    sentence = "诊断结果见表2-1，全景见图2-1，明细见附录A，方法见1.2节，结论见第3章。"
    assert sentence in main_of_html().text_content()
    assert sentence in word_text(word_xml()).replace("\u200d", "")
    assert sentence in pdf_text()


def test_all_formats_show_the_same_pictures():
    assert len(list(main_of_html().iter("img"))) == 3
    assert len(list(word_xml().iter("{*}inline"))) == 3
    assert sum(len(page.images) for page in pdf_reader().pages) == 3


def test_a_line_break_between_chinese_characters_is_no_blank():
    assert "按照自治区统一部署，诊断工作组于2026年6月进驻企业" in word_text(word_xml())


def test_a_wide_space_inside_a_form_line_stays():
    assert "企业负责人签字：　　　　" in word_text(word_xml())


# ---- nothing else


def test_no_format_holds_code_or_parameters_or_interactive_cells():
    for format, content in exported().items():
        parts = [content]
        if format == "docx":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                parts = [archive.read(name) for name in archive.namelist()]
        if format == "pdf":
            parts += [pdf_text().encode(), *unpacked_streams(content)]
        escaped = json.dumps(MARKER).strip('"').encode()
        for part in parts:
            assert MARKER.encode() not in part
            assert MARKER.encode("utf-16-be") not in part
            assert escaped not in part
            assert b"QXZ7" not in part


def test_hostile_text_is_shown_as_written_and_never_evaluated():
    shown = main_of_html().text_content()
    in_word, in_pdf = word_text(word_xml()), pdf_text()
    for text in HOSTILE:
        assert text in shown
        assert text in in_word
        assert squeezed(text) in in_pdf
    assert not list(html.fromstring(exported()["html"].decode("utf-8")).iter("script"))


@pytest.mark.parametrize("hidden", ["\x00", "\x07", "\x1b[31m", "&#0;", "&#7;", "\u200b", "\ufffe"])
def test_control_characters_leave_no_trace(hidden):
    visible = "[31m" if "[31m" in hidden else ""
    files = export_all(notebook(f"<p>甲{hidden}乙</p>"))
    assert f"甲{visible}乙".encode() in files["html"]
    assert f"甲{visible}乙" in WordDocument(io.BytesIO(files["docx"])).paragraphs[0].text
    assert f"甲{visible}乙" in pdf_text(files["pdf"])


def test_a_tick_box_that_the_fonts_lack_becomes_the_one_that_forms_use():
    files = export_all(notebook("<p>☑是　☐否</p>"))
    assert "■是　□否".encode() in files["html"]
    assert "■是□否" in pdf_text(files["pdf"])


def test_widget_views_streams_and_plain_texts_are_left_out():
    widget = {
        "application/vnd.jupyter.widget-view+json": {"model_id": "x"},
        "text/html": "<p>部件</p>",
    }
    cell = new_code_cell(
        "",
        outputs=[
            new_output("stream", text="流"),
            new_output("display_data", data=widget),
            new_output("execute_result", data={"text/plain": "文"}),
            new_output("execute_result", data={"text/markdown": "**实**", "text/plain": "文"}),
        ],
    )
    page = html.fromstring(export(notebook(cell), "html").decode("utf-8"))
    assert page.find(".//main").text_content().strip() == "实"


def test_the_same_notebook_gives_the_same_bytes():
    again = export_all(sample())
    assert {format: again[format] == exported()[format] for format in again} == dict.fromkeys(
        ("html", "docx", "pdf"), True
    )


@pytest.mark.slow
def test_another_process_gives_the_same_bytes(tmp_path):
    path = tmp_path / "executed.ipynb"
    nbformat.write(sample(), path)
    program = (
        "import sys, nbformat, hashlib; from dxkit.export import export_all\n"
        "files = export_all(nbformat.read(sys.argv[1], 4))\n"
        "print(*(hashlib.sha256(files[name]).hexdigest() for name in sorted(files)))"
    )
    seeds = [
        subprocess.run(
            [sys.executable, "-c", program, str(path)],
            env={"PYTHONHASHSEED": seed, "PATH": "", "SYSTEMROOT": ""},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert seeds[0] == seeds[1] != b""


# ---- numbering


def test_a_report_without_numbered_chapters_counts_tables_through():
    table = "<table><caption>甲</caption><tr><td>1</td></tr></table>"
    page = export(notebook("<h1>说明</h1>", table, table), "html").decode("utf-8")
    captions = [item.text_content() for item in html.fromstring(page).iter("caption")]
    assert captions == ["表1　甲", "表2　甲"]


def test_a_caption_before_the_first_chapter_stays_unnumbered():
    table = "<table><caption>摘要表</caption><tr><td>1</td></tr></table>"
    page = export(notebook(f'<section class="front">{table}</section>', "<h1>1 章</h1>"), "html")
    assert "<caption>摘要表</caption>" in page.decode("utf-8")


def test_numbers_start_anew_in_each_chapter_and_appendix():
    figure = f'<figure><img src="{_pixel()}"><figcaption>丙</figcaption></figure>'
    cells = ("<h1>1 甲</h1>", figure, figure, "<h1>12 乙</h1>", figure, "<h1>附件B 丁</h1>", figure)
    page = html.fromstring(export(notebook(*cells), "html").decode("utf-8"))
    numbers = [item.text_content().split("\u3000")[0] for item in page.iter("figcaption")]
    assert numbers == ["图1-1", "图1-2", "图12-1", "图B-1"]


def _pixel():
    image = sample()["cells"][10]["outputs"][1]["data"]["text/html"]
    return re.search(r'src="([^"]+)"', image)[1]


@pytest.mark.parametrize(
    "place",
    [
        "<p id='x'>甲</p>",
        "<h4 id='x'>（1）甲</h4>",
        "<table id='x'><tr><td>甲</td></tr></table>",
        "<table><tr><td><p id='x'>甲</p></td></tr></table>",
        "<ul><li><p id='x'>甲</p></li></ul>",
        "<figure id='x'><img src='{}'></figure>",
    ],
)
def test_a_link_may_point_to_any_block(place):
    files = export_all(notebook(place.format(_pixel()), "<p><a href='#x'>见甲</a></p>"))
    body = WordDocument(io.BytesIO(files["docx"])).element.body
    mark = next(body.iter(f"{W}bookmarkStart")).get(f"{W}name")
    assert next(body.iter(f"{W}hyperlink")).get(f"{W}anchor") == mark
    pages = pypdf.PdfReader(io.BytesIO(files["pdf"])).pages
    assert [note.get_object()["/Subtype"] for note in pages[0]["/Annots"]] == ["/Link"]


def test_two_headings_of_the_same_number_have_two_places():
    page = html.fromstring(export(notebook("<h1>1 甲</h1><h1>1 乙</h1><h1>1 丙</h1>"), "html"))
    assert len({heading.get("id") for heading in page.iter("h1")}) == 3


# ---- what is refused, all of it at once


def test_a_failed_cell_is_named_with_its_last_line():
    error = new_output(
        "error", ename="CaseError", evalue="x", traceback=["\x1b[31mTraceback", "缺少答案\x1b[0m\n"]
    )
    assert problems_of(new_markdown_cell("甲"), new_code_cell("", outputs=[error])) == [
        "第2个单元格：发现：缺少答案；应为：运行无错误"
    ]


def test_every_unknown_tag_class_and_attribute_is_listed_with_its_cell():
    found = problems_of(
        "<p>好</p>",
        "<blockquote>引</blockquote><p class='fancy'>甲</p><p onclick='x()'>乙</p>",
        "<table><tr><td style='color:red'><span>丙</span></td></tr></table>",
        "<a href='https://example.org'>丁</a>",
    )
    named = [re.match(r"(第\d个单元格) 的“(.*?)”", line).groups() for line in found]
    assert named == [
        ("第2个单元格", "<blockquote>"),
        ("第2个单元格", "<p class=fancy>"),
        ("第2个单元格", "<p onclick>"),
        ("第3个单元格", "<td style>"),
        ("第3个单元格", "<span>"),
        ("第4个单元格", "<a href>"),
    ]


@pytest.mark.parametrize(
    ("fragment", "key"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ("<style>p {}</style>", "<style>"),
        ("<iframe src='x'></iframe>", "<iframe>"),
        ("<div>无样式</div>", "<div>"),
        ("<div class='keep'><div class='landscape'><p>x</p></div></div>", "<div class=landscape>"),
        ("<ul><td>格</td></ul>", "<td>"),
        ("<ul id='x'><li>甲</li></ul>", "<ul id>"),
        ("<figure><figcaption>空</figcaption></figure>", "<figure>"),
    ],
)
def test_what_no_report_can_hold_is_refused(fragment, key):
    assert any(f"“{key}”" in line for line in problems_of(fragment))


def test_every_dangling_reference_is_listed():
    found = problems_of("<p><a class='ref' href='#a'></a><a class='ref' href='#b'></a></p>")
    assert [re.search("#[ab]", line)[0] for line in found] == ["#a", "#b"]


def test_an_id_that_occurs_twice_is_refused():
    assert "出现2次" in problems_of("<p id='x'>甲</p><p id='x'>乙</p>")[0]


def test_a_table_whose_rows_do_not_add_up_is_refused():
    table = (
        "<table><caption>缺格表</caption><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>"
    )
    assert "缺格表" in problems_of(table)[0]


def test_a_picture_from_outside_the_document_is_refused():
    picture = "<figure><img src='photo.png'></figure>"
    assert "photo.png" in problems_of(picture)[0]


def test_a_date_that_is_none_is_refused():
    cover = "<section class='cover' data-date='2026年6月'><p class='title'>题</p></section>"
    assert "2026年6月" in problems_of(cover)[0]


def test_an_empty_notebook_is_refused():
    assert "没有任何可导出的内容" in problems_of()[0]


def test_an_unknown_format_is_refused_by_name():
    with pytest.raises(ExportError, match="odt"):
        export(notebook("<p>甲</p>"), "odt")


def test_characters_that_no_font_has_are_named_before_the_pdf_is_made():
    with pytest.raises(FontError, match=r"🐎（U\+1F40E）"):
        export(notebook("<p>蒙古马🐎</p>"), "pdf")
    assert "🐎".encode() in export(notebook("<p>蒙古马🐎</p>"), "html")


# ---- the ways to it


@pytest.mark.parametrize(
    ("name", "extension", "beginning"),
    [
        ("dxkit-html", ".html", "<!DOC"),
        ("dxkit-docx", ".docx", b"PK"),
        ("dxkit-pdf", ".pdf", b"%PDF"),
    ],
)
def test_nbconvert_finds_the_exporters_and_offers_them_in_the_menu(name, extension, beginning):
    exporter = get_exporter(name)()
    content, resources = exporter.from_notebook_node(new_notebook(cells=[new_markdown_cell("甲")]))
    assert content[: len(beginning)] == beginning
    assert resources["output_extension"] == exporter.file_extension == extension
    assert exporter.export_from_notebook.startswith("诊断报告")


@pytest.mark.slow
def test_the_nbconvert_command_writes_a_file_or_says_what_is_wrong(tmp_path):
    nbformat.write(notebook("<p>甲</p>"), tmp_path / "good.ipynb")
    nbformat.write(notebook("<span>乙</span>"), tmp_path / "bad.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", "dxkit-docx"]
    good = subprocess.run(
        [*command, str(tmp_path / "good.ipynb")], capture_output=True, check=False
    )
    assert good.returncode == 0, good.stderr
    assert WordDocument(str(tmp_path / "good.docx")).paragraphs[0].text == "甲"
    bad = subprocess.run([*command, str(tmp_path / "bad.ipynb")], capture_output=True, check=False)
    assert bad.returncode == 2
    assert b"Traceback" not in bad.stderr
    assert "第1个单元格 的“<span>”" in bad.stderr.decode("utf-8")


def test_importing_the_package_loads_none_of_its_tools():
    program = (
        "import sys, dxkit.export\n"
        "print({'nbconvert', 'docx', 'typst', 'lxml', 'jinja2'} & set(sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
    assert shown.decode().strip() == "set()"


def test_a_notebook_of_which_nothing_was_run_is_refused():
    unrun = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# 1 概述"), nbformat.v4.new_code_cell("x = 1")]
    )
    with pytest.raises(ExportError, match="没有运行过"):
        export(unrun, "html")


@given(st.text("甲a，\t\r\n ☑\u200b\x00\u3000\u00a0", max_size=12))
def test_a_text_that_is_told_tidy_at_a_glance_is_tidy(text):
    assert characters.tidied(text) == characters.collapse(characters.clean(text))
