"""Values that a command is told for fields of a form, read as the forms read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from dxkit.errors import DxkitError, ParameterError, Problem

if TYPE_CHECKING:
    from dxkit.definitions import Definitions
    from dxkit.models.annex import Field

Told = Mapping[str, tuple[str, Any]]
"""What was told by the key of its field: the option and its value, None if it was not given."""


def read_told(
    told: Told, fields: Iterable[Field], definitions: Definitions
) -> tuple[dict[str, Any], list[Problem]]:
    """Return the values of the options that were given, by key, and a problem for each wrong one.

    A field that the form does not have keeps its value as it was told.
    """
    from dxkit.forms.written.parsing import parse

    known = {field.key: field for field in fields}
    values: dict[str, Any] = {}
    problems = []
    for key, (option, raw) in told.items():
        given = "、".join(raw) if isinstance(raw, list | tuple) else raw
        if given in (None, "") or key not in known:
            values[key] = raw
            continue
        parsed = parse(known[key], given, definitions)
        values[key] = parsed.value
        if not parsed.readable:
            problems.append(Problem(option, "", parsed.found, parsed.expected))
    return values, problems


def refuse_all(problems: Iterable[Problem], *checks: Callable[[], object]) -> None:
    """Refuse a call with everything that is wrong with it: what is known, and what checks find.

    Raises:
        ParameterError: with all problems.
    """
    found = [*problems]
    for check in checks:
        try:
            check()
        except DxkitError as exc:
            found += exc.problems
    if found:
        raise ParameterError(dict.fromkeys(found))
