"""Whether changes could be written into a case, told without writing anything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dxkit.case.changes import Change, made
from dxkit.case.course import refuse_closed
from dxkit.case.storage import fit_text, read_content
from dxkit.case.stores import is_begun
from dxkit.definitions import Definitions
from dxkit.errors import CaseError, Problem


def refusals_of(
    folder: Path, changes: Sequence[Change], definitions: Definitions
) -> tuple[Problem, ...]:
    """Return every reason why a case, or its restricted store, would refuse changes."""
    begun = is_begun(folder) or (folder / "case.yaml").is_file()
    data = read_content(folder, definitions).data if begun else {}
    problems: list[Problem] = []
    try:
        changed = made(data, changes, definitions, folder.name)
        fit_text(changed.data, folder, definitions, data)
        paths = [step["path"] for step in changed.steps]
        if paths:
            refuse_closed(folder, data, paths, definitions)
    except CaseError as exc:
        problems += exc.problems
    return tuple(problems)
