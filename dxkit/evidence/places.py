"""Where the enterprise lets nobody take pictures, and whether a picture was taken there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dxkit.case import Case

CONSENTED = ("yes", "masked")
_PARTS = re.compile("[，,；;。、\\n]")
# What follows the name of a place in a sentence that forbids it.
_BAN = re.compile("全部|所有|整个|任何|内部|区域|范围|不得|不许|不准|不可|不能|禁止|严禁|谢绝|未经")
_SHORTEST = 2


def forbidden_places(case: Case, photo: Mapping[str, Any]) -> list[str]:
    """Name the areas on the enterprise's list that a picture speaks of without its consent.

    The list is a text, such as 贵金属车间全部区域不得拍照; a picture tells its place and subject.
    """
    if photo.get("consent") in CONSENTED:
        return []
    told = str(case.annex("annex_3").get("restricted_areas") or "")
    said = [str(photo.get(key) or "").strip() for key in ("place", "subject")]
    parts = [part.strip() for part in _PARTS.split(told) if len(part.strip()) >= _SHORTEST]
    return [part for part in parts if _is_meant(part, said)]


def _is_meant(part: str, said: list[str]) -> bool:
    area = _BAN.split(part)[0].strip() or part
    place = said[0]
    if len(place) >= _SHORTEST and place in part:
        return True
    return len(area) >= _SHORTEST and any(area in each for each in said)
