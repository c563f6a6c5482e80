"""Where an annex is written: in the case's own file, or apart in its restricted store."""

from __future__ import annotations

from pathlib import Path

from dxkit.case import journal
from dxkit.definitions import Definitions, load

FILE = "case.yaml"
RESTRICTED = "restricted"


def store_of(folder: Path, annex_id: str, definitions: Definitions | None = None) -> Path:
    """Return the folder in whose case file an annex of a case is written."""
    annex = (definitions or load()).annexes.get(annex_id)
    return folder / RESTRICTED if annex is not None and annex.restricted else folder


def is_restricted(folder: Path) -> bool:
    """Tell whether a folder is the restricted store of a case; no case may bear that name."""
    return folder.name == RESTRICTED


def is_begun(store: Path) -> bool:
    """Tell whether something was ever written into a case folder or a restricted store."""
    return (store / FILE).is_file() or (store / journal.NAME).is_file()


def belongs_to_case(store: Path) -> bool:
    """Tell whether a folder is where the restricted store of an existing case is, or would be."""
    return is_restricted(store) and (store.parent / FILE).is_file()
