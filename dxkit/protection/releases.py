"""What was told before: every release with its answers, since nothing told can be taken back.

The register is as confidential as the cases, and stays with who keeps them.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout
from pydantic import ValidationError

from dxkit.errors import Problem, ProtectionError
from dxkit.models.shape import Shape, problems_of
from dxkit.protection.groups import Booleans, Groups, Key, Labels
from dxkit.protection.withholding import Asked

Numbers = npt.NDArray[np.float64]


class Release(Shape):
    """One release: who was in it, their answers, and of which groups figures were told."""

    sha256: str
    enterprises: dict[str, dict[str, tuple[str, ...]]]
    """What each enterprise is called in each dimension, by id."""
    answers: dict[str, dict[str, float]]
    """The answers that counted, by indicator and id."""
    told: dict[str, tuple[Key, ...]]
    """The groups told of, by indicator."""

    def renamed(self, names: Mapping[str, str]) -> Release:
        """Return the release with enterprises by the names they go by now.

        One enterprise under two names would pass for two, whose answers hide each other. A name
        that another enterprise of the release bears already is not given again.
        """
        taken = set(self.enterprises)
        new = {old: now for old, now in names.items() if old in taken and now not in taken}
        if not new:
            return self
        renamed = {new.get(one, one): labels for one, labels in self.enterprises.items()}
        answers = {
            indicator: {new.get(one, one): value for one, value in known.items()}
            for indicator, known in self.answers.items()
        }
        return self.model_copy(update={"enterprises": renamed, "answers": answers})

    def columns(self, indicator: str) -> tuple[list[str], Booleans]:
        """Return who counts in which figure told of an indicator."""
        ids = list(self.answers.get(indicator, {}))
        keys = self.told.get(indicator, ())
        counts = [[_stands_in(self.enterprises[each], key) for key in keys] for each in ids]
        return ids, np.array(counts, dtype=bool).reshape(len(ids), len(keys))


def _stands_in(labels: Labels, key: Key) -> bool:
    return all(label in labels.get(name, ()) for name, label in key)


def joined(
    ids: Sequence[str],
    groups: Groups,
    values: Numbers,
    is_rate: bool,
    indicator: str,
    earlier: Sequence[Release],
) -> Asked:
    """Return one indicator with what earlier releases told of it, a row per answer.

    An enterprise that answers as it did is one unknown in both releases; one that answers otherwise
    is two.

    Args:
        ids: the present enterprises, one per row of the groups.
        groups: their groups.
        values: their answers, NaN where there is none.
        is_rate: whether answers are rates and not yes (1) or no (0).
        indicator: which it is.
        earlier: the releases before.
    """
    rows: dict[tuple[str, float], int] = {}
    known = np.flatnonzero(~np.isnan(values)).tolist()
    for place in known:
        rows[(ids[place], round(float(values[place]), 9))] = len(rows)
    columns = []
    for release in earlier:
        there, counts = release.columns(indicator)
        places = [
            rows.setdefault((each, round(release.answers[indicator][each], 9)), len(rows))
            for each in there
        ]
        columns.append((places, counts))
    before = np.zeros((len(rows), 0), dtype=bool)
    for places, counts in columns:
        told = np.zeros((len(rows), counts.shape[1]), dtype=bool)
        told[places] = counts
        before = np.hstack([before, told])
    now = np.zeros((len(rows), len(groups.keys)), dtype=bool)
    now[: len(known)] = groups.counts[known]
    every = np.array([value for _, value in rows], dtype=float)
    return Asked(Groups(groups.keys, now), every, before, is_rate)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Keep a register to oneself from reading it until what is told is recorded.

    Two releases made at once would not know of each other, and could tell together what neither
    may tell after the other.

    Raises:
        ProtectionError: if another release is being made.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder.with_name(f".{folder.name}.lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        found, expected = "另一个对照包正在生成", "等它完成后再生成"
        raise ProtectionError(Problem(str(folder), "", found, expected)) from None
    try:
        yield
    finally:
        lock.release()


def read_register(folder: Path) -> list[Release]:
    """Return the releases of a register in the order of their names; none if there is no folder.

    Raises:
        ProtectionError: if a record cannot be read; without it nothing may be told.
    """
    if not folder.is_dir():
        return []
    return [_read(file) for file in sorted(folder.glob("*.json"))]


def _read(file: Path) -> Release:
    try:
        return Release.of(json.loads(file.read_text("utf-8")))
    except ValidationError as exc:
        raise ProtectionError(problems_of(exc, str(file))) from None
    except ValueError:
        problem = Problem(str(file), "", "读不出的发布记录", "本工具写下的发布记录（恢复备份）")
        raise ProtectionError(problem) from None


def record(folder: Path, name: str, release: Release) -> None:
    """Add a release to a register, whole or not at all; readable by its owner only."""
    folder.mkdir(parents=True, exist_ok=True)
    data: dict[str, Any] = release.model_dump(mode="json")
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            json.dump(data, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(folder / f"{name}.json")
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
