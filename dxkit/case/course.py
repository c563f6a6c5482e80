"""What the record of the course tells whoever writes: steps that count, forms that are closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dxkit import strict_yaml
from dxkit.case.stores import FILE, belongs_to_case
from dxkit.definitions import COURSE, Definitions
from dxkit.errors import CaseError, LockedError, Problem

Row = Mapping[str, Any]
STEPS = f"{COURSE}.history"


def passed_in(rows: Iterable[Row], definitions: Definitions) -> dict[str, Row]:
    """Return the last row of every step that rows tell of and do not undo later, by its id."""
    counting: dict[str, Row] = {}
    for row in rows:
        step = definitions.transitions.get(str(row.get("transition")))
        if step is None:
            continue
        for undone in (*step.undoes, step.id):
            counting.pop(undone, None)
        counting[step.id] = row
    return counting


def closed_forms(data: Mapping[str, Any], definitions: Definitions) -> dict[str, str]:
    """Return the forms that may not be changed any more, each with the reason in Chinese.

    The record of the course itself is never closed: what happens to a closed case is noted there.
    """
    course = data.get(COURSE) or {}
    state = definitions.states.get(str(course.get("state")))
    if state is not None and state.locked:
        return dict.fromkeys(definitions.annexes.keys() - {COURSE}, f"案卷已{state.name}，不再改动")
    counting = passed_in(course.get("history") or [], definitions)
    steps = [definitions.transitions[name] for name in counting]
    return {form: f"已办理“{each.title}”，不再改动" for each in steps for form in each.locks}


def refuse_closed(
    folder: Path, data: Mapping[str, Any], paths: Sequence[str], definitions: Definitions
) -> None:
    """Refuse changes of closed forms, and files for a case that is closed as a whole.

    A step of the course changes what it has to: whatever it undoes it opens again.

    Args:
        folder: where is written, a case or its restricted store.
        data: what the store holds before the changes.
        paths: what is changed; nothing where only files come in.
        definitions: say which states and steps close forms.

    Raises:
        LockedError: with every closed form that would be changed.
    """
    if any(path == STEPS or path.startswith(f"{STEPS}.") for path in paths):
        return
    inside = belongs_to_case(folder)
    case = folder.parent if inside else folder
    known = strict_yaml.read(case / FILE, CaseError).data if inside else data
    closed = closed_forms(known, definitions)
    forms = dict.fromkeys(path.partition(".")[0] for path in paths)
    if not forms and len(closed) >= len(definitions.annexes) - 1:
        forms = dict.fromkeys([*closed][:1])
    expected = "确需更正报告的，先办理更正（dxkit advance --correct 理由）"
    problems = [
        Problem(case.name, definitions.annexes[form].mark, closed[form], expected)
        for form in forms
        if form in closed
    ]
    if problems:
        raise LockedError(problems)
