"""The file of a benchmark pack: written with its checksum, and trusted only if that is right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from dxkit.errors import Problem, ProtectionError, os_problem
from dxkit.models.peers import FORMAT, KIND, PeerPack, digest_of
from dxkit.models.shape import problems_of

_LARGEST = 20_000_000


def sealed(content: dict[str, Any]) -> PeerPack:
    """Return a pack of some content with kind, format and checksum put to it."""
    whole = {"kind": KIND, "format": FORMAT, **content}
    drafted = PeerPack.of({**whole, "sha256": "-"})
    return drafted.model_copy(update={"sha256": digest_of(drafted.model_dump(mode="json"))})


def name_of(pack: PeerPack) -> str:
    """Return the name a pack's file goes by: region, year and checksum, nothing else."""
    return f"benchmark-{pack.region_code}-{pack.year}-{pack.sha256[:12]}.json"


def to_bytes(pack: PeerPack) -> bytes:
    """Return a pack as its file holds it: JSON for people too, one figure a line."""
    return (json.dumps(pack.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n").encode()


def write_pack(target: Path, content: bytes, force: bool = False) -> None:
    """Write a pack's file whole or not at all; another file of that name only if forced.

    Raises:
        ProtectionError: if there is another file, or the system refuses.
    """
    half = target.with_name(f".{target.name}.part")
    try:
        if target.exists() and not force and target.read_bytes() != content:
            found, expected = "已经有另一个文件", "换一个文件名，或加 --force 覆盖"
            raise ProtectionError(Problem(str(target), "", found, expected))
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            half.write_bytes(content)
            half.replace(target)
        finally:
            half.unlink(missing_ok=True)
    except OSError as exc:
        raise ProtectionError(os_problem(exc)) from None


def read_pack(file: Path) -> PeerPack:
    """Read a pack; nothing in it is ever more than figures and words.

    Raises:
        ProtectionError: if it cannot be read, has another shape, or is not as it was made.
    """
    try:
        if file.stat().st_size > _LARGEST:
            raise ProtectionError(Problem(str(file), "", "文件太大", "同类企业对照包"))
        pack = PeerPack.of(json.loads(file.read_text("utf-8")))
    except OSError as exc:
        raise ProtectionError(os_problem(exc)) from None
    except ValidationError as exc:
        raise ProtectionError(problems_of(exc, str(file))[:5]) from None
    except (ValueError, RecursionError):
        problem = Problem(str(file), "", "不是 JSON 内容", "同类企业对照包（benchmark-….json）")
        raise ProtectionError(problem) from None
    if not pack.is_whole:
        found, expected = "校验值与内容不符，文件被改动或损坏", "重新取得的对照包"
        raise ProtectionError(Problem(str(file), "sha256", found, expected))
    return pack
