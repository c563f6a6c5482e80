"""The facts of the self-check before a report is issued, drawn from those about what was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from dxkit.facts import self_check
from dxkit.facts.catalogue.fact import Fact, defined, fact
from dxkit.facts.catalogue.findings import FINDINGS
from dxkit.facts.view import View

_JUDGES: Mapping[str, Callable[[View], Any]] = {
    name: each.compute for name, each in FINDINGS.items()
}
CHECKING: Mapping[str, Fact] = {
    "self_check_modes": defined("检查方式", self_check.self_check_modes),
    "self_check_consequences": defined("不合格的后果", self_check.self_check_consequences),
    **{
        name: fact(label, partial(judge, _JUDGES))
        for name, label, judge in (
            ("self_check_verdicts", "系统判定", self_check.self_check_verdicts),
            (
                "self_check_open_blocks",
                "自检未通过且不得放行的项目",
                self_check.self_check_open_blocks,
            ),
            (
                "self_check_open_warnings",
                "自检未通过而只作提醒的项目",
                self_check.self_check_open_warnings,
            ),
            (
                "self_check_contradictions",
                "人工填写与系统判定不一致的自检项目",
                self_check.self_check_contradictions,
            ),
            (
                "self_check_notes_missing",
                "不合格或不适用而没有说明的自检项目",
                self_check.self_check_notes_missing,
            ),
        )
    },
}
