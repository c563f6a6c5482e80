"""Claims about the HTML file: one page that fetches nothing, runs nothing and finds its way."""

from __future__ import annotations

import re
import subprocess

import pytest
from lxml import html

from .export_sample import exported


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


def test_what_the_cover_states_for_machines_is_not_in_the_text(page):
    assert not re.search(r"data-(title|number|author)=", exported()["html"].decode("utf-8"))


@pytest.mark.slow
def test_a_phone_never_scrolls_sideways(program, tmp_path):
    chromium = program("chromium")
    content = exported()["html"].decode("utf-8").replace("default-src 'none'; ", "")
    probe = "<script>document.title = document.documentElement.scrollWidth</script></body>"
    path = tmp_path / "report.html"
    path.write_text(content.replace("</body>", probe), encoding="utf-8")
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=500,900"]
    shown = subprocess.run(
        [*command, "--dump-dom", path.as_uri()], check=True, capture_output=True
    ).stdout.decode("utf-8")
    assert int(re.search(r"<title>(\d+)</title>", shown)[1]) <= 500
