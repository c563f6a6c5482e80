"""Where the two Chinese font files are, which characters they draw and how wide; only that."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from dxkit.errors import FontError, Problem

# The package also carries a face that may not be passed on freely, so files are named one by one.
_PACKAGE = "mplfonts"
_SANS = "NotoSansCJKsc-Regular.otf"
_SERIF = "NotoSerifCJKsc-Regular.otf"
_REMEDY = f"安装完整的 {_PACKAGE}（pip install {_PACKAGE}）后重试"


def sans() -> Path:
    """Return the file of the sans-serif face (黑体 role).

    Raises:
        FontError: the package that ships the fonts, or the file in it, is absent.
    """
    return _shipped(_SANS)


def serif() -> Path:
    """Return the file of the serif face (宋体 and 仿宋 role).

    Raises:
        FontError: the package that ships the fonts, or the file in it, is absent.
    """
    return _shipped(_SERIF)


def missing_glyphs(font: Path, text: str) -> str:
    """Return the characters of `text` that `font` cannot draw, each once, in order of appearance.

    White space, line breaks included, needs no glyph and is never missing.
    """
    known = _advances(font)
    return "".join(char for char in dict.fromkeys(text) if not (char.isspace() or char in known))


def text_width(font: Path, text: str) -> float:
    """Return how wide `text` runs on one line, in em; a missing character counts as one em."""
    known = _advances(font)
    return sum(known.get(char, 1.0) for char in text)


@cache
def _shipped(name: str) -> Path:
    # Looked up, not imported: importing it would load matplotlib.
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise FontError(Problem("中文字体", found=f"未安装字体包 {_PACKAGE}", expected=_REMEDY))
    path = Path(spec.origin).parent / "fonts" / name
    if not path.is_file():
        raise FontError(
            Problem("中文字体", found=f"字体包 {_PACKAGE} 中没有 {name}", expected=_REMEDY)
        )
    return path


@cache
def _advances(font: Path) -> Mapping[str, float]:
    """Return the width in em of every character that `font` can draw."""
    # fontTools has no types and is slow to import.
    from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped] # noqa: PLC0415

    try:
        with TTFont(font, lazy=True) as face:
            # Any names do, and those in the font cost the reading of every outline.
            face.setGlyphOrder([str(number) for number in range(face["maxp"].numGlyphs)])
            em, metrics = face["head"].unitsPerEm, face["hmtx"].metrics
            return {chr(point): metrics[name][0] / em for point, name in face.getBestCmap().items()}
    except (OSError, TTLibError) as error:
        raise FontError(Problem(str(font), found="无法读取", expected="完好的字体文件")) from error
