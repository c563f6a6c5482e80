"""What must be there only once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from dxkit.errors import Problem


def repeated(file: str, place: str, values: Iterable[object]) -> Iterator[Problem]:
    """Yield each value that is there more than once."""
    for value, times in Counter(values).items():
        if times > 1:
            yield Problem(file, place, f"{value} 重复出现", "各不相同的值")
