"""What is watched all the time: rules that guard no step, and parts that warn before theirs."""

from __future__ import annotations

from dataclasses import replace

from dxkit.lifecycle.history import state_of
from dxkit.lifecycle.judging import Verdict, judge
from dxkit.lifecycle.steps import Pointed
from dxkit.lifecycle.terms import Circumstances
from dxkit.models.lifecycle import Rule


def watched(seen: Circumstances) -> tuple[Verdict, ...]:
    """Judge what is watched; nothing before an engagement began and after it ended.

    A verdict holds only the parts that are watched.
    """
    state = state_of(seen.case)
    if state is None or state.final:
        return ()
    rules = seen.case.definitions.rules.values()
    return tuple(_judged(rule, seen) for rule in rules if _is_watched(rule))


def warnings_of(verdicts: tuple[Verdict, ...], known: Pointed = ()) -> Pointed:
    """Return what watched rules point out, without what is known already."""
    told = {(verdict.rule.id, part.part.says) for verdict, part in known}
    return [
        (verdict, part)
        for verdict in verdicts
        for part in verdict.warns
        if (verdict.rule.id, part.part.says) not in told
    ]


def _is_watched(rule: Rule) -> bool:
    return rule.standing or any(part.standing for part in rule.requires)


def _judged(rule: Rule, seen: Circumstances) -> Verdict:
    verdict = judge(rule, seen)
    kept = tuple(each for each in verdict.parts if rule.standing or each.part.standing)
    return replace(verdict, parts=kept)
