"""Chapter 4: the 24 results, their reasons direction by direction, the panorama and benchmarks."""

from __future__ import annotations

from collections.abc import Sequence

from dxkit.assessment.explanation import ConditionResult, IndicatorResult
from dxkit.diagnosis import Diagnosis
from dxkit.diagnosis.profile import REFERENCE, Profile
from dxkit.models.reference import Benchmark
from dxkit.percentages import percent
from dxkit.report.answers import rows_of
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
    refer,
    table,
    wide,
)
from dxkit.report.readings import bars, tiles

STATUS = {"holds": "满足", "fails": "不满足", "open": "未知", "exempt": "不适用"}
KINDS = {"是": "yes", "否": "no", "不适用": "na", "未知": "open"}


def results(diagnosis: Diagnosis) -> Block:
    """Return 表4-1: all indicators in order with value, count, evidence and its strength."""
    heads = [
        # As wide as needed for one line to each indicator: the table then fills two pages.
        Head("序号", 4.6, "mid"),
        Head("细分领域", 7.9, "mid"),
        Head("指标", 32.7),
        Head("测算结果", 7.9, "mid"),
        Head("分子", 9.5, "mid"),
        Head("分母", 9.5, "mid"),
        Head("证据编号", 13.7, "mid"),
        Head("强度", 4.6, "mid"),
        Head("备注", 9.6, "mid"),
    ]
    rows = [_result_row(diagnosis, result) for result in diagnosis.results]
    note = paragraph(
        "证据强度：E0 无佐证，E1 仅口头，E2 文件或记录，E3 现场或系统演示核实；"
        "E0、E1 支撑的结论未充分验证。“未知”项的可能范围见各指标分析。",
        "note",
    )
    lead = refer("24项指标的测算结果、数据和证据见{下表:results}。")
    listed = wide(table("24项指标测算表", heads, rows, anchor="results", lead=lead))
    return listed + note


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
        _few(support.accepted or support.cited),
        support.strength,
        "未充分验证" if doubtful else "",
    ]


def _few(numbers: Sequence[str], most: int = 2) -> str:
    """Name the evidence on one line, or the first and how many; appendix A names them all."""
    if len(numbers) <= most:
        return "、".join(numbers)
    return f"{numbers[0]}等{len(numbers)}份"


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
    picture = bars(diagnosis, profile.ratios) if profile.ratios else tiles([profile])
    return (
        refer(_profile_words(profile) + f"各项结果见{{下图:results-{direction_id}}}。")
        + figure(picture, title, anchor=f"results-{direction_id}")
        + _matched(profile, direction_id)
        + join(indicator(diagnosis, each) for each in profile.results)
    )


def _profile_words(profile: Profile) -> str:
    ratios = "、".join(f"{each.indicator.name}{each.words}" for each in profile.ratios)
    yes_no = len(profile.results) - len(profile.ratios)
    parts = [f"{profile.direction.name}方向共 {len(profile.results)} 项指标"]
    if ratios:
        parts.append(f"比率类 {len(profile.ratios)} 项，{ratios}")
    parts.append(f"是/否类 {yes_no} 项，其中{counts_words(profile)}")
    return "；".join(parts) + "。"


def counts_words(profile: Profile) -> str:
    """Say how many yes/no indicators of a direction came out how, such as “是”5项、不适用1项."""
    said = {"是": "“是”", "否": "“否”", "不适用": "不适用 ", "未知": "未知 "}
    counts = profile.counts
    return "、".join(f"{words}{counts[word]} 项" for word, words in said.items() if counts[word])


def _matched(profile: Profile, direction_id: str) -> Block:
    """Return the table that some directions carry: met or not, and the readiness conditions."""
    if direction_id == "networked":
        heads = [Head("指标", 60), Head("结果", 20, "mid"), Head("条件满足情况", 20, "mid")]
        rows: list[list[str | Cell]] = [
            [each.indicator.name, Cell(each.words, KINDS.get(each.words, "mid")), _met(each)]
            for each in profile.results
            if each.indicator.kind == "yes_no"
        ]
        lead = refer("是/否类指标各满足几个条件见{下表:conditions-met}。")
        return table("网络化方向达标矩阵", heads, rows, anchor="conditions-met", lead=lead)
    derived = next((each for each in profile.results if each.indicator.depends_on), None)
    return _conditions(derived) if derived else Block("")


