"""Who has a case open just now, and where: one small file a page, beside no case and soon stale."""

from __future__ import annotations

import json
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

from dxkit import paths

EVERY = 2.0
"""The seconds between two signs of life."""
STALE = 10.0
"""The seconds after which nobody is thought to be there any more."""
FORGOTTEN = 3600.0
FOLDER = ".presence"


class Presence:
    """One page's sign of life, and those of the others with the same case open."""

    def __init__(self, case_id: str, name: str, role: str) -> None:
        self.folder = paths.outputs() / FOLDER / case_id
        self.file = self.folder / f"{uuid.uuid4().hex}.json"
        self.name, self.role = name, role
        self.form = self.section = ""
        self._last = 0.0
        self._told: list[dict[str, Any]] = []

    def at(self, form: str, section: str) -> None:
        """Note which section is open; others are told with the next sign of life."""
        if (form, section) != (self.form, self.section):
            self.form, self.section = form, section
            self._last = 0.0

    def news(self) -> list[dict[str, Any]] | None:
        """Give a sign of life when it is time, and return the others if they changed."""
        now = time.time()
        if now - self._last < EVERY:
            return None
        self._last = now
        people = []
        with suppress(OSError):
            self._sign()
            people = [*self._others(now)]
        if people == self._told:
            return None
        self._told = people
        return people

    def leave(self) -> None:
        """Take the sign of life away."""
        with suppress(OSError):
            self.file.unlink(missing_ok=True)

    def _sign(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        told = {"name": self.name, "role": self.role, "form": self.form, "section": self.section}
        half = self.file.with_suffix(".part")
        half.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        half.replace(self.file)

    def _others(self, now: float) -> list[dict[str, Any]]:
        found = []
        for file in sorted(self.folder.glob("*.json")):
            age = now - file.stat().st_mtime
            if age > FORGOTTEN:
                file.unlink(missing_ok=True)
            if file != self.file and age <= STALE and (told := _read(file)) is not None:
                found.append(told)
        return sorted(found, key=lambda each: (each["name"], each["form"], each["section"]))


def _read(file: Path) -> dict[str, Any] | None:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    keys = ("name", "role", "form", "section")
    whole = isinstance(told, dict) and all(isinstance(told.get(key), str) for key in keys)
    return {key: told[key] for key in keys} if whole else None
