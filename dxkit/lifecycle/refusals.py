"""Why a step cannot be taken: what is in its way for all, and what the one who asks lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dxkit.case import Case
from dxkit.errors import Problem
from dxkit.evidence.apart import exposures
from dxkit.lifecycle.entries import Asked
from dxkit.lifecycle.judging import PartVerdict, Verdict
from dxkit.lifecycle.overrides import overriders
from dxkit.lifecycle.soundness import Fault, faults_in_course
from dxkit.lifecycle.steps import Step
from dxkit.models.shape import Basis


def refusals(case: Case, before: Step, after: Step, asked: Asked) -> Iterator[Problem]:
    """Yield every reason why a step cannot be taken as it is asked for.

    Args:
        case: where it starts from.
        before: the step as it comes out without the overrides asked for.
        after: the step as it comes out with them.
        asked: who wants it, why, and what shall pass.
    """
    if not asked.who.strip():
        yield Problem(case.id, "办理人", "没有写明", "办理人的姓名")
    if before.transition.needs_reason and not asked.reason.strip():
        yield Problem(case.id, before.transition.title, "没有写明理由", "书面理由")
    yield from _overrides(case, before, asked)
    yield from in_the_way(case, after, faults_in_course(case))


def in_the_way(case: Case, step: Step, faults: Iterable[Fault]) -> Iterator[Problem]:
    """Yield what keeps a step from being taken, whoever asks for it and why.

    Args:
        case: where it starts from.
        step: the step with its rules judged.
        faults: what is wrong with the record of the course.
    """
    mend = "按流水更正填写内容中的办理记录；流水受损的，从备份找回"
    yield from (Problem(case.id, "办理记录", fault, mend) for fault in faults)
    yield from exposures(case)
    yield from step.obstacles
    for milestone in step.awaited:
        yield Problem(case.id, milestone.id, f"“{milestone.title}”尚未完成", "先完成这一步")
    for verdict in step.blocked:
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
