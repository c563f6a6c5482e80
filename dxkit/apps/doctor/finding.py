"""What one check found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """A check's name, whether it passed, what was found, and what to do if it did not."""

    name: str
    passed: bool | None
    """None where it is good to know and keeps nobody from working."""
    words: str
    mend: str = ""


def good(name: str, words: str) -> Finding:
    """Return a check that passed."""
    return Finding(name, True, words)


def bad(name: str, words: str, mend: str) -> Finding:
    """Return a check that failed."""
    return Finding(name, False, words, mend)


def note(name: str, words: str, mend: str = "") -> Finding:
    """Return something good to know."""
    return Finding(name, None, words, mend)
