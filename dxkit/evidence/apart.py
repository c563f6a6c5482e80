"""Files whose rows were called secret after they came in: told, moved apart, and given back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dxkit.case import Case, Change, NewFile, Writer, writing
from dxkit.case.stores import RESTRICTED
from dxkit.definitions import COURSE, load
from dxkit.errors import EvidenceError, Problem
from dxkit.evidence.duplicates import thumbnail_of
from dxkit.evidence.files import hash_of
from dxkit.evidence.kept import FOLDER, SECRET_FOLDER, Item, own_items
from dxkit.evidence.secrecy import OPEN, SECRECY

MEND = "dxkit evidence restrict"
# What parts the places of several files in one cell.
_BETWEEN = re.compile(r"([;；\n])")


def is_secret(row: Mapping[str, Any]) -> bool:
    """Tell whether a row says that its file is secret; one that says nothing does not."""
    return row.get(SECRECY) not in (None, *OPEN)


def in_the_open(case: Case) -> list[Item]:
    """Return the rows whose files still lie with the others and are called secret by now.

    One row is enough, whatever other rows say of the same file or of the same bytes.
    """
    rows = own_items(case)
    secret = [item for item in rows if is_secret(item.row)]
    files, hashes = {item.file for item in secret}, {item.sha256 for item in secret} - {None}
    meant = (item for item in rows if item.file in files or item.sha256 in hashes)
    return [item for item in meant if _lies_open(case, item)]


def left_in_the_open(case: Case) -> list[str]:
    """Return copies of files that were moved apart and still lie where they came from."""
    rows = own_items(case)
    named = {item.file for item in rows} | {thumbnail_of(item) for item in rows}
    return [
        place
        for place in _under(case.folder, FOLDER)
        if place not in named and _same_bytes(case.folder, place, f"{RESTRICTED}/{place}")
    ]


def exposures(case: Case) -> list[Problem]:
    """Return every secret file that lies with the others, with what to do about it."""
    expected = f"先移到限制知悉的文件夹：{MEND} {case.id}"
    found = [
        (str(e.file), e.number, "已标为涉密，文件仍与一般材料放在一起") for e in in_the_open(case)
    ]
    found += [
        (place, "", "已移到限制知悉的文件夹，原处还留有一份") for place in left_in_the_open(case)
    ]
    return [Problem(f"{case.id}/{place}", no, said, expected) for place, no, said in found]


def restrict(folder: Path | str, who: str) -> list[tuple[str, str]]:
    """Move every file that is called secret by now apart; return number and new place of each.

    The rows, and whatever else names the file, name its new place in the same entry of the
    journal. The old file is removed only when the entry is written; a copy that a kill left
    behind goes the next time.

    Raises:
        EvidenceError: with every file that is missing or altered; nothing is moved then.
        LockedError: if the course has closed a form that names one of the files.
    """
    with writing(folder, who, load()) as writer:
        case = _case_of(writer)
        moving = in_the_open(case)
        moved = _moved(writer, case, moving, SECRET_FOLDER)
        for place in left_in_the_open(_case_of(writer)):
            (writer.folder / place).unlink()
    return moved


def release(folder: Path | str, number: str, who: str) -> list[tuple[str, str]]:
    """Put a file back with the others whose rows are no longer called secret.

    Raises:
        EvidenceError: there is no such row, its file is not kept apart, or a row still calls the
            file or the same bytes secret.
    """
    with writing(folder, who, load()) as writer:
        case = _case_of(writer)
        item = next((each for each in own_items(case) if each.number == number), None)
        if item is None:
            expected = "dxkit evidence list 列出的编号"
            raise EvidenceError(Problem(number, "", "没有登记这个编号", expected))
        _refuse_release(case, item, number)
        return _moved(writer, case, [item], FOLDER)


def _refuse_release(case: Case, item: Item, number: str) -> None:
    if not _lies_under(item, SECRET_FOLDER):
        raise EvidenceError(Problem(number, "", "文件没有存放在限制知悉的文件夹", "不必移出"))
    same = (
        e for e in own_items(case) if e.file == item.file or (e.sha256 and e.sha256 == item.sha256)
    )
    secret = [each for each in same if each.row.get(SECRECY) not in OPEN]
    if secret:
        numbers = "、".join(dict.fromkeys(each.number for each in secret))
        expected = "涉密程度为一般或企业内部，并经企业确认"
        raise EvidenceError(Problem(number, "", f"{numbers} 的涉密程度仍为涉密或未填", expected))


def _case_of(writer: Writer) -> Case:
    return Case(writer.folder, writer.data, writer.definitions, writer.content.digest)


def _lies_open(case: Case, item: Item) -> bool:
    return (
        item.file is not None and _lies_under(item, FOLDER) and (case.folder / item.file).is_file()
    )


def _lies_under(item: Item, folder: str) -> bool:
    return item.file is not None and item.file.startswith(f"{folder}/")


def _moved(writer: Writer, case: Case, moving: list[Item], to: str) -> list[tuple[str, str]]:
    """Write the new places into rows and journal with the files themselves, then clear the old."""
    if problems := [*_unsound(case, moving)]:
        raise EvidenceError(problems)
    places: dict[str, str] = {}
    for item in moving:
        for place in (item.file, thumbnail_of(item)):
            if place is not None and (case.folder / place).is_file():
                places[place] = _place_under(place, to)
    files = [
        NewFile(new, case.folder / old, hash_of(case.folder / old)) for old, new in places.items()
    ]
    if files:
        writer.apply([*_renamings(case, places)], files)
        for old in places:
            (case.folder / old).unlink()
    return [(item.number, places[item.file]) for item in moving if item.file is not None]


def _unsound(case: Case, moving: list[Item]) -> Iterator[Problem]:
    for item in moving:
        path = case.folder / str(item.file)
        where = f"{case.id}/{item.file}"
        if path.is_symlink() or not path.is_file():
            yield Problem(where, item.number, "文件不在", "登记时放入的文件")
        elif item.sha256 and hash_of(path) != item.sha256:
            yield Problem(where, item.number, "内容与登记时不同", "先用 dxkit evidence verify 核对")


def _place_under(place: str, to: str) -> str:
    """Return the same place in the other of the two folders."""
    return f"{to}/{place.partition(f'{FOLDER}/')[2]}"


def _renamings(case: Case, places: Mapping[str, str]) -> Iterator[Change]:
    """Yield what names a moved file, row by row or field by field, with its new place.

    A row is written whole: its hash stands beside its file, by which the journal alone proves it.
    The record of the course tells what was, and is left as it is.
    """
    for annex_id in case.definitions.annexes.keys() - {COURSE}:
        for key, value in case.annex(annex_id).items():
            for path, part in _parts(f"{annex_id}.{key}", value):
                if (renamed := _renamed(part, places)) != part:
                    yield Change(path, renamed, part)


def _parts(path: str, value: Any) -> list[tuple[str, Any]]:
    """Return the rows of a table with their paths, or a field as one."""
    if isinstance(value, list) and all(isinstance(row, dict) for row in value):
        return [(f"{path}.{number}", row) for number, row in enumerate(value, start=1)]
    return [(path, value)]


def _renamed(value: Any, places: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(each, places) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, places) for each in value]
    if not isinstance(value, str):
        return value
    return "".join(
        part.replace(part.strip(), places[part.strip()]) if part.strip() in places else part
        for part in _BETWEEN.split(value)
    )


def _under(folder: Path, inner: str) -> list[str]:
    found = (path for path in (folder / inner).rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in found)


def _same_bytes(folder: Path, one: str, other: str) -> bool:
    first, second = folder / one, folder / other
    if not second.is_file() or first.stat().st_size != second.stat().st_size:
        return False
    return hash_of(first) == hash_of(second)
