"""Which characters may stand in a document, how its white space reads and what stays whole."""

from __future__ import annotations

import re

# What XML forbids, and what is invisible and would only print as a box.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff0-\uffff\ud800-\udfff]"
)
_SPACES = re.compile(r"[ \t\r\n]+")
_WIDE = "\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u2018-\u201d\u2014\u2026"
_BREAK_IN_CHINESE = re.compile(f"(?<=[{_WIDE}])[ \t\r]*\n[ \t\r\n]*(?=[{_WIDE}])")

# Numbers of tables, evidence, questions and standards: 表1-5, E-F005, Q18.2-1, GB/T 23020-2013.
_CODE = re.compile(
    r"([表图][A-Z\d]+-\d+|"
    r"(?<![A-Za-z])(?:[A-Z]-[A-Z]\d+|[A-Z]{2,}-\d+|[A-Z]\d+(?:\.\d+)?-\d+)|GB/T [\d.]+-\d+)"
)

# Signs that the fonts lack, with the one that Chinese forms use for the same purpose.
_VARIANTS = dict(zip("☑☒☐✅✔✗✘✖❌₀₁₂₃₄₅₆₇₈₉", "■■□✓✓××××0123456789", strict=True))
_VARIANT = re.compile(f"[{''.join(_VARIANTS)}]")

_UNTIDY = re.compile(rf"{_FORBIDDEN.pattern}|{_VARIANT.pattern}|[\t\r\n]|  ")


def clean(text: str) -> str:
    """Return `text` without characters that no document can hold, with printable variants."""
    # Searched, not translated: a picture is half a million characters of which none is meant.
    return _VARIANT.sub(lambda found: _VARIANTS[found[0]], _FORBIDDEN.sub("", text))


def collapse(text: str) -> str:
    """Return `text` with its white space read as HTML does.

    A line break between two Chinese characters is no space; other runs of blanks are one. The
    ideographic and the no-break space stay, because forms use them to leave room.
    """
    return _SPACES.sub(" ", _BREAK_IN_CHINESE.sub("", text))


def tidied(text: str) -> str:
    """Return `text` cleaned and collapsed; most is so already, which one search tells."""
    return collapse(clean(text)) if _UNTIDY.search(text) else text


def codes_apart(text: str) -> list[tuple[str, bool]]:
    """Return the pieces of `text`; True with those that are a code, which no line may break."""
    pieces = _CODE.split(text)
    return [(piece, bool(place % 2)) for place, piece in enumerate(pieces) if piece]
