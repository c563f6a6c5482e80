"""How people and spreadsheets write days and times: 2026年3月5日, 二〇二六年三月五日, 46086."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta
from typing import Any

from dxkit.forms.written.numbers import half_width

_DAY = re.compile(
    r"(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})\s*[日号]?"
    r"|(\d{4})(\d{2})(\d{2})"
)
_TIME = re.compile(
    r"(上午|下午|晚上|中午|早上)?\s*(\d{1,2})\s*(?::|时|点)\s*(?:(\d{1,2})\s*分?)?"
    r"\s*(?::?\s*(\d{1,2})(?:\.0+)?\s*秒?)?",
)
_AFTERNOON = {"下午", "晚上", "中午"}
_FIGURES = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_FIRST_DAY, _LAST = datetime(1899, 12, 30), datetime.max
_SERIALS = range(18264, 73051)
"""Spreadsheets count days; these are the ones from 1950 to 2099."""


def read_day(raw: Any) -> str | None:
    """Return a day as 2026-03-05; None if it is not just a day."""
    moment = _moment_of(raw)
    return moment.date().isoformat() if moment and moment.time() == time() else None


def read_moment(raw: Any) -> str | None:
    """Return day and time as 2026-03-05 09:30; a day alone is read as its first minute."""
    moment = _moment_of(raw)
    if moment is None:
        return None
    return f"{moment.date().isoformat()} {_clock(moment.time())}"


def read_time(raw: Any) -> str | None:
    """Return a time as 09:30, with seconds only where they were given."""
    if isinstance(raw, datetime):
        return _clock(raw.time()) if raw.date() <= date(1900, 1, 1) else None
    if isinstance(raw, time):
        return _clock(raw)
    if isinstance(raw, timedelta):
        return _clock((_FIRST_DAY + raw).time()) if timedelta() <= raw < timedelta(1) else None
    if _is_number(raw):
        return _clock(_from_serial(raw).time()) if 0 <= raw < 1 else None
    found = _clock_in(half_width(raw)) if isinstance(raw, str) else None
    return None if found is None else _clock(found)


def _moment_of(raw: Any) -> datetime | None:
    if isinstance(raw, datetime):
        return _rounded(raw.replace(tzinfo=None))
    if isinstance(raw, date):
        return datetime(raw.year, raw.month, raw.day)
    if _is_number(raw):
        return _moment_in_number(raw)
    return _moment_in_text(half_width(raw)) if isinstance(raw, str) else None


def _moment_in_number(raw: float) -> datetime | None:
    if int(raw) in _SERIALS:
        return _from_serial(raw)
    return _moment_in_text(str(int(raw))) if raw == int(raw) else None


def _moment_in_text(text: str) -> datetime | None:
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and int(float(text)) in _SERIALS:
        return _from_serial(float(text))
    text = _in_figures(text)
    found = _DAY.match(text)
    if found is None:
        return None
    behind = text[found.end() :].removeprefix("T").strip()
    clock = _clock_in(behind) if behind else time()
    parts = [int(part) for part in found.groups() if part]
    try:
        return None if clock is None else datetime.combine(date(*parts), clock)
    except ValueError:
        return None


def _in_figures(text: str) -> str:
    """Return a day written in Chinese numerals in figures; 十 is a ten, ten more or ten times."""
    text = re.sub(r"(?<=\d)十(?=\d)", "", text.translate(_FIGURES))
    text = re.sub(r"(?<=\d)十", "0", text)
    return re.sub(r"十(?=\d)", "1", text).replace("十", "10")


def _clock_in(text: str) -> time | None:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    half, hour, minute, second = found.groups()
    later = 12 if half in _AFTERNOON and int(hour) < 12 else 0
    try:
        return time(int(hour) + later, int(minute or 0), int(second or 0))
    except ValueError:
        return None


def _clock(moment: time) -> str:
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def _is_number(raw: Any) -> bool:
    """Tell whether something is a number, not a truth and none of those without end."""
    if isinstance(raw, float):
        return math.isfinite(raw)
    return isinstance(raw, int) and not isinstance(raw, bool)


def _from_serial(days: float) -> datetime:
    return _rounded(_FIRST_DAY + timedelta(days=days))


def _rounded(moment: datetime) -> datetime:
    """Return the nearest second; spreadsheets keep times as fractions of a day."""
    half = timedelta(milliseconds=500)
    return (moment + half if moment <= _LAST - half else moment).replace(microsecond=0)
