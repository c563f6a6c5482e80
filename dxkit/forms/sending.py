"""Write forms into files: each whole or not at all, and never over one that is there."""

from __future__ import annotations

import glob
import os
import tempfile
from pathlib import Path
from typing import Literal

from dxkit.case import Case
from dxkit.definitions import Definitions
from dxkit.errors import ExportError, FormError, Problem, os_problem
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


def refuse_existing(targets: list[Path], force: bool) -> None:
    """Refuse to write over files, naming each one that is there.

    Raises:
        FormError: if a file is there and its loss was not asked for.
    """
    if force:
        return
    there = [target for target in targets if target.exists()]
    if there:
        raise FormError(
            Problem(str(each), "--out", "已经存在", "换一个文件名，或加 --force 覆盖")
            for each in there
        )


def write_whole(target: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        ExportError: if the system refuses.
    """
    half = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for left in target.parent.glob(f".{glob.escape(target.name)}.*.part"):
            left.unlink(missing_ok=True)  # of an export that was killed
        handle, name = tempfile.mkstemp(".part", f".{target.name}.", target.parent)
        half = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        half.chmod(0o644)
        half.replace(target)
    except OSError as exc:
        raise ExportError(os_problem(exc)) from exc
    finally:
        if half is not None:
            half.unlink(missing_ok=True)
