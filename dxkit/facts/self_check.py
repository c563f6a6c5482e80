"""The self-check before a report is issued: its automatic items judged, its manual ones read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dxkit.facts.view import Culprits, Value, View
from dxkit.models.seeds import SelfCheck

Judge = Callable[[View], Value]
PASSED, NOT_CONCERNED = "pass", "not_applicable"


def self_check_open_blocks(facts: Mapping[str, Judge], view: View) -> Culprits:
    """Name the items that stop the report: automatic ones by their facts, the others by hand."""
    labels = {row.code: row.label for row in view.grid("annex_1", "result").rows}
    checks = (each for each in view.definitions.seeds.self_checks if each.on_failure == "block")
    return tuple(
        f"第{int(each.item[1:])}项 {labels[each.item]}"
        for each in checks
        if not _passes(each, facts, view)
    )


def _passes(check: SelfCheck, facts: Mapping[str, Judge], view: View) -> bool:
    if check.fact is not None:
        return facts[check.fact](view) == ()
    result = (view.value("annex_1", "result") or {}).get(check.item)
    note = (view.value("annex_1", "note") or {}).get(check.item)
    return bool(result == PASSED or (result == NOT_CONCERNED and note))
