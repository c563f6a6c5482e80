"""One enterprise on disk: answers, evidence and journal; the only room that writes there."""

from dxkit.case.answers import Answer
from dxkit.case.folder import Case, create, list_folders, locate, open_case, place_for
from dxkit.case.writer import Writer, writing

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
