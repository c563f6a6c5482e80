"""What an issued report shows that may no longer leave the case: marked secret or refused since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dxkit.case import Case
from dxkit.case.past import content_at
from dxkit.evidence.secrecy import leaving, staying

Row = Mapping[str, Any]


def exposed(case: Case, issue: Row) -> list[tuple[str, str]]:
    """Return number and reason of each paper or picture that a version shows and that stays now.

    Args:
        case: the case as it is now.
        issue: the row that tells of the version and of the journal entry it was issued at.

    Raises:
        CaseError: if the journal no longer reaches that far.
    """
    position, version = issue.get("journal_n"), str(issue.get("version") or "")
    if not position:
        return []
    then = replace(case, data=content_at(case, int(position), version))
    shown = {item.number for item in leaving(then)}
    return [(item.number, why) for item, why in staying(case) if item.number in shown]
