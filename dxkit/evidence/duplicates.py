"""Files that came in twice, within a case or in several: same bytes, or pictures much alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dxkit.case import Case, list_folders, open_case
from dxkit.case.stores import FILE as CASE_FILE
from dxkit.case.stores import RESTRICTED
from dxkit.definitions import Definitions
from dxkit.errors import CaseError, Problem
from dxkit.evidence import likeness, photographs
from dxkit.evidence.kept import THUMBNAILS, Item, items
from dxkit.evidence.kinds import PICTURES


@dataclass(frozen=True, order=True)
class Spot:
    """A file of a case: the case's id, the number of the row and the file's place."""

    case: str
    number: str
    file: str


@dataclass(frozen=True)
class Likeness:
    """Files that are the same (`apart` is None), or two pictures that differ in few bits."""

    spots: tuple[Spot, ...]
    apart: int | None = None


@dataclass(frozen=True)
class Search:
    """What a search through cases found, and the cases that could not be read."""

    found: list[Likeness]
    unread: list[Problem]
    left_out: int = 0
    """How many cases could not be read."""


def duplicates(
    folders: Sequence[Path],
    definitions: Definitions | None = None,
    progress: Callable[[], None] | None = None,
) -> Search:
    """Compare all files of some cases; `progress` is called once for each case."""
    hashes: dict[Spot, str] = {}
    pictures: dict[Spot, int] = {}
    unread: list[Problem] = []
    left_out = 0
    for folder in folders:
        try:
            _gather(open_case(folder, definitions), hashes, pictures)
        except CaseError as exc:
            unread += exc.problems
            left_out += 1
        if progress:
            progress()
    return Search([*_same(hashes), *_alike(pictures, hashes)], unread, left_out)


def elsewhere(folder: Path, sha256: str, definitions: Definitions | None = None) -> list[Spot]:
    """Return where the cases beside one have the same bytes; a case is opened only on a hit.

    A case that cannot be read tells nothing.
    """
    return [
        Spot(other.name, item.number, str(item.file))
        for other in list_folders(folder.parent)
        if other.name != folder.name and _mentions(other, sha256)
        for item in _items_of(other, definitions)
        if item.sha256 == sha256
    ]


def _mentions(folder: Path, sha256: str) -> bool:
    files = (store / CASE_FILE for store in (folder, folder / RESTRICTED))
    with suppress(OSError):
        return any(file.is_file() and sha256.encode() in file.read_bytes() for file in files)
    return False


def _items_of(folder: Path, definitions: Definitions | None) -> list[Item]:
    try:
        return items(open_case(folder, definitions))
    except (CaseError, OSError):
        return []


def pictures_of(case: Case) -> dict[str, int]:
    """Return the fingerprints of a case's pictures by the number of their rows."""
    pictures: dict[Spot, int] = {}
    _gather(case, {}, pictures)
    return {spot.number: value for spot, value in pictures.items()}


def thumbnail_of(item: Item) -> str | None:
    """Return where the small copy of a row's picture stands, None if it has no file."""
    if item.file is None:
        return None
    file = PurePosixPath(item.file)
    return str(file.parent / THUMBNAILS / f"{file.stem}.jpg")


def _gather(case: Case, hashes: dict[Spot, str], pictures: dict[Spot, int]) -> None:
    for item in items(case):
        if item.file is None:
            continue
        spot = Spot(case.id, item.number, item.file)
        if item.sha256:
            hashes[spot] = item.sha256
        if (value := _fingerprint(case.folder, item)) is not None:
            pictures[spot] = value


def _fingerprint(folder: Path, item: Item) -> int | None:
    """Look at the small copy, which is quick; at the picture itself only where there is none."""
    small, large = thumbnail_of(item), item.file or ""
    if small and (folder / small).is_file():
        return photographs.fingerprint(folder / small)
    picture = PurePosixPath(large).suffix.lstrip(".").lower() in PICTURES
    return photographs.fingerprint(folder / large) if picture else None


def _same(hashes: dict[Spot, str]) -> list[Likeness]:
    groups = (sorted(group) for group in likeness.same(hashes))
    return [
        Likeness(tuple(group)) for group in groups if len({(s.case, s.file) for s in group}) > 1
    ]


def _alike(pictures: dict[Spot, int], hashes: dict[Spot, str]) -> list[Likeness]:
    return [
        Likeness((one, other), distance)
        for one, other, distance in likeness.alike(pictures)
        if hashes.get(one) != hashes.get(other)
    ]
