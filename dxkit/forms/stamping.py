"""Which number a form goes out under, and the entry in the journal that says so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from dxkit.case import Case, Change, journal, store_of, writing
from dxkit.case.paths_in_data import get
from dxkit.definitions import COURSE, Definitions
from dxkit.facts import fact
from dxkit.forms.marks import checksum
from dxkit.forms.returned import Stamp
from dxkit.forms.secret_masks import holds_secrets
from dxkit.forms.values import answers_of
from dxkit.models.annex import Annex, Field, FieldType

EXPORTS = "engagement.exports"
BLANK = "（空白）"
"""What the record of exports says behind the format of a form that went out empty."""
OFFICE = "（机构用）"
"""What it says behind the format of a form that the office has made for itself."""
_MARK = re.compile(r"(附件|辅-)(\d+)")
_LETTERS = {"附件": "F", "辅-": "FA"}
_COURSE = "FB"
"""The letters of the record that the program itself keeps, which has no number."""
_UNNUMBERED = "待编号"
"""What stands before a mark of the case's own as long as the project has no number."""
_HASH = 12
_SHORT = 4

Contains = Literal["phones", "secret", "restricted"]


@dataclass(frozen=True)
class Sending:
    """What is sent out, how and what for."""

    annexes: Sequence[Annex]
    format: str
    blank: bool
    purpose: str
    who: str
    office: bool = False
    original: bool = False
    """Whether it goes out as the paper original, with every phone number whole."""

    @property
    def described(self) -> str:
        """Return the format with what the record of exports says of it."""
        return f"{self.format}{BLANK if self.blank else ''}{OFFICE if self.office else ''}"


def stamp_for_nobody(annex: Annex) -> Stamp:
    """Return the stamp of a blank form that belongs to no case yet."""
    return Stamp("", annex.id, "", 0, "", annex.edition, blank=True)


def log_sending(case: Case, sending: Sending) -> tuple[Case, dict[str, Stamp]]:
    """Note in the case, in one entry, that forms go out.

    Returns the case as it goes out, and the stamps by annex.

    Raises:
        CaseError: if the case cannot be written.
    """
    with writing(case.folder, sending.who, case.definitions) as writer:
        given = numbers_for(case, writer.data, sending.annexes)
        numbers = {annex.id: number for annex, number in zip(sending.annexes, given, strict=True)}
        entry = _next_entry(case)
        rows = [
            export_row(case, annex, numbers[annex.id], sending, entry) for annex in sending.annexes
        ]
        logged = writer.apply([Change(f"{EXPORTS}.+", row) for row in rows])
        stamps = {
            annex.id: _stamp(case, annex, numbers[annex.id], sending.blank)
            for annex in sending.annexes
        }
    return logged, stamps


@contextmanager
def noted(case: Case, sending: Sending) -> Iterator[tuple[Case, dict[str, Stamp]]]:
    """Note in the case that forms go out, and take the notes back if they did not.

    Gives what `log_sending` returns. Whatever goes wrong inside, the record of exports then tells
    of no form that was never written.
    """
    logged, stamps = log_sending(case, sending)
    try:
        yield logged, stamps
    except BaseException:
        _take_back(case, {stamp.form_no for stamp in stamps.values()}, sending.who)
        raise


def _take_back(case: Case, numbers: set[str], who: str) -> None:
    with writing(case.folder, who, case.definitions) as writer:
        rows = get(writer.data, EXPORTS) or []
        theirs = [n for n, row in enumerate(rows, start=1) if row.get("form_no") in numbers]
        gone = [Change(f"{EXPORTS}.{n}", None) for n in reversed(theirs)]
        writer.apply(gone if len(theirs) < len(rows) else [Change(EXPORTS, None)])


def contains(case: Case, annex: Annex, blank: bool, original: bool = False) -> list[Contains]:
    """Return what a form carries that is to be handled with care; a blank one carries nothing.

    What is masked, as secrets and numbers that are marked so are unless it is the original, does
    not count.
    """
    found: list[Contains] = []
    if original and not blank and holds_secrets(annex, answers_of(case, annex)):
        found.append("secret")
    if not blank and any(_phones(annex, answers_of(case, annex), original)):
        found.append("phones")
    if annex.restricted and not blank:
        found.append("restricted")
    return found


