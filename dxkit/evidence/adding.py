"""Taking files into a case: looked at, numbered, copied and entered in one change, or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dxkit.case import Case, Change, NewFile, Writer, writing
from dxkit.definitions import load
from dxkit.errors import EvidenceError, Problem
from dxkit.evidence import pdfs, photographs
from dxkit.evidence.apart import MEND, is_secret
from dxkit.evidence.duplicates import Spot, elsewhere, pictures_of
from dxkit.evidence.files import Examined, Progress, clean_name, examine
from dxkit.evidence.kept import (
    FOLDER,
    SECRET_FOLDER,
    THUMBNAILS,
    items,
    own_items,
    table_at,
)
from dxkit.evidence.likeness import near
from dxkit.evidence.masking import MASKED, originals
from dxkit.evidence.numbering import Numbers
from dxkit.evidence.photographs import Picture
from dxkit.evidence.rows import (
    LEDGER,
    PHOTOS,
    in_codes,
    ledger_cells,
    photo_cells,
    without_gaps,
)
from dxkit.evidence.secrecy import CONSENT, SECRECY

_UNTIL_TOLD = "补填之前不进入报告、导出和报送包"


@dataclass(frozen=True)
class Intake:
    """What is told about files that come in: as proof of a material, as photographs, or both.

    `item` is a material such as C001 or a category such as C; `ledger` and `photo` are further
    cells by column key, where a choice may be told by code or by label. `photo` is None for files
    that are no photographs of the site.
    """

    item: str | None = None
    ledger: Mapping[str, Any] | None = None
    photo: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Taken:
    """A file that was taken in: its numbers, its place in the case, its hash, and remarks."""

    numbers: tuple[str, ...]
    file: str
    sha256: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Ready:
    """A file that was looked at, what is told about it, and the picture if it is one."""

    examined: Examined
    intake: Intake
    picture: Picture | None
    elsewhere: tuple[Spot, ...] = ()
    """Where other cases have the same bytes."""
    known_secret: bool = False
    """Whether a row of this case calls the same bytes secret."""
    open_copies: tuple[str, ...] = ()
    """Which rows of this case have the same bytes among files that are not secret."""


Further = Callable[[Case, list[Taken]], list[Change]]


def add(
    folder: Path | str,
    files: Sequence[tuple[Path, Intake]],
    who: str,
    again: bool = False,
    progress: Progress | None = None,
    further: Further | None = None,
) -> list[Taken]:
    """Take files into a case in one change.

    Args:
        folder: the case, by id or path.
        files: each file with what is told about it.
        who: whom the journal names.
        again: take in a file although the same bytes are already there.
        progress: called with the number of bytes read since the last call.
        further: gives the changes that belong to the same entry, from what was taken in.

    Raises:
        EvidenceError: with every file that may not become evidence, and why; nothing is written.
        CaseError: if the rows do not fit their forms; nothing is written.
    """
    examined = examine([path for path, _ in files], progress)
    _refuse_no_photographs(examined, files)
    ready = [
        _Ready(each, intake, photographs.look(each.path) if each.is_picture else None)
        for each, (_, intake) in zip(examined, files, strict=True)
    ]
    definitions = load()
    with writing(folder, who, definitions) as writer:
        case = Case(writer.folder, writer.data, definitions, writer.content.digest)
        if not again:
            _refuse_known(case, examined)
        _refuse_unmasked(case, ready)
        ready = [_compared(case, each) for each in ready]
        return _enter(writer, case, ready, further)


def _compared(case: Case, each: _Ready) -> _Ready:
    """Note where the same bytes are already, in this case and in others."""
    here = [item for item in own_items(case) if item.sha256 == each.examined.sha256]
    lying_open = (item for item in here if str(item.file).startswith(f"{FOLDER}/"))
    return replace(
        each,
        elsewhere=tuple(elsewhere(case.folder, each.examined.sha256, case.definitions)),
        known_secret=any(is_secret(item.row) for item in here),
        open_copies=tuple(dict.fromkeys(item.number for item in lying_open)),
    )


def _refuse_no_photographs(
    examined: Sequence[Examined], files: Sequence[tuple[Path, Intake]]
) -> None:
    """Refuse to enter as photographs what shows no view, such as a document or a film."""
    wrong = [
        each
        for each, (_, intake) in zip(examined, files, strict=True)
        if intake.photo is not None and not each.is_picture
    ]
    if wrong:
        expected = "图片；其他文件用 --annex7 登记为证明材料"
        raise EvidenceError(
            Problem(str(each.path), "", f"扩展名为 .{each.extension} 的文件，不是照片", expected)
            for each in wrong
        )


def _refuse_known(case: Case, examined: Sequence[Examined]) -> None:
    known = {item.sha256: item.number for item in items(case) if item.sha256}
    problems = []
    for each in examined:
        if number := known.get(each.sha256):
            expected = "不重复登记；确需再登记一次的加 --again"
            problems.append(Problem(str(each.path), "", f"内容与已登记的 {number} 相同", expected))
        known[each.sha256] = f"本次的 {each.path.name}"
    if problems:
        raise EvidenceError(problems)


def _refuse_unmasked(case: Case, ready: Sequence[_Ready]) -> None:
    """Refuse as masked what is a picture on file that is not, even where it is told again."""
    said = [each for each in ready if _is_said_masked(case, each)]
    known = originals(case) if said else {}
    problems = [
        Problem(
            str(each.examined.path),
            "",
            f"内容与没有脱敏的 {known[each.examined.sha256]} 完全相同",
            "遮盖之后另存的照片，文件内容应与原片不同",
        )
        for each in said
        if each.examined.sha256 in known
    ]
    if problems:
        raise EvidenceError(problems)


def _is_said_masked(case: Case, each: _Ready) -> bool:
    told = each.intake.photo
    if told is None:
        return False
    return in_codes(table_at(case.definitions, PHOTOS), told).get(CONSENT) == MASKED


def _enter(
    writer: Writer, case: Case, ready: Sequence[_Ready], further: Further | None
) -> list[Taken]:
    numbers = Numbers(case.folder)
    pictures = pictures_of(case) if any(each.picture for each in ready) else {}
    changes: list[Change] = []
    files: list[NewFile] = []
    taken: list[Taken] = []
    for each in ready:
        rows = dict(_rows(case, each, numbers))
        one = _placed(each, rows, pictures)
        where = {"file": one.file, "sha256": one.sha256}
        changes += [Change(f"{table}.+", {**row, **where}) for table, row in rows.items()]
        files += _files(each, one)
        taken.append(one)
    writer.apply([*changes, *(further(case, taken) if further else ())], files)
    return taken


def _rows(case: Case, each: _Ready, numbers: Numbers) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the rows that a file gets: of the ledger, of the photo log, or of both."""
    told = each.intake
    if told.item is not None:
        cells = ledger_cells(case.definitions, told.item, told.ledger or {})
        number = numbers.next("evidence_no", f"E-{cells['category']}")
        title = {"title": each.examined.path.stem, **without_gaps(cells)}
        yield LEDGER, {"evidence_no": number, **title}
    if told.photo is not None:
        cells = without_gaps(photo_cells(case, told.photo, each.picture))
        yield PHOTOS, {"photo_no": numbers.next("photo_no", "PH-"), **cells}


