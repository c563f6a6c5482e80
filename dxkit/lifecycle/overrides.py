"""Which rules the leader let pass, for which reasons, and whether that can and still does hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dxkit.case import Case
from dxkit.case.answers import rows_matching
from dxkit.case.past import content_at
from dxkit.errors import CaseError
from dxkit.lifecycle.history import Row, rows_of
from dxkit.models.lifecycle import Rule

_GIVEN_AT = ("at", "who")


@dataclass(frozen=True)
class Override:
    """A rule that the leader of the group let pass at a step, with the reason in writing."""

    rule: str
    reason: str
    who: str
    at: str
    culprits: tuple[str, ...] | None = None
    """What it let pass; None if that was not recorded, so that it lets pass whatever there is."""

    def covers(self, culprits: Iterable[str]) -> bool:
        """Tell whether nothing else stands against the rule than what was let pass."""
        return self.culprits is None or set(culprits) <= set(self.culprits)


def overrides_of(case: Case) -> list[Override]:
    """Return the overrides of a case that hold, oldest first.

    One that no step can have written lets nothing pass, nor does one whose step was undone since.
    """
    rows = rows_of(case, "overrides")
    return [_told(row) for row in rows if not [*faults(case, row)] and not _is_undone(case, row)]


def is_let_pass(case: Case, rule: str, culprits: Sequence[str]) -> bool:
    """Tell whether everything that stands against a rule was let pass by one override."""
    return any(each.rule == rule and each.covers(culprits) for each in overrides_of(case))


def overriders(case: Case) -> list[str]:
    """Return the names of those who may override a rule in this case."""
    return _named_in(case.data, case)


def faults(case: Case, row: Row) -> Iterator[str]:
    """Yield why an override can have been written by no step of the course, in Chinese."""
    rule = case.definitions.rules.get(_text(row, "rule"))
    who, called = _text(row, "who"), case.definitions.lifecycle.overriders.called
    if rule is None:
        yield f"没有规则“{_text(row, 'rule')}”"
        return
    if not can_be_overridden(rule):
        yield f"{rule.id}是必须满足的规则，不能放行"
    if not _text(row, "reason"):
        yield f"放行{rule.id}没有写明理由"
    passage = _passage(case, row)
    if who not in overriders(case) and not (passage and who in _then(case, passage)):
        yield f"放行{rule.id}的“{who}”不是{called}"
    if passage is None:
        yield f"没有与放行{rule.id}同时办理的步骤"


def can_be_overridden(rule: Rule) -> bool:
    """Tell whether any part of a rule may be let pass, at least where a policy eases it."""
    parts = rule.requires
    return any(each.severity == "block_unless_overridden" or each.eased_by for each in parts)


def _told(row: Row) -> Override:
    culprits = row.get("culprits")
    return Override(
        _text(row, "rule"),
        _text(row, "reason"),
        _text(row, "who"),
        _text(row, "at"),
        None if culprits is None else tuple(map(str, culprits)),
    )


def _passage(case: Case, row: Row) -> Row | None:
    """Return the row of the history that an override was written with; None if there is none.

    They tell the same moment and the same person; those written since overrides tell their place
    in the journal have that in common too.
    """
    steps, place = case.definitions.transitions, row.get("journal_n")
    for each in rows_of(case, "history"):
        step = steps.get(str(each.get("transition")))
        if step is None or _text(row, "rule") not in step.rules:
            continue
        same = all(_text(row, key) == _text(each, key) for key in _GIVEN_AT)
        if same and place in (None, each.get("journal_n")):
            return each
    return None


def _is_undone(case: Case, row: Row) -> bool:
    """Tell whether the step that an override was given at was undone since."""
    steps, passage, behind = case.definitions.transitions, _passage(case, row), False
    for each in rows_of(case, "history"):
        step = steps.get(str(each.get("transition")))
        if behind and passage and step and passage.get("transition") in step.undoes:
            return True
        behind = behind or each is passage
    return False


def _then(case: Case, passage: Row) -> list[str]:
    """Return who might override when a step was taken, by the journal."""
    try:
        held = content_at(case, int(passage.get("journal_n") or 0), "")
    except CaseError:
        return []
    return _named_in(held, case)


def _named_in(data: Any, case: Case) -> list[str]:
    from_ = case.definitions.lifecycle.overriders
    annex_id, _, key = from_.table.partition(".")
    rows = rows_matching((data.get(annex_id) or {}).get(key), from_.where)
    return [str(row[from_.column]).strip() for row in rows if row.get(from_.column)]


def _text(row: Row, key: str) -> str:
    return str(row.get(key) or "").strip()
