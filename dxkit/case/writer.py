"""The only writer of a case: field by field, from what was seen, acknowledged in the journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dxkit import strict_yaml
from dxkit.case import journal
from dxkit.case.answers import PARTS
from dxkit.case.folder import Case, locate
from dxkit.case.paths_in_data import get, put
from dxkit.case.storage import (
    FILE,
    HEADER,
    Content,
    digest_of,
    locked,
    parse,
    refuse_unfit,
    settle,
    sha256,
    write_part,
)
from dxkit.definitions import Definitions, load
from dxkit.errors import CaseError, ConflictError, Problem

_ANY = object()


@contextmanager
def writing(folder: Path, who: str, definitions: Definitions | None = None) -> Iterator[Writer]:
    """Hold the case's lock and give its only writer."""
    definitions = definitions or load()
    folder = locate(str(folder))
    with locked(folder):
        writer = Writer(folder, settle(folder, definitions), definitions, who)
        try:
            yield writer
        finally:
            writer.open = False


@dataclass
class Writer:
    """Changes a case field by field; every change is in the journal before `set` returns."""

    folder: Path
    content: Content
    definitions: Definitions
    who: str
    open: bool = True

    @property
    def data(self) -> Mapping[str, Any]:
        """Return the content as it now stands."""
        return self.content.data

    def set(self, path: str, value: Any, based_on: Any = _ANY) -> Case:
        """Put a value at a path such as `annex_6.equipment`; None clears the field.

        A part of an answer, such as `annex_6.equipment.verified`, may be set on a bare value,
        which is then an on-site value.

        Args:
            path: annex, field and, for grids and tables, row.
            value: what the field shall hold.
            based_on: the value the change was made from; if another stands there, it is refused.

        Raises:
            ConflictError: if the field changed meanwhile; the problem names both values.
            CaseError: if the case would no longer fit its forms; nothing is written.
        """
        if not self.open:
            raise RuntimeError("the lock was given back when the `with` block ended")
        self._take_in_hand_edits()
        before = get(self.data, path)
        if based_on is not _ANY and before != based_on:
            found = f"现为 {before!r}，您所依据的是 {based_on!r}，想改为 {value!r}"
            raise ConflictError(Problem(self.folder.name, path, found, "看过现值后再决定"))
        self._write(*_lifted(self.data, path, value))
        return Case(self.folder, self.data, self.definitions, self.content.digest)

    def _take_in_hand_edits(self) -> None:
        if digest_of(self.folder) != self.content.digest:
            self.content = settle(self.folder, self.definitions)

    def _write(self, path: str, value: Any) -> None:
        before, changed = get(self.data, path), _changed(self.data, path, value, self.folder)
        if changed == self.data:
            return
        text = strict_yaml.dump(changed, HEADER)
        refuse_unfit(parse(text, self.folder), self.folder, self.definitions)
        half = write_part(self.folder, text)
        digest = sha256(half.read_bytes())
        change = {"path": path, "from": before, "to": value}
        journal.append(self.folder, self.who, "set", [change], digest)
        half.replace(self.folder / FILE)
        self.content = Content(changed, digest)


def _lifted(data: Mapping[str, Any], path: str, value: Any) -> tuple[str, Any]:
    """Turn a change to a part of a bare answer into one that writes the answer out."""
    answer, _, part = path.rpartition(".")
    bare = get(data, answer) if answer and part in PARTS else None
    if bare is None or isinstance(bare, Mapping):
        return path, value
    return answer, {"onsite": bare, part: value}


def _changed(data: Mapping[str, Any], path: str, value: Any, folder: Path) -> dict[str, Any]:
    try:
        if "." not in path:
            raise LookupError(path)
        changed: dict[str, Any] = put(data, path, value)
    except LookupError:
        found = "表中没有这个位置"
        raise CaseError(
            Problem(folder.name, path, found, "附件.字段，明细表再加从 1 起的行号")
        ) from None
    return changed
