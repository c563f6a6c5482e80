"""One enterprise on disk: answers, evidence and journal; the only room that writes there."""

from dxkit.case.answers import Answer
from dxkit.case.folder import (
    Case,
    Writer,
    create,
    list_folders,
    locate,
    open_case,
    place_for,
    writing,
)

__all__ = [
    "Answer",
    "Case",
    "Writer",
    "create",
    "list_folders",
    "locate",
    "open_case",
    "place_for",
    "writing",
]
