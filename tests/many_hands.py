"""One person among several who fill in a case at once; run as a program, a process each."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

from tests.sittings import Sitting

FIELDS = tuple(f"annex_3.{key}" for key in ("park", "banner", "principal", "legal_person"))


def main(folder: Path, name: str, seed: int, times: int) -> None:
    """Change some fields from what was last seen, and say what became of each change."""
    chance = random.Random(seed)
    mine = Sitting(folder, "member", name)
    items = mine.open(FIELDS[0])
    seen = {path: items[path]["value"] for path in FIELDS}
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
