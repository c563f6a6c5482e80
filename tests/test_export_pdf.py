"""Claims about the PDF file: an archive copy that can be read, searched and navigated."""

from __future__ import annotations

import base64
import io
import re
from datetime import UTC, datetime

import pypdf
import pytest
from matplotlib.figure import Figure

from dxkit.export import export, export_all
from dxkit.export.pdf import forget_documents

from .export_sample import exported, notebook

FOOT = 20 * 72 / 25.4


@pytest.fixture(scope="module")
def pdf():
    return pypdf.PdfReader(io.BytesIO(exported()["pdf"]))


@pytest.fixture(scope="module")
def pages(pdf):
    return [re.sub(r"\s", "", page.extract_text()) for page in pdf.pages]


def text_above_foot(*cells):
    """Return what can be read on paper: a text that is cut runs out of its page at the bottom."""
    reader = pypdf.PdfReader(io.BytesIO(export(notebook(*cells), "pdf")))
    found = [piece for page in reader.pages for height, piece in pieces(page) if height > FOOT]
    return re.sub(r"—\d+—|旁|\s", "", re.sub(r"\s", "", "".join(found)))


def test_it_declares_itself_pdf_a_2b(pdf):
    metadata = pdf.trailer["/Root"]["/Metadata"].get_data().decode("utf-8")
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in metadata


def test_it_is_tagged_and_says_its_language(pdf):
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].lower().startswith("zh")


def test_it_states_title_subject_author_and_the_date_of_the_document(pdf):
    assert pdf.metadata.title == "线下数字化评估诊断报告（内蒙古示例机械制造有限公司）"
    assert pdf.metadata.subject == "规模以上工业企业线下数字化评估诊断"
    assert pdf.metadata.author == "内蒙古示例诊断服务有限公司"
    assert pdf.metadata.creation_date == datetime(2026, 6, 30, tzinfo=UTC)


HEAD = "规模以上工业企业线下数字化评估诊断NMG-2026-001V0.2（草稿）"


def test_every_page_behind_the_cover_says_whose_report_it_is_and_of_which_version(pages):
    assert [page.startswith(HEAD) for page in pages] == [False, *[True] * (len(pages) - 1)]


def test_a_document_that_states_nothing_has_no_head():
    assert text_above_foot("<p>甲</p>") == "甲"


def test_an_undated_document_never_takes_the_date_from_the_clock():
    made = pypdf.PdfReader(io.BytesIO(export(notebook("<p>甲</p>"), "pdf")))
    assert made.metadata.creation_date.year == 1980


def test_a_tall_picture_shrinks_to_its_page_together_with_its_caption():
    stream = io.BytesIO()
    Figure(figsize=(4, 20), dpi=50).savefig(stream, format="png")
    source = f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"
    figure = f"<figure><img src='{source}'><figcaption>高图</figcaption></figure>"
    content = export(notebook("<p>甲</p>" * 6, figure), "pdf")
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
    assert len(pages) == 2
    assert "高图" in pages[1]


def test_only_the_two_free_faces_are_embedded(pdf):
    names = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in pdf.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert {re.match(r"Noto(Sans|Serif)CJKsc-Regular", name)[0] for name in names} == {
        "NotoSansCJKsc-Regular",
        "NotoSerifCJKsc-Regular",
    }


def test_pages_are_a4_and_only_the_wide_table_lies_across(pdf, pages):
    for page, text in zip(pdf.pages, pages, strict=True):
        size = (round(page.mediabox.width), round(page.mediabox.height))
        assert size == ((842, 595) if "环节12" in text else (595, 842))


def test_page_numbers_run_roman_before_the_first_chapter_and_from_one_after(pages):
    marks = [re.search(r"—(\w+)—$", page) for page in pages]
    assert marks[0] is None
    shown = [mark[1] for mark in marks[1:]]
    assert shown == ["I", "II", "III", "IV", *(str(n) for n in range(1, len(pages) - 4))]


