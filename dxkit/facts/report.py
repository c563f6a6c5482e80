"""The report: its chapters, problems, suggestions and signatories."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dxkit.evidence.secrecy import field_stays
from dxkit.facts.team import leader_name, members
from dxkit.facts.view import Culprits, Row, Value, View, named, unlike
from dxkit.facts.visits import last_onsite_on, onsite_begun_on
from dxkit.models.annex import Section

REPORT = "annex_2"
_CHAPTER = re.compile(r"chapter_(\d)")
PROBLEM = {"indicators": "指标", "evidence": "证据", "cause": "原因", "impact": "影响"}
SUGGESTION = {
    "content": "建设内容",
    "problem_ids": "对应问题",
    "invest_min": "投资下限",
    "invest_max": "投资上限",
    "duration_months": "周期",
    "benefit_quant": "预期效果",
    "priority": "优先级",
}
SIGNATORIES = {"author": "主笔", "reviewer": "校核人", "leader": "组长"}
IDENTITY = {"enterprise_name": "企业名称", "uscc": "统一社会信用代码"}


def empty_chapters(view: View) -> Culprits:
    """Name the chapters with nothing in them and no reason why they are not concerned."""
    excused = {
        str(row.get("chapter")) for row in view.rows(REPORT, "not_involved") if row.get("reason")
    }
    return tuple(
        section.title
        for number, section in _chapters(view)
        if number not in excused and not _has_content(view, section)
    )


def incomplete_problems(view: View) -> Culprits:
    """Name what problems lack, and problems that no suggestion answers."""
    problems = view.begun_rows(REPORT, "problems")
    cards = view.rows(REPORT, "suggestions")
    answered = {number for row in cards for number in row.get("problem_ids") or []}
    faults = (
        f"{named(row, 'problem_no')}：{fault}"
        for row in problems
        for fault in [*_lacking(row, PROBLEM), *_unanswered(row, answered)]
    )
    return tuple(faults) if problems else None


def incomplete_suggestions(view: View) -> Culprits:
    """Name what suggestion cards lack."""
    cards = view.begun_rows(REPORT, "suggestions")
    faults = (
        f"{named(row, 'sug_no', 'sug_name')}：{f}"
        for row in cards
        for f in _lacking(row, SUGGESTION)
    )
    return tuple(faults) if cards else None


def author_is_reviewer(view: View) -> Culprits:
    """Name whoever both wrote and reviewed the report; None while either is not named."""
    author, reviewer = (view.value(REPORT, key) for key in ("author", "reviewer"))
    if not author or not reviewer:
        return None
    return (f"主笔和校核人都是{author}",) if author == reviewer else ()


def author_reviewer_leader_faults(view: View) -> Culprits:
    """Name what is wrong with who wrote, reviewed and answers for the report."""
    leader = view.value(REPORT, "leader")
    blank = [w for k, w in SIGNATORIES.items() if not view.value(REPORT, k)]
    faults = [f"{words}未填写" for words in blank] + list(author_is_reviewer(view) or ())
    if leader and leader != leader_name(view):
        faults.append(f"报告的组长{leader}不是附件4的组长")
    elif leader and not any(row.get("is_expert") for row in members(view) if row["name"] == leader):
        faults.append(f"组长{leader}未登记为专家")
    return tuple(faults)


def identity_mismatches(view: View) -> Culprits:
    """Name what the report and the other forms say differently of the same thing."""
    pairs = [
        ("现场诊断开始日期", view.value(REPORT, "onsite_from"), onsite_begun_on(view)),
        ("现场诊断结束日期", view.value(REPORT, "onsite_to"), last_onsite_on(view)),
        (
            "自评估完成日期",
            view.value(REPORT, "self_assessment_on"),
            view.value("annex_3", "selfassess_on"),
        ),
        ("企业名称（附件2分发清单）", *_distributed(view)),
    ]
    differing = [
        f"{what}：{mine}与{other}不一致" for what, mine, other in pairs if unlike(mine, other)
    ]
    missing = [f"{w}未填写" for k, w in IDENTITY.items() if not view.value("annex_3", k)]
    return (*missing, *differing)


def benchmarks_without_source(view: View) -> Culprits:
    """Name the published values beside indicators that lack a source or a year."""
    compared = (each for row in view.diagnosis.comparisons.values() for each in row)
    used = (each.benchmark for each in compared)
    return tuple(each.indicator for each in used if not each.source.strip() or not each.year)


def comment_numbers(view: View) -> Value:
    """Return the running number of each comment of the enterprise."""
    return tuple(range(1, len(view.rows(REPORT, "enterprise_comments")) + 1))


def suggestion_paybacks(view: View) -> Value:
    """Return each suggestion's static payback in years, None where an amount is missing."""
    return tuple(map(payback_years, view.rows(REPORT, "suggestions")))


def payback_years(row: Row) -> float | None:
    """Return the mean of the investment range over the yearly benefit, in years."""
    low, high, yearly = (row.get(key) for key in ("invest_min", "invest_max", "benefit_year"))
    if low is None or high is None or not yearly:
        return None
    return round((float(low) + float(high)) / 2 / float(yearly), 1)


def _chapters(view: View) -> Iterator[tuple[str, Section]]:
    for section in view.definitions.annexes[REPORT].sections:
        if number := _CHAPTER.fullmatch(section.id):
            yield number[1], section


def _has_content(view: View, section: Section) -> bool:
    printed = (field for field in section.fields if not field_stays(field))
    return any(view.value(REPORT, field.key) not in (None, "", []) for field in printed)


def _lacking(row: Row, needed: dict[str, str]) -> list[str]:
    return [f"缺{label}" for key, label in needed.items() if row.get(key) in (None, "", [])]


def _unanswered(row: Row, answered: set[str]) -> list[str]:
    return [] if row.get("problem_no") in answered else ["没有对应的建议"]


def _distributed(view: View) -> tuple[Any, Any]:
    """Return the enterprise's name as the distribution list must hold it, twice if it does."""
    name, units = view.value("annex_3", "enterprise_name"), view.rows(REPORT, "distribution")
    listed = [row.get("unit") for row in units if row.get("unit")]
    return ("、".join(map(str, listed)) if listed and name not in listed else name), name
