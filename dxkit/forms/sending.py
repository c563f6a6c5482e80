"""Write forms into files: whole or not at all, never over one that is there or into a case."""

from __future__ import annotations

import glob
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

from dxkit.case import Case, case_around
from dxkit.definitions import Definitions
from dxkit.errors import ExportError, ParameterError, Problem, os_problem
from dxkit.forms.excel import write_form
from dxkit.forms.paper.layout import form_of
from dxkit.forms.returned import Stamp
from dxkit.forms.word.write import word_bytes
from dxkit.models.annex import Annex

Printed = Literal["docx", "xlsx"]


def form_bytes(
    annex: Annex,
    definitions: Definitions,
    case: Case | None,
    stamp: Stamp,
    kind: Printed,
    office: bool = False,
) -> bytes:
    """Return a form as a file's content; what is blank about it the stamp tells.

    An Excel form for the `office` has the sections, too, that never go out.

    Raises:
        FormError: if a text is longer than the format can hold.
        ExportError: if the styles of the Word form cannot be read.
    """
    if kind == "xlsx":
        return write_form(annex, definitions, case, stamp, office)
    return word_bytes(form_of(case, annex, definitions, stamp, blank=stamp.blank))


def file_name(annex: Annex, blank: bool, kind: Printed) -> str:
    """Return what the file of a form is called in a folder of several."""
    return f"{annex.id}{'-blank' if blank else ''}.{kind}"


def refuse_targets(targets: Sequence[Path], kinds: Sequence[str], force: bool = False) -> None:
    """Refuse to write files where they would do harm, naming each one with the reason.

    Args:
        targets: the files to be written.
        kinds: the endings one of which their names must have, without the dot.
        force: whether files that are there may be written over.

    Raises:
        ParameterError: if one has another ending, lies in a case, cannot be made or is there.
    """
    problems = [
        Problem(str(target), "--out", *wrong)
        for target in targets
        if (wrong := _unfit(target, kinds, force))
    ]
    if problems:
        raise ParameterError(dict.fromkeys(problems))


def _unfit(target: Path, kinds: Sequence[str], force: bool) -> tuple[str, str] | None:
    if target.suffix.lower().removeprefix(".") not in kinds:
        endings = "或 ".join(f".{kind} " for kind in kinds)
        return target.suffix or "没有后缀", f"以 {endings}结尾的文件名"
    try:
        return _wrong_place(target, force)
    except OSError as exc:
        problem = os_problem(exc)
        return problem.found, problem.expected


def _wrong_place(target: Path, force: bool) -> tuple[str, str] | None:
    if case_around(target) is not None:
        return "在企业文件夹之内", "企业文件夹之外的文件名"
    if target.is_dir():
        return "是文件夹", "一个文件"
    if not force and (target.exists() or target.is_symlink()):
        return "已经存在", "换一个文件名，或加 --force 覆盖"
    there = next(each for each in target.absolute().parents if os.path.lexists(each))
    if not there.is_dir():
        return f"{there} 不是文件夹", "一个文件夹中的文件名"
    return None if os.access(there, os.W_OK) else (f"{there} 没有写入的权限", "可以写入的位置")


def write_whole(target: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        ExportError: if the system refuses.
    """
    write_all({target: content})


def write_all(contents: Mapping[Path, bytes]) -> None:
    """Write files, all of them whole or none at all.

    Raises:
        ExportError: if the system refuses, naming the file that could not be written.
    """
    halves: dict[Path, Path] = {}
    try:
        for target, content in contents.items():
            with _told(target):
                _put_beside(target, content, halves)
        _name_all(halves)
    finally:
        for half in halves.values():
            half.unlink(missing_ok=True)


def _put_beside(target: Path, content: bytes, halves: dict[Path, Path]) -> None:
    """Write a file under a name of its own beside its place, and note which."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in target.parent.glob(f".{glob.escape(target.name)}.*.part"):
        left.unlink(missing_ok=True)  # of an export that was killed
    handle, name = tempfile.mkstemp(".part", f".{target.name}.", target.parent)
    halves[target] = half = Path(name)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
    half.chmod(0o644)


def _name_all(halves: Mapping[Path, Path]) -> None:
    """Give finished files their names; if one cannot have its own, the new ones go again."""
    new: list[Path] = []
    try:
        for target, half in halves.items():
            fresh = not target.exists()
            with _told(target):
                half.replace(target)
            new += [target] if fresh else []
    except ExportError:
        for target in new:
            target.unlink(missing_ok=True)
        raise


@contextmanager
def _told(target: Path) -> Iterator[None]:
    """Say which file it is that the system refuses."""
    try:
        yield
    except OSError as exc:
        raise ExportError(replace(os_problem(exc), where=str(target))) from exc