def form_letters(annex: Annex) -> str:
    """Return the part of a form number that tells the form: F3 of 附件3, FA1 of 辅-1."""
    if annex.id == COURSE:
        return _COURSE
    found = _MARK.fullmatch(annex.mark)
    return f"{_LETTERS[found[1]]}{found[2]}" if found else f"F-{annex.id}"


def numbers_for(case: Case, data: Mapping[str, Any], annexes: Sequence[Annex]) -> list[str]:
    """Return a number for each of some forms; one that is named twice goes out under two.

    `data` is the content of the case that says which numbers were given already.
    """
    project = fact(case, "engagement_no") or f"{_UNNUMBERED}{checksum(case.id)[:_SHORT]}"
    annex_id, _, key = EXPORTS.partition(".")
    given = [str(row.get("form_no", "")) for row in (data.get(annex_id) or {}).get(key) or []]
    numbers: list[str] = []
    for annex in annexes:
        numbers.append(next_number(f"{project}-{form_letters(annex)}-", [*given, *numbers]))
    return numbers


def next_number(prefix: str, given: Sequence[str]) -> str:
    """Return the number that follows those with the same beginning."""
    serials = (number.removeprefix(prefix) for number in given if number.startswith(prefix))
    return f"{prefix}{max((int(each) for each in serials if each.isdecimal()), default=0) + 1:02d}"


def _next_entry(case: Case) -> int:
    last = journal.last(case.folder)
    return last.n + 1 if last else 1


def export_row(
    case: Case, annex: Annex, number: str, sending: Sending, entry: int
) -> dict[str, Any]:
    """Return what the record of exports says of a form that goes out as of a journal entry."""
    row = {
        "form_no": number,
        "at": datetime.now().isoformat(sep=" ", timespec="minutes"),
        "who": sending.who,
        "annex": annex.id,
        "format": sending.described,
        "purpose": sending.purpose,
        "journal_n": entry,
        "contains": contains(case, annex, sending.blank, sending.original),
    }
    return {key: value for key, value in row.items() if value not in ("", [])}


def _stamp(case: Case, annex: Annex, number: str, blank: bool) -> Stamp:
    """Return the stamp: where the journal that keeps the form's answers now ends."""
    last = journal.last(store_of(case.folder, annex.id, case.definitions))
    n, told = (last.n, last.hash[:_HASH]) if last else (0, "")
    return Stamp(case.id, annex.id, number, n, told, annex.edition, blank)


def _phones(annex: Annex, answers: Mapping[str, Any], original: bool) -> Iterator[bool]:
    for field in annex.fields:
        value = answers.get(field.key)
        if _shows_phone(field, original):
            yield value is not None
        shown = [column.key for column in field.columns if _shows_phone(column, original)]
        for row in value if isinstance(value, list) else ():
            yield any(row.get(key) is not None for key in shown)


def _shows_phone(field: Field, original: bool) -> bool:
    return field.type is FieldType.PHONE and (original or not field.masked)


def annexes_named(name: str, definitions: Definitions) -> list[Annex]:
    """Return the forms a name stands for: 3, 附件3, annex_3, aux_2, 辅-2 or all; none if unknown.

    `all` leaves out the restricted ones, which go out only when asked for by name.
    """
    if name == "all":
        return [annex for annex in definitions.annexes.values() if not annex.restricted]
    word = _spelt(name)
    spellings = {
        annex.id: {_spelt(annex.id), _spelt(annex.mark)} for annex in definitions.annexes.values()
    }
    asked = {word, _spelt(f"附件{word}")}
    return [definitions.annexes[of] for of, known in spellings.items() if known & asked]


def _spelt(name: str) -> str:
    return re.sub(r"[\s\-－—_]", "", unicodedata.normalize("NFKC", name)).lower()
