"""What must be on file at each node of the work, and what of it a case lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dxkit.lifecycle.judging import shortfalls
from dxkit.lifecycle.outcomes import Reasons
from dxkit.lifecycle.terms import Circumstances
from dxkit.models.lifecycle import Checklist, Paper


@dataclass(frozen=True)
class Checked:
    """A checklist looked through on one case: each paper with what it lacks."""

    checklist: Checklist
    papers: tuple[tuple[Paper, Reasons], ...]

    @property
    def missing(self) -> int:
        """Count the papers that lack something."""
        return sum(bool(reasons) for _, reasons in self.papers)


def checklists(seen: Circumstances) -> list[Checked]:
    """Look through every checklist on a case."""
    return [
        Checked(each, tuple((paper, shortfalls(paper.needs, seen)) for paper in each.papers))
        for each in seen.case.definitions.lifecycle.checklists
    ]


def plain_checklists(checked: Sequence[Checked]) -> list[dict[str, Any]]:
    """Return checklists as plain data for other programs."""
    return [
        {
            "node": each.checklist.label,
            "papers": [
                {"says": paper.says, "on_file": not reasons, "reasons": list(reasons)}
                for paper, reasons in each.papers
            ],
            "prints": list(each.checklist.prints),
        }
        for each in checked
    ]
