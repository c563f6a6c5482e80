"""Whether each assumed cost is one of an answer that can be improved, of the kind its type asks."""

from __future__ import annotations

from collections.abc import Iterator

from dxkit.definitions.files import QUESTIONS, Files
from dxkit.definitions.uniqueness import repeated
from dxkit.errors import Problem
from dxkit.models.annex import Annex, Field, FieldType
from dxkit.models.costs import Cost, Costs
from dxkit.models.indicator import Indicator
from dxkit.models.rules import Ratio, leaves_of

REPORT, COSTS = "annex_2", "improvement_costs"
"""The form and its table in which a working group sets its own costs."""


def question_of(code: str) -> str:
    """Return the question that a choice of that table stands for; a code has no dots."""
    return code.replace("__", ".")


def code_of(question: str) -> str:
    """Return the choice of that table that stands for a question."""
    return question.replace(".", "__")


def problems_in(files: Files) -> Iterator[Problem]:
    """Yield every cost of nothing, of the wrong kind or given twice.

    One may be missing: the working group then sets it, and until then no search goes that way.
    """
    annex = files.annex(QUESTIONS)
    if annex is None or files.unread_indicators:
        return
    questions = dict(annex.questions())
    wanted = dict.fromkeys(
        key for indicator in files.of(Indicator).values() for key in improvable(indicator)
    )
    for file, costs in files.of(Costs).items():
        yield from repeated(file, "costs.question", (each.question for each in costs.costs))
        for each in costs.costs:
            if each.question not in wanted:
                found = f"{each.question}，不由投入改变任何指标"
                yield Problem(file, "costs.question", found, "条件或分子中的题目")
            elif each.question in questions:
                yield from _kind(file, each, questions[each.question])
    yield from _choices(files, set(wanted))


def _choices(files: Files, wanted: set[str]) -> Iterator[Problem]:
    """Yield what the working group could set a cost of although no money changes it."""
    for file, annex in files.of(Annex).items():
        table = next((each for each in annex.fields if each.key == COSTS), None)
        if annex.id != REPORT or table is None or not table.columns:
            continue
        for choice in table.columns[0].choices:
            if question_of(choice.code) not in wanted:
                found = f"{choice.code}，不由投入改变任何指标"
                yield Problem(file, f"{COSTS}.question", found, "条件或分子中的题目")


def improvable(indicator: Indicator) -> Iterator[str]:
    """Yield the questions whose better answer brings an indicator on: conditions and parts.

    What an indicator applies to is a fact about the enterprise, and the whole of a ratio too.
    """
    if isinstance(indicator.rule, Ratio):
        yield indicator.rule.part
        return
    for leaf in leaves_of(indicator.rule):
        if question := getattr(leaf, "question", None):
            yield question


def _kind(file: str, cost: Cost, field: Field) -> Iterator[Problem]:
    key = f"costs.{cost.question}"
    if field.type is FieldType.LADDER:
        wanted = len(field.choices) - 1
        if cost.steps is None or len(cost.steps) != wanted:
            yield Problem(file, key, "成本与题目不合", f"steps，{wanted} 个数，每升一级一个")
    elif field.type is FieldType.COUNT:
        if cost.each is None:
            yield Problem(file, key, "成本与题目不合", "each，每多一个的成本")
    elif cost.once is None:
        yield Problem(file, key, "成本与题目不合", "once，一次的成本")
