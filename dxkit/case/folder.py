"""One enterprise on disk: reading its folder, setting one up, and its only writer."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from dxkit import paths, strict_yaml
from dxkit.case import journal
from dxkit.case.answers import Answer, found_on_site, record_of, self_reported
from dxkit.case.paths_in_data import differences, get, put
from dxkit.case.validation import problems_in
from dxkit.definitions import Definitions, load
from dxkit.errors import CaseError, ConflictError, Problem

FILE = "case.yaml"
PART = ".case.yaml.part"
FORMAT = 1
LOCK = ".lock"
LOCK_SECONDS = 30
HEADER = (
    "# 本企业的全部填写内容。可以手工修改：下次打开时会校验并记入 journal.jsonl。\n"
    "# 批注请写在各题的 remark 中；以 # 开头的注释在程序写入后不保留。\n"
)
_NAME = re.compile(r"[\w\-][\w.\-]{0,79}")
_ANY = object()


@dataclass(frozen=True)
class Case:
    """The content of one case at one moment; it never changes under its reader."""

    folder: Path
    data: Mapping[str, Any]
    definitions: Definitions

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

    @cached_property
    def record(self) -> Mapping[str, Answer]:
        """Return the answers of the record form by question key."""
        return record_of(self.definitions, self.data)

    @cached_property
    def found(self) -> Mapping[str, Any]:
        """Return the values that indicators use: verified, else on site."""
        return found_on_site(self.definitions, self.data)

    @cached_property
    def self_reported(self) -> Mapping[str, Any]:
        """Return what the enterprise reported itself."""
        return self_reported(self.definitions, self.data)

    @cached_property
    def digest(self) -> str:
        """Return the SHA-256 of the case file, by which results name their input."""
        return _digest(self.folder)


def locate(name: str) -> Path:
    """Find a case by id or path.

    Raises:
        CaseError: if there is no such case, naming those there are.
    """
    given = Path(name)
    if (given / FILE).is_file():
        return given.resolve()
    if _NAME.fullmatch(name) and (paths.parameters() / name / FILE).is_file():
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
    if not _NAME.fullmatch(name):
        raise CaseError(Problem(name, "", "不能作企业标识", "字母、数字、汉字、- 和 _"))
    return paths.parameters() / name


def list_folders(parent: Path) -> list[Path]:
    """Return the case folders in a folder, by name."""
    if not parent.is_dir():
        return []
    return sorted(folder for folder in parent.iterdir() if (folder / FILE).is_file())


def open_case(folder: Path | str, definitions: Definitions | None = None) -> Case:
    """Open a case: read, validate, and journal what was edited by hand since the last time.

    Raises:
        CaseError: with every problem of the content; nothing is written then.
    """
    folder = locate(str(folder))
    definitions = definitions or load()
    content = _read(folder, definitions)
    if os.access(folder, os.W_OK):
        with _locked(folder):
            content = _settle(folder, definitions, content)
    return Case(folder, content.data, definitions)


def create(folder: Path, content: Mapping[str, Any], definitions: Definitions, who: str) -> Case:
    """Set up a case folder, whole or not at all.

    Raises:
        CaseError: if the folder exists, its name is unfit, or the content does not fit its forms.
    """
    if not _NAME.fullmatch(folder.name):
        raise CaseError(Problem(folder.name, "", "不能作文件夹名", "字母、数字、汉字、- 和 _"))
    if folder.exists():
        raise CaseError(Problem(str(folder), "", "已经存在", "换一个标识，或打开已有的企业"))
    data = {"format": FORMAT, "edition": definitions.edition, **content}
    text = strict_yaml.dump(data, HEADER)
    _refuse_unfit(_parse(text, folder), folder, definitions)
    folder.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        (half / FILE).write_bytes(text.encode("utf-8"))
        journal.append(half, who, "create", _all_of(data), _hash(text.encode("utf-8")))
        half.chmod(0o755)
        half.rename(folder)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return Case(folder, data, definitions)


@contextmanager
def writing(folder: Path, who: str, definitions: Definitions | None = None) -> Iterator[Writer]:
    """Hold the case's lock and give its only writer."""
    definitions = definitions or load()
    folder = locate(str(folder))
    with _locked(folder):
        yield Writer(folder, _settle(folder, definitions).data, definitions, who)


