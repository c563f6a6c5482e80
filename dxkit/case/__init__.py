"""One enterprise on disk: answers, evidence and journal; the only room that writes there."""

from dxkit.case.answers import Answer
from dxkit.case.changes import ANYTHING, Change
from dxkit.case.contested import Proposal, open_proposals
from dxkit.case.folder import (
    Case,
    case_around,
    create,
    list_folders,
    locate,
    look_at,
    open_case,
    place_for,
)
from dxkit.case.following import Follower
from dxkit.case.incoming import NewFile
from dxkit.case.stores import store_of
from dxkit.case.writer import Writer, writing

__all__ = [
    "ANYTHING",
    "Answer",
    "Case",
    "Change",
    "Follower",
    "NewFile",
    "Proposal",
    "Writer",
    "case_around",
    "create",
    "list_folders",
    "locate",
    "look_at",
    "open_case",
    "open_proposals",
    "place_for",
    "store_of",
    "writing",
]
