"""核对企业案卷或解开的报送包未被改动，只需 Python 3.8：python verify_evidence.py 文件夹."""
# ruff: noqa: T201  # it stands alone and has nothing but print to speak with

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path


def hashes(told: object) -> dict:
    """Return every file that is named together with its hash."""
    inner = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    own = isinstance(told, dict) and (told.get("file") or told.get("path"))
    found = {file: sha for each in inner for file, sha in hashes(each).items()}
    return {**found, own: told["sha256"]} if own and told.get("sha256") else found


def in_journal(path: Path, faults: list) -> dict:
    """Check the chain of entries; return the files it leaves in the case with their hashes."""
    files, before, case = {}, "", ""
    for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], start=1):
        entry = json.loads(line.decode("utf-8"))
        seal, compact = entry.pop("hash"), (",", ":")
        body = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=compact).encode()
        if (number, before, hashlib.sha256(body).hexdigest()) != (entry["n"], entry["prev"], seal):
            faults.append(f"{path} 第 {number} 行：与前后记录的校验值不符")
        for change in (*entry["changes"], {"from": None, "to": entry.get("files")}):
            files = {file: files[file] for file in files if file not in hashes(change["from"])}
            files.update(hashes(change["to"]))
        before, case = seal, entry["file"]
    return {**files, "case.yaml": case}


def check(record: Path, faults: list) -> set:
    """Check all files that a journal or the manifest of a pack names; return their places."""
    try:
        packed = record.name == "manifest.json" and json.loads(record.read_text("utf-8"))
        files = hashes(packed["files"]) if packed else in_journal(record, faults)
        for path, told in sorted((record.parent / file, told) for file, told in files.items()):
            if record.parent.resolve() not in path.resolve().parents or not path.is_file():
                faults.append(f"{path}：文件不在")
            elif hashlib.sha256(path.read_bytes()).hexdigest() != told:
                faults.append(f"{path}：内容与登记时不同")
        return {record.parent / file for file in files}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
        return faults.append(f"{record}：读不出（{exc}）") or set()


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    home, wrong = Path(sys.argv[1] if len(sys.argv) > 1 else "."), []
    kept = [home / "manifest.json"], [home / "journal.jsonl", home / "restricted/journal.jsonl"]
    records = next((found for each in kept if (found := [f for f in each if f.exists()])), [home])
    known = {place for each in records for place in check(each, wrong)}
    there = (f for f in sorted({*home.rglob("*")} - known - {*records}) if f.is_file())
    wrong += [f"{each}：没有登记的文件" for each in there if each.name != ".lock"]
    print(f"核对了 {len(known)} 个文件，{len(wrong)} 处不符。", *wrong, sep="\n")
    sys.exit(1 if wrong else 0)
