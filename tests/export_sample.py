"""An executed notebook with every kind of block a report may hold; its enterprise is invented."""

from __future__ import annotations

import io
from functools import cache
from html import escape

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

MARKER = "密语QXZ7"
HOSTILE = (
    '#import "x"',
    "$a$ 与 $sum_(i)^n$",
    "</w:t></w:r>",
    "<script>alert(1)</script>",
    "@ref 和 <label>",
    "*星* _线_ `引` ~波浪~ \\反斜杠 // 注释",
    '"双引号" {{ 7*7 }} {% raw %}',
    "]]> & &amp; &#65;",
)
ENTERPRISE = "内蒙古示例机械制造有限公司"
LONG_TABLE_ROWS = 60

COVER = f"""<section class="cover" data-title="线下数字化评估诊断报告（{ENTERPRISE}）"
 data-subject="规模以上工业企业线下数字化评估诊断" data-date="2026-06-30"
 data-number="NMG-2026-001" data-version="V0.2（草稿）" data-author="内蒙古示例诊断服务有限公司">
<p class="mark">内部资料　注意保存</p>
<p class="title">内蒙古自治区规模以上工业企业</p>
<p class="title">线下数字化评估诊断报告</p>
<p class="subtitle">（征求意见稿）</p>
<p class="cover-line">企业名称：{ENTERPRISE}</p>
<p class="cover-line">报告编号：NMG-2026-001</p>
<p class="cover-line">诊断服务机构：内蒙古示例诊断服务有限公司（盖章）</p>
<p class="cover-foot">2026年6月</p>
</section>"""

FRONT = """<section class="front"><p class="front-title">声　明</p>
<p>本报告依据现场采集并经核实的材料编制。企业对所提供材料的真实性负责，诊断工作组对所作判断负责。</p>
<p>未经企业书面同意，本报告不得提供给约定范围以外的第三方。</p></section>
<section class="front"><p class="front-title">编审签字页</p>
<table class="signatures"><colgroup><col style="width:50%"><col style="width:50%"></colgroup>
<tbody><tr><td class="label">主笔</td><td class="label">校核</td></tr>
<tr><td class="seal-box"><p class="sign">签字：</p><p class="sign">　年　月　日</p></td>
<td class="seal-box"><p class="sign">（盖章）</p><p class="sign">　年　月　日</p></td></tr></tbody>
</table>
</section>
<section class="front"><p class="front-title">目　录</p><div class="toc"></div></section>
<section class="front"><p class="front-title">图表目录</p>
<div class="lot"></div><div class="lof"></div></section>"""

CHAPTER_1 = """# 1 概述

## 1.1 工作背景与目的

为摸清规模以上工业企业数字化发展水平，帮助企业找准“痛点”与“堵点”，按照自治区统一部署，
诊断工作组于2026年6月进驻企业，开展线下数字化评估诊断工作。诊断坚持价值创造、客观公正、公开透明、合规自律的原则。

诊断结果见<a class="ref" href="#results"></a>，全景见<a class="ref" href="#panorama"></a>，
明细见<a class="ref" href="#appendix-A"></a>，方法见<a class="ref" href="#section-1-2"></a>，
结论见<a class="ref" href="#chapter-3"></a>。

## 1.2 诊断范围与方法

### 1.2.1 采集方式

采集方式包括：

- 访谈：与生产、设备、信息化等部门负责人**当面核实**；
- 现场巡视：
    1. 数控加工车间；
    2. 热处理车间；
- 信息系统演示（MES、ERP 与 WMS），面积 1 200 m<sup>2</sup>，排放 CO<sub>2</sub>。

1. 先看制度，再看记录；
2. 先看现场，再看系统。

#### （1）口径

统计期为2025年，时点为现场诊断当日。*未提供材料的*不作推断，代码写作 `key_process_nc_rate`。
"""

