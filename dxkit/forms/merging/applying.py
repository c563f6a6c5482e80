"""Put what a returned form changes into the case: all of it in one step, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from dxkit.case import Change, store_of, writing
from dxkit.case.foretelling import refusals_of
from dxkit.errors import CaseError, FormError, Problem
from dxkit.forms.merging.cell_comparison import Item
from dxkit.forms.merging.comparison import AnswerMerge, Comparison
from dxkit.forms.merging.table_comparison import MergedRow, TableMerge
from dxkit.forms.record_parts import joined, parts_of
from dxkit.forms.written.parsing import as_on_a_form

Take = Literal["returned", "now"]


@dataclass(frozen=True)
class Choosing:
    """Which items are taken: of conflicts the returned or the present value, if one is named.

    `partial` takes what can be read and leaves the rest; without it nothing may be left.
    """

    take: Take | None = None
    partial: bool = False

    def takes(self, item: Item) -> bool:
        """Tell whether an item is put into the case."""
        if item.outcome == "conflict":
            return self.take == "returned"
        return item.outcome in ("new", "deletion")

    def hindrances(self, comparison: Comparison) -> list[Problem]:
        """Return what keeps everything from being applied: what is unreadable or in conflict."""
        if comparison.annex.kept_by_program and comparison.items:
            found = "由程序在办理时记载，不能用表单改写"
            return [Problem(comparison.annex.mark, "", found, "用 dxkit advance 办理")]
        if self.partial:
            return []
        refused = [_unreadable(item) for item in comparison.of("refused")]
        refused += [
            Problem(each.place, each.text, each.why) for each in comparison.remarks if each.answer
        ]
        unsolved = () if self.take else comparison.of("conflict")
        return [*refused, *(_unsolved(item) for item in unsolved)]


def changes_of(comparison: Comparison, choosing: Choosing) -> list[Change]:
    """Return the changes that the items taken come to, each based on what stands there now."""
    outcomes = (_outcome_of(merge, choosing) for merge in comparison.merges)
    return [Change(each.path, each.value, each.now) for each in outcomes if each.changed]


def misfits(comparison: Comparison, folder: Path, choosing: Choosing) -> list[Problem]:
    """Return why the case would refuse the changes as a whole, each with its cell; write nothing.

    Args:
        comparison: what a form would change.
        folder: the folder of the case.
        choosing: which of it is taken.
    """
    changes = changes_of(comparison, choosing)
    if not changes:
        return []
    definitions = comparison.definitions
    store = store_of(folder, comparison.annex.id, definitions)
    places = _places(comparison, choosing)
    return [_located(each, places) for each in refusals_of(store, changes, definitions)]


def apply(comparison: Comparison, folder: Path, who: str, choosing: Choosing) -> int:
    """Put the changes into the case and return how many fields and rows changed.

    Raises:
        FormError: with everything that is unreadable or in conflict, or that the case refuses
            as a whole, each with its cell; nothing is changed then.
        ConflictError: if the case changed since it was compared.
    """
    if problems := choosing.hindrances(comparison):
        raise FormError([*problems, *misfits(comparison, folder, choosing)])
    taken = [item for item in comparison.items if choosing.takes(item)]
    if not taken:
        return 0
    store = store_of(folder, comparison.annex.id)
    try:
        with writing(store, who) as writer:
            writer.apply(changes_of(comparison, choosing))
    except CaseError as exc:
        places = _places(comparison, choosing)
        raise FormError(_located(problem, places) for problem in exc.problems) from exc
    return len(taken)


def _places(comparison: Comparison, choosing: Choosing) -> dict[str, Item]:
    outcomes = (_outcome_of(merge, choosing) for merge in comparison.merges)
    return {path: item for each in outcomes for path, item in each.places.items()}


@dataclass(frozen=True)
class _Outcome:
    """What a field will hold, and which item each path in it comes from."""

    path: str
    now: Any
    value: Any
    places: Mapping[str, Item]

    @property
    def changed(self) -> bool:
        return bool(self.value != self.now)


def _outcome_of(merge: AnswerMerge | TableMerge, choosing: Choosing) -> _Outcome:
    if isinstance(merge, TableMerge):
        return _table(merge, choosing)
    taken = {part: item for part, item in merge.touched.items() if choosing.takes(item)}
    places = dict.fromkeys([merge.path], next(iter(taken.values()))) if taken else {}
    if "" in taken:
        return _Outcome(merge.path, merge.now, taken[""].value, places)
    if not taken:
        return _Outcome(merge.path, merge.now, merge.now, places)
    parts = {**parts_of(merge.now), **{part: item.value for part, item in taken.items()}}
    places |= {f"{merge.path}.{part}": item for part, item in taken.items()}
    return _Outcome(merge.path, merge.now, joined(parts), places)


def _table(merge: TableMerge, choosing: Choosing) -> _Outcome:
    rows: list[dict[str, Any]] = []
    places: dict[str, Item] = {}
    for row in merge.rows:
        if row.removal is not None and choosing.takes(row.removal):
            continue
        taken = {key: item for key, item in row.touched.items() if choosing.takes(item)}
        if row.now is None and not taken:
            continue
        rows.append(_row(row, taken))
        places |= {f"{merge.path}.{len(rows)}.{key}": item for key, item in taken.items()}
    unchanged = rows == (merge.now or [])
    return _Outcome(merge.path, merge.now, merge.now if unchanged else rows or None, places)


def _row(row: MergedRow, taken: Mapping[str, Item]) -> dict[str, Any]:
    if not taken:
        return dict(row.now or {})
    changed = {**(row.now or {}), **{key: item.value for key, item in taken.items()}}
    return {key: value for key, value in changed.items() if value is not None}


def _unreadable(item: Item) -> Problem:
    return Problem(item.place, item.label, item.found, item.expected)


def _unsolved(item: Item) -> Problem:
    found = f"发出时“{item.sent}”，退回“{item.returned}”，现为“{item.now}”"
    expected = "用 --take returned 取退回的，或 --take now 取现在的"
    return Problem(item.place, item.label, found, expected)


def _located(problem: Problem, places: Mapping[str, Item]) -> Problem:
    """Name the cell that a problem of the whole content comes from, where there is one."""
    path = problem.key.partition("（")[0]
    item = next((places[each] for each in _paths_up(path) if each in places), None)
    if item is None:
        return problem
    return Problem(item.place, item.label, problem.found, as_on_a_form(problem.expected))


def _paths_up(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition(".")[0]
