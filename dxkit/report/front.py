"""What comes before chapter 1: cover, statement, sign-off, confirmation, summary, contents."""

from __future__ import annotations

from html import escape

from dxkit.case.words import chinese_date
from dxkit.diagnosis import Diagnosis
from dxkit.diagnosis.profile import Profile
from dxkit.facts import facts_of
from dxkit.lifecycle.terms import plain
from dxkit.report.answers import shown_rows, value
from dxkit.report.blocks import (
    NOTHING,
    Block,
    Cell,
    form,
    front_page,
    join,
    paragraph,
    prose,
)
from dxkit.report.versions import (
    corrections,
    is_working_copy,
    snapshot_words,
    standing_of,
    told_until,
    version_words,
)

# Most characters of a line and of a paragraph of the summary, which has to fit on one page.
_LINE, _PARAGRAPH = 34, 90
TITLE = ("内蒙古自治区规模以上工业企业", "线下数字化评估诊断报告")
BLANK_DATE = "年　　月　　日"


def cover(diagnosis: Diagnosis) -> Block:
    """Return the cover: mark, title in two lines, enterprise, number, institution and month."""
    case = diagnosis.case
    mark = value(case, "annex_2", "confidentiality_mark") or "内部资料"
    standing = standing_of(case)
    issued = case.annex("annex_2").get("issued_on") if standing is None else told_until(case)
    foot = _month(issued) if standing is None else f"{standing}，内容截至{_day(issued)}"
    lines = [
        f"企业名称：{case.name}",
        f"报告编号：{report_number(diagnosis)}",
        f"报告版本：{version_words(case)}",
    ]
    institution = value(case, "annex_4", "service_org_name") or "（诊断服务机构）"
    inner = join(
        [
            paragraph(f"{mark}　注意保存", "mark"),
            *(paragraph(line, "title") for line in TITLE),
            *(paragraph(line, "cover-line") for line in lines),
            paragraph(f"{institution}（盖章）", "cover-foot"),
            paragraph(foot, "cover-foot"),
        ]
    )
    return Block(
        f'<section class="cover" data-title="{"".join(TITLE)}" '
        f'data-subject="{escape(case.name)}" data-date="{escape(str(issued or ""))}" '
        f'data-number="{escape(report_number(diagnosis))}" '
        f'data-version="{escape(version_words(case))}">{inner.html}</section>'
    )


def report_number(diagnosis: Diagnosis) -> str:
    """Return the report's number; before the engagement has one, that it has none."""
    return value(diagnosis.case, "annex_2", "report_no") or "（立项后编号）"


def _month(day: object) -> str:
    return chinese_date(str(day)).rpartition("月")[0] + "月" if day else "　　年　　月"


def _day(day: object) -> str:
    return chinese_date(str(day)) if day else BLANK_DATE


def statement(diagnosis: Diagnosis) -> Block:
    """Return the statement page: basis, responsibility, limits, secrecy and independence."""
    annex = diagnosis.definitions.annexes["annex_2"]
    text = next(section.note for section in annex.sections if section.id == "declaration")
    more = value(diagnosis.case, "annex_2", "declaration_additions")
    edition = (
        f"本报告由 dxkit 依据第 {diagnosis.definitions.edition} 版口径生成。"
        "指南只列出指标名称和附件名称，凡标注“假定”的定义、判定规则和表式均为本工具设定，以主管部门正式文本为准。"
    )
    frozen = paragraph(snapshot_words(diagnosis.case))
    if is_working_copy(diagnosis.case):
        frozen = paragraph(f"本件为{version_words(diagnosis.case)}，不是已经发布的报告。") + frozen
    return front_page("声　明", prose(text) + prose(more) + paragraph(edition) + frozen)


def corrected(diagnosis: Diagnosis) -> Block:
    """Return the page of versions and corrections; nothing for a first version."""
    told = corrections(diagnosis.case)
    return front_page("版本与更正", told) if told else NOTHING


def signing(diagnosis: Diagnosis) -> Block:
    """Return the sign-off page: four signatures and the members of the group."""
    case = diagnosis.case
    roles = {
        "author": "主笔",
        "reviewer": "校核",
        "leader": "组长（专家）",
        "org_head": "机构负责人",
    }
    lines = [
        [
            Cell(label, "label"),
            Cell(value(case, "annex_2", key)),
            Cell("签字："),
            Cell(BLANK_DATE, "mid"),
        ]
        for key, label in roles.items()
    ]
    signatures = form(lines, (20, 25, 30, 25), kind="signatures")
    return front_page("编审签字页", signatures + members(diagnosis))


def members(diagnosis: Diagnosis) -> Block:
    """Return the members of the working group without a number, for the sign-off page."""
    rows = shown_rows(diagnosis.case, "annex_4", "members")
    if not rows:
        return paragraph("工作组成员尚未登记（附件4）。", "empty")
    keys = ("name", "org", "title", "role", "duty_fields")
    title: list[str | Cell] = [Cell("工作组成员", "label", across=5)]
    head = [Cell(label, "label") for label in ("姓名", "单位", "职务职称", "角色", "分工")]
    return form([title, head, *([row[key] for key in keys] for row in rows)], (12, 26, 20, 11, 31))