def _met(result: IndicatorResult) -> str:
    leaves = list(result.condition.leaves()) if result.condition else []
    return f"{sum(leaf.status == 'holds' for leaf in leaves)}/{len(leaves)}"


def _conditions(result: IndicatorResult) -> Block:
    leaves = list(result.condition.leaves()) if result.condition else []
    heads = [Head("条件", 56), Head("现状", 24, "mid"), Head("结论", 20, "mid")]
    rows: list[list[str | Cell]] = [[leaf.words, leaf.found, verdict(leaf)] for leaf in leaves]
    rows += [[Cell("综合结论", across=2), result.words]]
    lead = refer(f"{result.indicator.name}的各个条件逐一核对，见{{下表:readiness}}。")
    return table(f"{result.indicator.name}条件核对", heads, rows, anchor="readiness", lead=lead)


def verdict(leaf: ConditionResult) -> str:
    """Return whether a condition is met, not met, unknown or does not apply."""
    return "不适用" if leaf.found == "不适用" else STATUS[leaf.status]


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
    if result.low is None or result.high is None or result.low == result.high:
        return "未知。"
    if result.indicator.kind == "yes_no":
        return "未知，补充回答后可能为“是”或“否”。"
    if (result.low, result.high) == (0, 1):
        return "未知，现有数据不足以缩小范围。"
    return f"未知，可能在 {percent(result.low)} 至 {percent(result.high)} 之间。"


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
    lead = refer("24项指标的全景见{下图:panorama}。")
    strip = figure(tiles(diagnosis.profiles), "24项指标全景图", anchor="panorama")
    return lead + strip + _reference(diagnosis) + _benchmarks(diagnosis)


def _reference(diagnosis: Diagnosis) -> Block:
    """Return the plain means by direction, under the label that says whose figure this is."""
    words = "；".join(
        f"{each.direction.name}{_range(each)}（{len(each.applicable)} 项中已知 {each.known} 项）"
        for each in diagnosis.profiles
    )
    text = f"各方向适用指标的简单平均（“是”计1、“否”计0，未知取上下限）：{words}。"
    return labelled(f"{REFERENCE}：", text + "指南未规定权重和总分，此数不是官方得分。")


def _range(profile: Profile) -> str:
    if profile.low is None or profile.high is None:
        return "不适用"
    low, high = percent(profile.low), percent(profile.high)
    return low if low == high else f"{low}至{high}"


def _benchmarks(diagnosis: Diagnosis) -> Block:
    ratios = [each for each in diagnosis.results if each.indicator.kind == "ratio"]
    with_marks = [each for each in ratios if diagnosis.comparisons[each.indicator.id]]
    picture = bars(diagnosis, with_marks) if with_marks else None
    if picture is None:
        return _published(diagnosis)
    lead = refer("比率类指标与公布值的对照见{下图:benchmarks}。")
    shown = figure(picture, "比率类指标对标图", anchor="benchmarks")
    return lead + shown + _published(diagnosis)


def _published(diagnosis: Diagnosis) -> Block:
    """Return every published value beside the enterprise's own, with whose it is and its source."""
    heads = [Head("指标", 24), Head("本企业", 11, "mid"), Head("公布值", 11, "mid")]
    heads += [Head("地区与时间", 20), Head("统计范围与来源", 34)]
    rows = [
        [
            f"{result.indicator.no} {result.indicator.name}",
            result.words,
            percent(each.benchmark.value),
            _region_and_time(each.benchmark),
            _source(each.benchmark),
        ]
        for result in diagnosis.results
        for each in diagnosis.comparisons[result.indicator.id]
    ]
    caveat = "公布值的统计范围和年份与本企业不尽相同，只作参照；是/否类指标的公布值为企业比例。"
    return paragraph(caveat) + table("", heads, rows, empty="没有可对照的公布值")


def _region_and_time(row: Benchmark) -> str:
    time = row.as_of or f"{row.year}年"
    return f"{row.region}{time}{'目标' if row.kind == 'target' else ''}"


def _source(row: Benchmark) -> str:
    doubt = "" if row.standing == "sourced" else "；通行引用，待核对原文"
    return f"{row.population}；{row.source}{doubt}"


def _listed(names: object) -> list[str]:
    return [str(each) for each in names] if isinstance(names, list) else [str(names)]
