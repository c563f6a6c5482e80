"""核对企业案卷或解开的报送包未被改动，只需 Python 3.8：python verify_evidence.py 文件夹."""

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
        came = hashes(entry.get("files"))  # what is moved apart or back leaves its other place
        gone = {f[11:] if f.startswith("restricted/") else f"restricted/{f}" for f in came}
        gone.update(hashes([change["from"] for change in entry["changes"]]))
        files = {file: files[file] for file in files if file not in gone}
        files.update({**came, **hashes([change["to"] for change in entry["changes"]])})
        before, case = seal, entry["file"]
    return {**files, "case.yaml": case}


home, known, wrong, away = Path(sys.argv[1] if len(sys.argv) > 1 else "."), set(), [], []
pack, journal, apart = (home / each for each in ("manifest.json", "journal.jsonl", "restricted"))
case = journal.exists() or (home / "case.yaml").exists() or not pack.exists()
records = [journal, apart / journal.name][: 1 + any(apart.glob("*.*l"))] if case else [pack]
for record in records:
    try:
        told = {"files": ()} if case else json.loads(record.read_text("utf-8"))
        if not case and (told["format"] != "dxkit-pack/1" or not told["files"]):
            raise ValueError("不是打包时写入的清单，或没有列出文件")
        listed = [(each["path"], each["sha256"]) for each in told["files"]]
        rows = listed or in_journal(record, wrong).items()
        for path, sha in sorted((record.parent / place, sha) for place, sha in rows):
            known.add(path)
            here = record.parent.resolve() in path.resolve().parents and path.is_file()
            if not here and case and apart in path.parents and not any(apart.glob("*")):
                away.append(f"{path}：另行存放，没有核对")
            elif not here or hashlib.sha256(path.read_bytes()).hexdigest() != sha:
                wrong.append(f"{path}：{'内容与登记时不同' if here else '文件不在'}")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
        wrong.append(f"{record}：读不出（{exc}）")
there = (each for each in sorted({*home.rglob("*")} - {*known, *records}) if each.is_file())
wrong += [f"{f}：没有登记的文件" for f in there if f.name != ".lock" or f.stat().st_size]
said = f"核对了 {len(known) - len(away)} 个文件，{len(wrong)} 处不符"
said += f"，{len(away)} 个文件另行存放、没有核对。" if away else "。"
sys.stdout.buffer.write("\n".join([said, *wrong, *away, ""]).encode("utf-8", "replace"))
sys.exit(1 if wrong else 3 if away else 0)
