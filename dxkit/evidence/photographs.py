"""What a picture tells: when and where it was taken, and a small copy that tells only the view."""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pi_heif
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from dxkit.errors import EvidenceError, Problem
from dxkit.evidence.kinds import PHONE_PICTURES
from dxkit.evidence.likeness import fingerprint_of

MOST_PIXELS = 100_000_000
"""What is decoded at most; three bytes each."""
MOST_IN_JPEG = 205_000_000
"""What a JPEG may say: the largest sensors of phones have 16384 by 12288 pixels."""
THUMBNAIL_EDGE = 480
_QUALITY = 82
_JPEG = b"\xff\xd8\xff"
_UNSEEN = "图片打不开，没有小图和拍摄信息，请确认文件完好，时间和位置请手工填写"
_PIXELS = re.compile(r"\((\d+) pixels\)")
_EXIF_DETAILS, _EXIF_PLACE = 0x8769, 0x8825
_ORIENTATION, _TAKEN, _CHANGED = 0x0112, 0x9003, 0x0132
_LATITUDE_SIDE, _LATITUDE, _LONGITUDE_SIDE, _LONGITUDE = 1, 2, 3, 4
_YEARS = range(1990, 2101)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Picture:
    """What was read from a picture.

    `thumbnail` is empty where a picture of a phone could not be decoded; `taken_at` is local time
    as the camera had it; degrees are decimal, south and west negative; `fingerprint` is what
    likeness compares, None for a picture without structure.
    """

    thumbnail: bytes
    fingerprint: int | None
    taken_at: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    notes: tuple[str, ...] = ()


def look(path: Path) -> Picture:
    """Open a picture, read what the camera noted, and make the small copy.

    Raises:
        EvidenceError: it cannot be opened, or would take absurd room when opened.
    """
    with warnings.catch_warnings():
        # The size is judged below; damaged camera notes are told as a note, not as a warning.
        warnings.simplefilter("ignore")
        try:
            with _opened(path) as image:
                notes = _camera_notes(image)
                _shrink(image, path)
                return _picture(image, *notes)
        except Image.DecompressionBombError as exc:
            told = _PIXELS.search(str(exc))
            raise _too_large(path, int(told[1]) if told else 0) from None
        except EvidenceError:
            raise
        except Exception:  # damaged pictures make their readers fail in every way there is
            if path.suffix.lower().lstrip(".") in PHONE_PICTURES:
                return Picture(b"", None, notes=(_UNSEEN,))
            raise EvidenceError(
                Problem(str(path), "", "图片损坏，打不开", "能够正常打开的图片")
            ) from None


def fingerprint(path: Path) -> int | None:
    """Return what likeness compares, None if the picture cannot be opened or has no structure."""
    try:
        return look(path).fingerprint
    except EvidenceError:
        return None


def _opened(path: Path) -> Image.Image:
    """Open a picture by its bytes, whatever it is called; nothing is decoded yet.

    A JPEG is not asked for its size here, for it need not be decoded whole.
    """
    with path.open("rb") as stream:
        head = stream.read(len(_JPEG))
    if head == _JPEG:
        return JpegImageFile(path)
    pi_heif.register_heif_opener()
    return Image.open(path)


def _shrink(image: Image.Image, path: Path) -> None:
    """Refuse what would take absurd room when decoded; let a JPEG be decoded at a fraction.

    A fraction is all that the small copy needs. Of a progressive JPEG all coefficients are held at
    once whatever the fraction, so that it may not be larger than other pictures.
    """
    whole = image.width * image.height
    most = MOST_PIXELS
    if isinstance(image, JpegImageFile) and not image.info.get("progressive"):
        most = MOST_IN_JPEG
    image.draft("RGB", (2 * THUMBNAIL_EDGE, 2 * THUMBNAIL_EDGE))
    if whole > most or image.width * image.height > MOST_PIXELS:
        raise _too_large(path, whole)


def _too_large(path: Path, pixels: int) -> EvidenceError:
    count = f"（{pixels / 1_000_000:.0f} 百万）" if pixels else ""
    limit = (
        f"不超过 {MOST_PIXELS // 1_000_000} 百万像素的图片，"
        f"手机直出的 JPG 照片不超过 {MOST_IN_JPEG // 1_000_000} 百万"
    )
    return EvidenceError(Problem(str(path), "", f"图片的像素过多{count}", limit))


def _picture(
    image: Image.Image, orientation: int, noted: dict[str, Any], notes: tuple[str, ...]
) -> Picture:
    # Once a view failed to open, asking again gives a black one without a word.
    image.load()
    small = _upright(_on_white(image), orientation)
    small.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE))
    return Picture(_as_jpeg(small), fingerprint_of(small), **noted, notes=notes)


def _on_white(image: Image.Image) -> Image.Image:
    """Return the picture without transparency, in colours that a JPEG has."""
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    layered = image.convert("RGBA")
    ground = Image.new("RGB", layered.size, "white")
    ground.paste(layered, mask=layered.getchannel("A"))
    return ground


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def _as_jpeg(image: Image.Image) -> bytes:
    """Write only the view: no camera notes, no comment, no colour profile."""
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    stream = io.BytesIO()
    bare.save(stream, "JPEG", quality=_QUALITY, optimize=True)
    return stream.getvalue()


def _camera_notes(image: Image.Image) -> tuple[int, dict[str, Any], tuple[str, ...]]:
    """Return orientation, time and place, and what could not be read of them."""
    try:
        exif = image.getexif()
        details, place = exif.get_ifd(_EXIF_DETAILS), exif.get_ifd(_EXIF_PLACE)
        orientation = exif.get(_ORIENTATION, 1)
        told = details.get(_TAKEN) or exif.get(_CHANGED)
    except Exception:  # damaged notes make the reader fail in every way there is
        return 1, {}, ("照片所带的拍摄信息损坏，时间和位置请手工填写",)
    noted = {"taken_at": _moment(told), **_position(place)}
    missing = []
    if noted["taken_at"] is None:
        missing.append("照片没有可用的拍摄时间" if told is None else "照片所带的拍摄时间不可用")
    if place and "latitude" not in noted:
        missing.append("照片所带的位置不可用")
    return orientation if isinstance(orientation, int) else 1, noted, tuple(missing)


def _moment(told: Any) -> str | None:
    try:
        moment = datetime.strptime(str(told).strip("\0 "), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    return moment.isoformat(sep=" ") if moment.year in _YEARS else None


def _position(place: Mapping[int, Any]) -> dict[str, float]:
    latitude = _degrees(place.get(_LATITUDE), place.get(_LATITUDE_SIDE), "S", 90)
    longitude = _degrees(place.get(_LONGITUDE), place.get(_LONGITUDE_SIDE), "W", 180)
    if latitude is None or longitude is None or (latitude, longitude) == (0, 0):
        return {}
    return {"latitude": latitude, "longitude": longitude}


def _degrees(parts: Any, side: Any, negative: str, most: int) -> float | None:
    """Return degrees from degrees, minutes and seconds; None if they make no sense."""
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value) or not 0 <= value <= most:
        return None
    return round(-value if side == negative else value, 6)