@dataclass
class Writer:
    """Changes a case field by field; every change is in the journal before `set` returns."""

    folder: Path
    data: dict[str, Any]
    definitions: Definitions
    who: str

    def set(self, path: str, value: Any, based_on: Any = _ANY) -> Case:
        """Put a value at a path such as `annex_6.equipment`; None clears the field.

        Args:
            path: annex, field and, for grids and tables, row.
            value: what the field shall hold.
            based_on: the value the change was made from; if another stands there, it is refused.

        Raises:
            ConflictError: if the field changed meanwhile; the problem names both values.
            CaseError: if the case would no longer fit its forms; nothing is written.
        """
        before = get(self.data, path)
        if based_on is not _ANY and before != based_on:
            found = f"现为 {before!r}，您所依据的是 {based_on!r}，想改为 {value!r}"
            raise ConflictError(Problem(self.folder.name, path, found, "看过现值后再决定"))
        changed = put(self.data, path, value)
        text = strict_yaml.dump(changed, HEADER)
        _refuse_unfit(_parse(text, self.folder), self.folder, self.definitions)
        if changed != self.data:
            change = {"path": path, "from": before, "to": value}
            half = _write_part(self.folder, text)
            journal.append(self.folder, self.who, "set", [change], _hash(text.encode("utf-8")))
            half.replace(self.folder / FILE)
            self.data = changed
        return Case(self.folder, self.data, self.definitions)


@dataclass(frozen=True)
class _Content:
    """What a case file holds, and the hash of its bytes."""

    data: dict[str, Any]
    digest: str


def _read(folder: Path, definitions: Definitions) -> _Content:
    """Read and validate the file; a change that comes in between shows in the hash taken first."""
    digest = _digest(folder)
    text = strict_yaml.read(folder / FILE, CaseError)
    _refuse_unfit(text, folder, definitions)
    return _Content(text.data, digest)


def _parse(text: str, folder: Path) -> strict_yaml.YamlText:
    return strict_yaml.parse(text, f"{folder.name}/{FILE}", CaseError)


def _refuse_unfit(text: strict_yaml.YamlText, folder: Path, definitions: Definitions) -> None:
    if problems := problems_in(text, f"{folder.name}/{FILE}", definitions):
        raise CaseError(problems)


def _settle(folder: Path, definitions: Definitions, content: _Content | None = None) -> _Content:
    """Bring file and journal into agreement: finish a torn write, journal an edit by hand."""
    last = journal.last(folder)
    _finish_write(folder, last)
    if content is None or content.digest != _digest(folder):
        content = _read(folder, definitions)
    if last is None:
        journal.append(folder, "首次打开", "adopt", _all_of(content.data), content.digest)
    elif last.file != content.digest:
        changes = list(differences(journal.replay(journal.read(folder)), content.data))
        journal.append(folder, "手工修改", "hand_edit", changes, content.digest)
    return content


def _finish_write(folder: Path, last: journal.Entry | None) -> None:
    """Complete a write that was acknowledged in the journal when the program was killed."""
    half = folder / PART
    if not half.exists():
        return
    if last is not None and _hash(half.read_bytes()) == last.file:
        half.replace(folder / FILE)
    else:
        half.unlink()


def _all_of(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"path": "", "from": None, "to": dict(data)}]


def _write_part(folder: Path, text: str) -> Path:
    """Put the next content beside the case file; renaming it is all that is then left to do."""
    half = folder / PART
    with half.open("wb") as stream:
        stream.write(text.encode("utf-8"))
        stream.flush()
        os.fsync(stream.fileno())
    return half


def _digest(folder: Path) -> str:
    return _hash((folder / FILE).read_bytes())


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one program at a time change a case; wait for the other, but not for ever."""
    try:
        with FileLock(str(folder / LOCK), timeout=LOCK_SECONDS):
            yield
    except Timeout:
        found = f"另一个程序正在写入，已等待 {LOCK_SECONDS} 秒"
        raise CaseError(Problem(folder.name, "", found, "稍后再试")) from None
