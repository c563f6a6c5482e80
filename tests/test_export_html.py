"""Claims about the HTML file: one page that fetches nothing, runs nothing and finds its way."""

from __future__ import annotations

import json
import re
import subprocess
from html import escape
from unicodedata import normalize

import pytest
from lxml import html
from pypdf import PdfReader

from dxkit.export import export

from .export_sample import exported, notebook
from .programs import BROWSERS


@pytest.fixture(scope="module")
def page():
    return html.fromstring(exported()["html"].decode("utf-8"))


def test_it_fetches_nothing_and_runs_nothing(page):
    content = exported()["html"].decode("utf-8")
    assert "url(" not in content
    assert "@import" not in content
    assert not list(page.iter("script", "link", "iframe", "object", "embed"))
    handlers = [name for node in page.iter() for name in node.attrib if name.startswith("on")]
    assert handlers == []
    sources = {node.get("src", "")[:22] for node in page.iter() if node.get("src")}
    assert sources == {"data:image/png;base64,"}
    assert all(node.get("href").startswith("#") for node in page.iter("a"))


def test_it_tells_the_browser_to_forbid_everything_else(page):
    policy = page.find(".//meta[@http-equiv='Content-Security-Policy']").get("content")
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def test_it_says_its_language_and_its_title(page):
    assert page.get("lang") == "zh-CN"
    assert page.findtext(".//title") == "线下数字化评估诊断报告（内蒙古示例机械制造有限公司）"


def test_every_link_leads_somewhere(page):
    places = {node.get("id") for node in page.iter() if node.get("id")}
    links = [node.get("href")[1:] for node in page.iter("a")]
    assert len(links) > 20
    assert set(links) <= places


def test_the_contents_beside_the_text_list_chapters_and_sections(page):
    shown = [link.text for link in page.find(".//nav").iter("a")]
    assert shown[:3] == ["1 概述", "1.1 工作背景与目的", "1.2 诊断范围与方法"]
    assert len(shown) == 11


def test_a_captioned_picture_has_a_description(page):
    described = [node.get("alt") for node in page.iter("img")]
    assert described == ["比率类指标水平，柱状图", "自评与核定差异，柱状图", ""]


def test_every_table_scrolls_in_a_box_of_its_own(page):
    assert all(table.getparent().get("class") == "scroll" for table in page.iter("table"))


@pytest.mark.slow
def test_on_a_phone_the_contents_stand_once_and_charts_keep_their_size(program, tmp_path):
    told = look_at(program(*BROWSERS), tmp_path, 390)
    assert told["contents"] == "none"
    assert told["chart"] >= 500


@pytest.mark.slow
def test_on_a_screen_the_contents_stand_beside_the_text(program, tmp_path):
    told = look_at(program(*BROWSERS), tmp_path, 1280)
    assert told["contents"] == "block"
    assert told["scrolls"] <= 1280


def look_at(chromium, folder, width):
    """Return what a browser of some width shows of the contents, of a chart and of the page."""
    probe = """<script>document.title = JSON.stringify({
        contents: getComputedStyle(document.querySelector(".sidebar")).display,
        chart: Math.max(...[...document.images].map(image => image.width)),
        scrolls: document.documentElement.scrollWidth,
    })</script></body>"""
    content = exported()["html"].decode("utf-8").replace("default-src 'none'; ", "")
    path = folder / "report.html"
    path.write_text(content.replace("</body>", probe), encoding="utf-8")
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    command += [f"--window-size={width},900", path.as_uri()]
    shown = subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8")
    return json.loads(re.search(r"<title>(.+)</title>", shown)[1])


def test_what_the_cover_states_for_machines_is_not_in_the_text(page):
    assert not re.search(r"data-(title|number|author)=", exported()["html"].decode("utf-8"))


@pytest.mark.slow
def test_a_phone_never_scrolls_sideways(program, tmp_path):
    chromium = program(*BROWSERS)
    content = exported()["html"].decode("utf-8").replace("default-src 'none'; ", "")
    probe = "<script>document.title = document.documentElement.scrollWidth</script></body>"
    path = tmp_path / "report.html"
    path.write_text(content.replace("</body>", probe), encoding="utf-8")
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=500,900"]
    shown = subprocess.run(
        [*command, "--dump-dom", path.as_uri()], check=True, capture_output=True
    ).stdout.decode("utf-8")
    assert int(re.search(r"<title>(\d+)</title>", shown)[1]) <= 500


@pytest.mark.slow
def test_printed_every_page_behind_the_cover_bears_the_running_head(program, tmp_path):
    chromium = program(*BROWSERS)
    path, printed = tmp_path / "report.html", tmp_path / "report.pdf"
    path.write_bytes(exported()["html"])
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command += [f"--print-to-pdf={printed}", path.as_uri()]
    subprocess.run(command, check=True, capture_output=True)
    texts = (normalize("NFKC", each.extract_text()) for each in PdfReader(printed).pages)
    pages = [re.sub(r"\s", "", text) for text in texts]
    said = ["规模以上工业企业线下数字化评估诊断" in page and "V0.2(草稿)" in page for page in pages]
    assert said == [False, *[True] * (len(pages) - 1)]


@pytest.mark.slow
def test_printed_a_heading_stands_on_the_wide_page_of_its_table(program, tmp_path):
    chromium = program(*BROWSERS)
    path, printed = tmp_path / "report.html", tmp_path / "report.pdf"
    table = "<table><caption>甲</caption><tr><td>乙</td></tr></table>"
    wide = f"<h1>1 概述</h1><p>先</p><h1>2 结果</h1><h2>2.1 总表</h2>{WIDE.format(table)}"
    path.write_bytes(export(notebook(wide, "<p class='note'>注</p>"), "html"))
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    subprocess.run([*command, f"--print-to-pdf={printed}", path.as_uri()], check=True)
    pages = PdfReader(printed).pages
    assert [page.mediabox.width > page.mediabox.height for page in pages] == [False, True]


WIDE = "<div class='landscape'>{}</div>"


def test_nothing_that_the_cover_states_can_end_the_style_of_the_page():
    name = '甲"}</style><b>'
    cover = f"<section class='cover' data-subject='{escape(name)}'><p>题</p></section>"
    made = export(notebook(cover, "<h1>1 甲</h1>"), "html").decode("utf-8")
    assert "</style><b>" not in made
    assert r'content: "甲\22 \7D \3C \2F style\3E \3C b\3E "' in made
