"""Whether the enterprise is who it says, and is diagnosed once in a period."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from dxkit import strict_yaml
from dxkit.case import list_folders
from dxkit.case.credit_code import doubt
from dxkit.case.stores import FILE
from dxkit.errors import DxkitError
from dxkit.facts.view import Culprits, View

FORMAT = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")


def credit_code_format_faults(view: View) -> Culprits:
    """Name a credit code that is not 18 of the characters allowed; a blank one is not judged."""
    code = view.value("annex_3", "uscc")
    return () if not code or FORMAT.fullmatch(str(code)) else (f"{code}",)


def credit_code_doubts(view: View) -> Culprits:
    """Name a doubt about the code's check digit; a blank code is not judged."""
    code = view.value("annex_3", "uscc")
    return tuple(filter(None, [doubt(str(code))])) if code else ()


def other_open_engagements(view: View) -> Culprits:
    """Name the cases beside this one with the same code and year that are not finished.

    A case that has not begun yet gets its year when it does: the present one.
    """
    code = view.value("annex_3", "uscc")
    if not code:
        return ()
    year = view.value("engagement", "year") or view.today.year
    final = {state.id for state in view.definitions.lifecycle.states if state.final}
    others = (f for f in list_folders(view.case.folder.parent) if f.name != view.case.id)
    return tuple(
        folder.name
        for folder in others
        if (told := _engagement_of(folder, str(code))) is not None
        and told.get("year") == year
        and told.get("state") not in final
    )


def _engagement_of(folder: Path, code: str) -> dict[str, Any] | None:
    """Return the course of a case with a credit code; None if it has another or cannot be read."""
    path = folder / FILE
    try:
        return _read_engagement(path, path.stat().st_mtime_ns, code)
    except (OSError, ValueError, DxkitError):
        return None


@lru_cache(maxsize=4096)
def _read_engagement(path: Path, _changed: int, code: str) -> dict[str, Any] | None:
    """Read a case only if its text holds the code at all: there may be hundreds of them."""
    text = path.read_text(encoding="utf-8")
    if code not in text:
        return None
    data = strict_yaml.parse(text, str(path)).data or {}
    own = (data.get("annex_3") or {}).get("uscc") == code
    return data.get("engagement") or {} if own else None