def _placed(each: _Ready, rows: Mapping[str, Mapping[str, Any]], pictures: dict[str, int]) -> Taken:
    """Find a file its place; remember how it looks for those that come after it."""
    numbers = tuple(str(next(iter(row.values()))) for row in rows.values())
    name = f"{numbers[0]}_{clean_name(each.examined.path.name)}"
    apart = each.known_secret or any(map(is_secret, rows.values()))
    folder = SECRET_FOLDER if apart else FOLDER
    remarks = (
        *_of_others(each),
        *_remarks(each.picture, rows, pictures),
        *_carried(each.examined),
    )
    if apart and each.open_copies:
        copies = "、".join(each.open_copies)
        remarks += (f"内容相同的 {copies} 仍与一般材料放在一起，请执行 {MEND}",)
    if each.picture and each.picture.fingerprint is not None:
        pictures[numbers[0]] = each.picture.fingerprint
    return Taken(numbers, f"{folder}/{name}", each.examined.sha256, remarks)


def _of_others(each: _Ready) -> Iterator[str]:
    if each.elsewhere:
        spots = "、".join(f"{spot.case} {spot.number}" for spot in each.elsewhere)
        yield f"内容与其他企业的 {spots} 相同，请核对是否放错了企业"


def _carried(examined: Examined) -> Iterator[str]:
    if examined.extension == "pdf" and (parts := pdfs.carried(examined.path)):
        yield f"PDF 内含{'、'.join(parts)}，打开时请留意"


def _files(each: _Ready, one: Taken) -> Iterator[NewFile]:
    yield NewFile(one.file, each.examined.path, one.sha256)
    if each.picture is not None and each.picture.thumbnail:
        folder, _, name = one.file.rpartition("/")
        small = f"{folder}/{THUMBNAILS}/{name.rpartition('.')[0]}.jpg"
        yield NewFile(small, each.picture.thumbnail)


def _remarks(
    picture: Picture | None, rows: Mapping[str, Mapping[str, Any]], pictures: Mapping[str, int]
) -> Iterator[str]:
    """Yield what whoever takes the file in should know."""
    if picture is not None and (PHOTOS in rows or not picture.thumbnail):
        yield from picture.notes
    seen = picture.fingerprint if picture is not None else None
    if seen is not None and (alike := near(seen, pictures)):
        yield f"与 {'、'.join(alike)} 的画面很相近，请核对是否重复"
    if any(SECRECY not in row for row in rows.values()):
        yield f"未说明涉密程度，{_UNTIL_TOLD}"
    if PHOTOS in rows and CONSENT not in rows[PHOTOS]:
        yield f"未记录企业是否同意拍摄，{_UNTIL_TOLD}"
    if PHOTOS in rows and rows[PHOTOS].get(CONSENT) == MASKED:
        yield "企业只同意使用脱敏后的照片，请确认登记的是脱敏后的文件"
        if picture is not None and picture.latitude is not None:
            yield "文件仍带有拍摄位置，脱敏时请一并去掉"