def test_contents_give_the_page_that_each_heading_is_on(pdf, pages):
    lines = re.findall(r"(?m)^(.+?)[. ]{3,}(\d+)$", pdf.pages[3].extract_text())
    assert len(lines) == 11
    for title, number in lines:
        assert re.sub(r"\s", "", title) in pages[int(number) + 4]


def test_contents_link_to_what_they_name(pdf):
    links = [note.get_object() for note in pdf.pages[3].get("/Annots", [])]
    assert len([link for link in links if link["/Subtype"] == "/Link"]) >= 11


def test_a_table_repeats_its_head_on_every_page_it_reaches(pages):
    reached = [page for page in pages if "EQ-" in page]
    assert len(reached) >= 3
    assert all("原值（万元）" in page for page in reached)


def test_a_caption_is_never_left_alone_at_the_foot_of_a_page():
    for lines in range(14, 23):
        above = "<p>行</p>" * lines
        table = (
            "<table><caption>甲表</caption><thead><tr><th>头</th></tr></thead>"
            "<tr><td>体</td></tr></table>"
        )
        content = export(notebook(above, table), "pdf")
        pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
        holding = next(page for page in pages if "甲表" in page)
        assert "头" in holding
        assert "体" in holding


@pytest.mark.parametrize(
    "fragment",
    [
        "<table><tr><td>{}</td><td>旁</td></tr></table>",
        "<div class='keep'><p>{}</p></div>",
        "<table><tr><td><ul><li>{}</li></ul></td></tr></table>",
    ],
)
def test_what_is_longer_than_a_page_goes_on_instead_of_being_cut(fragment):
    words = "".join(f"第{number}句。" for number in range(1, 1200))
    assert words in text_above_foot(fragment.format(words))


@pytest.mark.parametrize("turned", ["", "landscape"])
@pytest.mark.parametrize("sentences", [2, 6, 12, 24, 60])
@pytest.mark.parametrize("share", [5, 50])
def test_a_block_that_is_kept_together_is_never_cut(share, sentences, turned):
    words = "".join(f"第{number}句。" for number in range(sentences))
    columns = f"<colgroup><col style='width:{share}%'><col style='width:{100 - share}%'></colgroup>"
    block = f"<p>上</p><table>{columns}<tr><td>{words}</td><td>旁</td></tr></table>"
    kept = f"<div class='keep'>{block}</div>"
    assert words in text_above_foot(f"<div class='{turned}'>{kept}</div>" if turned else kept)


@pytest.mark.parametrize("order", [("docx", "pdf"), ("pdf", "docx"), ("html", "pdf", "docx")])
def test_formats_made_together_are_those_made_alone(order):
    cells = (
        "<h1>1 概述</h1><div class='keep'><table><tr><td>一</td></tr></table></div>",
        "<p>末</p>",
    )
    together = export_all(notebook(*cells), order)
    assert together == {name: export(notebook(*cells), name) for name in order}


def test_a_table_kept_together_leaves_the_room_below_it_that_any_other_does():
    table = "<table><caption>甲</caption><tr><td>乙</td></tr></table>"
    kept = f"<div class='keep'>{table}</div>"
    assert height_of_last_line(kept) == pytest.approx(height_of_last_line(table))


def height_of_last_line(block):
    """Return how high above the foot of the page the word below a block stands."""
    made = export(notebook(f"<h1>1 概述</h1>{block}<p>末</p>"), "pdf")
    found = pieces(pypdf.PdfReader(io.BytesIO(made)).pages[0])
    (height,) = [height for height, text in found if "末" in text]
    return height


def pieces(page):
    """Return the pieces of text of a page, each with its height in points."""
    found = []
    page.extract_text(
        visitor_text=lambda text, cm, tm, *_: found.append((cm[5] + tm[5] * cm[3], text))
    )
    return found


def test_what_typst_forgets_changes_no_byte():
    cells = ("<h1>1 概述</h1>", "<p>甲</p>" * 40)
    before = export(notebook(*cells), "pdf")
    forget_documents()
    assert export(notebook(*cells), "pdf") == before
