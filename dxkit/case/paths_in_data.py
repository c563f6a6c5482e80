"""How a dotted path such as `annex_6.levels.finance` leads to one field of a case's content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def get(data: Any, path: str) -> Any:
    """Return what stands at a path, None if nothing does; rows of a table count from 1."""
    for step in path.split(".") if path else ():
        if isinstance(data, Mapping):
            data = data.get(step)
        elif isinstance(data, list) and step.isdigit() and 0 < int(step) <= len(data):
            data = data[int(step) - 1]
        else:
            return None
    return data


def put(data: Any, path: str, value: Any) -> Any:
    """Return a copy with the value at the path; None removes a key or a row.

    Raises:
        LookupError: if the path leads through a single value or to a row that cannot be.
    """
    if not path:
        return value
    step, _, rest = path.partition(".")
    if isinstance(data, list):
        return _put_row(data, step, rest, value)
    if data is not None and not isinstance(data, Mapping):
        raise LookupError(path)
    changed = dict(data or {})
    new = put(changed.get(step), rest, value)
    if new is None:
        changed.pop(step, None)
    else:
        changed[step] = new
    return changed


def _put_row(rows: list[Any], step: str, rest: str, value: Any) -> list[Any]:
    """Change, add behind the last, or remove one row; rows count from 1."""
    if not step.isdecimal() or not 1 <= int(step) <= len(rows) + 1:
        raise LookupError(step)
    index = int(step) - 1
    new = put(rows[index] if index < len(rows) else None, rest, value)
    return [*rows[:index], *([] if new is None else [new]), *rows[index + 1 :]]


def differences(before: Any, after: Any, path: str = "") -> Iterator[dict[str, Any]]:
    """Yield every field that differs; a table counts as one field."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            inner = f"{path}.{key}" if path else str(key)
            yield from differences(before.get(key), after.get(key), inner)
    elif before != after:
        yield {"path": path, "from": before, "to": after}
