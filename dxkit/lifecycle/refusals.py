"""Why a step cannot be taken: rules that block, milestones missing, overrides that are void."""

from __future__ import annotations

from collections.abc import Iterator

from dxkit.case import Case
from dxkit.errors import Problem
from dxkit.evidence.apart import exposures
from dxkit.lifecycle.entries import Asked
from dxkit.lifecycle.history import rows_of
from dxkit.lifecycle.judging import PartVerdict, Verdict
from dxkit.lifecycle.overrides import overriders
from dxkit.lifecycle.past import changed_since_frozen
from dxkit.lifecycle.soundness import faults_in_course
from dxkit.lifecycle.steps import Step
from dxkit.lifecycle.versions import is_corrected
from dxkit.models.shape import Basis


def refusals(case: Case, before: Step, after: Step, asked: Asked) -> Iterator[Problem]:
    """Yield every reason why a step cannot be taken as it is asked for.

    Args:
        case: where it starts from.
        before: the step as it comes out without the overrides asked for.
        after: the step as it comes out with them.
        asked: who wants it, why, and what shall pass.
    """
    mend = "按流水更正填写内容中的办理记录；流水受损的，从备份找回"
    yield from (Problem(case.id, "办理记录", fault, mend) for fault in faults_in_course(case))
    yield from exposures(case)
    if not asked.who.strip():
        yield Problem(case.id, "办理人", "没有写明", "办理人的姓名")
    if before.transition.needs_reason and not asked.reason.strip():
        yield Problem(case.id, before.transition.title, "没有写明理由", "书面理由")
    if before.transition.issues and (changed := changed_since_frozen(case)):
        found = f"冻结之后又有改动：{'、'.join(changed)}"
        yield Problem(case.id, before.transition.title, found, "先重新冻结取值，再发布报告")
    if before.transition.issues and (issued := rows_of(case, "issues")) and not is_corrected(case):
        found = f"与已经发布的 {issued[-1].get('version')} 没有不同"
        expected = "先更正有误的内容，或在附件2写明更正说明，再发布新版本"
        yield Problem(case.id, before.transition.title, found, expected)
    yield from _overrides(case, before, asked)
    for milestone in after.awaited:
        yield Problem(case.id, milestone.id, f"“{milestone.title}”尚未完成", "先完成这一步")
    for verdict in after.blocked:
        yield from (problem_of(case, verdict, part) for part in verdict.blocks)


def problem_of(case: Case, verdict: Verdict, part: PartVerdict) -> Problem:
    """Return a blocking part of a rule as a problem: what was found and what to do."""
    where = f"{verdict.rule.id} {verdict.rule.title}"
    return Problem(case.id, where, "；".join(part.reasons), part.mend)


def _overrides(case: Case, before: Step, asked: Asked) -> Iterator[Problem]:
    leaders, called = overriders(case), case.definitions.lifecycle.overriders.called
    if asked.overrides and asked.who.strip() not in leaders:
        expected = f"{called}：{'、'.join(leaders) or '尚未填写'}"
        yield Problem(case.id, "放行人", asked.who or "没有写明", expected)
    verdicts = {verdict.rule.id: verdict for verdict in before.verdicts}
    for rule, reason in asked.overrides.items():
        yield from _override(case, rule, reason, verdicts.get(rule))


def _override(case: Case, rule: str, reason: str, verdict: Verdict | None) -> Iterator[Problem]:
    place = f"放行 {rule}"
    if not reason.strip():
        yield Problem(case.id, place, "没有写明理由", "书面理由")
    if verdict is None:
        yield Problem(case.id, place, "不是这一步的规则", "这一步中未满足、允许放行的规则")
    elif not verdict.blocks:
        found = "已经放行，没有新的情况" if verdict.result == "overridden" else "规则已满足"
        yield Problem(case.id, place, f"{found}，无须放行", "这一步中未满足、允许放行的规则")
    elif not verdict.can_be_overridden:
        hard = [each.part for each in verdict.blocks if each.severity == "block"]
        from_guide = any(part.basis is Basis.GUIDE for part in hard)
        found = "指南的硬性要求" if from_guide else "保证数据完整的要求"
        yield Problem(case.id, place, f"{found}，不能放行", "满足这条规则后再办理")
