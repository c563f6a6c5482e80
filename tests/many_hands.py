"""One person among several who fill in a case at once; run as a program, a process each."""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path

from tests.sittings import Sitting

READY, GO = ".ready", "go"
"""Files beside the case: who has looked at it says so, and begins when everybody may."""
FIELDS = tuple(f"annex_3.{key}" for key in ("park", "banner", "principal", "legal_person"))


def main(folder: Path, name: str, seed: int, times: int) -> None:
    """Change some fields from what was last seen, and say what became of each change.

    Nobody begins before the file that says so, so that all start from the same values.
    """
    chance = random.Random(seed)
    mine = Sitting(folder, "member", name)
    items = mine.open(FIELDS[0])
    seen = {path: items[path]["value"] for path in FIELDS}
    (folder.parent / f"{name}{READY}").touch()
    while not (folder.parent / GO).exists():
        time.sleep(0.01)
    for number in range(times):
        path, value = chance.choice(FIELDS), f"{name}{number}"
        reply = mine.edit(path, value, seen[path])
        kind = "saved" if "saved" in reply else "conflict" if "conflict" in reply else "other"
        line = json.dumps([kind, path, seen[path], value], ensure_ascii=False)
        sys.stdout.write(f"{line}\n")
        seen[path] = reply["item"]["value"]
        if chance.random() < 0.3:
            told = mine.news().get("items", {"items": []})["items"]
            seen.update({each["path"]: each["value"] for each in told if each["path"] in seen})


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
