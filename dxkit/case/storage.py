"""What lies in a case folder: read strictly, written whole, brought into line with the journal."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from dxkit import strict_yaml
from dxkit.case import incoming, journal
from dxkit.case.paths_in_data import differences, put
from dxkit.case.stores import FILE, RESTRICTED, belongs_to_case, is_begun, is_restricted
from dxkit.case.text import HEADER, text_of
from dxkit.case.validation import problems_in
from dxkit.definitions import Definitions
from dxkit.errors import CaseError, Problem

PART = ".case.yaml.part"
LOCK = ".lock"
LOCK_SECONDS = 30
BY_HAND = "手工修改"


@dataclass(frozen=True)
class Content:
    """What a case file holds, and the hash of its bytes."""

    data: dict[str, Any]
    digest: str


def read_content(folder: Path, definitions: Definitions) -> Content:
    """Read and validate the file; a change that comes in between shows in the hash taken first.

    Raises:
        CaseError: with every problem of the content, or if the journal is all that there is.
    """
    try:
        digest = digest_of(folder)
    except FileNotFoundError:
        expected = f"案卷内容文件，从备份恢复；流水 {journal.NAME} 中有它的全部改动"
        raise CaseError(Problem(called(folder), "", "文件不见了", expected)) from None
    text = strict_yaml.read(folder / FILE, CaseError)
    refuse_unfit(text, folder, definitions)
    return Content(text.data, digest)


def parse(text: str, folder: Path) -> strict_yaml.YamlText:
    """Parse text as the case file of a folder."""
    return strict_yaml.parse(text, called(folder), CaseError)


def called(folder: Path) -> str:
    """Return what messages call the case file of a folder; that of a store names its case."""
    case = f"{folder.resolve().parent.name}/" if is_restricted(folder) else ""
    return f"{case}{folder.name}/{FILE}"


def refuse_unfit(text: strict_yaml.YamlText, folder: Path, definitions: Definitions) -> None:
    """Raise a CaseError with every reason why content does not fit its forms."""
    apart = is_restricted(folder)
    if problems := problems_in(text, called(folder), definitions, restricted=apart):
        raise CaseError(problems)


def fit_text(
    data: Mapping[str, Any], folder: Path, definitions: Definitions, before: Mapping[str, Any]
) -> str:
    """Return the text of a content that fits its forms; those that are as before did already.

    Raises:
        CaseError: with every reason why it does not fit, each with its line.
    """
    with suppress(CaseError):
        text = text_of(data)
        changed = {key: each for key, each in data.items() if each is not before.get(key)}
        fresh = strict_yaml.YamlText(changed)
        if not problems_in(fresh, called(folder), definitions, restricted=is_restricted(folder)):
            return text
    text = strict_yaml.dump(data, HEADER)
    refuse_unfit(parse(text, folder), folder, definitions)
    return text


def settle(folder: Path, definitions: Definitions, content: Content | None = None) -> Content:
    """Bring file and journal into agreement: finish a torn write, journal an edit by hand."""
    last = journal.last(folder)
    if last is not None:
        incoming.bring_in(folder, last.files)
    _finish_write(folder, last, definitions)
    incoming.clear(folder)
    if belongs_to_case(folder) and not is_begun(folder):
        return Content({}, "")
    if content is None or content.digest != digest_of(folder):
        content = read_content(folder, definitions)
    if last is None:
        journal.append(folder, "首次打开", "adopt", all_of(content.data), content.digest)
    elif journal.last(folder) == last and last.file != content.digest:
        changes = list(differences(journal.replay(journal.read(folder)), content.data))
        journal.append(folder, BY_HAND, "hand_edit", changes, content.digest)
    return content


def _finish_write(folder: Path, last: journal.Entry | None, definitions: Definitions) -> None:
    """Complete a write that was acknowledged in the journal when the program was killed.

    An edit made by hand since then is kept too: it is laid on top of the acknowledged change.
    """
    half = folder / PART
    if not half.exists():
        return
    if last is None or sha256(half.read_bytes()) != last.file:
        half.unlink()
        return
    entries = journal.read(folder)
    if len(entries) > 1 and digest_of(folder) != entries[-2].file:
        _lay_on_top(folder, entries, definitions)
    else:
        half.replace(folder / FILE)


def _lay_on_top(folder: Path, entries: list[journal.Entry], definitions: Definitions) -> None:
    edited = read_content(folder, definitions)
    by_hand = list(differences(journal.replay(entries[:-1]), edited.data))
    merged = journal.replay(entries)
    for change in by_hand:
        merged = put(merged, change["path"], change["to"])
    half = write_part(folder, text_of(merged))
    journal.append(folder, BY_HAND, "hand_edit", by_hand, sha256(half.read_bytes()))
    half.replace(folder / FILE)


def all_of(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the journal's way of saying that everything is new."""
    return [{"path": "", "from": None, "to": dict(data)}]


def write_part(folder: Path, text: str) -> Path:
    """Put the next content beside the case file; renaming it is all that is then left to do."""
    half = folder / PART
    with half.open("wb") as stream:
        stream.write(text.encode("utf-8"))
        stream.flush()
        os.fsync(stream.fileno())
    return half


def digest_of(folder: Path) -> str:
    """Return the SHA-256 of a folder's case file as it is now."""
    return sha256((folder / FILE).read_bytes())


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def settle_store(folder: Path, definitions: Definitions) -> None:
    """Clean up behind a write into a case's restricted store that was killed."""
    store = folder / RESTRICTED
    if not store.is_dir() or not os.access(store, os.W_OK):
        return
    left_over = any((store / name).exists() for name in (PART, incoming.FOLDER))
    if not left_over and (is_begun(store) or not (store / LOCK).exists()):
        return
    with suppress(Timeout), FileLock(str(store / LOCK), timeout=0):
        settle(store, definitions)
        leave_no_empty(store)


def leave_no_empty(store: Path) -> None:
    """Remove a restricted store in which nothing was written; the caller holds its lock."""
    if is_restricted(store) and {path.name for path in store.iterdir()} <= {LOCK}:
        with suppress(OSError):
            (store / LOCK).unlink(missing_ok=True)
            store.rmdir()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one program at a time change a case; wait for the other, but not for ever."""
    try:
        with FileLock(str(folder / LOCK), timeout=LOCK_SECONDS):
            yield
    except Timeout:
        found = f"另一个程序正在写入，已等待 {LOCK_SECONDS} 秒"
        raise CaseError(Problem(folder.name, "", found, "稍后再试")) from None
