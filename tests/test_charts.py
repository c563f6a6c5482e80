"""What the charts show, and that they can be read: in print, in grey, with long names."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import date
from itertools import combinations
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from dxkit import charts, paths
from dxkit.charts import (
    WIDE,
    Band,
    Benchmark,
    ChartError,
    Count,
    Cover,
    Event,
    Gap,
    Level,
    Pair,
    Point,
    Project,
    Ratio,
    Series,
    Terms,
    Tile,
    amounts,
    counts,
    crossings,
    drawing,
    events,
    letters,
    look,
    pairs,
    ratios,
    schedule,
    scores,
    steps,
    tiles,
)
from dxkit.charts.chart import say
from dxkit.charts.lettering import width_of, wrap
from dxkit.charts.picture import Box, Dot, Label, Picture, Stroke
from dxkit.errors import FontError
from dxkit.percentages import percent, points

from .chart_artists import extents

LONG = "面向多品种小批量柔性生产的车间级制造执行与设备联网一体化管理平台"
UNKNOWN, NOT_APPLICABLE = Gap.UNKNOWN, Gap.NOT_APPLICABLE
MARKS = (Benchmark(0.553, "全国2021"), Benchmark(0.68, "自治区2025目标", target=True))
YES_NO_GAPS = (True, False, UNKNOWN, NOT_APPLICABLE)


def ratio_rows(n, name):
    values = [0.6154, UNKNOWN, 1.0, NOT_APPLICABLE, 0.0]
    return [Ratio(name, values[i % 5], 0.25, 0.75, MARKS) for i in range(n)]


def bands(n, name):
    found = [0.6154, *YES_NO_GAPS]
    return [Band(name, tuple(Tile(i + 1, name, found[i % 5]) for i in range(n)))]


def pair_rows(n, name):
    found = [0.6154, UNKNOWN, 0.3, 1.0]
    flags = [(True, False), (True, True), (UNKNOWN, NOT_APPLICABLE)]
    return [
        Pair(name, found[i % 4], found[(i + 1) % 4]) if i % 2 else Pair(name, *flags[i % 3])
        for i in range(n)
    ]


def days(n, name):
    return [
        Event(name, date(2026, 3, i % 28 + 1) if i % 3 else None, bool(i % 3)) for i in range(n)
    ]


def projects(n, name):
    phases = ("近期", "中期", "远期")
    return [
        Project(name, f"{2027 + i % 5}Q{i % 4 + 1}", 1 + i % 60, phases[i % 3], f"P{i % 3 + 1}")
        for i in range(n)
    ]


def grid(n, name, columns=8):
    cells = [*Cover, *Gap]
    lines = [[cells[(i + j) % 5] for j in range(columns)] for i in range(n)]
    return (
        [name] * n,
        ["ERP", "SCADA", "QMS/LIMS", "财务软件", "智慧矿山平台", "MES", "OA", name][:columns],
        lines,
    )


def money(n, name):
    values = (412.5, UNKNOWN, 123456.78)
    return [2023, 2024, 2025], [Series(name, values[i % 3 :] + values[: i % 3]) for i in range(n)]


PICTURES = {
    "ratio_bars": lambda n, name, w: ratios.compose(ratio_rows(n, name), w),
    "panorama": lambda n, name, w: tiles.compose(bands(n, name), w),
    "paired_bars": lambda n, name, w: pairs.compose(pair_rows(n, name), w),
    "matrix": lambda n, name, w: crossings.compose(*grid(n, name), Terms(), w),
    "timeline": lambda n, name, w: events.compose(days(n, name), w),
    "roadmap": lambda n, name, w: schedule.compose(projects(n, name), w),
    "quadrant": lambda n, name, w: scores.compose(
        [Point(i + 1, name, i % 5 + 1, i * 7 % 5 + 1) for i in range(n)], w
    ),
    "distribution": lambda n, name, w: counts.compose(
        [Count(name, i % 3, i % 5, i % 2) for i in range(n)], w
    ),
    "levels": lambda n, name, w: steps.compose(
        [Level(name, [0, 4, UNKNOWN, NOT_APPLICABLE][i % 4]) for i in range(n)], w
    ),
    "trend": lambda n, name, w: amounts.compose(*money(min(n, 7), name), "万元", w),
}

EMPTY = {
    "ratio_bars": lambda: charts.ratio_bars([]),
    "panorama": lambda: charts.panorama([]),
    "panorama band": lambda: charts.panorama([Band("数字化", ())]),
    "paired_bars": lambda: charts.paired_bars([]),
    "matrix rows": lambda: charts.matrix([], ["ERP"], []),
    "matrix columns": lambda: charts.matrix(["生产"], [], [[]]),
    "timeline": lambda: charts.timeline([]),
    "roadmap": lambda: charts.roadmap([]),
    "quadrant": lambda: charts.quadrant([]),
    "distribution": lambda: charts.distribution([]),
    "levels": lambda: charts.levels([]),
    "trend years": lambda: charts.trend([], [Series("硬件", ())]),
    "trend series": lambda: charts.trend([2025], []),
}

WRONG = {
    "not a number": (lambda: charts.ratio_bars([Ratio("数控化率", float("nan"))]), "nan"),
    "a yes of numpy": (
        lambda: charts.panorama([Band("数字化", (Tile(1, "设备", np.True_),))]),
        "True",
    ),
    "ragged cells": (
        lambda: charts.matrix(["甲", "乙"], ["ERP", "MES"], [[Cover.FULL], [Cover.NONE]]),
        "2行，每行2格",
    ),
    "level 5": (lambda: charts.levels([Level("生产", 5)]), "0至4的整数"),
    "score 6": (lambda: charts.quadrant([Point(1, "联网", 6, 0)]), "实施难度.*0"),
    "no quarter": (lambda: charts.roadmap([Project("联网", "2027Q5", 0, "现在")]), "2027Q1"),
    "all faults": (
        lambda: charts.roadmap([Project("联网", "2027Q5", 0, "现在")]),
        "近期、中期、远期",
    ),
    "minus one": (lambda: charts.distribution([Count("数据", 1, -1)]), "-1"),
    "a year short": (lambda: charts.trend([2024, 2025], [Series("硬件", (1.0,))]), "2年的值"),
    "minus money": (lambda: charts.trend([2025], [Series("硬件", (-1.0,))]), "不小于0"),
    "too many": (lambda: charts.trend([2025], [Series(str(i), (1,)) for i in range(8)]), "至多7项"),
}


def labels(picture):
    return [mark.text for mark in picture.marks if isinstance(mark, Label)]


def boxes(picture, fill):
    return [mark for mark in picture.marks if isinstance(mark, Box) and mark.fill == fill]


def grey_and_texture(patch):
    """Return lightness, contrast and how far light repeats along / and along \\, each up to 1."""
    rest = patch - patch.mean()
    power = (rest**2).mean() or 1.0
    rising = (rest[6:, :-6] * rest[:-6, 6:]).mean() / power
    falling = (rest[6:, 6:] * rest[:-6, :-6]).mean() / power
    return patch.mean() / 255, patch.std() / 128, rising, falling


def pixels(png, mode="RGB"):
    return np.asarray(Image.open(io.BytesIO(png)).convert(mode)).astype(int)


class TestEveryChart:
    @pytest.mark.parametrize("width", [15.6, WIDE])
    @pytest.mark.parametrize("name", ["设备", LONG])
    @pytest.mark.parametrize("n", [1, 40])
    @pytest.mark.parametrize("chart", PICTURES)
    def test_keeps_its_words_apart_and_on_the_paper(self, chart, n, name, width):
        found, paper = extents(PICTURES[chart](n, name, width))
        outside = [
            text
            for text, box in found
            if box.x0 < -0.5 or box.x1 > paper.x1 + 0.5 or box.y0 < -0.5 or box.y1 > paper.y1 + 0.5
        ]
        assert outside == []
        assert overlapping(found) == []

    @pytest.mark.parametrize("chart", PICTURES)
    def test_has_no_letter_below_eight_points(self, chart):
        picture = PICTURES[chart](6, LONG, 15.6)
        assert min(mark.size for mark in picture.marks if isinstance(mark, Label)) >= 8

    @pytest.mark.parametrize("chart", PICTURES)
    def test_prints_a_long_name_whole(self, chart):
        words = "".join(labels(PICTURES[chart](1, LONG, 15.6)))
        assert LONG in words

    @pytest.mark.parametrize("asked", EMPTY.values(), ids=EMPTY)
    def test_refuses_to_draw_nothing(self, asked):
        with pytest.raises(ChartError, match="没有数据"):
            asked()

    @pytest.mark.parametrize(("asked", "said"), WRONG.values(), ids=WRONG)
    def test_says_in_chinese_what_cannot_be_drawn(self, asked, said):
        with pytest.raises(ChartError, match=said):
            asked()

    def test_of_unknown_values_only_is_still_a_chart(self):
        drawn = [
            charts.ratio_bars([Ratio("数控化率", UNKNOWN)]),
            charts.panorama([Band("数字化", (Tile(1, "数控化率", UNKNOWN),))]),
            charts.paired_bars([Pair("数控化率", UNKNOWN, UNKNOWN)]),
            charts.matrix(["生产"], ["MES"], [[UNKNOWN]]),
            charts.levels([Level("生产", UNKNOWN)]),
            charts.trend([2025], [Series("硬件", (UNKNOWN,))]),
            charts.distribution([Count("数据")]),
        ]
        assert all("未知" in chart.alt for chart in drawn[:-1])
        assert "共0项" in drawn[-1].alt


def overlapping(found):
    """Return the pairs of texts whose boxes share more than a pixel, found by their lower edges."""
    found = sorted(found, key=lambda item: item[1].y0)
    clashes = []
    for i, (text, box) in enumerate(found):
        for other, second in found[i + 1 :]:
            if second.y0 >= box.y1 - 1:
                break
            if min(box.x1, second.x1) - max(box.x0, second.x0) > 1:
                clashes.append((text, other))
    return clashes


class TestPaper:
    def test_a_picture_is_as_wide_as_it_says_at_200_dpi(self):
        chart = charts.levels([Level("生产", 2)])
        image = Image.open(io.BytesIO(chart.png))
        assert chart.width_cm == 15.6
        assert image.width == pytest.approx(15.6 / 2.54 * 200, abs=1)
        assert image.info["dpi"] == pytest.approx((200, 200), abs=0.01)

    def test_the_ground_is_pure_white_and_nothing_is_transparent(self):
        png = charts.ratio_bars(ratio_rows(5, "数控化率")).png
        assert Image.open(io.BytesIO(png)).mode == "P"
        assert "transparency" not in Image.open(io.BytesIO(png)).info
        assert (pixels(png)[-1] == 255).all()

    def test_the_same_values_give_the_same_bytes(self):
        assert charts.panorama(bands(24, LONG)) == charts.panorama(bands(24, LONG))

    def test_the_bytes_name_no_software_and_no_date(self):
        assert set(Image.open(io.BytesIO(charts.levels([Level("生产", 2)]).png)).info) == {"dpi"}

    def test_a_users_own_matplotlib_settings_neither_matter_nor_suffer(self):
        plain = charts.ratio_bars(ratio_rows(5, "数控化率")).png
        mine = {"font.size": 30, "hatch.linewidth": 5, "text.color": "red", "figure.dpi": 50}
        with mpl.rc_context(mine):
            backend = mpl.get_backend()
            assert charts.ratio_bars(ratio_rows(5, "数控化率")).png == plain
            assert {key: mpl.rcParams[key] for key in mine} == mine
            assert mpl.get_backend() == backend

    def test_nothing_is_kept_in_pyplot(self):
        import matplotlib.pyplot as plt  # noqa: PLC0415 - only here is pyplot of interest

        before = plt.get_fignums()
        charts.levels([Level("生产", 2)])
        assert plt.get_fignums() == before

    def test_fills_differ_in_black_and_white(self):
        fills = ("main", "tint", "paper", "hatch", "dots", "cross")
        picture = Picture(6, 1, tuple(Box(i, 0, 1, 1, f) for i, f in enumerate(fills)))
        grey = pixels(drawing.to_png(picture), "L")
        patches = [patch[:, 8:-8] for patch in np.array_split(grey[8:-8], len(fills), axis=1)]
        looks = dict(zip(fills, map(grey_and_texture, patches), strict=True))
        distances = {
            (a, b): np.abs(np.subtract(looks[a], looks[b])).max() for a, b in combinations(fills, 2)
        }
        assert {pair: distance for pair, distance in distances.items() if distance < 0.12} == {}

    def test_importing_the_charts_does_not_load_matplotlib(self):
        code = "import sys, dxkit.charts; print('matplotlib' in sys.modules)"
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "False"


class TestWords:
    def test_a_character_without_a_glyph_is_an_error_that_names_it(self):
        with pytest.raises(FontError, match=r"“生产😀管理”.*字符“😀”"):
            charts.levels([Level("生产😀管理", 2)])

    def test_a_control_character_at_the_end_of_a_name_leaves_no_trace(self):
        clean, spoilt = (charts.levels([Level(name, 2)]).png for name in ("生产", "生产\x07"))
        assert clean == spoilt

    def test_text_is_never_read_as_mathematics(self):
        chart = charts.levels([Level(r"成本$\frac{a}{$", 2)])
        assert r"成本$\frac{a}{$2级" in chart.alt

    def test_every_text_is_set_in_the_shipped_font(self):
        assert Path(letters._font().fname).name == "NotoSansCJKsc-Regular.otf"

    def test_lines_fit_and_lose_nothing(self):
        for width in (1.0, 2.5, 6.0):
            lines = wrap(LONG, width)
            assert "".join(lines) == LONG
            assert max(map(width_of, lines)) <= width

    def test_lines_are_of_about_equal_length(self):
        # Ten characters at 9 pt are 3.18 cm: nine fit, but 5 + 5 reads better than 9 + 1.
        assert wrap("数字化研发设计工具普", 2.9) == ("数字化研发", "设计工具普")

    def test_a_number_and_a_latin_word_stay_whole(self):
        assert wrap("上线QMS/LIMS系统", 1.8) == ("上线", "QMS/LIMS", "系统")

    def test_a_word_wider_than_the_line_is_broken(self):
        assert "".join(wrap("ABCDEFGHIJKLMN", 1.0)) == "ABCDEFGHIJKLMN"

    def test_no_line_starts_with_a_closing_mark_or_ends_with_an_opening_one(self):
        for width in (1.0, 1.3, 1.7, 2.0):
            lines = wrap("建设平台（一期），打通数据；上线“系统”。", width)
            assert all(line[0] not in "），；”。" for line in lines)
            assert all(line[-1] not in "（“" for line in lines)

    def test_percentages_have_two_decimals_and_round_halves_up(self):
        assert percent(8 / 13) == "61.54%"
        assert percent(0.03125) == "3.13%"
        assert percent(1) == "100.00%"

    def test_differences_carry_their_sign(self):
        assert points(8 / 13 - 0.7) == "-8.46"
        assert points(0.0667) == "+6.67"
        assert points(0.00001) == "0.00"

    def test_readings_are_said_as_an_official_would(self):
        assert [say(r) for r in (True, False, 0.5, UNKNOWN, NOT_APPLICABLE)] == [
            "是",
            "否",
            "50.00%",
            "未知",
            "不适用",
        ]


class TestRatioBars:
    def full_width(self):
        """Return the width of a bar of 100 %: that of a range from 0 to 1."""
        [everything] = boxes(ratios.compose([Ratio("甲", UNKNOWN)]), "hatch")[:1]
        return everything.width

    def test_a_bar_is_as_long_as_its_value(self):
        [bar, *_] = boxes(ratios.compose([Ratio("甲", 0.25)]), "main")
        assert bar.width == pytest.approx(self.full_width() / 4)

    def test_an_unknown_value_is_a_range_and_no_bar(self):
        picture = ratios.compose([Ratio("甲", UNKNOWN, 0.25, 0.75)])
        assert boxes(picture, "main") == []
        assert boxes(picture, "hatch")[0].width == pytest.approx(self.full_width() / 2)
        assert {"未知", "25.00%–75.00%"} <= set(labels(picture))

    def test_a_value_not_applicable_is_only_said(self):
        picture = ratios.compose([Ratio("甲", NOT_APPLICABLE)])
        assert boxes(picture, "main") + boxes(picture, "hatch") == []
        assert "不适用" in labels(picture)

    def test_a_value_above_one_stays_on_the_paper_and_is_said_as_it_is(self):
        picture = ratios.compose([Ratio("甲", 1.2)])
        assert boxes(picture, "main")[0].width == pytest.approx(self.full_width())
        assert "120.00%" in labels(picture)

    def test_benchmarks_and_targets_are_named_with_their_values(self):
        picture = ratios.compose([Ratio("甲", 0.6, benchmarks=MARKS)])
        assert {"全国2021 55.30%", "自治区2025目标 68.00%"} <= set(labels(picture))
        assert {"对标值", "目标值"} <= set(labels(picture))

    def test_the_legend_explains_only_what_is_there(self):
        assert not {"对标值", "目标值", "未知，可能的范围"} & set(
            labels(ratios.compose([Ratio("甲", 0.6)]))
        )

    @pytest.mark.parametrize("spots", [(0.5, 0.5, 0.5), (0.1, 0.12, 0.6, 0.62), (0.3, 0.31, 0.45)])
    def test_no_line_of_a_benchmark_crosses_the_label_of_another(self, spots):
        marks = tuple(Benchmark(spot, f"基准{i}") for i, spot in enumerate(spots))
        picture = ratios.compose([Ratio("甲", 0.2, benchmarks=marks)])
        texts = [m for m in picture.marks if isinstance(m, Label) and m.text.startswith("基准")]
        lines = [m for m in picture.marks if isinstance(m, Stroke) and m.x1 == m.x2]
        lines = [m for m in lines if m.weight == "axis" and m.y1 > 0.1]
        crossed = [
            text.text
            for text in texts
            for line in lines
            if text.x < line.x1 < text.x + width_of(text.text, text.size)
            and line.y1 < text.y < line.y2
        ]
        assert len(lines) == len(spots)
        assert crossed == []

    def test_the_alternative_text_says_every_number(self):
        alt = charts.ratio_bars(
            [Ratio("数控化率", 8 / 13, benchmarks=MARKS), Ratio("上云率", UNKNOWN, 0.1, 0.9)]
        ).alt
        for words in ("数控化率61.54%", "全国2021 55.30%", "上云率未知，介于10.00%与90.00%之间"):
            assert words in alt


class TestPanorama:
    def tile(self, reading):
        return tiles.compose([Band("数字化", (Tile(7, "设备", reading),))])

    def test_each_state_has_its_own_fill(self):
        fills = {r: self.tile(r).marks[2].fill for r in YES_NO_GAPS}
        assert fills == {True: "main", False: "paper", UNKNOWN: "dots", NOT_APPLICABLE: "hatch"}

    def test_a_ratio_is_filled_to_its_value(self):
        picture = self.tile(0.25)
        frame = max(boxes(picture, "clear"), key=lambda box: box.height)
        assert boxes(picture, "tint")[0].width == pytest.approx(frame.width / 4)
        assert "25.00%" in labels(picture)

    def test_an_unknown_ratio_is_not_shown_as_zero(self):
        assert "?" in labels(self.tile(UNKNOWN))
        assert "0.00%" not in labels(self.tile(UNKNOWN))

    def test_seven_tiles_stand_on_one_line_of_a_page(self):
        picture = tiles.compose(bands(7, "设备"))
        frames = [box for box in boxes(picture, "clear") if box.height > 0.7]
        assert len({box.y for box in frames}) == 1
        assert max(box.x + box.width for box in frames) <= 15.6

    def test_the_alternative_text_counts_the_states(self):
        alt = charts.panorama(bands(24, "设备")).alt
        # Of 24 tiles every fifth has the same state: 5 ratios, yes, no, unknown; 4 not applicable.
        assert "共24项：比率5项，是5项，否5项，不适用4项，未知5项" in alt


class TestPairedBars:
    def test_both_bars_have_the_same_scale(self):
        picture = pairs.compose([Pair("甲", 0.8, 0.4)])
        assert boxes(picture, "tint")[0].width == pytest.approx(2 * boxes(picture, "main")[0].width)
        assert "-40.00" in labels(picture)

    @pytest.mark.parametrize(
        ("reported", "verified", "said"),
        [
            (True, True, "一致"),
            (True, False, "相反"),
            (False, NOT_APPLICABLE, "不适用"),
            (0.5, NOT_APPLICABLE, "不适用"),
            (NOT_APPLICABLE, NOT_APPLICABLE, "一致"),
            (True, UNKNOWN, "无法比较"),
            (0.5, UNKNOWN, "无法比较"),
            (0.5, 0.5, "0.00"),
        ],
    )
    def test_a_difference_is_said_in_words(self, reported, verified, said):
        assert said in labels(pairs.compose([Pair("甲", reported, verified)]))

    def test_only_a_difference_is_drawn_bold(self):
        def bold(pair):
            marks = pairs.compose([pair]).marks
            return [m for m in marks if isinstance(m, Stroke) and m.weight == "bold"]

        assert bold(Pair("甲", True, False))
        assert not bold(Pair("甲", True, True))
        assert not bold(Pair("甲", True, UNKNOWN))
        assert bold(Pair("甲", True, NOT_APPLICABLE))
        assert not bold(Pair("甲", False, NOT_APPLICABLE))

    def test_the_alternative_text_counts_the_differences(self):
        alt = charts.paired_bars([Pair("甲", True, False), Pair("乙", 0.7, 8 / 13)]).alt
        assert "共2项，不同的2项" in alt
        assert "乙自评估70.00%，核实61.54%，-8.46个百分点" in alt


class TestMatrix:
    def test_cells_are_full_half_or_small(self):
        line = [[Cover.FULL, Cover.PART, Cover.NONE]]
        picture = crossings.compose(["生产"], ["甲", "乙", "丙"], line, Terms())
        full, half, *_ = boxes(picture, "main")
        assert half.height == pytest.approx(full.height / 2)
        assert boxes(picture, "paper")[0].width < full.width / 2

    def test_the_signs_can_be_called_otherwise(self):
        terms = Terms("自动集成", "人工导入", "无接口")
        chart = charts.matrix(["ERP"], ["MES", "WMS"], [[Cover.FULL, Cover.NONE]], terms)
        assert "ERP：MES自动集成，无接口1项" in chart.alt

    def test_heads_that_narrow_columns_would_break_read_upwards_instead(self):
        names = [f"SCADA 数据采集与监控{i}" for i in range(20)]
        picture = crossings.compose(["生产"], names, [[Cover.FULL] * 20], Terms())
        heads = [mark for mark in picture.marks if isinstance(mark, Label) and mark.turned]
        assert [head.text for head in heads] == names
        assert [head.x for head in heads] == sorted(head.x for head in heads)

    def test_heads_with_room_stand_upright(self):
        picture = crossings.compose(["生产"], ["ERP", "MES"], [[Cover.FULL] * 2], Terms())
        assert not any(mark.turned for mark in picture.marks if isinstance(mark, Label))


class TestTimeline:
    def test_missing_nodes_are_hollow_and_said(self):
        found = [Event("首次会议", date(2026, 3, 18)), Event("满意度调查", None, done=False)]
        picture = events.compose(found)
        assert [mark.fill for mark in picture.marks if isinstance(mark, Dot)][:2] == [
            "main",
            "paper",
        ]
        assert {"2026年3月18日", "日期未记", "缺失"} <= set(labels(picture))
        assert "日期未记 满意度调查（缺失）" in charts.timeline(found).alt

    def test_nodes_keep_their_order(self):
        picture = events.compose([Event(str(i), date(2026, 1, 1)) for i in range(1, 26)])
        nodes = [label for label in picture.marks if isinstance(label, Dot)][:25]
        assert nodes == sorted(nodes, key=lambda dot: (dot.y, dot.x))


class TestRoadmap:
    def test_six_months_from_the_second_quarter_are_two_quarters(self):
        picture = schedule.compose([Project("联网", "2027Q2", 6, "近期")])
        quarters = {m.text: m.x for m in picture.marks if isinstance(m, Label) and "季" in m.text}
        half = (quarters["2季"] - quarters["1季"]) / 2
        bar = boxes(picture, "main")[0]
        assert bar.x == pytest.approx(quarters["2季"] - half)
        assert bar.x + bar.width == pytest.approx(quarters["3季"] + half)

    def test_a_project_that_ends_with_the_year_opens_no_new_year(self):
        words = labels(schedule.compose([Project("联网", "2027Q1", 12, "近期")]))
        assert "2027" in words
        assert "2028" not in words

    def test_each_phase_has_its_own_fill(self):
        plan = [Project("甲", "2027Q1", 3, p) for p in ("近期", "中期", "远期")]
        picture = schedule.compose(plan)
        assert boxes(picture, "main")
        assert boxes(picture, "hatch")
        assert {"近期", "中期", "远期"} <= set(labels(picture))


class TestQuadrant:
    def test_points_with_equal_scores_lie_side_by_side(self):
        picture = scores.compose([Point(i, "联网", 4, 2) for i in range(1, 41)])
        dots = [mark for mark in picture.marks if isinstance(mark, Dot)]
        assert len(dots) == 40
        assert all(
            (a.x - b.x) ** 2 + (a.y - b.y) ** 2 >= (a.radius + b.radius) ** 2
            for a, b in combinations(dots, 2)
        )

    def test_a_higher_value_lies_higher_and_a_harder_one_more_to_the_right(self):
        picture = scores.compose([Point(1, "甲", 5, 1), Point(2, "乙", 1, 5)])
        first, second = [mark for mark in picture.marks if isinstance(mark, Dot)]
        assert first.y < second.y
        assert first.x < second.x


class TestOtherBars:
    def test_segments_are_as_long_as_their_counts(self):
        picture = counts.compose([Count("数据", 3, 2, 1)])
        high, medium, low = (boxes(picture, fill)[0].width for fill in ("main", "hatch", "paper"))
        assert (high, medium) == (pytest.approx(3 * low), pytest.approx(2 * low))
        assert "数据6项（高3、中2、低1）" in charts.distribution([Count("数据", 3, 2, 1)]).alt

    def test_as_many_steps_are_filled_as_the_level_says(self):
        for level in range(5):
            picture = steps.compose([Level("生产", level)])
            assert (len(boxes(picture, "main")), len(boxes(picture, "paper"))) == (level, 4 - level)

    def test_an_unknown_level_is_not_level_zero(self):
        picture = steps.compose([Level("生产", UNKNOWN)])
        assert len(boxes(picture, "dots")) == 4
        assert "0级" not in labels(picture)

    def test_amounts_are_to_scale_and_printed(self):
        picture = amounts.compose([2024, 2025], [Series("硬件", (400.2, 800.4))])
        first, second = [box for box in boxes(picture, "main") if box.height != 0.28]
        assert second.height == pytest.approx(2 * first.height)
        assert {"400.2", "800.4", "2024年", "万元"} <= set(labels(picture))

    def test_an_unknown_amount_is_said_and_is_not_zero(self):
        chart = charts.trend([2024, 2025], [Series("硬件", (UNKNOWN, 0.0))])
        assert "2024年未知，2025年0" in chart.alt


class TestRestyling:
    @pytest.fixture
    def workspace(self, monkeypatch, tmp_path):
        """Return the style file of a workspace of one's own."""
        shipped = look.style_file().read_text(encoding="utf-8")
        monkeypatch.setenv("DXKIT_HOME", str(tmp_path))
        paths.workspace.cache_clear()
        style = tmp_path / "templates" / "charts" / "dxkit.mplstyle"
        style.parent.mkdir(parents=True)
        style.write_text(shipped, encoding="utf-8")
        yield style
        paths.workspace.cache_clear()

    def test_colours_come_from_the_style_file(self, workspace):
        text = workspace.read_text(encoding="utf-8").replace("1F4E79", "123456")
        workspace.write_text(text, encoding="utf-8")
        image = pixels(charts.levels([Level("生产", 4)]).png)
        assert (image == (0x12, 0x34, 0x56)).all(axis=2).any()
        assert not (image == (0x1F, 0x4E, 0x79)).all(axis=2).any()

    def test_too_few_colours_are_said_in_chinese(self, workspace):
        workspace.write_text("axes.prop_cycle: cycler('color', ['000000'])", encoding="utf-8")
        with pytest.raises(ChartError, match="4种颜色"):
            charts.levels([Level("生产", 4)])

    def test_a_style_file_that_is_gone_is_said_in_chinese(self, workspace):
        workspace.unlink()
        with pytest.raises(ChartError, match="没有这个文件"):
            charts.levels([Level("生产", 4)])
