"""Whether one requirement holds on a case, and if not why, in Chinese and naming the culprits."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dxkit.case.answers import is_blank
from dxkit.lifecycle.rows import outcome_of_every, outcome_of_rows
from dxkit.lifecycle.terms import (
    Circumstances,
    as_day,
    called,
    field_of,
    is_filled,
    plain,
    told,
    value_of,
    words_of,
)
from dxkit.lifecycle.working_days import between, caution
from dxkit.models.annex import FieldType
from dxkit.models.requirements import (
    AllHold,
    AnyHolds,
    Earlier,
    Every,
    Filled,
    IsOneOf,
    NoneIn,
    Number,
    Requirement,
    Rows,
    RuleHolds,
    Same,
    Term,
    requirements_in,
)

BLANK, BETWEEN = "尚未填写：", "、"
Reasons = tuple[str, ...]
"""Why a requirement does not hold; none if it holds."""
RuleJudge = Callable[[str], Reasons]

_BOUNDS: Mapping[str, tuple[Callable[[float, float], bool], str]] = {
    "at_least": (operator.ge, "不少于"),
    "at_most": (operator.le, "不多于"),
    "above": (operator.gt, "大于"),
    "below": (operator.lt, "小于"),
    "equals": (math.isclose, "等于"),
}


def reasons_against(requirement: Requirement, seen: Circumstances, rule: RuleJudge) -> Reasons:
    """Return why a requirement does not hold; nothing if it holds.

    Args:
        requirement: what is required.
        seen: the case, the day and the policies.
        rule: says why another rule does not hold, for requirements that name one.
    """
    if isinstance(requirement, AllHold):
        reasons = (why for each in requirement.all for why in reasons_against(each, seen, rule))
        return _told_once(reasons)
    if isinstance(requirement, AnyHolds):
        return _any(requirement, seen, rule)
    if isinstance(requirement, RuleHolds):
        return rule(requirement.rule)
    if isinstance(requirement, Rows):
        return outcome_of_rows(requirement, seen)
    if isinstance(requirement, Every):
        return outcome_of_every(requirement, seen)
    return _OF_TERMS[type(requirement)](requirement, seen)


def culprits_against(requirement: Requirement, seen: Circumstances, rule: RuleJudge) -> Reasons:
    """Return the same reasons, those of a list of culprits one by one, to be compared later."""
    reasons = reasons_against(requirement, seen, rule)
    if reasons and isinstance(requirement, (AllHold, AnyHolds)):
        inner = requirements_in(requirement)
        return tuple(why for each in inner for why in culprits_against(each, seen, rule))
    found = value_of(requirement.none_in, seen) if isinstance(requirement, NoneIn) else None
    if isinstance(requirement, NoneIn) and found:
        return tuple(f"{called(requirement.none_in, seen)}：{plain(each)}" for each in found)
    return reasons


def _told_once(reasons: Iterable[str]) -> Reasons:
    """Return reasons without repetition; what is not filled in is named together, first."""
    told = list(dict.fromkeys(reasons))
    blank = [why.removeprefix(BLANK) for why in told if why.startswith(BLANK)]
    names = dict.fromkeys(name for why in blank for name in why.split(BETWEEN))
    rest = [why for why in told if not why.startswith(BLANK)]
    return (BLANK + BETWEEN.join(names), *rest) if names else tuple(rest)


def _any(requirement: AnyHolds, seen: Circumstances, rule: RuleJudge) -> Reasons:
    against = [reasons_against(each, seen, rule) for each in requirement.any]
    if not all(against):
        return ()
    return ("；或者".join("，".join(each) for each in against),)


def _filled(leaf: Filled, seen: Circumstances) -> Reasons:
    missing = [
        called(term, seen)
        for term in leaf.filled
        if not is_filled(value_of(term, seen), field_of(term, seen.case))
    ]
    return (f"{BLANK}{BETWEEN.join(missing)}",) if missing else ()


def _blank(terms: Iterable[Term], seen: Circumstances) -> Reasons:
    missing = [called(term, seen) for term in terms if is_blank(value_of(term, seen))]
    return (f"{BLANK}{BETWEEN.join(missing)}",) if missing else ()


def _is(leaf: IsOneOf, seen: Circumstances) -> Reasons:
    value = value_of(leaf.term, seen)
    if is_blank(value):
        return _blank([leaf.term], seen)
    if words_of(value) & set(leaf.is_):
        return ()
    wanted = "或".join(f"“{_label(leaf.term, code, seen)}”" for code in leaf.is_)
    return (f"{called(leaf.term, seen)}现为“{told(leaf.term, seen)}”，须为{wanted}",)


def _label(term: Term, code: str, seen: Circumstances) -> str:
    question = field_of(term, seen.case)
    truths = {"true": "是", "false": "否"}
    if question is None or question.type is FieldType.YES_NO:
        return truths.get(code, code)
    return question.label_of(code)


def _earlier(leaf: Earlier, seen: Circumstances) -> Reasons:
    first, second = (as_day(value_of(term, seen)) for term in (leaf.earlier, leaf.than))
    if first is None or second is None:
        terms = [term for term, day in ((leaf.earlier, first), (leaf.than, second)) if day is None]
        return (f"{BLANK}{BETWEEN.join(called(term, seen) for term in terms)}",)
    both = f"{_dated(leaf.earlier, seen)}，{_dated(leaf.than, seen)}"
    if first > second or (first == second and not leaf.or_same):
        return (f"{both}；前者须早于{'或等于' if leaf.or_same else ''}后者",)
    if leaf.working_days is None:
        return ()
    wanted, apart = value_of(leaf.working_days, seen), between(first, second)
    if not _is_number(wanted):
        return _blank([leaf.working_days], seen)
    if apart >= wanted:
        return ()
    unsure = caution(first, second)
    said = f"{both}；相距{apart}个工作日，须不少于{plain(wanted)}个工作日"
    return (f"{said}（{unsure}）" if unsure else said,)


def _dated(term: Term, seen: Circumstances) -> str:
    return f"{called(term, seen)}为{plain(value_of(term, seen))}"


def _number(leaf: Number, seen: Circumstances) -> Reasons:
    number = value_of(leaf.number, seen)
    if not _is_number(number):
        return (f"{BLANK}{called(leaf.number, seen)}",)
    return tuple(
        why for name, bound in leaf.bounds.items() if (why := _beyond(leaf, name, bound, seen))
    )


def _beyond(leaf: Number, name: str, bound: Term, seen: Circumstances) -> str | None:
    compare, words = _BOUNDS[name]
    limit = value_of(bound, seen)
    if not _is_number(limit):
        return f"{BLANK}{called(bound, seen)}"
    if compare(value_of(leaf.number, seen), limit):
        return None
    return f"{called(leaf.number, seen)}现为{told(leaf.number, seen)}，须{words}{told(bound, seen)}"


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _none_in(leaf: NoneIn, seen: Circumstances) -> Reasons:
    culprits = value_of(leaf.none_in, seen)
    if culprits is None:
        return (f"资料不足，尚不能判断有无“{called(leaf.none_in, seen)}”",)
    return (f"{called(leaf.none_in, seen)}：{plain(culprits)}",) if culprits else ()


def _same(leaf: Same, seen: Circumstances) -> Reasons:
    if missing := _blank((leaf.same, leaf.as_), seen):
        return missing
    mine, other = value_of(leaf.same, seen), value_of(leaf.as_, seen)
    if mine == other:
        return ()
    return (
        f"{called(leaf.same, seen)}为“{told(leaf.same, seen)}”，"
        f"{called(leaf.as_, seen)}为“{told(leaf.as_, seen)}”，两者须一致",
    )


_OF_TERMS: Mapping[type, Callable[[Any, Circumstances], Reasons]] = {
    Filled: _filled,
    IsOneOf: _is,
    Earlier: _earlier,
    Number: _number,
    NoneIn: _none_in,
    Same: _same,
}
