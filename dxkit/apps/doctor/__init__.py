"""Whether everything is there for a workshop: one check a question, each with what to do."""

from __future__ import annotations

from collections.abc import Iterator

from dxkit.apps.doctor import machine, way
from dxkit.apps.doctor.finding import Finding

__all__ = ["Finding", "examine"]


def examine(link: str | None) -> Iterator[Finding]:
    """Yield what was found, one check after the other.

    Args:
        link: a participant's link, as it leads through a proxy; None to try a server of our own.
    """
    yield from machine.examine()
    yield from way.of(link) if link is not None else way.here()