def confirmation(diagnosis: Diagnosis) -> Block:
    """Return the page on which the enterprise confirms facts and receipt, not the conclusions."""
    case = diagnosis.case
    text = (
        f"我单位（{case.name}）已收到本报告。报告所载企业基本情况、清单和现场记录等事实，"
        "经核对与实际情况相符。本确认不表示对报告结论和建议的认可或承诺。"
    )
    person = value(case, "annex_2", "confirm_person")
    title = value(case, "annex_2", "confirm_title")
    box = form(
        [
            [Cell("确认人", "label"), Cell(person), Cell("职务", "label"), Cell(title)],
            [Cell("确认人签字", "label"), Cell("", across=3)],
            [
                Cell("企业盖章", "label"),
                Cell(f"（盖章）　　\n{BLANK_DATE}", "seal-box num", across=3),
            ],
        ],
        (16, 34, 16, 34),
        kind="signatures",
    )
    return front_page("企业确认页", paragraph(text) + box)


def summary(diagnosis: Diagnosis) -> Block:
    """Return the one-page summary: figures computed, sentences by the group."""
    case = diagnosis.case
    strengths = [row["strength"] for row in shown_rows(case, "annex_2", "strengths")]
    facts = {
        "企业": _cut(value(case, "annex_2", "summary_enterprise"), _PARAGRAPH) or "尚未填写",
        "现场诊断": _site_days(diagnosis),
    }
    points = {
        "主要优势": _numbered(strengths[:3]),
        "主要问题": _numbered([row["statement"] for row in _gravest(diagnosis)][:5]),
        "优先建议": _numbered([row["sug_name"] for row in _first(diagnosis)][:5]),
        "结论": _cut(value(case, "annex_2", "summary_conclusion"), _PARAGRAPH) or "尚未填写",
    }
    return front_page("摘　要", _labelled(facts) + _headlines(diagnosis) + _labelled(points))


def _labelled(lines: dict[str, str]) -> Block:
    return form([[Cell(label, "label"), Cell(text)] for label, text in lines.items()], (13, 87))


def contents(_diagnosis: Diagnosis) -> Block:
    """Return the contents and the lists of tables and figures."""
    return places()


def places() -> Block:
    """Return the places for contents, list of tables and list of figures; exporters fill them."""
    toc, lot, lof = (Block(f'<div class="{kind}"></div>') for kind in ("toc", "lot", "lof"))
    figures = paragraph("图目录", "front-title") + lof
    return front_page("目　录", toc) + front_page("表目录", lot + figures)


def _headlines(diagnosis: Diagnosis) -> Block:
    heads = [
        ("评价方向", 17),
        ("比率类指标", 47),
        ("是", 8),
        ("否", 8),
        ("不适用", 10),
        ("未知", 10),
    ]
    lines = [[Cell(label, "label") for label, _ in heads]]
    lines += [_headline(profile) for profile in diagnosis.profiles]
    return form(lines, [width for _, width in heads])


def _headline(profile: Profile) -> list[Cell]:
    ratios = "、".join(f"{each.indicator.short_name} {each.words}" for each in profile.ratios)
    counts = [Cell(str(profile.counts[word]), "mid") for word in ("是", "否", "不适用", "未知")]
    return [Cell(profile.direction.name), Cell(ratios or "—"), *counts]


def _gravest(diagnosis: Diagnosis) -> list[dict[str, str]]:
    rows = shown_rows(diagnosis.case, "annex_2", "problems")
    return sorted(rows, key=lambda row: "高中低".find(row["severity"]) % 4)


def _first(diagnosis: Diagnosis) -> list[dict[str, str]]:
    return sorted(
        shown_rows(diagnosis.case, "annex_2", "suggestions"), key=lambda row: row["priority"]
    )


def _site_days(diagnosis: Diagnosis) -> str:
    """Return when the group was on site and for how long; the planned days before it was."""
    told = facts_of(diagnosis.case)
    annex, days = diagnosis.case.annex("annex_2"), told["onsite_days"]
    first = told["onsite_begun_on"] or annex.get("onsite_from")
    last = told["last_onsite_on"] or annex.get("onsite_to")
    span = "至".join(dict.fromkeys(chinese_date(day) for day in (first, last) if day))
    if not span:
        return "日期尚未登记"
    return span + (f"，现场 {plain(days)} 天" if days else "")


def _cut(text: str, limit: int) -> str:
    """Shorten a text to whole clauses, an ellipsis in place of those left out."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    clause = max(head.rfind(mark) for mark in "，；。")
    return head[: clause if clause > 0 else limit - 1] + "…"


def _numbered(items: list[str]) -> str:
    firsts = (item.split("。", maxsplit=1)[0].split("；", maxsplit=1)[0] for item in items)
    lines = (f"{n}. {_cut(each, _LINE)}" for n, each in enumerate(firsts, start=1))
    return "\n".join(lines) or "尚未填写"