RESULTS = """<table id="results"><caption>24项指标测算表（节选）</caption>
<colgroup><col style="width:8%"><col style="width:17%"><col style="width:35%">
<col style="width:14%"><col style="width:13%"><col style="width:13%"></colgroup>
<thead><tr><th rowspan="2">序号</th><th rowspan="2">方向</th><th rowspan="2">指标</th>
<th colspan="2">取值</th><th rowspan="2">证据</th></tr>
<tr><th>核定值</th><th>自评值</th></tr></thead>
<tbody><tr><td class="mid">1</td><td rowspan="3">数字化</td><td>关键工序数控化率</td>
<td class="num">55.30%</td><td class="num">60.00%</td><td class="mid">E3</td></tr>
<tr><td class="mid">2</td><td>生产设备数字化率</td><td class="num">48.25%</td>
<td class="num">48.25%</td><td class="mid">E2</td></tr>
<tr><td class="mid">3</td><td>数字化研发设计工具普及率</td><td class="yes">是</td>
<td class="yes">是</td><td class="mid">E3</td></tr>
<tr><td class="mid">12</td><td rowspan="2">网络化</td><td>实现产供销集成的企业比例</td>
<td class="no">否</td><td class="yes">是</td><td class="mid">E2</td></tr>
<tr><td class="mid">13</td><td>实现产业链协同的企业比例</td><td class="open">待核实</td>
<td class="na">不适用</td><td class="mid">E0</td></tr>
</tbody><tfoot><tr><td colspan="3">合计</td><td class="num">5</td><td class="num">5</td><td></td>
</tr></tfoot></table>
<p class="note">注：E3为现场或系统演示核实，E2为文件或记录，E0为无佐证。</p>
<p class="basis">依据：指南第4.4.2条。</p>"""


@cache
def chart(label: str) -> str:
    """Return a bar chart as a data URI."""
    import base64  # noqa: PLC0415

    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(6, 2.6), dpi=120)
    axes = figure.add_subplot()
    axes.barh(["A", "B", "C", "D", "E"], [55.3, 48.25, 74.7, 38.8, 29.6], color="0.45")
    axes.set_xlabel(label)
    figure.tight_layout()
    stream = io.BytesIO()
    figure.savefig(stream, format="png")
    return base64.b64encode(stream.getvalue()).decode()


def figure(anchor: str, caption: str) -> str:
    """Return a captioned figure."""
    return (
        f'<figure id="{anchor}"><img src="data:image/png;base64,{chart(anchor)}" '
        f'style="width:14cm" alt="{caption}，柱状图"><figcaption>{caption}</figcaption></figure>'
    )


def long_table() -> str:
    """Return a table that runs over several pages."""
    rows = "".join(
        f'<tr><td class="mid">{number}</td><td>EQ-{number:03d}</td>'
        f"<td>数控车床第{number}号，型号 CK61{number:02d}</td>"
        f'<td class="num">{number * 1.25:.2f}</td></tr>'
        for number in range(1, LONG_TABLE_ROWS + 1)
    )
    return (
        "<table><caption>生产设备明细表</caption><thead><tr><th>序号</th><th>编号</th><th>名称与型号</th>"
        f"<th>原值（万元）</th></tr></thead><tbody>{rows}</tbody></table>"
    )


