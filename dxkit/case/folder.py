"""One enterprise as a folder: finding it, opening it, setting one up."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from dxkit import paths
from dxkit.case import journal
from dxkit.case.answers import Answer, found_on_site, record_of, self_reported
from dxkit.case.storage import (
    all_of,
    fit_text,
    locked,
    read_content,
    settle,
    settle_store,
    sha256,
    write_part,
)
from dxkit.case.stores import FILE, RESTRICTED, is_begun
from dxkit.case.validation import FORMAT
from dxkit.definitions import Definitions, load
from dxkit.errors import CaseError, Problem

_NAME = re.compile(r"\w(?:[\w .\-]{0,78}[\w\-])?")
_NEW_NAME = re.compile(r"[\w-]+")
_NO_NAME = {
    RESTRICTED,
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10)),
}


@dataclass(frozen=True)
class Case:
    """The content of one case at one moment; it never changes under its reader."""

    folder: Path
    data: Mapping[str, Any]
    definitions: Definitions
    digest: str
    """SHA-256 of the case file as it was read, by which results name their input."""
    settled: bool = True
    """Whether what was edited by hand was taken into the journal when it was opened."""

    @property
    def id(self) -> str:
        """Return the folder's name, which is the case's id."""
        return self.folder.name

    @property
    def name(self) -> str:
        """Return the enterprise's full name, or the id while it is not known."""
        return str(self.annex("annex_3").get("enterprise_name") or self.id)

    def annex(self, annex_id: str) -> Mapping[str, Any]:
        """Return the answers of one annex as they stand in the file; empty if not begun."""
        return self.data.get(annex_id) or {}

    @property
    def members(self) -> tuple[Case, ...]:
        """Return the cases that this one speaks for: only a group of cases has others."""
        return (self,)

    @cached_property
    def restricted(self) -> Case | None:
        """Return the annexes that are kept apart, as a case of their own; None if there are none.

        Raises:
            CaseError: with every problem of that content.
        """
        store = self.folder / RESTRICTED
        if not is_begun(store):
            return None
        return (open_case if self.settled else look_at)(store, self.definitions)

    def beside(self, restricted: Case) -> Case:
        """Return the same content with what is kept apart as it was just read."""
        same = replace(self)
        vars(same)["restricted"] = restricted
        return same

    @property
    def edition_doubt(self) -> str | None:
        """Return what is odd about the edition that the case was filled in by; None if nothing."""
        told = self.data.get("edition")
        if told in (None, self.definitions.edition):
            return None
        return f"案卷写明按 {told} 版填写，现行的是 {self.definitions.edition} 版，按现行版核对"

    @property
    def restricted_problems(self) -> tuple[Problem, ...]:
        """Return every reason why the annexes that are kept apart cannot be read."""
        try:
            _ = self.restricted
        except CaseError as exc:
            return exc.problems
        return ()

    @cached_property
    def record(self) -> Mapping[str, Answer]:
        """Return the answers of the record form by question key."""
        return record_of(self.definitions, self.data)

    @cached_property
    def worked_out(self) -> dict[Any, Any]:
        """Return what others worked out from this content, by keys of theirs; it goes with it."""
        return {}

    @cached_property
    def found(self) -> Mapping[str, Any]:
        """Return the values that indicators use: verified, else on site."""
        return found_on_site(self.definitions, self.data)

    @cached_property
    def self_reported(self) -> Mapping[str, Any]:
        """Return what the enterprise reported itself."""
        return self_reported(self.definitions, self.data)


def locate(name: str) -> Path:
    """Find a case by id or path.

    Raises:
        CaseError: if there is no such case, naming those there are.
    """
    given = Path(name)
    if _has_case(given):
        return given.resolve()
    if _fit(name) and _has_case(paths.parameters() / name):
        return paths.parameters() / name
    known = "、".join(folder.name for folder in list_folders(paths.parameters())) or "还没有企业"
    raise CaseError(
        Problem(name, "", "没有这个企业", f"{paths.parameters().name} 下的一个：{known}")
    )


def place_for(name: str) -> Path:
    """Return where a new case of a name belongs.

    Raises:
        CaseError: if the name could lead out of the folder of cases.
    """
    if not (_fit(name) and _NEW_NAME.fullmatch(name)):
        raise CaseError(
            Problem(name, "", "不能作企业标识", "字母、数字、汉字、- 和 _，不超过 80 个")
        )
    return paths.parameters() / name


def _fit(name: str) -> bool:
    """Tell whether a name can be a folder on every system and leads nowhere else."""
    return bool(_NAME.fullmatch(name)) and name.partition(".")[0].lower() not in _NO_NAME


def case_around(place: Path) -> Path | None:
    """Return the case folder in which a place lies, or would lie; None if it lies in none."""
    found = place.absolute().resolve()
    return next((each for each in (found, *found.parents) if _has_case(each)), None)


def list_folders(parent: Path) -> list[Path]:
    """Return the case folders in a folder, by name."""
    if not parent.is_dir():
        return []
    return sorted(folder for folder in parent.iterdir() if _is_listed(folder) and _has_case(folder))


def _is_listed(folder: Path) -> bool:
    """Leave out folders that are being made, and the restricted store of a case."""
    return not folder.name.startswith(".") and folder.name != RESTRICTED


def _has_case(folder: Path) -> bool:
    """Tell whether a folder holds a case, if only its journal; what cannot be seen is said to.

    A case that lost its file, or cannot be looked into, fails when it is read: it must not vanish.
    """
    try:
        return is_begun(folder)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False


def open_case(folder: Path | str, definitions: Definitions | None = None) -> Case:
    """Open a case: read, validate, and journal what was edited by hand since the last time.

    Raises:
        CaseError: with every problem of the content; nothing is written then.
    """
    folder = locate(str(folder))
    definitions = definitions or load()
    content = read_content(folder, definitions)
    if os.access(folder, os.W_OK):
        with locked(folder):
            content = settle(folder, definitions, content)
        settle_store(folder, definitions)
    return Case(folder, content.data, definitions, content.digest)


def look_at(folder: Path | str, definitions: Definitions | None = None) -> Case:
    """Read a case as it lies there and write nothing, so that it can be proved.

    Raises:
        CaseError: with every problem of the content.
    """
    folder, definitions = locate(str(folder)), definitions or load()
    content = read_content(folder, definitions)
    return Case(folder, content.data, definitions, content.digest, settled=False)


def create(folder: Path, content: Mapping[str, Any], definitions: Definitions, who: str) -> Case:
    """Set up a case folder, whole or not at all.

    Raises:
        CaseError: if the folder exists, its name is unfit, or the content does not fit its forms.
    """
    if not _fit(folder.name):
        raise CaseError(Problem(folder.name, "", "不能作文件夹名", "字母、数字、汉字、- 和 _"))
    if folder.exists():
        raise CaseError(Problem(str(folder), "", "已经存在", "换一个标识，或打开已有的企业"))
    data = {"format": FORMAT, "edition": definitions.edition, **content}
    text = fit_text(data, folder, definitions, {})
    folder.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        digest = sha256(write_part(half, text).replace(half / FILE).read_bytes())
        journal.append(half, who, "create", all_of(data), digest)
        half.chmod(0o755)
        half.rename(folder)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return Case(folder, data, definitions, digest)
