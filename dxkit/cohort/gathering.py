"""How a folder of cases becomes a table: what has not changed comes from the cache of last time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dxkit.assessment.logic import UNKNOWN
from dxkit.case import list_folders
from dxkit.case.storage import digest_of
from dxkit.cohort import storage
from dxkit.cohort.building import table_of
from dxkit.cohort.reading import Progress, Read, read_all
from dxkit.cohort.table import Table, joined
from dxkit.definitions import Definitions
from dxkit.errors import ParameterError, Problem, os_problem


@dataclass(frozen=True)
class Unread:
    """A case that could not be read; nothing of it is known, so it counts where one year is all."""

    id: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Repeated:
    """A second case of one enterprise and year, which is left out so that none counts twice."""

    id: str
    of: str
    key: str
    year: int


@dataclass(frozen=True)
class Gathered:
    """The table of a folder, and all that there is to say about how it came about."""

    table: Table
    folder: Path = Path()
    unread: tuple[Unread, ...] = ()
    repeated: tuple[Repeated, ...] = ()
    from_cache: int = 0
    notes: tuple[str, ...] = ()

    @property
    def undated(self) -> tuple[Unread, ...]:
        """Return the cases that count to no year: of several nobody knows which is theirs."""
        return self.unread if len(self.table.years) > 1 else ()


def gather(
    folder: Path,
    definitions: Definitions,
    cache: Path | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Gathered:
    """Return the table of all cases in a folder, by their ids.

    A case is read again unless a case of that id with the very same bytes is in the cache; times
    and sizes of files are not trusted. The cache holds what the cases say and is as confidential.

    Args:
        folder: holds a folder for each case.
        definitions: what cases are read and assessed by.
        cache: a Parquet file, made or made anew as needed; None keeps nothing.
        jobs: how many processes read; by default as many as pay.
        progress: called after each case that is read.

    Raises:
        ParameterError: if there is no such folder, or no case in it.
    """
    folders = _folders(folder)
    kept, notes, ours = _kept(cache, definitions)
    known = {(i, d): n for n, (i, d) in enumerate(zip(kept.ids, kept.digests, strict=True))}
    found = [known.get((each.name, _digest(each))) for each in folders]
    changed = [each for each, place in zip(folders, found, strict=True) if place is None]
    read = read_all(changed, definitions, jobs, progress)
    fresh = table_of([each.row for each in read], definitions)
    places = np.array([place for place in found if place is not None], dtype=np.intp)
    table = _in_order(joined([kept.take(places), fresh]))
    if cache is not None and ours and (changed or len(places) != kept.size):
        notes += tuple(_save(table.take(table.read), cache))
    repeated = tuple(_repeated(table))
    once = table.take(~np.isin(table.ids, [each.id for each in repeated]))
    return Gathered(once, folder, tuple(_unread(read)), repeated, len(places), notes)


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise ParameterError(Problem(str(folder), "", "没有这个文件夹", "存放各企业文件夹的文件夹"))
    folders = list_folders(folder)
    if not folders:
        expected = "其中每家企业一个文件夹，内有 case.yaml"
        raise ParameterError(Problem(str(folder), "", "没有企业", expected))
    return folders


def _digest(folder: Path) -> str:
    """Return the digest of a case as it now is; none if it cannot be read, which reading tells."""
    try:
        return digest_of(folder)
    except OSError:
        return ""


def _kept(cache: Path | None, definitions: Definitions) -> tuple[Table, tuple[str, ...], bool]:
    """Return what is in the cache, what there is to say about it, and whether it may be written."""
    nothing = table_of([], definitions)
    if cache is None or not cache.exists():
        return nothing, (), True
    try:
        return storage.read(cache, definitions), (), True
    except storage.Foreign as exc:
        return nothing, (f"{cache} {exc}，没有动它，也没有留缓存。",), False
    except storage.Unfit as exc:
        return nothing, (f"缓存 {cache} {exc}，已不用，全部重读。",), True


def _save(table: Table, cache: Path) -> Iterator[str]:
    try:
        storage.save(table, cache)
    except OSError as exc:
        yield f"缓存没有写成，下次仍须全部重读，结果不受影响：{os_problem(exc)}"


def _in_order(table: Table) -> Table:
    return table.take(np.argsort(table.ids.astype(str), kind="stable"))


def _unread(read: list[Read]) -> Iterator[Unread]:
    yield from (Unread(each.row.id, each.problems) for each in read if each.problems)


def _repeated(table: Table) -> Iterator[Repeated]:
    """Yield all cases of an enterprise and year but the one that tells most, of those the first."""
    told = np.sum([each.state != UNKNOWN for each in table.columns.values()], axis=0)
    same: dict[tuple[str, int], list[int]] = {}
    for place, (key, year) in enumerate(zip(table.named, table.counted_year, strict=True)):
        same.setdefault((key, int(year)), []).append(place)
    for (key, year), places in same.items():
        if len(places) > 1:
            best = max(places, key=lambda place: (told[place], -place))
            for place in places:
                if place != best:
                    yield Repeated(str(table.ids[place]), str(table.ids[best]), key, year)
