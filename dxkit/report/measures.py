"""Chapter 4: the 24 results, their reasons direction by direction, the panorama and benchmarks."""

from __future__ import annotations

from collections.abc import Sequence

from dxkit.assessment.explanation import IndicatorResult
from dxkit.charts import (
    Band,
    Benchmark,
    Chart,
    Gap,
    Ratio,
    Reading,
    Tile,
    panorama,
    ratio_bars,
)
from dxkit.diagnosis import Diagnosis
from dxkit.diagnosis.profile import REFERENCE, Profile
from dxkit.report.blocks import (
    Block,
    Cell,
    Head,
    figure,
    heading,
    join,
    labelled,
    paragraph,
    prose,
    table,
)
from dxkit.report.forms import rows_of

STATUS = {"holds": "满足", "fails": "不满足", "open": "未知", "exempt": "不适用"}
KINDS = {"是": "yes", "否": "no", "不适用": "na", "未知": "open"}


def results(diagnosis: Diagnosis) -> Block:
    """Return 表4-1: all indicators in order with value, count, evidence and its strength."""
    heads = [
        Head("序号", 6, "mid"),
        Head("细分领域", 11),
        Head("指标", 24),
        Head("测算结果", 9, "mid"),
        Head("分子", 9, "num"),
        Head("分母", 9, "num"),
        Head("证据编号", 16),
        Head("强度", 6, "mid"),
        Head("备注", 10),
    ]
    rows = [_result_row(diagnosis, result) for result in diagnosis.results]
    note = paragraph(
        "证据强度：E0 无佐证，E1 仅口头，E2 文件或记录，E3 现场或系统演示核实；"
        "E0、E1 支撑的结论未充分验证。“未知”项的可能范围见各指标分析。",
        "note",
    )
    return table("24项指标测算表", heads, rows, anchor="results", landscape=True) + note


def _result_row(diagnosis: Diagnosis, result: IndicatorResult) -> list[str | Cell]:
    support = diagnosis.support[result.indicator.id]
    part, whole = [words for _, words in result.numbers] or ["—", "—"]
    doubtful = result.value is not None and result.value and not support.verified
    return [
        str(result.indicator.no),
        _subarea(diagnosis, result),
        result.indicator.name,
        Cell(result.words, KINDS.get(result.words, "mid")),
        part,
        whole,
        _few(support.accepted or support.numbers),
        support.strength,
        "未充分验证" if doubtful else "",
    ]


def _few(numbers: Sequence[str], most: int = 4) -> str:
    """Name a few pieces of evidence and how many there are; appendix A names them all."""
    if not numbers:
        return "—"
    rest = f"等{len(numbers)}份" if len(numbers) > most else ""
    return "、".join(numbers[:most]) + rest


def _subarea(diagnosis: Diagnosis, result: IndicatorResult) -> str:
    areas = {
        area.id: area.name
        for direction in diagnosis.definitions.framework.directions
        for area in direction.subareas
    }
    return areas[result.indicator.subarea]


def direction(diagnosis: Diagnosis, direction_id: str) -> Block:
    """Return 4.2 to 4.5: the chart of a direction and one paragraph of reasons per indicator."""
    profile = next(each for each in diagnosis.profiles if each.direction.id == direction_id)
    title = f"{profile.direction.name}方向指标测算结果"
    picture = _bars(diagnosis, profile) if profile.ratios else _tiles([profile])
    return (
        prose(_profile_words(profile))
        + figure(picture, title)
        + _matched(profile, direction_id)
        + join(indicator(diagnosis, each) for each in profile.results)
    )


def _profile_words(profile: Profile) -> str:
    counts = "，".join(f"{word} {n} 项" for word, n in profile.counts.items() if n)
    ratios = "；".join(f"{each.indicator.name}{each.words}" for each in profile.ratios)
    head = f"{profile.direction.name}方向共 {len(profile.results)} 项指标"
    return head + "".join(f"；{words}" for words in (ratios, counts) if words) + "。"


def _matched(profile: Profile, direction_id: str) -> Block:
    """Return the table that some directions carry: met or not, and the readiness conditions."""
    if direction_id == "networked":
        heads = [Head("指标", 60), Head("结果", 20, "mid"), Head("条件满足情况", 20, "mid")]
        rows: list[list[str | Cell]] = [
            [each.indicator.name, Cell(each.words, KINDS.get(each.words, "mid")), _met(each)]
            for each in profile.results
            if each.indicator.kind == "yes_no"
        ]
        return table("网络化方向达标矩阵", heads, rows)
    derived = next((each for each in profile.results if each.indicator.depends_on), None)
    return _conditions(derived) if derived else Block("")


def _met(result: IndicatorResult) -> str:
    leaves = list(result.condition.leaves()) if result.condition else []
    return f"{sum(leaf.status == 'holds' for leaf in leaves)}/{len(leaves)}"


def _conditions(result: IndicatorResult) -> Block:
    leaves = list(result.condition.leaves()) if result.condition else []
    heads = [Head("条件", 56), Head("现状", 24, "mid"), Head("结论", 20, "mid")]
    rows = [[leaf.words, leaf.found, STATUS[leaf.status]] for leaf in leaves]
    rows += [["综合结论", "", result.words]]
    return table(f"{result.indicator.name}条件核对", heads, rows)


