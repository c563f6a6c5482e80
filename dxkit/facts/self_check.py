"""The self-check before a report is issued: what each item comes to, by the system and by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Literal

from dxkit.definitions import Definitions
from dxkit.facts.view import Culprits, Value, View
from dxkit.models.lifecycle import Severity
from dxkit.models.seeds import SelfCheck

Judge = Callable[[View], Value]

PASSED, FAILED, NOT_CONCERNED = "pass", "fail", "not_applicable"
MODES: Mapping[Literal["automatic", "manual"], str] = {"automatic": "自动", "manual": "人工"}
CONSEQUENCES: Mapping[Severity, str] = {
    "block": "阻断",
    "block_unless_overridden": "须写明理由",
    "warn": "提醒",
}
GOOD, BAD, UNDECIDED, BY_HAND = "合格", "不合格", "尚不能判断", "人工核对"


@dataclass(frozen=True)
class _Item:
    """One item as it stands: its definition, how the system looks at it, what people wrote."""

    check: SelfCheck
    name: str
    judge: Callable[[], Value] | None
    result: str | None
    result_label: str
    note: str

    @property
    def is_automatic(self) -> bool:
        return self.check.mode == "automatic"

    @cached_property
    def faults(self) -> Culprits:
        """Return what the system finds wrong; None if it cannot tell, or leaves it to people.

        It is worked out only when it is asked for, as most of these facts read the whole case.
        """
        found = self.judge() if self.judge is not None else None
        return found if isinstance(found, tuple) else None

    @property
    def lacks_note(self) -> bool:
        """Tell whether a result that must be explained is not."""
        return self.result in (FAILED, NOT_CONCERNED) and not self.note

    @property
    def why_open(self) -> str:
        """Say why the item has not passed; empty if it has, or is said not to be concerned."""
        if self.is_automatic:
            return UNDECIDED if self.faults is None else "；".join(self.faults)
        if self.result == FAILED:
            return f"{BAD}：{self.note}" if self.note else BAD
        return "" if self.result else "尚未填写结果"


def self_check_modes(definitions: Definitions) -> Value:
    """Return for each item whether the system judges it or people do."""
    return {each.item: MODES[each.mode] for each in definitions.seeds.self_checks}


def self_check_consequences(definitions: Definitions) -> Value:
    """Return for each item what follows if it does not pass."""
    return {each.item: CONSEQUENCES[each.on_failure] for each in definitions.seeds.self_checks}


def self_check_verdicts(facts: Mapping[str, Judge], view: View) -> Value:
    """Return for each item what the system finds: the first fault and how many there are."""
    return {each.check.item: _verdict(each) for each in _items(facts, view)}


def self_check_open_blocks(facts: Mapping[str, Judge], view: View) -> Culprits:
    """Name the items that stop the report, each with what is wrong.

    A manual one that is said not to be concerned stops it too while no reason is given.
    """
    stopping = (each for each in _items(facts, view) if each.check.on_failure == "block")
    return tuple(f"{each.name}（{why}）" for each in stopping if (why := _why_stopping(each)))


def self_check_open_warnings(facts: Mapping[str, Judge], view: View) -> Culprits:
    """Name the items that do not stop the report but have not passed, each with what is wrong."""
    telling = (each for each in _items(facts, view) if each.check.on_failure == "warn")
    return tuple(f"{each.name}（{each.why_open}）" for each in telling if each.why_open)


def self_check_contradictions(facts: Mapping[str, Judge], view: View) -> Culprits:
    """Name the automatic items for which people wrote otherwise than the system finds."""
    return tuple(
        f"{each.name}（填写“{each.result_label}”，系统判定{BAD if each.faults else GOOD}）"
        for each in _items(facts, view)
        if _is_contradicted(each)
    )


def self_check_notes_missing(facts: Mapping[str, Judge], view: View) -> Culprits:
    """Name the items said to have failed or not to be concerned without a word on why.

    Those that stop the report for it are told by what stops it.
    """
    return tuple(
        f"{each.name}（填写“{each.result_label}”）"
        for each in _items(facts, view)
        if each.lacks_note and (each.is_automatic or each.check.on_failure != "block")
    )


def _items(facts: Mapping[str, Judge], view: View) -> Iterator[_Item]:
    grid = view.grid("annex_1", "result")
    labels = {row.code: row.label for row in grid.rows}
    choices = next(column for column in grid.columns if column.key == "result")
    results, notes = (view.value("annex_1", key) or {} for key in ("result", "note"))
    for check in view.definitions.seeds.self_checks:
        result = results.get(check.item)
        yield _Item(
            check=check,
            name=f"第{int(check.item[1:])}项 {labels[check.item]}",
            judge=partial(facts[check.fact], view) if check.fact else None,
            result=result,
            result_label=choices.label_of(result),
            note=str(notes.get(check.item) or "").strip(),
        )


def _verdict(item: _Item) -> str:
    if not item.is_automatic:
        return BY_HAND
    if item.faults is None:
        return UNDECIDED
    if not item.faults:
        return GOOD
    several = f"等{len(item.faults)}项" if len(item.faults) > 1 else ""
    return f"{BAD}：{item.faults[0]}{several}"


def _why_stopping(item: _Item) -> str:
    by_hand = item.lacks_note and not item.is_automatic
    lacking = f"填写“{item.result_label}”而没有说明" if by_hand else ""
    return lacking or item.why_open


def _is_contradicted(item: _Item) -> bool:
    if not item.is_automatic or item.result is None or item.faults is None:
        return False
    return (item.result == FAILED) == (item.faults == ())
