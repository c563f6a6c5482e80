"""A case with every kind of secret in it, each in words that are found wherever they come."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image

from dxkit.case import Change, open_case, store_of, writing
from dxkit.definitions import load
from dxkit.evidence import Intake, add
from dxkit.evidence.duplicates import thumbnail_of
from dxkit.evidence.kept import items

DEFINITIONS = load()
ALL = frozenset({"leader", "member", "enterprise", "reader"})
WORDS: Mapping[str, tuple[str, frozenset[str]]] = {
    "an answer of annex 9": ("仅附件九可见的负责人", frozenset({"leader"})),
    "a row of annex 9": ("只在附件九的系统", frozenset({"leader"})),
    "a value that lost in annex 9": ("争着写进附件九的意见", frozenset({"leader"})),
    "a secret file": ("机密配方台账", frozenset({"leader"})),
    "a file that became secret": ("先公开后涉密的台账", frozenset({"leader"})),
    "a secret photograph": ("机密车间照片", frozenset({"leader"})),
    "a photograph without consent": ("未获同意的照片", frozenset({"leader", "member"})),
    "a paper that is withheld": ("不予报送的过程材料", frozenset({"leader", "member"})),
    "what stays inside": ("内网地址与设备型号明细", frozenset({"leader", "member"})),
    "the office's own part": ("2031-01-02", frozenset({"leader", "member"})),
    "a note of the course": ("办理中的内部说明", frozenset({"leader", "member"})),
    "who said so": ("匿名的车间主任", frozenset({"leader", "member"})),
    "a phone number": ("13899997777", frozenset({"leader", "member"})),
    "a remark on site": ("现场备注的内容", ALL - {"enterprise"}),
    "what the enterprise says": ("企业自述的规划文件名", ALL),
}
"""The words by what they stand for, with the roles that may read them."""


def words(name: str) -> str:
    """Return what was planted."""
    return WORDS[name][0]


def plant(place: Path, beside: Path) -> dict[str, tuple[list[bytes], frozenset[str]]]:
    """Put every kind of secret into a case.

    Returns: what to look for by what it stands for, the bytes of pictures too, and who may get it.
    """
    _plant_answers(place)
    _plant_files(place, beside)
    found = {name: ([each.encode("utf-8")], roles) for name, (each, roles) in WORDS.items()}
    return found | _pictures(place)


def _plant_answers(place: Path) -> None:
    with writing(store_of(place, "annex_9", DEFINITIONS), "组长", DEFINITIONS) as writer:
        writer.set("annex_9.sec_head", words("an answer of annex 9"))
        row = {"system_no": "S01", "name": words("a row of annex 9")}
        writer.set("annex_9.systems", [row])
        lost = words("a value that lost in annex 9")
        writer.propose(Change("annex_9.enterprise_opinion", lost, None))
    with writing(place, "组长", DEFINITIONS) as writer:
        writer.set("annex_2.infrastructure_summary", words("what stays inside"))
        writer.set("annex_8.locked_on", words("the office's own part"))
        attends = {"name": "李四", "phone": words("a phone number")}
        writer.set("annex_5.attendees.+", attends)
        note = {
            "noted_at": "2026-11-02 09:00",
            "who": "组长",
            "note": words("a note of the course"),
        }
        writer.set("engagement.notes.+", note)
        paper = {"title": words("a paper that is withheld"), "secrecy_handling": "withheld"}
        writer.set("annex_7.service_ledger.+", paper)
        answer = {"onsite": 168, "self_reported": 168, "informant": words("who said so")}
        writer.set("annex_6.equipment", answer | {"remark": words("a remark on site")})
        said = {"self_reported": words("what the enterprise says")}
        writer.set("annex_6.pain_points", said)


def _plant_files(place: Path, beside: Path) -> None:
    def picture(name: str, seed: int) -> Path:
        noise = np.random.default_rng(seed).integers(0, 255, (90, 120, 3), dtype=np.uint8)
        path = beside / f"{words(name)}.png"
        Image.fromarray(noise).save(path)
        return path

    def registered(name: str, seed: int, **cells: str) -> None:
        told = {"title": words(name), **cells}
        add(place, [(picture(name, seed), Intake("C", told))], "组长")

    registered("a secret file", 1, provider=words("a secret file"), secrecy="secret")
    registered("a file that became secret", 2, secrecy="general")
    shot = {"taken_at": "2026-11-03 10:00", "photographer": "李四"}
    for name, seed, consent, secrecy in (
        ("a secret photograph", 3, "yes", "secret"),
        ("a photograph without consent", 4, "no", "general"),
    ):
        cells = {**shot, "place": words(name), "consent": consent, "secrecy": secrecy}
        add(place, [(picture(name, seed), Intake(None, None, cells))], "组长")
    with writing(place, "组长", DEFINITIONS) as writer:
        rows = [dict(each) for each in writer.data["annex_7"]["evidence"]]
        for row in rows:
            if row["title"] == words("a file that became secret"):
                row["secrecy"] = "secret"
        writer.set("annex_7.evidence", rows)


def _pictures(place: Path) -> dict[str, tuple[list[bytes], frozenset[str]]]:
    """Return the bytes, the small copies and the hashes of the planted files."""
    found: dict[str, tuple[list[bytes], frozenset[str]]] = {}
    for item in items(open_case(place)):
        for name, (said, roles) in WORDS.items():
            if said not in item.row.values() or item.file is None:
                continue
            whole, small = (place / item.file).read_bytes(), thumbnail_of(item)
            found[f"{name}, its hash"] = ([hashlib.sha256(whole).hexdigest().encode()], roles)
            found[f"{name}, its bytes"] = ([whole[200:260]], frozenset())
            if small and (place / small).is_file():
                found[f"{name}, in small"] = ([_as_text((place / small).read_bytes())], roles)
    return found


def _as_text(content: bytes) -> bytes:
    """Return the beginning of some bytes as they stand in a message, past what is alike in all."""
    return base64.b64encode(content)[900:1000]
