"""Appendix D: the photographs that may leave, two to a line, and how many were kept back."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence

from PIL import Image

from dxkit.case import Case
from dxkit.case.answers import column_fields
from dxkit.case.words import shown
from dxkit.charts import Chart
from dxkit.diagnosis import Diagnosis
from dxkit.evidence.duplicates import thumbnail_of
from dxkit.evidence.kept import Item, items
from dxkit.evidence.secrecy import stays
from dxkit.report.answers import rows_of
from dxkit.report.blocks import NOTHING, Block, Head, figure, join, paragraph, table

PHOTOS = "aux_4.photos"
# Two pictures beside each other fill the text; pixels high, pixels and centimetres wide.
_HIGH, _WIDE, _GAP = 360, 480, 24
_LINE_CM = 15.6
_COLOURS = 256


def photos(diagnosis: Diagnosis) -> Block:
    """Return appendix D: the register of the photographs that may leave, and the pictures."""
    case = diagnosis.case
    taken = [item for item in items(case) if item.path.startswith(f"{PHOTOS}.") and item.row]
    if not taken:
        return paragraph(f"现场照片尚未登记（辅-4）。{_bans(case)}", "empty")
    reasons = {item.path: stays(case, item) for item in taken}
    leaving = [item for item in taken if reasons[item.path] is None]
    kept_back = kept_back_words([why for why in reasons.values() if why], "张照片")
    return _register(case, leaving) + kept_back + _pictures(case, leaving)


def kept_back_words(reasons: Sequence[str], what: str) -> Block:
    """Say how many of something are kept back and why, without saying what they are."""
    if not reasons:
        return NOTHING
    counted = "、".join(f"{why} {count}" for why, count in Counter(reasons).items())
    return paragraph(f"另有 {len(reasons)} {what}依规定不列入本报告（{counted}）。", "note")


def _bans(case: Case) -> str:
    """Say why there are none where the enterprise forbade taking any."""
    meetings = rows_of(case, "annex_5", "meetings")
    banned = [row for row in meetings if row.get("photos_forbidden")]
    reasons = [str(row.get("photos_forbidden_reason") or "未写明理由") for row in banned]
    return f"企业书面提出禁止拍摄：{'；'.join(dict.fromkeys(reasons))}。" if reasons else ""


def _register(case: Case, leaving: Sequence[Item]) -> Block:
    if not leaving:
        return paragraph("已登记的现场照片都不能列入本报告。", "empty")
    heads = [Head("编号", 10, "mid"), Head("拍摄时间", 23, "mid"), Head("地点", 17)]
    heads += [Head("环节", 13, "mid"), Head("内容", 23), Head("企业同意", 14, "mid")]
    keys = ("photo_no", "taken_at", "place", "node", "subject", "consent")
    rows = [[_cell(case, item, key) for key in keys] for item in leaving]
    return table("现场照片登记", heads, rows)


def _cell(case: Case, item: Item, key: str) -> str:
    return shown(column_fields(item.table)[key], item.row.get(key), case.definitions)


def _pictures(case: Case, leaving: Sequence[Item]) -> Block:
    """Return the small copies two to a line; what is kept on paper only has none."""
    copies = [(item, _small(case, item)) for item in leaving]
    shown_ones = [(item, small) for item, small in copies if small is not None]
    lines = (shown_ones[start : start + 2] for start in range(0, len(shown_ones), 2))
    without = "、".join(item.number for item, small in copies if small is None)
    note = paragraph(f"未附小图的照片：{without}。", "note") if without else NOTHING
    return join(map(_line, lines)) + note


def _small(case: Case, item: Item) -> Image.Image | None:
    """Return the small copy of a photograph, None if there is none."""
    name = thumbnail_of(item)
    path = case.folder / name if name else None
    if path is None or not path.is_file():
        return None
    with Image.open(path) as image:
        small = image.convert("RGB")
    small.thumbnail((_WIDE, _HIGH))
    return small


def _line(line: Sequence[tuple[Item, Image.Image]]) -> Block:
    words = "；".join(_caption(item) for item, _ in line)
    width = _LINE_CM if len(line) > 1 else _LINE_CM / 2
    return figure(Chart(_beside([small for _, small in line]), words, width), words)


def _caption(item: Item) -> str:
    told = item.row.get("caption") or item.row.get("subject") or ""
    masked = "（已按企业要求遮盖）" if item.row.get("consent") == "masked" else ""
    return f"{item.number} {told}{masked}".strip()


def _beside(pictures: Sequence[Image.Image]) -> bytes:
    """Return a PNG of pictures beside each other, each in the middle of its own place."""
    across = len(pictures) * _WIDE + (len(pictures) - 1) * _GAP
    sheet = Image.new("RGB", (across, max(each.height for each in pictures)), "white")
    for position, each in enumerate(pictures):
        left = position * (_WIDE + _GAP) + (_WIDE - each.width) // 2
        sheet.paste(each, (left, (sheet.height - each.height) // 2))
    stream = io.BytesIO()
    sheet.quantize(_COLOURS, Image.Quantize.FASTOCTREE).save(stream, "PNG")
    return stream.getvalue()
