"""Whether the results of a region are as they were made: files, counts, contents of workbooks."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from dxkit.errors import ParameterError, Problem
from dxkit.region.verifying import SEALED, seal_of, verify_workbook
from dxkit.region.writing import CHECKSUMS, Listed, digest_of, listed_in

_WORKBOOK, _TABLE = ".xlsx", ".csv"


@dataclass(frozen=True)
class Checked:
    """What is no longer as it was made, and what is to be known though nothing was altered."""

    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def check(place: Path) -> Checked:
    """Check a folder of results by its list of counts and checksums, or one workbook by itself.

    Raises:
        ParameterError: if the folder has no such list, or the file is no workbook of the region.
    """
    if place.suffix == _WORKBOOK and place.is_file():
        return Checked(tuple(verify_workbook(place)))
    known = listed_in(place)
    if not known:
        expected = f"dxkit region 写出的文件夹，内有 {CHECKSUMS}；或者一个 Excel 工作簿"
        raise ParameterError(Problem(str(place), "", "没有校验清单", expected))
    each = [_check(place / name, listed) for name, listed in known.items()]
    return Checked(
        tuple(problem for one in each for problem in one.problems),
        tuple(note for one in each for note in one.notes),
    )


def _check(path: Path, listed: Listed) -> Checked:
    if not path.is_file():
        return Checked((Problem(str(path), "", "文件不见了", "清单所列的文件"),))
    if digest_of(path) == listed.digest:
        return Checked()
    if path.suffix == _WORKBOOK:
        return _resaved(path, listed)
    found = "内容与生成时不同"
    if path.suffix == _TABLE and (counted := _rows(path)) not in (listed.rows, None):
        told = f"{found}，有 {counted} 行数据"
        return Checked((Problem(str(path), "", told, f"{listed.rows} 行"),))
    return Checked((Problem(str(path), "", found, listed.digest),))


def _resaved(path: Path, listed: Listed) -> Checked:
    """Say what a workbook of other bytes lacks; an office program writes others for the same.

    One that is whole may still be that of another run, which its first sheet's checksum tells.
    """
    try:
        problems = tuple(verify_workbook(path))
    except ParameterError as exc:
        return Checked(exc.problems)
    if problems:
        return Checked(problems)
    if SEALED + seal_of(path) not in listed.about:
        found = "各表自身完整，但不是清单所列的那一次结果"
        return Checked((Problem(str(path), "", found, listed.about),))
    words = "由别的程序另存过；逐表核对，各表的行数和内容与生成时一致。"
    return Checked(notes=(f"{path} {words}",))


def _rows(path: Path) -> int | None:
    """Return how many rows of data a file has; None if it is no such table any more."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return max(sum(1 for _ in csv.reader(stream)) - 1, 0)
    except (ValueError, csv.Error):
        return None
