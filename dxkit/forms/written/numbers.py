"""How people write numbers into a form: full-width, with separators, units and per cent signs."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

_PLAIN = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?([eE][+-]?\d{1,3})?")
_LEADING = re.compile(rf"({_PLAIN.pattern})(.*)", re.DOTALL)
_MEASURES = frozenset("个家台套项人件次份页条天处张名项目门种")
_DASHES = str.maketrans("−–—－﹣，．", "-----,.")
_BRACKETS = re.compile(r"[()（）\s]")
_LONGEST = 40


def half_width(raw: object) -> str:
    """Return text with full-width letters, digits and signs made half-width, without ends."""
    return unicodedata.normalize("NFKC", str(raw)).strip()


def read_number(raw: Any, unit: str = "") -> int | float | None:
    """Return the number that was written, an int where it is whole; None if it is not just one.

    A unit behind it is taken off if it is the field's own; another unit makes it unreadable,
    because 12万元 is not 12元.
    """
    if isinstance(raw, bool):
        return None
    if isinstance(raw, (int, float)):
        return _simplest(raw)
    if not isinstance(raw, str) or len(raw) > _LONGEST or _is_raised(raw):
        return None
    found = _LEADING.fullmatch(_prepared(raw))
    if found is None or not _is_unit(found.group(found.lastindex or 1), half_width(unit)):
        return None
    return _simplest(_value(found.group(1).replace(",", "")))


def read_count(raw: Any, unit: str = "") -> int | None:
    """Return the whole number that was written; 12.0 is 12, and 12.5 none."""
    number = read_number(raw, unit)
    return number if isinstance(number, int) else None


def read_percent(raw: Any) -> int | float | None:
    """Return a percentage as a number from 0 to 100, with or without its sign."""
    return read_number(raw, "%")


def read_year(raw: Any) -> int | None:
    """Return a year written 2025, 2025年 or 2025年度."""
    text = half_width(raw).removesuffix("度") if isinstance(raw, str) else raw
    return read_count(text, "年")


def _is_raised(text: str) -> bool:
    """Tell whether a text has figures that are no digits: 10² is not 102, nor is 120① 1201."""
    return any(unicodedata.category(each) == "No" for each in text)


def _prepared(text: str) -> str:
    joined = re.sub(r"(?<=\d)[ \u00a0\u2009\u202f](?=\d{3}(\D|$))", ",", half_width(text))
    return joined.translate(_DASHES).strip()


def _value(digits: str) -> int | float:
    return int(digits) if digits.lstrip("+-").isdecimal() else float(digits)


def _simplest(number: float) -> int | float | None:
    if isinstance(number, int):
        return number
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _is_unit(behind: str, unit: str) -> bool:
    """Tell whether what follows a number says nothing but the field's own unit."""
    behind = _BRACKETS.sub("", behind.strip())
    if behind in ("", unit):
        return True
    if unit:
        either = re.split("[/、]", unit)
        return behind in (*either, "".join(either)) or unit == f"{behind}元"
    return behind in _MEASURES
