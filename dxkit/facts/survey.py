"""The survey of the enterprise: its score, how complete it is, where it contradicts the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dxkit.case.answers import is_blank
from dxkit.facts.briefing import briefings_held
from dxkit.facts.delivery import delivered_on
from dxkit.facts.fieldwork import areas_walked
from dxkit.facts.meetings import meetings_of
from dxkit.facts.view import Culprits, View
from dxkit.facts.visits import onsite_days
from dxkit.models.annex import Choice
from dxkit.models.seeds import Dimension

ANNEX = "annex_8"
POINTS_PER_STEP = 20  # five steps make a hundred points
ANSWERS = {"yes": "是", "no": "否"}


def survey_score(view: View) -> float | None:
    """Return the weighted score from 0 to 100, one decimal; None while nothing is rated."""
    score = _score(view)
    return None if score is None else round(score, 1)


def survey_grade(view: View) -> str | None:
    """Return what the score is called; None while the survey is too thin to be valid."""
    score, survey = _score(view), view.definitions.seeds.survey
    if score is None or not _is_valid(view):
        return None
    grades = sorted(survey.grades, key=lambda grade: -grade.from_)
    return next((grade.name for grade in grades if score >= grade.from_), None)


def survey_dimensions(view: View) -> Mapping[str, float] | None:
    """Return each dimension's own score from 0 to 100; what nobody rated is left out."""
    means = {each.dimension: _mean(view, each) for each in view.definitions.seeds.survey.rows}
    scores = {name: round(score, 1) for name, score in means.items() if score is not None}
    return scores or None


def survey_rated(view: View) -> Mapping[str, int]:
    """Count the items of each dimension that were rated; not applicable is no rating."""
    return {each.dimension: len(_rated(view, each)) for each in view.definitions.seeds.survey.rows}


def survey_completion(view: View) -> float | None:
    """Return how many percent of the items are answered; not applicable is an answer."""
    items, ratings = _items(view), _ratings(view)
    if not view.annex(ANNEX):
        return None
    return round(100 * sum(ratings.get(row.code) is not None for row in items) / len(items), 2)


def survey_unanswered(view: View) -> Culprits:
    """Name the items left blank if they are too many for the survey to be valid."""
    if not view.annex(ANNEX):
        return None
    ratings = _ratings(view)
    blank = [row.label for row in _items(view) if ratings.get(row.code) is None]
    return () if _is_valid(view) else tuple(blank)


def survey_facts_blank(view: View) -> Culprits:
    """Name the questions of fact, and whether it would recommend, that the enterprise left blank.

    None while the survey is not begun.
    """
    if not view.annex(ANNEX):
        return None
    asked = [field for field in view.definitions.annexes[ANNEX].fields if _is_of_fact(field.key)]
    return tuple(field.label for field in asked if is_blank(view.value(ANNEX, field.key)))


def _is_of_fact(key: str) -> bool:
    return key.startswith("fact_") or key == "recommendation"


def survey_contradictions(view: View) -> Culprits:
    """Name the answers that say otherwise than the file, and an overall mark far from the score."""
    if not view.annex(ANNEX):
        return None
    told = [*_against_records(view), *_against_amounts(view), *_complaints(view)]
    return (*told, *_against_score(view))


def _ratings(view: View) -> Mapping[str, Any]:
    return view.value(ANNEX, view.definitions.seeds.survey.rating) or {}


def _items(view: View) -> tuple[Choice, ...]:
    return view.grid(ANNEX, view.definitions.seeds.survey.rating).rows


def _is_valid(view: View) -> bool:
    share = survey_completion(view)
    return share is not None and share >= view.policy("survey_answered_min")


def _score(view: View) -> float | None:
    weighted = [(d.weight, s) for d in view.definitions.seeds.survey.rows if (s := _mean(view, d))]
    weights = sum(weight for weight, _ in weighted)
    return sum(weight * score for weight, score in weighted) / weights if weights else None


def _mean(view: View, dimension: Dimension) -> float | None:
    given = _rated(view, dimension)
    return POINTS_PER_STEP * sum(given) / len(given) if given else None


def _rated(view: View, dimension: Dimension) -> list[int]:
    ratings, unrated = _ratings(view), (None, view.definitions.seeds.survey.not_rated)
    return [int(r) for item in dimension.items if (r := ratings.get(item)) not in unrated]


def _against_records(view: View) -> list[str]:
    """Compare what the enterprise says happened with what is on file."""
    on_file = {
        "fact_notice": bool(view.value("aux_2", "sent_on")),
        "fact_nda": bool(view.rows("aux_1", "institution_commitments")),
        "fact_opening": bool(meetings_of(view, "kickoff", "opening")),
        "fact_training": bool(meetings_of(view, "training", "topic_training")),
        "fact_site": areas_walked(view) > 0,
        "fact_closing": bool(meetings_of(view, "closing")),
        "fact_report": delivered_on(view) is not None,
        "fact_briefing": briefings_held(view) > 0,
    }
    return [
        f"{_label(view, key)}：企业答“{words}”，案卷{'有' if happened else '没有'}记录"
        for key, happened in on_file.items()
        if (words := ANSWERS.get(view.value(ANNEX, key))) and (words == "是") != happened
    ]


def _against_amounts(view: View) -> list[str]:
    """Compare how many came and how long they stayed, as far as the guide sets a least."""
    compared = (
        ("fact_team_size", _team_on_site(view), view.policy("members_min"), "人"),
        ("fact_days", onsite_days(view), view.policy("onsite_days_min"), "天"),
    )
    return [
        f"{_label(view, key)}：企业答{said:g}{unit}，案卷为{recorded:g}{unit}"
        for key, recorded, least, unit in compared
        if (said := view.value(ANNEX, key)) is not None
        and recorded is not None
        and (said >= least) != (recorded >= least)
    ]


def _complaints(view: View) -> list[str]:
    answers = {key: view.value(ANNEX, key) for key in ("fact_charge", "fact_leak")}
    yes = (key for key, answer in answers.items() if ANSWERS.get(answer) == "是")
    return [f"{_label(view, key)}：企业答“是”" for key in yes]


def _against_score(view: View) -> list[str]:
    survey, score = view.definitions.seeds.survey, _score(view)
    overall = _ratings(view).get(survey.overall)
    if score is None or overall in (None, survey.not_rated):
        return []
    points = POINTS_PER_STEP * int(overall)
    most = view.policy("survey_points_apart")
    if abs(points - score) <= most:
        return []
    return [f"总体满意度折合{points}分，与加权得分{score:.1f}分相差超过{most:g}分"]


def _team_on_site(view: View) -> int | None:
    """Return how many of the group signed in at meetings held during the visit."""
    rows = view.rows("annex_5", "attendees")
    names = {row.get("name") for row in rows if row.get("org_side") == "group" and row.get("sign")}
    return len(names) or None


def _label(view: View, key: str) -> str:
    return view.field(ANNEX, key).label
