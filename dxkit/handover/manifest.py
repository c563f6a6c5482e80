"""The list that goes with a pack, for machines: every file with its hash, and what is left out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dxkit.archives import leads_out
from dxkit.errors import HandoverError, Problem

NAME = "manifest.json"
FORMAT = "dxkit-pack/1"
MOST_BYTES = 16 * 2**20


@dataclass(frozen=True)
class Listed:
    """A file as the manifest tells it."""

    path: str
    sha256: str
    bytes: int


def manifest_of(head: Mapping[str, Any], files: Sequence[Listed]) -> bytes:
    """Return the manifest of some files; `head` says whose they are and what was left out."""
    told = {"format": FORMAT, **head, "files": [vars(each) for each in files]}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def read_manifest(content: bytes, where: str) -> dict[str, Listed]:
    """Return the files that a manifest names, by path.

    Raises:
        HandoverError: if it is none, is damaged, or names a place outside the pack.
    """
    try:
        told = json.loads(content)
        files = [Listed(**_kept(each)) for each in told["files"]]
        known = told["format"] == FORMAT
    except (ValueError, TypeError, KeyError, RecursionError):
        raise HandoverError(Problem(where, NAME, "读不出", "dxkit 打包时写入的清单")) from None
    if not known:
        raise HandoverError(Problem(where, NAME, f"格式 {told['format']}", FORMAT))
    if not files:
        raise HandoverError(Problem(where, NAME, "没有列出文件", "打包时写入的清单"))
    if wrong := list(_wrong(files, where)):
        raise HandoverError(wrong)
    return {each.path: each for each in files}


def _kept(each: Mapping[str, Any]) -> dict[str, Any]:
    return {key: each[key] for key in ("path", "sha256", "bytes")}


def _wrong(files: Sequence[Listed], where: str) -> Iterator[Problem]:
    seen: set[str] = {NAME}
    for each in files:
        if not isinstance(each.path, str) or leads_out(each.path) or each.path in seen:
            yield Problem(where, NAME, f"条目 {each.path}", "包内的相对路径，各写一次")
        elif not isinstance(each.sha256, str) or type(each.bytes) is not int:
            yield Problem(where, NAME, f"{each.path} 的校验值或大小", "SHA-256 和字节数")
        seen.add(str(each.path))
