"""What the diagrams of units, steps and layers show, and where their lines lead."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass

import pytest
from PIL import Image

from dxkit.charts.architecture import Layer, architecture
from dxkit.charts.architecture import compose as compose_layers
from dxkit.charts.chart import ChartError
from dxkit.charts.flow import Step, flow
from dxkit.charts.flow import compose as compose_steps
from dxkit.charts.organisation import Unit, organisation
from dxkit.charts.organisation import compose as compose_units
from dxkit.charts.picture import TEXT_WIDTH, WIDE, Box, Diamond, Label, Stroke

from .chart_artists import extents

LONG = "面向多品种小批量柔性生产的车间级制造执行与设备联网一体化管理平台"
NEAR = 1e-6

SMELTER = [
    Unit("总经理"),
    *(Unit(f"副总{i}", "总经理") for i in range(4)),
    *(Unit(f"部门{i}", f"副总{i % 4}") for i in range(25)),
    Unit("甲班", "部门3"),
    Unit("乙班", "部门3"),
]
COPPER = [
    Step("1", "配料"),
    Step("2", "熔炼", ("1", "9"), key=True, place="熔炼车间", system="DCS"),
    Step("3", "吹炼", ("2",), key=True),
    Step("4", "精炼", ("3",)),
    Step("5", "浇铸", ("4",)),
    Step("6", "电解", ("5",)),
    Step("7", "入库", ("6",)),
    Step("8", "制酸", ("2", "3")),
    Step("9", "选渣", ("2", "3")),
    Step("10", "阳极泥处理", ("6",)),
]
NETWORK = [
    Layer("设备层", "闪速炉、转炉、分析仪（荧光、红外）", "Modbus RTU"),
    Layer("控制层", "DCS、PLC", "OPC UA", "工业防火墙"),
    Layer("执行层", "MES、LIMS", "", "网闸"),
    Layer("经营层", "ERP已覆盖财务与供应，销售仍用表格"),
]

PICTURES = {
    "organisation": lambda n, name, w: compose_units(
        [Unit(f"{name}{i}", f"{name}{(i - 1) // 6}" if i else None) for i in range(n)], w
    ),
    "flat organisation": lambda n, name, w: compose_units(
        [Unit(f"{name}{i}", f"{name}0" if i else None) for i in range(n)], w
    ),
    "chain organisation": lambda n, name, w: compose_units(
        [Unit(f"{name}{i}", f"{name}{i - 1}" if i else None) for i in range(n)], w
    ),
    "units without superiors": lambda n, name, w: compose_units([Unit(name)] * n, w),
    "flow": lambda n, name, w: compose_steps(
        [Step(f"GX-{i}", name, (), i % 3 == 0, name, name) for i in range(n)], w
    ),
    "parallel flow": lambda n, name, w: compose_steps(
        [Step(str(i), name, (str(i - 3),) if i > 3 else ()) for i in range(n)], w
    ),
    "architecture": lambda n, name, w: compose_layers(
        [Layer(name, f"{name}、" * (i + 1), name * (i % 3), name * (i % 2)) for i in range(n)], w
    ),
}


def overlapping(found):
    clashes = []
    for i, (text, box) in enumerate(found):
        for other, second in found[i + 1 :]:
            across = min(box.x1, second.x1) - max(box.x0, second.x0)
            down = min(box.y1, second.y1) - max(box.y0, second.y0)
            if across > 1 and down > 1:
                clashes.append((text, other))
    return clashes


def labels(picture):
    return [mark.text for mark in picture.marks if isinstance(mark, Label)]


def boxes(picture):
    """Return the boxes that hold words, each under its words."""
    found = {}
    for box in (mark for mark in picture.marks if isinstance(mark, Box)):
        words = "".join(
            mark.text
            for mark in picture.marks
            if isinstance(mark, Label)
            and box.x < mark.x < box.x + box.width
            and box.y < mark.y < box.y + box.height
        )
        if words:
            found[words] = box
    return found


def lines(picture):
    """Return the connecting lines: level and upright ones, not the barbs of arrow heads."""
    found = [mark for mark in picture.marks if isinstance(mark, Stroke) and mark.weight == "axis"]
    return [s for s in found if abs(s.x1 - s.x2) < NEAR or abs(s.y1 - s.y2) < NEAR]


def crossing(stroke, box):
    """Return whether `stroke` runs through the inside of `box`."""
    left, right = sorted((stroke.x1, stroke.x2))
    top, bottom = sorted((stroke.y1, stroke.y2))
    across = min(right, box.x + box.width) - max(left, box.x)
    down = min(bottom, box.y + box.height) - max(top, box.y)
    inside_x = box.x + NEAR < left and right < box.x + box.width - NEAR
    inside_y = box.y + NEAR < top and bottom < box.y + box.height - NEAR
    return (across > NEAR and inside_y) or (down > NEAR and inside_x)


def on_border(x, y, box):
    right, bottom = box.x + box.width, box.y + box.height
    upright = min(abs(x - box.x), abs(x - right)) < NEAR and box.y - NEAR < y < bottom + NEAR
    level = min(abs(y - box.y), abs(y - bottom)) < NEAR and box.x - NEAR < x < right + NEAR
    return upright or level


def on_line(x, y, stroke):
    left, right = sorted((stroke.x1, stroke.x2))
    top, bottom = sorted((stroke.y1, stroke.y2))
    return left - NEAR < x < right + NEAR and top - NEAR < y < bottom + NEAR


def ends(stroke):
    return ((stroke.x1, stroke.y1), (stroke.x2, stroke.y2))


def overlaid(strokes):
    """Return the pairs of lines that lie on each other over a length."""
    return [
        (one, two)
        for i, one in enumerate(strokes)
        for two in strokes[i + 1 :]
        if sum(on_line(*end, two) for end in ends(one)) + sum(on_line(*e, one) for e in ends(two))
        >= 2
        and max(
            min(max(one.x1, one.x2), max(two.x1, two.x2))
            - max(min(one.x1, one.x2), min(two.x1, two.x2)),
            min(max(one.y1, one.y2), max(two.y1, two.y2))
            - max(min(one.y1, one.y2), min(two.y1, two.y2)),
        )
        > NEAR
    ]


@dataclass(frozen=True)
class Reader:
    """Follows lines with a finger: level ones as they were drawn, upright ones up and down.

    Lines that merely cross are not joined; one that ends on another is.
    """

    strokes: list[Stroke]
    boxes: dict[str, Box]

    def reached(self, name):
        """Return the boxes one comes to from the right side of box `name`."""
        box = self.boxes[name]
        right = box.x + box.width
        waiting = [
            (s, s.x1)
            for s in self.strokes
            if abs(s.y1 - s.y2) < NEAR
            and abs(s.x1 - right) < NEAR
            and box.y < s.y1 < box.y + box.height
        ]
        seen, found = set(), set()
        while waiting:
            stroke, x = waiting.pop()
            if stroke in seen:
                continue
            seen.add(stroke)
            level = abs(stroke.y1 - stroke.y2) < NEAR
            if level:
                found |= {n for n, b in self.boxes.items() if self.enters(stroke, b)}
            waiting += [
                (other, point[0])
                for other in self.strokes
                for point in self.joints(stroke, other)
                if not level or (point[0] - x) * (stroke.x2 - stroke.x1) > -NEAR
            ]
        return found

    @staticmethod
    def enters(stroke, box):
        inside = box.y < stroke.y2 < box.y + box.height
        return inside and abs(stroke.x2 - box.x) < NEAR and stroke.x1 < stroke.x2

    @staticmethod
    def joints(stroke, other):
        """Return the points at which a finger may pass from `stroke` on to `other`."""
        met = [p for p in ends(stroke) if on_line(*p, other)]
        met += [p for p in ends(other) if on_line(*p, stroke)]
        if abs(other.y1 - other.y2) < NEAR:
            return [p for p in met if abs(p[0] - other.x2) > NEAR]
        return met


def connected(picture):
    """Return for every box to which boxes its lines lead."""
    reader = Reader(lines(picture), boxes(picture))
    return {name: reader.reached(name) for name in reader.boxes}


def groups(picture):
    """Return the sets of boxes that one connected web of lines touches."""
    webs = []
    for stroke in lines(picture):
        near = [web for web in webs if any(meet(stroke, other) for other in web)]
        webs = [web for web in webs if web not in near]
        webs.append([stroke, *(other for web in near for other in web)])
    found = boxes(picture)
    return {frozenset(name for name, box in found.items() if touches(web, box)) for web in webs}


def touches(web, box):
    return any(on_border(*end, box) for stroke in web for end in ends(stroke))


def meet(one, two):
    return any(on_line(*e, two) for e in ends(one)) or any(on_line(*e, one) for e in ends(two))


class TestEveryDiagram:
    @pytest.mark.parametrize("width", [TEXT_WIDTH, WIDE])
    @pytest.mark.parametrize("name", ["部门", LONG])
    @pytest.mark.parametrize("n", [1, 3, 25])
    @pytest.mark.parametrize("diagram", PICTURES)
    def test_keeps_its_words_apart_and_on_the_paper(self, diagram, n, name, width):
        found, paper = extents(PICTURES[diagram](n, name, width))
        outside = [
            text
            for text, box in found
            if box.x0 < -0.5 or box.x1 > paper.x1 + 0.5 or box.y0 < -0.5 or box.y1 > paper.y1 + 0.5
        ]
        assert outside == []
        assert overlapping(found) == []

    @pytest.mark.parametrize("n", [1, 3, 25])
    @pytest.mark.parametrize("diagram", PICTURES)
    def test_keeps_its_boxes_on_the_paper_and_its_words_in_their_boxes(self, diagram, n):
        picture = PICTURES[diagram](n, LONG, TEXT_WIDTH)
        for box in (mark for mark in picture.marks if isinstance(mark, Box)):
            assert min(box.x, box.y) > 0
            assert box.x + box.width < picture.width
            assert box.y + box.height < picture.height

    @pytest.mark.parametrize("diagram", PICTURES)
    def test_has_no_letter_below_eight_points(self, diagram):
        picture = PICTURES[diagram](12, LONG, TEXT_WIDTH)
        assert min(mark.size for mark in picture.marks if isinstance(mark, Label)) >= 8

    @pytest.mark.parametrize("diagram", PICTURES)
    def test_prints_a_long_name_whole(self, diagram):
        assert LONG in "".join(labels(PICTURES[diagram](1, LONG, TEXT_WIDTH)))

    @pytest.mark.parametrize("diagram", PICTURES)
    def test_draws_no_line_through_a_box(self, diagram):
        picture = PICTURES[diagram](25, "部门", TEXT_WIDTH)
        hit = [
            (stroke, name)
            for stroke in lines(picture)
            for name, box in boxes(picture).items()
            if crossing(stroke, box)
        ]
        assert hit == []

    @pytest.mark.parametrize("draw", [organisation, flow, architecture])
    def test_refuses_to_draw_nothing(self, draw):
        with pytest.raises(ChartError, match="没有数据"):
            draw([])

    @pytest.mark.parametrize(
        ("draw", "given"), [(organisation, SMELTER), (flow, COPPER), (architecture, NETWORK)]
    )
    def test_gives_the_same_bytes_for_the_same_input_at_the_width_it_says(self, draw, given):
        chart = draw(given)
        assert chart == draw(list(given))
        assert chart.width_cm == TEXT_WIDTH
        width = Image.open(io.BytesIO(chart.png)).width
        assert width == pytest.approx(TEXT_WIDTH / 2.54 * 200, abs=1)


class TestOrganisation:
    def test_lines_join_every_unit_with_those_that_report_to_it_and_no_others(self):
        expected = {
            frozenset({"总经理", "副总0", "副总1", "副总2", "副总3"}),
            *(frozenset({f"副总{i}", *(f"部门{j}" for j in range(i, 25, 4))}) for i in range(4)),
            frozenset({"部门3", "甲班", "乙班"}),
        }
        assert groups(compose_units(SMELTER)) == expected

    def test_a_leader_of_many_is_joined_with_each_of_them(self):
        flat = [Unit("厂长"), *(Unit(f"科室{i}", "厂长") for i in range(25))]
        assert groups(compose_units(flat)) == {frozenset(unit.name for unit in flat)}

    def test_those_who_report_stand_below_their_leader(self):
        found = boxes(compose_units(SMELTER))
        for unit in SMELTER:
            if unit.parent:
                leader = found[unit.parent]
                assert found[unit.name].y >= leader.y + leader.height

    def test_up_to_eight_units_stand_side_by_side(self):
        eight = [Unit("厂长"), *(Unit(f"科室{i}", "厂长") for i in range(8))]
        found = boxes(compose_units(eight))
        assert len({found[f"科室{i}"].y for i in range(8)}) == 1

    def test_no_box_lies_on_another(self):
        found = list(boxes(compose_units(SMELTER)).values())
        assert len(found) == len(SMELTER)
        for i, one in enumerate(found):
            for two in found[i + 1 :]:
                beside = one.x + one.width <= two.x or two.x + two.width <= one.x
                assert beside or one.y + one.height <= two.y or two.y + two.height <= one.y

    @pytest.mark.parametrize(
        "circle",
        [
            [Unit("甲", "甲")],
            [Unit("甲", "乙"), Unit("乙", "甲")],
            [Unit("甲", "乙"), Unit("乙", "丙"), Unit("丙", "甲"), Unit("丁", "甲")],
        ],
    )
    def test_units_that_report_in_a_circle_are_each_drawn_once(self, circle):
        assert sorted(labels(compose_units(circle))) == sorted(unit.name for unit in circle)

    def test_a_unit_whose_superior_is_not_listed_stands_at_the_top(self):
        given = [Unit("总经理"), Unit("财务部", "总经理"), Unit("外派组", "集团公司")]
        found = boxes(compose_units(given))
        assert found["外派组"].y == found["总经理"].y
        assert "最上层：总经理、外派组。总经理下设财务部。" in organisation(given).alt

    def test_units_of_one_name_are_all_drawn(self):
        given = [Unit("厂长"), Unit("综合办", "厂长"), Unit("综合办", "综合办")]
        assert labels(compose_units(given)).count("综合办") == 2


class TestFlow:
    def test_arrows_lead_to_every_step_that_follows_and_to_no_other(self):
        bare = [Step(step.number, "", tuple({*step.follows} - {"9"})) for step in COPPER]
        found = connected(compose_steps(bare))
        assert found == {
            "1": {"2"},
            "2": {"3", "8", "9"},
            "3": {"4", "8", "9"},
            "4": {"5"},
            "5": {"6"},
            "6": {"7", "10"},
            "7": set(),
            "8": set(),
            "9": set(),
            "10": set(),
        }

    @pytest.mark.parametrize("seed", range(40))
    def test_lines_of_tangled_flows_can_be_followed(self, seed):
        dice = random.Random(seed)
        count = dice.randint(3, 20)
        follows = [
            tuple(str(j) for j in range(i) if dice.random() < 1.6 / count) for i in range(count)
        ]
        follows[1] = ("0",)
        picture = compose_steps([Step(str(i), "", before) for i, before in enumerate(follows)])
        expected = {
            str(j): {str(i) for i in range(count) if str(j) in follows[i]} for j in range(count)
        }
        assert connected(picture) == expected
        assert overlaid(lines(picture)) == []
        hit = [s for s in lines(picture) for b in boxes(picture).values() if crossing(s, b)]
        assert hit == []

    def test_steps_that_follow_none_are_taken_in_their_order(self):
        found = connected(compose_steps([Step(str(i), "") for i in range(9)]))
        assert found == {str(i): {str(i + 1)} if i < 8 else set() for i in range(9)}

    def test_branches_stand_in_one_column_one_under_another(self):
        given = [Step("1", ""), Step("2", "", ("1",)), Step("3", "", ("1",))]
        found = boxes(compose_steps(given))
        assert found["2"].x == found["3"].x > found["1"].x
        assert found["3"].y > found["2"].y + found["2"].height

    def test_a_way_back_is_said_in_words_and_survives(self):
        given = [Step("1", "甲", ("3",)), Step("2", "乙", ("1",)), Step("3", "丙", ("2", "3"))]
        assert "返回工序1" in labels(compose_steps(given))
        assert "3 丙（接2，返回工序1）" in flow(given).alt

    def test_numbers_that_no_step_has_are_passed_over(self):
        given = [Step("1", ""), Step("2", "", ("1", "99"))]
        assert connected(compose_steps(given)) == {"1": {"2"}, "2": set()}

    def test_key_steps_are_marked_and_explained(self):
        picture = compose_steps(COPPER)
        heavy = [m for m in picture.marks if isinstance(m, Stroke) and m.weight == "bold"]
        signs = [m for m in picture.marks if isinstance(m, Diamond)]
        # Two key steps and the sign in the legend, four edges each.
        assert (len(heavy), len(signs)) == (12, 3)
        assert "关键工序" in labels(picture)

    def test_without_key_steps_nothing_is_explained(self):
        assert labels(compose_steps([Step("1", "配料")])) == ["1 配料"]

    def test_says_where_and_with_what_a_step_is_run(self):
        assert {"熔炼车间", "DCS"} <= set(labels(compose_steps(COPPER)))
        alt = flow(COPPER).alt
        assert "共10道工序，其中关键工序2道" in alt
        assert "2 熔炼（接1，熔炼车间，DCS，关键工序）" in alt


class TestArchitecture:
    def test_the_first_layer_lies_lowest(self):
        found = [mark for mark in compose_layers(NETWORK).marks if isinstance(mark, Label)]
        heights = [next(m.y for m in found if m.text == layer.name) for layer in NETWORK]
        assert heights == sorted(heights, reverse=True)

    def test_a_list_is_shown_item_by_item_and_brackets_stay_whole(self):
        found = boxes(compose_layers(NETWORK[:1]))
        assert {"闪速炉", "转炉", "分析仪（荧光、红外）"} <= set(found)

    def test_a_sentence_stays_a_sentence(self):
        assert NETWORK[3].contents in "".join(labels(compose_layers(NETWORK)))

    def test_only_layers_with_a_link_have_an_arrow(self):
        assert len(lines(compose_layers(NETWORK))) == 2
        assert lines(compose_layers([Layer("甲", "子"), Layer("乙", "丑")])) == []

    def test_an_arrow_reaches_from_one_layer_to_the_next_beside_its_words(self):
        picture = compose_layers(NETWORK[:2])
        [upper, lower] = sorted(lines(picture), key=lambda s: s.y2)
        words = next(m for m in picture.marks if isinstance(m, Label) and m.text == "Modbus RTU")
        names = {m.text: m.y for m in picture.marks if isinstance(m, Label)}
        assert upper.y1 < names["控制层"] < lower.y2 < words.y < lower.y1 < names["设备层"]

    def test_a_one_way_link_has_one_head(self):
        both, one = (
            sum(isinstance(m, Stroke) for m in compose_layers([Layer("甲", "子", link)]).marks)
            for link in ("OPC UA", "OPC UA单向")
        )
        assert (both, one) == (5, 3)

    def test_a_protected_border_is_a_wall_with_its_words(self):
        picture = compose_layers(NETWORK)
        walls = [m for m in picture.marks if isinstance(m, Box) and m.fill == "cross"]
        # A wall with a door, a wall without, and the sign in the legend.
        assert len(walls) == 2 + 1 + 1
        assert {"防护：工业防火墙", "防护：网闸", "安全防护边界"} <= set(labels(picture))

    @pytest.mark.parametrize("nothing", ["无", "未设防火墙", "暂无", "—"])
    def test_words_that_say_there_is_none_draw_neither_wall_nor_arrow(self, nothing):
        picture = compose_layers([Layer("甲", "子", nothing, nothing), Layer("乙", "丑")])
        assert lines(picture) == []
        assert [m for m in picture.marks if isinstance(m, Box) and m.fill == "cross"] == []
        assert {nothing, f"防护：{nothing}"} <= set(labels(picture))

    def test_a_wireless_link_is_a_link(self):
        assert len(lines(compose_layers([Layer("甲", "子", "无线专网")]))) == 1

    def test_without_protection_there_is_no_wall_to_explain(self):
        assert "安全防护边界" not in labels(compose_layers(NETWORK[:1]))

    def test_says_every_layer_from_below(self):
        assert architecture(NETWORK).alt.startswith(
            "系统架构图，自下而上共4层。设备层：闪速炉、转炉、分析仪（荧光、红外），"
            "与上层的连接为Modbus RTU；"
            "控制层：DCS、PLC，与上层的连接为OPC UA，边界防护为工业防火墙；"
        )
