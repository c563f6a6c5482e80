"""Charts are drawn without artists; what comes out is what matplotlib's own would draw."""

from __future__ import annotations

import io
import os
import shutil

import numpy as np
import pytest
from PIL import Image

from dxkit import charts, paths
from dxkit.charts import Level, drawing, letters
from dxkit.charts.look import look
from dxkit.charts.picture import Box, Diamond, Dot, Label, Picture, Stroke

from . import chart_artists

FILLS = ("main", "grey", "tint", "ground", "paper", "hatch", "dots", "cross", "clear")
BOXES = [Box(0.3 + i, 0.4, 0.83, 1.17, fill, i % 2 == 0) for i, fill in enumerate(FILLS)]
DOTS = [Dot(0.7 + i, 2.6, 0.31, fill) for i, fill in enumerate(FILLS)]
DIAMONDS = [Diamond(0.7 + i, 3.6, 0.37, fill) for i, fill in enumerate(FILLS)]
STROKES = [
    Stroke(0.33 + i, 4.4, 1.21 + i, 4.4 + 0.5 * (i > 2), weight, dashed)
    for i, (weight, dashed) in enumerate(
        (weight, dashed) for dashed in (False, True) for weight in ("grid", "axis", "bold")
    )
]
WORDS = ("关键工序数控化率", "QMS/LIMS 系统", "93.75%", "“是”（gjpqy）")


def shown(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def ink(pixels):
    """Return the first and last column and row that are not white."""
    rows, columns = np.nonzero((pixels[..., :3] < 200).any(axis=-1))
    return np.array([columns.min(), columns.max(), rows.min(), rows.max()])


@pytest.mark.parametrize(
    "marks", [BOXES, DOTS, DIAMONDS, STROKES], ids=lambda m: type(m[0]).__name__
)
def test_every_area_and_line_is_drawn_as_an_artist_would_pixel_for_pixel(marks):
    picture = Picture(9.7, 5.3, tuple(marks))
    drawn, expected = drawing.pixels(picture, look()), chart_artists.pixels(picture)
    assert np.abs(drawn.astype(int) - expected).max() <= 1  # a curve is rounded once less


def test_a_pattern_lies_the_same_wherever_its_area_does():
    steps = [0.137 * n for n in range(24)]
    marks = [
        Box(3 * n + step, 0.2 + 1.3 * step, 0.31 + step / 3, 0.17 + step / 9, fill, n != 1)
        for n, fill in enumerate(("hatch", "dots", "cross"))
        for step in steps
    ]
    picture = Picture(12, 6, (Box(0, 0, 12, 6, "tint", False), *marks))
    drawn, expected = drawing.pixels(picture, look()), chart_artists.pixels(picture)
    assert np.abs(drawn.astype(int) - expected).max() <= 1


@pytest.mark.parametrize("tone", ["ink", "soft"])
@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("anchor", ["left", "center", "right"])
@pytest.mark.parametrize("size", [8, 9, 14.5])
def test_every_text_lies_where_an_artist_would_set_it(size, anchor, turned, tone):
    for words in WORDS:
        picture = Picture(12, 12, (Label(6.13, 6.07, words, size, anchor, tone, turned),))
        drawn, expected = drawing.pixels(picture, look()), chart_artists.pixels(picture)
        # An artist rounds the width of every character to whole pixels.
        assert np.abs(ink(drawn) - ink(expected)).max() <= 2 + len(words) // 8, words
        weight, wanted = ((255 - each[..., :3].astype(int)).sum() for each in (drawn, expected))
        assert weight == pytest.approx(wanted, rel=0.06), words


def test_white_words_stand_on_a_dark_ground():
    picture = Picture(3, 1, (Box(0, 0, 3, 1, "main"), Label(0.5, 0.5, "是", 9, "left", "paper")))
    pixels = shown(drawing.to_png(picture))
    assert (pixels == 255).all(axis=-1).sum() > 20


def test_a_file_holds_each_colour_of_the_style_exactly():
    picture = Picture(9.7, 5.3, tuple(BOXES))
    pixels = shown(drawing.to_png(picture))
    drawn = chart_artists.pixels(picture)[..., :3].astype(int)
    for fill in FILLS[:5]:
        wanted = [round(255 * part) for part in look().fills[fill][:3]]
        inside = (drawn == wanted).all(axis=-1)
        assert inside.any(), fill
        assert (pixels[inside] == wanted).all(), fill


def test_no_pixel_of_a_file_is_far_from_what_was_drawn():
    labels = [Label(0.2, 5.6 + i * 0.5, words, 9) for i, words in enumerate(WORDS)]
    picture = Picture(9.7, 8, (*BOXES, *DOTS, *DIAMONDS, *STROKES, *labels))
    drawn = drawing.pixels(picture, look())[..., :3].astype(int)
    off = np.abs(shown(drawing.to_png(picture)) - drawn).max(axis=-1)
    assert off.max() <= 24
    assert off.mean() < 0.5


def test_a_line_set_before_is_the_line_set_anew():
    letters.line.cache_clear()
    chart = [charts.levels([Level("生产管理", 2), Level("质量", 1)]) for _ in range(2)]
    letters.line.cache_clear()
    assert chart[0] == chart[1] == charts.levels([Level("生产管理", 2), Level("质量", 1)])


def test_a_style_changed_while_the_program_runs_shows_in_the_next_chart(tmp_path, monkeypatch):
    shutil.copytree(paths.templates(), tmp_path / "templates")
    monkeypatch.setattr("dxkit.charts.look.templates", lambda: tmp_path / "templates")
    style = tmp_path / "templates" / "charts" / "dxkit.mplstyle"
    before = charts.levels([Level("生产", 2)]).png
    text = style.read_text(encoding="utf-8")
    style.write_text(text.replace("1F4E79", "7A1F1F"), encoding="utf-8")
    os.utime(style, ns=(1, 1))
    after = charts.levels([Level("生产", 2)]).png
    assert (shown(after) == (0x7A, 0x1F, 0x1F)).all(axis=-1).any()
    assert not (shown(before) == (0x7A, 0x1F, 0x1F)).all(axis=-1).any()
