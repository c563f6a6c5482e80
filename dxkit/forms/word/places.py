"""How the place of one value is written: words, boxes to tick, units and room for a hand."""

from __future__ import annotations

from collections.abc import Iterator

from dxkit.export.word.xml import Element
from dxkit.forms.paper.sheets import Entry, Option
from dxkit.forms.word.runs import paragraph, words
from dxkit.forms.written.printed import (
    BLANKS,
    BOX,
    NOT_APPLICABLE,
    SEAL_HERE,
    SIGN_HERE,
    TICKED,
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


def roomy(entry: Entry, width: float, style: str = "FormValue") -> tuple[Element, ...]:
    """Return the paragraphs of a place some millimetres wide, with its unit and room to write."""
    if entry.options:
        return tuple(_ticks(entry, style, width))
    return tuple(_written(entry, style, with_unit=True))


def narrow(entry: Entry, style: str = "FormCell") -> tuple[Element, ...]:
    """Return the paragraphs of a cell in a table, whose head says the unit."""
    if entry.options:
        lines = (_ticked(option, "FormCell") for option in entry.options)
        return tuple(paragraph(style, words(line)) for line in lines)
    return tuple(_written(entry, style, with_unit=False))


def to_sign(entry: Entry, dated: bool = True) -> tuple[Element, ...]:
    """Return the paragraphs of a box to sign or seal in, at its bottom right."""
    sealed = entry.field.type is FieldType.SEAL
    lines = [*entry.text.split("\n")] if entry.text else []
    lines.append(f"{SEAL_HERE}　　" if sealed else f"{SIGN_HERE}　　　　　　　")
    lines += [_SIGNED_ON] if dated else []
    return tuple(paragraph("FormSign", words(line)) for line in lines)


def _ticks(entry: Entry, style: str, width: float) -> Iterator[Element]:
    ticks = [_ticked(option, style) for option in entry.options]
    if entry.reason is not None:
        ticks.append(f"{TICKED}{REASON}{entry.reason}")
    elif entry.field.may_be_not_applicable:
        ticks.append(f"{BOX}{REASON}{_ROOMS[style]}")
    for line in _lines(ticks, (width - _PADDING) / _CHARACTER[style], _BETWEEN[style]):
        yield paragraph(style, words(line))
    yield from _disputed(entry, style)


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


def length_of(text: str) -> float:
    """Return how many Chinese characters wide a text is."""
    return sum(0.6 if each < "\u2000" else 1.0 for each in text)


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
    if not entry.text and field.type in BLANKS:
        return BLANKS[field.type]
    if not unit:
        return entry.text
    return f"{entry.text} {unit}" if entry.text else f"　　　　　　{unit}"


def _disputed(entry: Entry, style: str) -> Iterator[Element]:
    if entry.dispute is not None:
        yield paragraph(style, words(f"{DISPUTE}{entry.dispute}"))