def wide_table() -> str:
    """Return a table for a page of its own, with the head towards the binding edge."""
    heads = "".join(f"<th>环节{number}</th>" for number in range(1, 13))
    rows = "".join(
        f"<tr><td>系统{row}</td>"
        + "".join(f'<td class="mid">{"●" if (row * col) % 3 else "○"}</td>' for col in range(1, 13))
        + "</tr>"
        for row in range(1, 9)
    )
    return (
        '<div class="landscape"><table id="matrix"><caption>业务环节与系统覆盖矩阵</caption>'
        f"<thead><tr><th>系统</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def hostile_table() -> str:
    """Return a table whose texts would do harm wherever they were evaluated."""
    rows = "".join(
        f"<tr><td>{n}</td><td>{escape(text)}</td></tr>" for n, text in enumerate(HOSTILE, 1)
    )
    return f"<table><caption>{escape(HOSTILE[3])}</caption><tbody>{rows}</tbody></table>"


def _html(*pieces: str) -> NotebookNode:
    return new_code_cell(
        f"show('{MARKER}')  # {MARKER}",
        outputs=[
            new_output("stream", name="stdout", text=MARKER),
            *(
                new_output("display_data", data={"text/html": piece, "text/plain": MARKER})
                for piece in pieces
            ),
            new_output("execute_result", data={"text/plain": MARKER}, execution_count=1),
        ],
    )


def filler(chapter: int, sections: int) -> list[NotebookNode]:
    """Return a chapter of plain text, for documents of a wanted length."""
    text = (
        "企业已建成覆盖主要车间的工业网络，"
        "MES 系统与 ERP 系统之间实现订单、工单、物料三类数据的自动交换；"
        "但设备层仍有约三成设备未联网，数据依靠人工补录，影响“日清日结”的及时性与准确性。"
    )
    cells = [new_markdown_cell(f"# {chapter} 补充说明{chapter}")]
    for section in range(1, sections + 1):
        cells.append(
            new_markdown_cell(
                f"## {chapter}.{section} 补充事项{section}\n\n" + f"{text * 3}\n\n" * 4
            )
        )
        rows = "".join(
            f"<tr><td>{n}</td><td>事项{n}</td><td>{text[: 20 + n * 5]}</td></tr>" for n in range(8)
        )
        cells.append(
            _html(
                f"<table><caption>补充表{chapter}{section}</caption><thead><tr><th>序号</th>"
                f"<th>名称</th><th>说明</th></tr></thead><tbody>{rows}</tbody></table>"
            )
        )
    return cells


def sample(extra_chapters: int = 0) -> NotebookNode:
    """Return the executed sample notebook, with `extra_chapters` of about eight pages each."""
    cells = [
        new_raw_cell(MARKER),
        new_code_cell(f"case = '{MARKER}'", metadata={"tags": ["parameters"]}),
        _html(COVER),
        _html(FRONT),
        new_markdown_cell(CHAPTER_1),
        new_markdown_cell("# 2 指标测算"),
        new_markdown_cell("## 2.1 测算结果总表"),
        _html(RESULTS),
        new_markdown_cell("## 2.2 指标全景"),
        new_markdown_cell('<p class="lead">以下为五项比率类指标的水平。</p>'),
        _html(figure("panorama", "比率类指标水平"), figure("gap", "自评与核定差异")),
        new_markdown_cell("## 2.3 设备明细"),
        _html(long_table()),
        _html(wide_table()),
        new_markdown_cell("## 2.4 恶意文字"),
        _html(hostile_table()),
        new_markdown_cell(
            "没有表题的表格：\n\n| 项目 | 数量 | 备注 |\n|---|--:|:-:|\n"
            "| 机床 | 12 | 甲 |\n| 产线 | 3 | 乙 |\n"
        ),
        new_code_cell(
            "figure", outputs=[new_output("display_data", data={"image/png": chart("plain")})]
        ),
        new_code_cell(
            "form",
            metadata={"tags": ["interactive"]},
            outputs=[new_output("display_data", data={"text/html": f"<p>{MARKER}</p>"})],
        ),
        *(cell for number in range(extra_chapters) for cell in filler(number + 3, 5)),
        new_markdown_cell(
            f"# {3 + extra_chapters} 结论\n\n"
            '<p class="empty">本次诊断不涉及：企业无此类业务。</p>\n\n'
            '<div class="keep"><p>企业对结论无异议。</p>'
            '<p class="sign">企业负责人签字：　　　　</p></div>'
        ),
        new_markdown_cell("# 附录A 24项指标测算明细\n\n## A.1 计算式"),
        _html(
            "<table><caption>计算式</caption><tbody><tr><td class='label'>指标</td>"
            "<td>分子÷分母</td></tr></tbody></table>"
        ),
    ]
    return nbformat.from_dict(
        new_notebook(cells=cells, metadata={"papermill": {"parameters": {"case": MARKER}}})
    )


@cache
def exported() -> dict[str, bytes]:
    """Return the sample in every format, made once for all tests."""
    from dxkit.export import export_all  # noqa: PLC0415

    return export_all(sample())


def notebook(*cells: str | NotebookNode) -> NotebookNode:
    """Return a notebook; a text becomes a cell that shows it as HTML."""
    made = [
        new_code_cell("", outputs=[new_output("display_data", data={"text/html": cell})])
        if isinstance(cell, str)
        else cell
        for cell in cells
    ]
    return new_notebook(cells=made)
