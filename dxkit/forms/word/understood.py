"""What the words of a place mean: nothing yet, what was ticked, a reason, or a raw content."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dxkit.definitions import Definitions
from dxkit.forms.ticks import Ticked, read_ticks
from dxkit.forms.written.printed import (
    BLANKS,
    SEAL_HERE,
    SEVERAL,
    SIGN_HERE,
    bare_options,
    brief_options,
    is_blank,
    options_of,
    unit_of,
)
from dxkit.models.annex import Field, FieldType

_REASON = re.compile(r"(?P<box>[□☐○£☑☒■√✓R]?)[\s　]*不适用[，,]理由[：:](?P<why>.*)", re.DOTALL)
_DISPUTE = re.compile(r"(?:^|\n)有争议[：:](?P<why>.*)", re.DOTALL)
_EMPTY_BOX = "□☐○£"
_ROOM = " \t\n_＿\u3000\u00a0"


@dataclass(frozen=True)
class Understood:
    """The raw content of a place, and what else was written there."""

    raw: str | None
    reason: str | None = None
    dispute: str | None = None
    beside: str = ""


def understand(
    field: Field, text: str, definitions: Definitions, recorded: bool = False
) -> Understood:
    """Return what stands in a place.

    Args:
        field: what is asked there.
        text: the visible words of the place.
        definitions: where the options of a region come from.
        recorded: whether the place may say that the question does not apply or is disputed.
    """
    if not recorded:
        return _content(field, text, definitions)
    text, dispute = _apart(_DISPUTE, text)
    found = _REASON.search(text)
    if found is None:
        return _joined(_content(field, text, definitions), None, dispute)
    why = found["why"].strip(_ROOM)
    rest = _content(field, text[: found.start()].strip(), definitions)
    if found["box"] in _EMPTY_BOX and found["box"]:
        return _joined(rest, None, dispute, why)
    return _joined(rest, why or "未说明理由", dispute)


def _joined(
    content: Understood, reason: str | None, dispute: str | None, beside: str = ""
) -> Understood:
    return Understood(content.raw, reason, dispute, content.beside + beside)


def _apart(pattern: re.Pattern[str], text: str) -> tuple[str, str | None]:
    found = pattern.search(text)
    return (text, None) if found is None else (text[: found.start()], found["why"].strip())


def _content(field: Field, text: str, definitions: Definitions) -> Understood:
    if is_blank(field, text):
        return Understood(None)
    if options := options_of(field, definitions):
        ticked = read_ticks(text, options)
        if ticked is None or ticked.beside:
            ticked = _otherwise_ticked(field, text, definitions) or ticked
        if ticked is not None:
            return Understood(SEVERAL.join(ticked.options) or None, beside=ticked.beside)
    if field.type in (FieldType.SIGNATURE, FieldType.SEAL):
        return Understood(_signed(text))
    unit = unit_of(field)
    rest = text.removesuffix(unit).rstrip() if unit else text
    return Understood(rest or None)


def _otherwise_ticked(field: Field, text: str, definitions: Definitions) -> Ticked | None:
    """Return what was ticked by signs, or on a paper without the letters of steps, in words."""
    options = options_of(field, definitions)
    found: list[Ticked] = []
    for names in (brief_options(field, definitions), bare_options(field)):
        ticked = read_ticks(text, names) if names else None
        if ticked is not None:
            meant = dict(zip(names, options, strict=True))
            found.append(Ticked(tuple(meant[each] for each in ticked.options), ticked.beside))
    return next((each for each in found if not each.beside), found[0] if found else None)


def _signed(text: str) -> str | None:
    for printed in (SIGN_HERE, SEAL_HERE):
        text = text.replace(printed, "")
    lines = (line.strip(_ROOM) for line in text.split("\n"))
    blank = "".join(BLANKS[FieldType.DATE].split())
    return "\n".join(each for each in lines if each and "".join(each.split()) != blank) or None
