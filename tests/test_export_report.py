"""What the pieces of a report promise: dashes, signatures, whole cards, a one-page summary."""

from __future__ import annotations

import io
from copy import deepcopy
from dataclasses import replace

import pypdf
import pytest
from docx import Document
from lxml import html

from dxkit import paths
from dxkit.case import open_case
from dxkit.diagnosis import Diagnosis
from dxkit.export import export
from dxkit.report import comparison, front, proposals, roadmap
from dxkit.report.blocks import Cell, Head, form, paragraph, table, wrap

from .export_sample import notebook

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WORDY = "一二三四五，六七八九十，" * 24


@pytest.fixture(scope="module")
def copper() -> Diagnosis:
    return Diagnosis(open_case(paths.parameters() / "demo-copper"))


def exported(*blocks, kind):
    return export(notebook(*(block.html for block in blocks)), kind)


def pdf_pages(*blocks):
    content = exported(*blocks, kind="pdf")
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def word_of(*blocks):
    return Document(io.BytesIO(exported(*blocks, kind="docx")))


def with_annex_2(diagnosis, **answers):
    data = deepcopy(dict(diagnosis.case.data))
    data["annex_2"].update(answers)
    return Diagnosis(replace(diagnosis.case, data=data))


def test_an_empty_cell_of_a_list_shows_a_dash_and_one_of_a_form_stays_free():
    listed = table("表", [Head("甲", 50), Head("乙", 50)], [["一", ""], [Cell(""), "二"]])
    cells = [cell.text_content() for cell in html.fromstring(listed.html).iter("td")]
    assert cells == ["一", "—", "—", "二"]
    assert "—" not in form([["签字：", ""]], (50, 50)).html


def test_cells_say_their_alignment_to_a_notebook_and_to_every_exporter():
    heads = [Head("甲", 40), Head("乙", 30, "num"), Head("丙", 30, "mid")]
    block = table("", heads, [["一", "2", "三"]])
    shown = [cell.get("style") for cell in html.fromstring(block.html).iter("td")]
    assert shown == ["text-align:left", "text-align:right", "text-align:center"]
    page = html.fromstring(exported(block, kind="html").decode("utf-8"))
    assert [cell.get("class") for cell in page.iter("td")] == [None, "num", "mid"]
    aligned = [cell.paragraphs[0].alignment for cell in word_of(block).tables[0].rows[1].cells]
    assert [str(each) for each in aligned] == ["None", "RIGHT (2)", "CENTER (1)"]


def test_a_signature_has_15_mm_and_a_seal_45_mm():
    box = form([["签字"], [Cell("（盖章）", "seal-box num")]], (100,), kind="signatures")
    rows = word_of(box).tables[0].rows
    assert [round(row.height.mm) for row in rows] == [15, 45]


def test_nothing_follows_a_table_that_fills_its_page():
    lines = form([["行"]] * 24, (100,))
    blocks = wrap(lines, "front", "section"), wrap(paragraph("后页"), "front", "section")
    body = word_of(*blocks).element.body
    ahead = next(node for node in body if "后页" in "".join(node.itertext())).getprevious()
    assert ahead.tag == f"{W}tbl"
    assert len(pdf_pages(*blocks)) == 2


def test_the_rows_of_a_card_stay_on_one_page():
    card = wrap(paragraph("卡") + form([["甲"]] * 5, (100,)), "keep")
    pages = pdf_pages(*[paragraph("行")] * 20, card)
    assert ["卡" in page for page in pages] == [False, True]
    assert pages[1].count("甲") == 5
    rows = word_of(card).tables[0].rows
    kept = [bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in rows]
    assert kept == [True, True, True, True, False]


def test_a_number_of_evidence_never_breaks_over_lines():
    listed = "、".join(f"E-F{number:03d}" for number in range(1, 90))
    lines = "\n".join(pdf_pages(form([[listed]], (100,)))).splitlines()
    assert not [line for line in lines if line.rstrip().endswith("-")]


def test_the_summary_of_the_wordiest_report_is_one_page(copper):
    annex = copper.case.annex("annex_2")
    wordy = with_annex_2(
        copper,
        summary_enterprise=WORDY,
        summary_conclusion=WORDY,
        strengths=[{**row, "strength": WORDY} for row in annex["strengths"]],
        problems=[{**row, "statement": WORDY} for row in annex["problems"]],
        suggestions=[{**row, "sug_name": WORDY[:40]} for row in annex["suggestions"]],
    )
    pages = pdf_pages(front.summary(wordy))
    assert len(pages) == 1
    assert pages[0].count("…") >= 10


def test_a_card_tells_the_problem_it_answers_and_the_aim_it_has(copper):
    text = html.fromstring(proposals.cards(copper).html).text_content()
    assert "P01 阳极泥熔炼和银电解以人工操作为主" in text
    assert "关键工序数控化率：现值 88.24%，2027年目标 100.00%" in text
    assert "2027年第1季度开始" in text


def test_the_conclusion_counts_yes_before_no_and_says_what_is_verified(copper):
    text = html.fromstring(roadmap.conclusion(copper).html).text_content()
    assert "是/否类指标中“是”1 项、“否”4 项。有数值或判为“是”的 1 项均有经采信的证据。" in text


def test_a_reason_for_leaving_a_section_out_is_a_whole_sentence(copper):
    bare = with_annex_2(
        copper,
        **dict.fromkeys(("self_assessment_platform", "self_assessment_on"), None),
        **dict.fromkeys(("self_assessment_no", "self_assessment_result"), None),
        not_involved=[{"chapter": "5.1", "reason": "平台停用。"}],
    )
    text = html.fromstring(comparison.self_assessment(bare).html).text_content()
    assert text == "本次诊断不涉及。理由：平台停用。"
