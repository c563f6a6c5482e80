"""Who was heard on the report and who gets it: the enterprise's comments and the distribution."""

from __future__ import annotations

from dxkit.case import Case
from dxkit.diagnosis import Diagnosis
from dxkit.report.answers import rows_of, shown_rows, value
from dxkit.report.blocks import Block, Head, front_page, paragraph, table

UNASKED = "征求意见的日期和企业的意见尚未登记（附件2）。"
SILENT = "没有登记企业的意见。"
UNLISTED = "分发清单尚未填写（附件2）。"


def circulation(diagnosis: Diagnosis) -> Block:
    """Return the page of the enterprise's comments and of the units that get the report."""
    case = diagnosis.case
    return front_page("征求意见与分发", _comments(case) + _distribution(case))


def _comments(case: Case) -> Block:
    asked, rows = _asked(case), shown_rows(case, "annex_2", "enterprise_comments")
    if not rows:
        return paragraph(asked + SILENT if asked else UNASKED, "empty")
    heads = [Head("序号", 7, "mid"), Head("章节", 10, "mid"), Head("企业意见", 37)]
    heads += [Head("采纳情况", 13, "mid"), Head("说明", 33)]
    keys = ("chapter", "comment", "handling", "explanation")
    lines = [[str(n), *(row[key] for key in keys)] for n, row in enumerate(rows, start=1)]
    return paragraph(asked + "企业的意见及采纳情况如下。") + table("", heads, lines)


def _asked(case: Case) -> str:
    """Say from when to when the enterprise was asked; nothing where no day is noted."""
    begun, due = (value(case, "annex_2", key) for key in ("comment_from", "comment_due"))
    if not begun:
        return ""
    return f"本报告自{begun}起征求企业意见{f'，至{due}截止' if due else ''}。"


def _distribution(case: Case) -> Block:
    rows = shown_rows(case, "annex_2", "distribution")
    if not rows:
        return paragraph(UNLISTED, "empty")
    heads = [Head("单位", 60), Head("份数（份）", 15, "mid"), Head("介质", 25, "mid")]
    lines = [[row[key] for key in ("unit", "copies", "medium")] for row in rows]
    return paragraph(f"本报告按下列清单分发{_counted(case)}，不超出此范围。") + table(
        "", heads, lines
    )


def _counted(case: Case) -> str:
    """Return how many copies there are; nothing while a number is open."""
    copies = [row.get("copies") for row in rows_of(case, "annex_2", "distribution")]
    known = [int(each) for each in copies if each is not None]
    return f"，共{sum(known)}份" if len(known) == len(copies) else ""
