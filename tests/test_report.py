"""The printed report: annex 2 as outlined, and one content in all three formats."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from lxml import html as lxml_html
from pypdf import PdfReader

from dxkit import paths
from dxkit.batch import Run, run
from dxkit.batch.ledger import Ledger
from dxkit.case import list_folders

pytestmark = pytest.mark.slow

DEMOS = ["demo-copper", "demo-dairy", "demo-empty", "demo-machinery"]

CHAPTERS = """
1 概述
1.1 工作背景与目的
1.2 诊断范围与对象
1.3 依据
1.4 原则与方法
1.5 工作组与实施过程
1.6 尽职调查情况
1.7 数据口径说明
2 企业基本情况
2.1 企业概况
2.2 组织与业务流程
2.3 数字化组织、规划、投入、人才
3 数字化发展现状
3.1 设备与关键工序
3.2 网络与云平台
3.3 信息系统与工业软件
3.4 系统集成
3.5 业务环节数字化
3.6 数据与安全
3.7 亮点做法
4 关键指标测算与分析
4.1 测算结果总表
4.2 数字化方向
4.3 网络化方向
4.4 智能化方向
4.5 新模式新业态方向
4.6 指标全景与对标
5 线上自评估与线下诊断对比
5.1 自评估情况
5.2 差异分析
6 问题诊断
6.1 痛点堵点总述
6.2 问题清单
6.3 根因分析
7 提升建议与解决方案
7.1 总体目标
7.2 建议清单
7.3 方案卡
7.4 投资与效益估算
8 实施路线与保障
8.1 分期路线图
8.2 保障措施
8.3 风险与应对
8.4 可衔接的政策与服务
9 结论
9.1 诊断结论
9.2 后续建议
附录A 24项指标测算明细
附录B 证据台账
附录C 会议签到与纪要
附录D 现场照片
附录E 关键工序、设备与系统明细
附录F 两化融合自评估报告与问卷
附录G 术语与口径
附录H 工作记录表选页
附录I 培训与汇报记录
""".strip().splitlines()

NUMBERED = """
表1-1 诊断范围表
表1-2 采集方式统计
表1-3 工作组成员表
表1-4 过程节点表
表1-5 尽职调查统计
表1-6 口径说明
表2-1 企业基本信息
表2-2 近两年经营数据
表2-3 数字化投入表
表3-1 关键工序与控制方式
表3-2 生产设备汇总
表3-3 云与平台应用
表3-4 信息系统清单
表3-5 接口清单
表3-6 安全措施表
表4-1 24项指标测算表
表4-2 网络化方向达标矩阵
表4-3 智能制造就绪率条件核对
表5-1 线上自评估情况
表5-2 差异表
表6-1 问题清单
表7-1 指标目标表
表7-2 建议总表
表7-3 投资估算
表8-1 保障措施
表8-2 风险与应对
表8-3 可衔接的政策与服务
图1-1 诊断过程时间轴
图2-1 组织架构图
图2-2 主要业务与工艺流程图
图2-3 数字化投入趋势
图3-1 网络与系统架构示意图
图3-2 业务环节×系统覆盖矩阵
图3-3 系统集成关系矩阵
图3-4 业务环节数字化水平
图4-1 数字化方向指标测算结果
图4-2 网络化方向指标测算结果
图4-3 智能化方向指标测算结果
图4-4 新模式新业态方向指标测算结果
图4-5 24项指标全景图
图4-6 比率类指标对标图
图5-1 自评与核定对比图
图6-1 问题分布
图7-1 价值—难度象限
图8-1 分期路线图
""".strip().splitlines()


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folders = list_folders(paths.parameters())
    demos = [folder for folder in folders if folder.name in DEMOS]
    finished = run(demos, tmp_path_factory.mktemp("outputs"))
    assert [each.problems for each in finished.failed] == []
    return finished


def squeeze(text: str) -> str:
    """Return a text without blanks and without the signs that say where lines may end."""
    return re.sub(r"[\s\u200b\u200d\u2060]+", "", text)


def page(batch: Run, case: str) -> lxml_html.HtmlElement:
    content = (batch.out / case / "report.html").read_text(encoding="utf-8")
    return lxml_html.fromstring(content)


def headings(root: lxml_html.HtmlElement) -> list[str]:
    found = root.xpath("//main//h1 | //main//h2 | //article//h1 | //article//h2")
    return [squeeze(each.text_content()) for each in found]


def assessment(batch: Run, case: str) -> dict:
    return json.loads((batch.out / case / "assessment.json").read_text(encoding="utf-8"))


def results_rows(batch: Run, case: str) -> list[tuple[str, str, str]]:
    return [
        (str(each["no"]), each["name"], each["shown"])
        for each in assessment(batch, case)["indicators"]
    ]


def word_tables(batch: Run, case: str) -> Iterator[list[list[str]]]:
    content = (batch.out / case / "report.docx").read_bytes()
    for table in docx.Document(BytesIO(content)).tables:
        yield [[squeeze(cell.text) for cell in row.cells] for row in table.rows]


def pdf_text(batch: Run, case: str) -> str:
    """Return the text of a report without what stands above and below it on every page."""
    reader = PdfReader(batch.out / case / "report.pdf")
    told = reader.metadata
    head = squeeze(f"{told.subject}{told['/Keywords']}")
    pages = (squeeze(each.extract_text()).removeprefix(head) for each in reader.pages)
    return "".join(re.sub(r"^—\w+—|—\w+—$", "", page) for page in pages)


@pytest.mark.parametrize("case", DEMOS)
def test_each_case_gets_its_four_documents_and_its_assessment(batch: Run, case: str) -> None:
    found = sorted(path.name for path in (batch.out / case).iterdir() if path.name[0] != ".")
    assert found == ["assessment.json", *(f"report.{s}" for s in ("docx", "html", "ipynb", "pdf"))]


@pytest.mark.parametrize("case", DEMOS)
def test_every_chapter_is_there_in_order_even_when_empty(batch: Run, case: str) -> None:
    assert headings(page(batch, case)) == [squeeze(each) for each in CHAPTERS]


def test_tables_and_figures_are_numbered_as_the_outline_has_them(batch: Run) -> None:
    root = page(batch, "demo-copper")
    captions = [squeeze(e.text_content()) for e in root.xpath("//caption | //figcaption")]
    body = [each for each in captions if re.match(r"[表图]\d", each)]
    assert sorted(body) == sorted(squeeze(each) for each in NUMBERED)


@pytest.mark.parametrize("case", DEMOS)
def test_every_table_and_figure_of_a_chapter_is_referred_to_ahead_of_it(
    batch: Run, case: str
) -> None:
    main = page(batch, case).xpath("//main")[0]
    told: set[str] = set()
    unannounced = []
    for element in main.iter("a", "caption", "figcaption"):
        words = element.text_content().strip()
        if element.tag == "a":
            told |= {words} if element.get("class") == "ref" else set()
        elif re.match(r"[表图]\d", words) and words.split()[0] not in told:
            unannounced.append(words)
    assert unannounced == []


@pytest.mark.parametrize("case", DEMOS)
def test_word_and_pdf_refer_by_the_numbers_of_the_page(batch: Run, case: str) -> None:
    links = page(batch, case).xpath("//main//p[a[@class='ref']]")
    said = [squeeze(each.text_content()) for each in links]
    assert len(said) > 10
    assert not [each for each in said if "下表" in each or "下图" in each]
    document = docx.Document(BytesIO((batch.out / case / "report.docx").read_bytes()))
    paragraphs = document.element.iter(qn("w:p"))
    in_word = {squeeze("".join(t.text for t in each.iter(qn("w:t")))) for each in paragraphs}
    assert [each for each in said if each not in in_word] == []
    text = pdf_text(batch, case)
    assert [each for each in said if each not in text] == []


def test_an_empty_chapter_says_so_and_why(batch: Run) -> None:
    text = squeeze(page(batch, "demo-empty").text_content())
    assert text.count("本次诊断不涉及。理由：") >= 10


@pytest.mark.parametrize("case", DEMOS)
def test_every_result_is_the_same_in_page_word_and_pdf(batch: Run, case: str) -> None:
    expected = [tuple(map(squeeze, row)) for row in results_rows(batch, case)]
    assert len(expected) == 24
    tables = page(batch, case).xpath("//table[caption[contains(., '24项指标测算表')]]")
    rows = [[squeeze(c.text_content()) for c in tr] for tr in tables[0].xpath(".//tbody/tr")]
    assert [(row[0], row[2], row[3]) for row in rows] == expected
    in_word = next(rows for rows in word_tables(batch, case) if "测算结果" in rows[0])
    assert [(row[0], row[2], row[3]) for row in in_word[1:]] == expected
    text = pdf_text(batch, case)
    for _, name, shown in expected:
        assert f"{name}测算结果：{shown}" in text, name


@pytest.mark.parametrize("case", DEMOS)
def test_headings_and_captions_of_word_and_pdf_are_those_of_the_page(batch: Run, case: str) -> None:
    root = page(batch, case)
    document = docx.Document(BytesIO((batch.out / case / "report.docx").read_bytes()))
    in_word = [
        squeeze(each.text)
        for each in document.paragraphs
        if each.style.name.lower() in ("heading 1", "heading 2")
    ]
    assert in_word == headings(root)
    captions = [squeeze(e.text_content()) for e in root.xpath("//caption | //figcaption")]
    captions_in_word = [
        squeeze(each.text) for each in document.paragraphs if each.style.name in ("表题", "图题")
    ]
    assert sorted(captions_in_word) == sorted(captions)
    text = pdf_text(batch, case)
    assert [each for each in [*captions, *headings(root)] if each not in text] == []


@pytest.mark.parametrize("case", DEMOS)
def test_every_table_says_the_same_in_page_and_word(batch: Run, case: str) -> None:
    in_page = [
        sorted({squeeze(cell.text_content()) for cell in table.xpath(".//td | .//th")})
        for table in page(batch, case).xpath("//table")
    ]
    in_word = [sorted({cell for row in rows for cell in row}) for rows in word_tables(batch, case)]
    assert in_word == in_page


@pytest.mark.parametrize("case", DEMOS)
def test_every_cell_of_every_table_stands_in_the_pdf(batch: Run, case: str) -> None:
    cells = page(batch, case).xpath("//table//td | //table//th")
    text = pdf_text(batch, case)
    assert [each for cell in cells if (each := squeeze(cell.text_content())) not in text] == []


def test_no_code_and_no_path_of_this_machine_is_in_any_document(batch: Run) -> None:
    for case in DEMOS:
        for suffix in ("html", "pdf", "docx"):
            content = (batch.out / case / f"report.{suffix}").read_bytes()
            assert str(Path.cwd()).encode() not in content
            assert str(batch.out).encode() not in content
        text = page(batch, case).text_content()
        assert "dxkit.report" not in text
        assert "begin(case)" not in text


def test_contacts_of_persons_do_not_reach_the_report(batch: Run) -> None:
    text = squeeze(page(batch, "demo-copper").text_content())
    assert not re.search(r"(?<![0-9A-Z])1[3-9]\d{9}(?![0-9A-Z])", text)


def test_the_ledger_says_how_every_case_went(batch: Run) -> None:
    states = {each.case: each.state for each in Ledger(batch.out).entries()}
    assert states == dict.fromkeys(DEMOS, "ok")
