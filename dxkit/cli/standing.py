"""How the screen shows where cases stand: what is done, what the next step lacks, what is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from dxkit.cli.screen import complain, say, show_table, warn_of_apart, warn_of_case

if TYPE_CHECKING:
    from dxkit.case import Case
    from dxkit.lifecycle import Moved, Standing
    from dxkit.lifecycle.checklists import Checked
    from dxkit.lifecycle.judging import PartVerdict, Verdict
    from dxkit.lifecycle.satisfaction import Opinion
    from dxkit.lifecycle.steps import Pointed, Step
    from dxkit.lifecycle.surveying import CaseRow, Progress
    from dxkit.lifecycle.versions import Difference
    from dxkit.models.annex import Annex
    from dxkit.models.lifecycle import Transition

_SIGNS = {"satisfied": "✓", "failed": "✗", "overridden": "○", "not_applicable": "－"}


def show_standing(stands: Standing) -> None:
    """Print where one case stands."""
    from dxkit.case.journal import adopted

    say(f"{stands.case.name}（{stands.case.id}）：{stands.place}")
    _taken(stands)
    for fault in stands.faults:
        complain(f"办理记录有误，更正之前不能办理：{fault}")
    if stands.next is not None:
        _next(stands.next, not stands.faults)
    elif stands.state is not None and not stands.faults:
        say(f"没有下一步：{stands.state.meaning}。")
    warn_of_case(stands.case)
    if (begun := adopted(stands.case.folder)) is not None:
        say(f"提醒：流水从 {begun.at[:10]} 首次打开时开始，此前的改动没有流水可查")
    for journal, changed in (
        ("流水", stands.changed_since),
        ("单独保管部分的流水", stands.changed_apart),
    ):
        if changed:
            entries = "、".join(map(str, changed))
            say(f"提醒：{stands.place}之后，案卷又有改动：{journal}第 {entries} 条")
    for edit in stands.by_hand:
        say(f"提醒：{edit.as_problem(stands.case)}")
    for step in stands.ahead[1:]:
        _beside(step, not stands.faults)
    _point_out("提醒", stands.warnings)
    _remark(stands.next)
    _point_out("以后的步骤须满足", stands.next.later if stands.next else [])
    for due in stands.dues:
        say(f"{'逾期' if due.overdue else '到期'}：{due.words}")
    for each in stands.overrides:
        say(f"放行：{each.rule}，{each.reason}（{each.who}，{each.at}）")


def _point_out(word: str, found: Pointed) -> None:
    for verdict, part in found:
        say(f"{word}：{verdict.rule.id} {verdict.rule.title}：{'；'.join(part.reasons)}")


def _remark(step: Step | None) -> None:
    for remark in step.remarks if step else ():
        say(f"核对：{remark.mark} {remark.words}")


def show_remarks(annexes: Iterable[Annex], case: Case, most: int = 8) -> int:
    """Print what forms lack and what in them does not agree; return how many remarks there are."""
    from dxkit.lifecycle import Circumstances
    from dxkit.lifecycle.form_remarks import remarks_on

    seen = Circumstances(case, date.today())
    remarks = [each for annex in annexes for each in remarks_on(annex.id, seen, most)]
    for remark in remarks:
        say(f"核对：{remark.mark} {remark.words}")
    return len(remarks)


def _taken(stands: Standing) -> None:
    told = ("at", "who", "reason")
    rows = [
        [each.id, _called(each, counts), *(str(row.get(key) or "") for key in told)]
        for each, row, counts in stands.taken
    ]
    if rows:
        show_table(["步骤", "已办", "时间", "办理人", "说明"], rows)


def _called(step: Transition, counts: bool) -> str:
    return step.title if counts else f"{step.title}（其后撤销或重办）"


def _next(step: Step, may_go_on: bool) -> None:
    transition = step.transition
    clause = f"（指南{transition.clause}）" if transition.clause else ""
    say(f"下一步：{transition.id} {transition.title}{clause}")
    if transition.artefacts:
        say(f"须有：{'、'.join(transition.artefacts)}")
    _hindrances(step, "")
    rows = [_row(verdict, part) for verdict in step.verdicts for part in verdict.parts]
    if rows:
        show_table(["", "规则", "要求", "现状", "怎样办"], rows)
    if step.missing:
        say(f"还有 {len(step.missing)} 项未满足，不能办理。")
    elif may_go_on:
        asked = "（用 --resume 写明要恢复）" if transition.kind == "resume" else ""
        say(f"可以办理{asked}。")


def _hindrances(step: Step, indent: str) -> None:
    """Print what keeps a step from being taken besides its rules."""
    for milestone in step.awaited:
        say(f"{indent}✗ 先完成 {milestone.id} {milestone.title}")
    for each in step.obstacles:
        say(f"{indent}✗ {each.found}；{each.expected}")


def _beside(step: Step, may_go_on: bool) -> None:
    """Print a step that may be taken besides the next one, with what it lacks."""
    name = f"此外：{step.transition.id} {step.transition.title}"
    if not step.missing:
        say(f"{name}，可以办理" if may_go_on else name)
        return
    say(f"{name}，还有 {len(step.missing)} 项未满足")
    _hindrances(step, "  ")
    for verdict in step.blocked:
        for part in verdict.blocks:
            say(f"  ✗ {verdict.rule.id} {verdict.rule.title}：{'；'.join(part.reasons)}")


def show_nodes(checked: Sequence[Checked]) -> None:
    """Print the checklist of every node: what is on file, what is missing, what to print."""
    for each in checked:
        state = f"缺 {each.missing} 项" if each.missing else "齐备"
        say(f"{each.checklist.label}（{state}）")
        for paper, reasons in each.papers:
            say(
                f"  {'✗' if reasons else '✓'} {paper.says}"
                + (f"：{'；'.join(reasons)}" if reasons else "")
            )
        if each.checklist.prints:
            say(f"  打印：{'、'.join(each.checklist.prints)}")


def _row(verdict: Verdict, part: PartVerdict) -> list[str]:
    from dxkit.lifecycle.judging import RESULT_WORDS

    warns = part.result == "failed" and part.severity == "warn"
    sign = "！" if warns else _SIGNS[part.result]
    found = "；".join(part.reasons) or RESULT_WORDS[part.result]
    name = f"{verdict.rule.id} {verdict.rule.title}"
    return [sign, name, part.part.says, found, part.mend if part.result == "failed" else ""]


def show_all(rows: Sequence[CaseRow]) -> None:
    """Print one line a case, by league and state; what cannot be read is listed with the reason."""
    cells = [
        [
            row.league,
            row.place,
            row.id,
            row.name,
            row.next_step,
            str(row.blockers or ""),
            _earliest(row.overdue),
        ]
        for row in rows
    ]
    show_table(["盟市", "状态", "标识", "企业", "下一步", "未满足", "逾期"], cells)
    broken = show_unread(rows)
    overdue = sum(bool(row.overdue) for row in rows)
    say(f"共 {len(rows)} 家，有逾期事项的 {overdue} 家，读不出的 {broken} 家。")


def show_unread(rows: Sequence[CaseRow]) -> int:
    """Print which cases could not be read, and why; return how many."""
    for row in rows:
        warn_of_apart(row.notes, f"{row.id} ")
    broken = [row for row in rows if row.problems]
    for row in broken:
        complain(f"{row.id} 读不出：")
        for problem in row.problems:
            complain(f"  {problem}")
    return len(broken)


def _earliest(overdue: Sequence[str]) -> str:
    """Say what is overdue for longest, and how much else is."""
    more = f"（共{len(overdue)}项）" if len(overdue) > 1 else ""
    return f"{overdue[0]}{more}" if overdue else ""


def show_progress(told: Sequence[Progress]) -> None:
    """Print the figures of a progress report for every group of every league."""
    rows = [
        [
            each.league,
            each.group,
            str(each.total),
            "、".join(f"{place} {count}" for place, count in each.states.items()),
            str(each.blocked),
            str(each.overdue),
        ]
        for each in told
    ]
    show_table(["盟市", "工作组", "企业数", "各状态", "下一步有缺项", "有逾期"], rows)


def show_satisfaction(told: Sequence[Opinion]) -> None:
    """Print the results of the survey for every league, group and leader; too few are not told."""
    from dxkit.lifecycle.satisfaction import FEWEST

    rows = [
        [each.by, each.name, str(each.count), *_score_words(each.mean, each.grades)]
        for each in told
    ]
    show_table(["汇总", "名称", "有效份数", "平均得分", "等级"], rows)
    say(f"不足 {FEWEST} 份的不列出得分和等级，以免看出是哪一家的评价。")


def _score_words(mean: float | None, grades: Mapping[str, int]) -> list[str]:
    if mean is None:
        return ["份数不足", ""]
    return [f"{mean:.1f}", "、".join(f"{name} {count}" for name, count in grades.items())]


_KINDS = {
    "result": "指标结果",
    "content": "填写内容",
    "record": "过程记录（报告发布后仍继续登记，本身不是对结果的更正）",
}


def show_differences(told: Sequence[Difference]) -> None:
    """Print what two versions of a report tell differently: results, content, records kept on."""
    counts = []
    for kind, called in _KINDS.items():
        rows = [[each.label, each.before, each.after] for each in told if each.kind == kind]
        if rows:
            show_table(["字段", "原来", "现在"], rows, called)
        counts.append(f"{called.partition('（')[0]} {len(rows)} 处")
    say(f"共 {len(told)} 处不同：{'、'.join(counts)}。")


def show_moved(moved: Moved, written: bool) -> None:
    """Print which step was taken, or could be, and what was pointed out."""
    from dxkit.lifecycle import Circumstances
    from dxkit.lifecycle.history import state_of
    from dxkit.lifecycle.watching import warnings_of, watched

    transition, state = moved.step.transition, state_of(moved.case)
    always = watched(Circumstances(moved.case, date.today()))
    _point_out("提醒", [*moved.step.warnings, *warnings_of(always, moved.step.warnings)])
    _remark(moved.step)
    _point_out("以后的步骤须满足", moved.step.later)
    done = "已办理" if written else "可以办理"
    now = f"，现为“{state.name}”" if state and written else ""
    issued = f"，报告 {moved.version} 已存入 issued" if moved.version else ""
    say(f"{done}：{transition.id} {transition.title}{now}{issued}。")
