"""Section 1.5: who was in the group, when each node was passed, and what was let pass or noted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from dxkit.case import Case
from dxkit.case.words import chinese_date
from dxkit.charts import Event, timeline
from dxkit.diagnosis import Diagnosis
from dxkit.lifecycle.history import rows_of
from dxkit.lifecycle.nodes import Passage, Reached, elsewhere, passages
from dxkit.lifecycle.overrides import Override, overrides_of
from dxkit.lifecycle.terms import Circumstances
from dxkit.report.answers import rows_of as table_rows
from dxkit.report.answers import rows_table
from dxkit.report.blocks import NOTHING, Block, Cell, Head, Row, figure, paragraph, refer, table
from dxkit.report.moment import day_of

REACHED: dict[Reached, str] = {"done": "已完成", "unrecorded": "未记录", "ahead": "尚未进行"}


def group(diagnosis: Diagnosis) -> Block:
    """Return 表1-3: the members of the working group."""
    widths = {"name": 12, "role": 10, "org": 26, "title": 18, "duty_fields": 34}
    if not table_rows(diagnosis.case, "annex_4", "members"):
        return paragraph("工作组成员尚未登记（附件4）。", "empty")
    lead = refer("工作组的成员和分工见{下表:members}。")
    return lead + rows_table(
        diagnosis.case, "annex_4", "members", widths, "工作组成员表", anchor="members"
    )


def nodes(diagnosis: Diagnosis) -> Block:
    """Return 表1-4 and 图1-1: every node with its day, its proofs and what was let pass there."""
    seen = Circumstances(diagnosis.case, day_of(diagnosis.case))
    passed = passages(seen)
    heads = [Head("过程节点", 21), Head("日期", 26, "mid"), Head("依据材料", 39)]
    rows = [row for each in passed for row in _rows(diagnosis.case, each)]
    rows += [_override(diagnosis.case, each) for each in elsewhere(seen)]
    listed = table("过程节点表", [*heads, Head("状态", 14, "mid")], rows, anchor="nodes")
    came = _as_they_came(passed)
    drawn = figure(timeline(came), "诊断过程时间轴", anchor="timeline") if came else NOTHING
    order = "，先后见{下图:timeline}" if came else ""
    lead = refer(f"各过程节点的日期、依据材料和状态见{{下表:nodes}}{order}。")
    return lead + listed + _let_pass(diagnosis.case) + _noted(diagnosis.case) + drawn


def _rows(case: Case, passage: Passage) -> Iterable[Row]:
    proofs = "；".join(passage.proofs)
    yield [passage.node.label, _days(passage), proofs, REACHED[passage.reached]]
    yield from (_override(case, each) for each in passage.overrides)


def _override(case: Case, override: Override) -> Row:
    when = f"，{chinese_date(override.at)}" if override.at else ""
    said = f"放行：{rule_words(case, override.rule)}。理由：{override.reason.rstrip('。')}。"
    return [Cell(f"{said}放行人：{override.who}{when}。", across=4)]


def rule_words(case: Case, rule_id: str) -> str:
    """Return a rule's number with its title and clause; the number alone if there is no such."""
    rule = case.definitions.rules.get(rule_id)
    if rule is None:
        return rule_id
    clause = f"，指南{rule.clause}" if rule.clause else ""
    return f"{rule_id}（{rule.title}{clause}）"


def _days(passage: Passage) -> str:
    days = dict.fromkeys(day for day in (passage.day, passage.until) if day)
    return "至".join(chinese_date(day.isoformat()) for day in days)


def _let_pass(case: Case) -> Block:
    if count := len(overrides_of(case)):
        return paragraph(f"表中有 {count} 项规则由组长写明理由后放行。", "note")
    if not rows_of(case, "history"):
        return paragraph("本案卷没有办理记录，各节点的日期取自所填表单。", "note")
    return paragraph("办理过程中没有放行的规则。", "note")


def _noted(case: Case) -> Block:
    """Return which warnings came up on the way; their words may name what is kept back."""
    noted = Counter(str(row.get("rule")) for row in rows_of(case, "notes") if row.get("rule"))
    if not noted:
        return NOTHING
    told = "；".join(
        rule_words(case, rule) + (f"{times}次" if times > 1 else "")
        for rule, times in sorted(noted.items())
    )
    return paragraph(f"办理过程中提醒过 {len(noted)} 项，均不阻止办理：{told}。", "note")


def _as_they_came(passed: list[Passage]) -> list[Event]:
    """Return the nodes by their dates, without those that are still ahead.

    A node without a date stays behind the one before it.
    """
    come = [each for each in passed if each.reached != "ahead"]
    days: list[date] = []
    for each in come:
        days.append(each.day or (days[-1] if days else date.min))
    ordered = (come[position] for position in sorted(range(len(come)), key=days.__getitem__))
    return [Event(each.node.label, each.day, each.reached == "done") for each in ordered]
