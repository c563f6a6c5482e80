"""What keeps a step from being taken besides its rules: a wrong clock, a freeze, nothing new."""

from __future__ import annotations

from collections.abc import Iterator

from dxkit.case.words import chinese_date
from dxkit.errors import CaseError, Problem
from dxkit.lifecycle.history import day_of, rows_of
from dxkit.lifecycle.past import changed_since_frozen
from dxkit.lifecycle.terms import Circumstances
from dxkit.lifecycle.versions import is_corrected
from dxkit.models.lifecycle import Transition


def obstacles(transition: Transition, seen: Circumstances) -> tuple[Problem, ...]:
    """Return what keeps a step from being taken that no rule asks for and nobody may let pass."""
    try:
        issuing = tuple(_against_issue(transition, seen)) if transition.issues else ()
    except CaseError as exc:
        issuing = exc.problems
    return (*_too_early(transition, seen), *issuing)


def _too_early(transition: Transition, seen: Circumstances) -> Iterator[Problem]:
    """Yield that the last step is of a later day: a step now could not be true beside it."""
    rows = rows_of(seen.case, "history")
    last = day_of(rows[-1]) if rows else None
    if last is not None and last > seen.today:
        today, before = (chinese_date(day.isoformat()) for day in (seen.today, last))
        found = f"今天是{today}，上一步办理于{before}"
        yield Problem(seen.case.id, transition.title, found, "先核对计算机的日期")


def _against_issue(transition: Transition, seen: Circumstances) -> Iterator[Problem]:
    case, title = seen.case, transition.title
    if changed := changed_since_frozen(case):
        found = f"冻结之后又有改动：{'、'.join(changed)}"
        freezing = next(each for each in case.definitions.transitions.values() if each.freezes)
        expected = f"先重新冻结取值（dxkit advance --to {freezing.id}），再发布报告"
        yield Problem(case.id, title, found, expected)
    if (issued := rows_of(case, "issues")) and not is_corrected(case):
        found = f"与已经发布的 {issued[-1].get('version')} 没有不同"
        expected = "先更正有误的内容，或在附件2写明更正说明，再发布新版本"
        yield Problem(case.id, title, found, expected)
