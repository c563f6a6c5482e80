"""The two Chinese faces: where they are, what they draw, how wide."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dxkit import fonts
from dxkit.errors import FontError


@pytest.fixture
def without_cache():
    fonts._shipped.cache_clear()
    yield
    fonts._shipped.cache_clear()


def test_the_two_faces_are_the_free_ones():
    assert fonts.sans().name == "NotoSansCJKsc-Regular.otf"
    assert fonts.serif().name == "NotoSerifCJKsc-Regular.otf"
    assert fonts.sans().is_file()
    assert fonts.serif().is_file()


@pytest.mark.parametrize("face", [fonts.sans, fonts.serif])
def test_both_faces_draw_what_reports_are_written_with(face):
    text = "内蒙古呼和浩特鄂尔多斯，。；：“”（）《》〔〕、—…·％℃㎡≥≤×±→①②Ⅲ½−–αβ 0123 ABC xyz"
    assert fonts.missing_glyphs(face(), text) == ""


def test_missing_characters_are_named_once_in_order():
    assert fonts.missing_glyphs(fonts.sans(), "甲😀乙🚀😀") == "😀🚀"


def test_white_space_is_never_missing():
    assert fonts.missing_glyphs(fonts.sans(), "甲\n乙\t丙　丁\r\n") == ""


def test_a_chinese_character_is_one_em_wide_and_a_digit_about_half():
    assert fonts.text_width(fonts.sans(), "数字化") == 3.0
    assert 0.5 < fonts.text_width(fonts.sans(), "0") < 0.6
    assert fonts.text_width(fonts.sans(), "00%") == pytest.approx(
        2 * fonts.text_width(fonts.sans(), "0") + fonts.text_width(fonts.sans(), "%")
    )


def test_finding_the_fonts_imports_neither_their_package_nor_matplotlib():
    code = (
        "import sys; from dxkit import fonts; fonts.sans();"
        "print([m for m in ('mplfonts', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_absent_package_is_said_in_chinese(monkeypatch, without_cache):
    monkeypatch.setattr(fonts, "find_spec", lambda name: None)
    with pytest.raises(FontError, match="未安装字体包 mplfonts"):
        fonts.sans()


def test_a_package_without_the_file_is_said_in_chinese(monkeypatch, without_cache, tmp_path):
    class Spec:
        origin = str(tmp_path / "__init__.py")

    monkeypatch.setattr(fonts, "find_spec", lambda name: Spec)
    with pytest.raises(FontError, match=r"没有 NotoSerifCJKsc-Regular\.otf"):
        fonts.serif()


@pytest.mark.parametrize("content", [None, b"not a font"])
def test_an_unreadable_font_file_is_a_font_error(tmp_path: Path, content):
    path = tmp_path / "font.otf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FontError, match="无法读取"):
        fonts.missing_glyphs(path, "甲")