def indicator(diagnosis: Diagnosis, result: IndicatorResult) -> Block:
    """Return one indicator's reasons: result, why, what would turn it, the group's analysis."""
    analysis = {
        each: row.get("analysis")
        for row in rows_of(diagnosis.case, "annex_2", "indicator_comments")
        for each in _listed(row.get("indicator"))
    }
    return join(
        [
            heading(3, f"{result.indicator.no}. {result.indicator.name}"),
            labelled("测算结果：", _result_words(result)),
            labelled("测算依据：", f"{result.reason.rstrip('。')}。"),
            _turning(result),
            prose(analysis.get(result.indicator.id)),
            paragraph(_basis_words(result), "basis"),
        ]
    )


def _result_words(result: IndicatorResult) -> str:
    if result.state != "unknown":
        return f"{result.words}。"
    if result.indicator.kind == "yes_no" or result.low is None or result.high is None:
        return "未知，补充回答后可能为“是”或“否”。" if result.low != result.high else "未知。"
    return f"未知，可能在 {result.low * 100:.2f}% 至 {result.high * 100:.2f}% 之间。"


def _turning(result: IndicatorResult) -> Block:
    better = [change for change in result.changes if change.value == 1]
    if not better or result.value is True:
        return Block("")
    words = "；".join(change.words for change in better[:3])
    return labelled("可由单项改变转为“是”：", f"{words}。")


def _basis_words(result: IndicatorResult) -> str:
    return f"口径性质：{result.indicator.basis.words}；指南条款：{result.indicator.clause}。"


def overview(diagnosis: Diagnosis) -> Block:
    """Return 图4-5 and 图4-6: the panorama and the published values beside the ratios."""
    strip = figure(_tiles(diagnosis.profiles), "24项指标全景图")
    return strip + _reference(diagnosis) + _benchmarks(diagnosis)


def _reference(diagnosis: Diagnosis) -> Block:
    """Return the plain means by direction, under the label that says whose figure this is."""
    words = "；".join(
        f"{each.direction.name} {_range(each)}（已知 {each.known}/{len(each.applicable)} 项）"
        for each in diagnosis.profiles
    )
    text = f"各方向适用指标的简单平均（“是”计1、“否”计0，未知取上下限）：{words}。"
    return labelled(f"{REFERENCE}：", text + "指南未规定权重和总分，此数不是官方得分。")


def _range(profile: Profile) -> str:
    if profile.low is None or profile.high is None:
        return "不适用"
    low, high = f"{profile.low * 100:.1f}%", f"{profile.high * 100:.1f}%"
    return low if low == high else f"{low}—{high}"


def _benchmarks(diagnosis: Diagnosis) -> Block:
    ratios = [each for each in diagnosis.results if each.indicator.kind == "ratio"]
    with_marks = [each for each in ratios if diagnosis.comparisons[each.indicator.id]]
    picture = ratio_bars([_ratio(diagnosis, each) for each in with_marks]) if with_marks else None
    lines = [
        f"{result.indicator.no}. {result.indicator.name}（本企业 {result.words}）：{each.words}"
        for result in diagnosis.results
        for each in diagnosis.comparisons[result.indicator.id]
    ]
    caveat = "公布值的统计范围和年份与本企业不尽相同，只作参照；是/否类指标的公布值为企业比例。"
    shown = figure(picture, "比率类指标对标图") if picture else Block("")
    return shown + join(paragraph(line, "note") for line in [caveat, *lines])


def _bars(diagnosis: Diagnosis, profile: Profile) -> Chart:
    return ratio_bars([_ratio(diagnosis, each) for each in profile.ratios])


def _ratio(diagnosis: Diagnosis, result: IndicatorResult) -> Ratio:
    marks = tuple(
        Benchmark(each.benchmark.value, each.label, each.benchmark.kind == "target")
        for each in diagnosis.comparisons[result.indicator.id]
    )
    low, high = result.low or 0.0, 1.0 if result.high is None else result.high
    return Ratio(result.indicator.short_name, _fraction(result), low, high, marks)


def _fraction(result: IndicatorResult) -> float | Gap:
    reading = reading_of(result)
    return reading if isinstance(reading, Gap) else float(reading)


def _tiles(profiles: Sequence[Profile]) -> Chart:
    return panorama(
        [
            Band(
                profile.direction.name,
                tuple(
                    Tile(each.indicator.no, each.indicator.short_name, reading_of(each))
                    for each in profile.results
                ),
            )
            for profile in profiles
        ]
    )


def reading_of(result: IndicatorResult) -> Reading:
    """Return what a chart shows of a result: a fraction, a yes or no, or why there is neither."""
    if result.state == "not_applicable":
        return Gap.NOT_APPLICABLE
    if result.value is None:
        return Gap.UNKNOWN
    return result.value


def _listed(names: object) -> list[str]:
    return [str(each) for each in names] if isinstance(names, list) else [str(names)]
