"""The closing meeting as slides: only what the case holds, and in words where it holds nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dxkit.assessment.explanation import IndicatorResult
from dxkit.assessment.words import question_words
from dxkit.case import Case
from dxkit.case.answers import is_blank
from dxkit.case.words import shown
from dxkit.definitions import QUESTIONS
from dxkit.diagnosis import Diagnosis, diagnose
from dxkit.diagnosis.profile import Profile
from dxkit.facts import FACTS, facts_of
from dxkit.models.annex import Field
from dxkit.workshop.ahead.outlook import bound_words

Plain = dict[str, Any]
APPLICATION, PLAN, REPORT = "annex_3", "annex_4", "annex_2"
_PROFILE = (
    "enterprise_name",
    "league",
    "industry_division",
    "production_type",
    "size_class",
    "founded_on",
)
_FIGURES = ("staff_last_year", "revenue_last_year")
_GRAVITY = {"high": 0, "medium": 1, "low": 2}
_MOST_PLACES = 3
_AHEAD = (
    "minutes_working_days",
    "draft_working_days",
    "comments_working_days",
    "briefing_working_days",
    "survey_working_days",
    "submission_working_days",
)


def closing(case: Case, _request: Mapping[str, Any] | None = None) -> Plain:
    """Return the slides of the closing meeting in their order."""
    diagnosis = diagnose(case)
    made: list[Plain] = [
        _cover(case),
        _enterprise(case),
        *(_direction(each) for each in diagnosis.profiles),
        _strengths(diagnosis),
        _problems(case),
        _suggestions(case),
        _next_steps(case),
        _to_confirm(diagnosis),
    ]
    return {"slides": made}


def _slide(name: str, title: str, empty: str, **content: Any) -> Plain:
    """Return one slide; the words for nothing only where it holds nothing."""
    held = any(content.values())
    return {"id": name, "title": title, "empty": "" if held else empty, **content}


def _cover(case: Case) -> Plain:
    institution = _value(case, PLAN, "service_org_name")
    return _slide(
        "cover",
        "线下数字化评估诊断末次会议",
        "",
        lines=[each for each in (case.name, institution) if each],
    )


def _enterprise(case: Case) -> Plain:
    lines = [
        {"label": _field(case, APPLICATION, key).label, "words": words}
        for key in _PROFILE
        if (words := _value(case, APPLICATION, key))
    ]
    facts = facts_of(case)
    lines += [_figure(name, facts[name]) for name in _FIGURES if facts[name] is not None]
    products = [row["product"] for row in _rows(case, APPLICATION, "products") if "product" in row]
    if products:
        lines.append({"label": "主营产品", "words": "、".join(products)})
    return _slide(
        "enterprise",
        "企业概况",
        "附件3尚未填写。",
        lines=lines,
        text=_value(case, REPORT, "summary_enterprise"),
    )


def _figure(name: str, amount: float) -> Plain:
    fact = FACTS[name]
    return {"label": fact.label, "words": f"{amount:g} {fact.unit}"}


def _direction(profile: Profile) -> Plain:
    tiles = [
        {
            "no": each.indicator.no,
            "name": each.indicator.name,
            "short": each.indicator.short_name,
            "kind": each.indicator.kind,
            "state": each.state,
            "words": each.words,
            "low_words": bound_words(each, each.low),
            "high_words": bound_words(each, each.high),
            "reason": each.reason,
        }
        for each in profile.results
    ]
    known = f"已判定 {profile.known} 项，适用 {len(profile.applicable)} 项"
    return _slide(
        f"results_{profile.direction.id}",
        f"{profile.direction.name}：{len(tiles)} 项指标",
        "",
        tiles=tiles,
        text=known,
    )


def _strengths(diagnosis: Diagnosis) -> Plain:
    """Return what the report calls strengths; before that, every yes that evidence carries."""
    case = diagnosis.case
    written = [row["strength"] for row in _rows(case, REPORT, "strengths") if "strength" in row]
    proven = [
        f"{each.indicator.short_name}：{each.words}"
        for each in diagnosis.results
        if each.value is True and diagnosis.support[each.indicator.id].verified
    ]
    note = "" if written or not proven else "报告尚未写明主要优势，以下为已有采信证据的“是”。"
    return _slide(
        "strengths",
        "亮点",
        "报告尚未写明主要优势，也还没有得到证据支持的“是”。",
        points=written or proven,
        note=note,
    )


def _problems(case: Case) -> Plain:
    """Return the problems of the report; before that, the first findings on site."""
    listed = _graded(case, REPORT, "problems")
    found = [] if listed else _graded(case, QUESTIONS, "findings")
    return _slide(
        "problems",
        "主要问题",
        "尚未登记问题，也没有初步发现。",
        cards=listed or found,
        note="问题清单尚未登记，以下为现场的初步发现。" if found else "",
    )


def _graded(case: Case, form: str, table: str) -> list[Plain]:
    raw = case.annex(form).get(table) or []
    order = sorted(range(len(raw)), key=lambda n: _GRAVITY.get(str(raw[n].get("severity")), 3))
    rows = _rows(case, form, table)
    keys = ("problem_no", "statement", "location", "severity", "indicators", "impact")
    return [{key: rows[n].get(key, "") for key in keys} for n in order]


def _suggestions(case: Case) -> Plain:
    rows = sorted(_rows(case, REPORT, "suggestions"), key=_urgency)
    keys = ("sug_no", "sug_name", "priority", "phase", "content", "indicators", "benefit_quant")
    cards = [
        {key: row.get(key, "") for key in keys} | {"investment": _investment(row)} for row in rows
    ]
    return _slide("suggestions", "建议与优先级", "尚未提出建议。", cards=cards)


def _urgency(row: Mapping[str, str]) -> tuple[str, str]:
    """Order by priority and number; without a priority last."""
    return row.get("priority") or "~", row.get("sug_no", "")


def _investment(row: Mapping[str, str]) -> str:
    low, high = row.get("invest_min", ""), row.get("invest_max", "")
    if low and high:
        return f"{low} 万元" if low == high else f"{low}—{high} 万元"
    return f"不低于 {low} 万元" if low else f"不超过 {high} 万元" if high else ""


def _next_steps(case: Case) -> Plain:
    """Return what the guide and its policies ask for after the meeting."""
    policies = case.definitions.policies
    known = [each for key in _AHEAD if (each := policies.get(key)) is not None]
    asked = [
        f"{each.says.removesuffix('的工作日数')}：{each.value:g} {each.unit}之内" for each in known
    ]
    bases = "、".join(dict.fromkeys(each.basis.words for each in known))
    return _slide(
        "next_steps",
        "下一步",
        "",
        points=asked,
        text=_value(case, REPORT, "follow_up"),
        note=f"各项时限的依据：{bases}。" if known else "",
    )


def _to_confirm(diagnosis: Diagnosis) -> Plain:
    """Return what is still open: undecided indicators, disputes, contradictions, bare claims."""
    case, definitions = diagnosis.case, diagnosis.definitions
    undecided = [each for each in diagnosis.results if each.state == "unknown"]
    bare = [
        each
        for each in diagnosis.results
        if each.value and not diagnosis.support[each.indicator.id].verified
    ]
    disputed = [
        f"{question_words(key, definitions)}：{answer.disputed}"
        for key, answer in case.record.items()
        if answer.disputed is not None
    ]
    parts = {
        "尚不能判定的指标": [_open(each) for each in undecided],
        "有争议的答案": disputed,
        "答案之间的矛盾": _contradictions(diagnosis),
        "还没有采信证据的结果": [f"{each.indicator.short_name}：{each.words}" for each in bare],
    }
    groups = [
        {"title": title, "points": list(dict.fromkeys(points))}
        for title, points in parts.items()
        if points
    ]
    return _slide("to_confirm", "待确认事项", "没有待确认的事项。", groups=groups)


def _contradictions(diagnosis: Diagnosis) -> list[str]:
    """Return what does not agree, once for each check; bare claims are told by themselves."""
    bare = {each.id for each in diagnosis.definitions.checks if each.kind == "evidence"}
    told: dict[str, list[str]] = {}
    for each in diagnosis.findings_in_answers:
        if each.severity != "note" and each.check not in bare:
            told.setdefault(f"{each.severity_words}：{each.says}", []).append(
                "，".join(each.answers)
            )
    return [f"{says}{_some(places)}" for says, places in told.items()]


def _some(places: list[str]) -> str:
    """Name the first places that do not agree, and how many there are if more."""
    first = "；".join(filter(None, places[:_MOST_PLACES]))
    more = f"等 {len(places)} 处" if len(places) > _MOST_PLACES else ""
    return f"（{first}{more}）" if first else ""


def _open(result: IndicatorResult) -> str:
    reason = result.reason.removeprefix("尚不能判定：").removeprefix("尚不能计算：")
    return f"指标{result.indicator.no} {result.indicator.short_name}：{reason}"


def _field(case: Case, form: str, key: str) -> Field:
    return case.definitions.fields[f"{form}.{key}"]


def _value(case: Case, form: str, key: str) -> str:
    """Return a field as printed; nothing where it is blank or kept back."""
    field, raw = _field(case, form, key), case.annex(form).get(key)
    return "" if is_blank(raw) or field.kept_back else shown(field, raw, case.definitions)


def _rows(case: Case, form: str, table: str) -> list[dict[str, str]]:
    """Return the rows of a table as printed, blank cells left out."""
    field = _field(case, form, table)
    raw = case.annex(form).get(table)
    columns: dict[str, Field] = {each.key: each for each in field.columns}
    return [
        {
            key: shown(columns[key], cell, case.definitions)
            for key, cell in row.items()
            if key in columns and not is_blank(cell)
        }
        for row in (raw if isinstance(raw, list) else [])
    ]
