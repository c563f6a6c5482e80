"""How the place of one value is written: words, boxes to tick, units and room for a hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dxkit.export.word.xml import Element
from dxkit.forms.paper.sheets import Entry, Option
from dxkit.forms.word.runs import length_of, paragraph, words
from dxkit.forms.written.printed import (
    BLANKS,
    BOX,
    NOT_APPLICABLE,
    NOT_KNOWN,
    SEAL_HERE,
    SIGN_HERE,
    TICKED,
    is_not_asked,
    unit_of,
)
from dxkit.models.annex import FieldType

ROOM = "________"
REASON, DISPUTE = f"{NOT_APPLICABLE}，理由：", "有争议："
_SIGNED_ON = "　　年　月　日"
_OTHER = "其他"
_CHARACTER = {"FormValue": 3.75, "FormCell": 3.2}
_BETWEEN = {"FormValue": "　", "FormCell": " "}
_ROOMS = {"FormValue": ROOM, "FormCell": "____"}
_PADDING = 2.6
_DAY_ROOM, _MOMENT_ROOM = 32.0, 44.0  # millimetres
_DAY_AND_TIME_ROOM = 29.5


def roomy(entry: Entry, width: float, style: str = "FormValue") -> tuple[Element, ...]:
    """Return the paragraphs of a place some millimetres wide, with its unit and room to write."""
    if entry.options:
        return tuple(_ticks(entry, style, width))
    return tuple(_written(entry, style, with_unit=True))


def narrow(entry: Entry, style: str = "FormCell", width: float = 0.0) -> tuple[Element, ...]:
    """Return the paragraphs of a cell in a table, whose head says the unit.

    In a cell whose width is known, boxes stand beside each other if they fit, and a day or a
    moment that does not fit is broken by its sense.
    """
    if entry.options:
        ticks = [_ticked(option, "FormCell") for option in entry.options]
        lines = _lines(ticks, (width - _PADDING) / _CHARACTER["FormCell"], "")
        return tuple(paragraph(style, words(line)) for line in lines)
    if width and entry.field.type in (FieldType.DATE, FieldType.DATETIME):
        entry = replace(entry, text=_by_sense(entry.text, width))
    return tuple(_written(entry, style, with_unit=False))


def _by_sense(text: str, width: float) -> str:
    """Return a day, or a day and a time, in lines that a narrow cell has room for."""
    year, of_year, day = text.partition("年")
    clock = day.partition("日")[2].strip()
    if not of_year or width >= (_MOMENT_ROOM if clock else _DAY_ROOM):
        return text
    if clock and width < _DAY_AND_TIME_ROOM:
        day = day.replace("日", "日\n")
    return f"{year}{of_year}\n{day}"


def to_sign(entry: Entry) -> tuple[Element, ...]:
    """Return the paragraphs of a box to sign or seal in, for its bottom right.

    What was signed has no room to sign left, what has its day elsewhere none to write it.
    """
    sealed = entry.field.type is FieldType.SEAL
    to_write = f"{SEAL_HERE}　　" if sealed else f"{SIGN_HERE}　　　　　　"
    lines = entry.text.split("\n") if entry.text else [to_write]
    lines += [] if entry.dated else [_SIGNED_ON]
    return tuple(paragraph("FormSign", words(line)) for line in lines)


def _ticks(entry: Entry, style: str, width: float) -> Iterator[Element]:
    may_say_why = entry.field.may_be_not_applicable and not _is_said_without_reason(entry)
    options = (each for each in entry.options if each.ticked or not _is_the_same(each, may_say_why))
    ticks = [_ticked(option, style) for option in options]
    if entry.reason is not None:
        ticks.append(f"{TICKED}{REASON}{entry.reason}")
    elif may_say_why:
        ticks.append(f"{BOX}{REASON}{_ROOMS[style]}")
    for line in _lines(ticks, (width - _PADDING) / _CHARACTER[style], _BETWEEN[style]):
        yield paragraph(style, words(line))
    yield from _disputed(entry, style)


def _is_said_without_reason(entry: Entry) -> bool:
    return any(each.ticked and each.label == NOT_APPLICABLE for each in entry.options)


def _is_the_same(option: Option, may_say_why: bool) -> bool:
    """Tell whether an option says what the box for the reason says as well."""
    return may_say_why and option.label == NOT_APPLICABLE


def _lines(ticks: list[str], room: float, between: str) -> Iterator[str]:
    """Yield lines that fit, so that no box is parted from its words."""
    line = ticks[0]
    for tick in ticks[1:]:
        joined = f"{line}{between}{tick}"
        if length_of(joined) <= room:
            line = joined
        else:
            yield line
            line = tick
    yield line


def packed_ticks(entry: Entry, across: int = 3) -> tuple[Element, ...]:
    """Return boxes to tick by one-character signs, close together in even lines."""
    ticks = [f"{TICKED if option.ticked else BOX}{option.label}" for option in entry.options]
    lines = ("".join(ticks[start : start + across]) for start in range(0, len(ticks), across))
    return tuple(paragraph("FormHead", words(line)) for line in lines)


def _ticked(option: Option, style: str) -> str:
    room = _ROOMS[style] if option.label.startswith(_OTHER) else ""
    return f"{TICKED if option.ticked else BOX}{option.label}{room}"


def _written(entry: Entry, style: str, with_unit: bool) -> Iterator[Element]:
    text = entry.text
    if entry.reason is not None:
        text = f"{text}\n" * bool(text) + f"{REASON}{entry.reason}"
    elif with_unit:
        text = _with_unit(entry)
    for line in text.split("\n"):
        yield paragraph(style, words(line))
    yield from _disputed(entry, style)


def _with_unit(entry: Entry) -> str:
    field, unit = entry.field, unit_of(entry.field)
    if not entry.text and field.type in BLANKS and not field.by_hand:
        return BLANKS[field.type]
    if not unit or entry.text == NOT_KNOWN or is_not_asked(entry.text):
        return entry.text
    joint = "" if unit == "%" else " "
    return f"{entry.text}{joint}{unit}" if entry.text else f"　　　　　　{unit}"


def _disputed(entry: Entry, style: str) -> Iterator[Element]:
    if entry.dispute is not None:
        yield paragraph(style, words(f"{DISPUTE}{entry.dispute}"))
