"""Which open questions to ask first: by how much any answer settles, tried on the engine itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dxkit.advice.possible import possible_answers
from dxkit.advice.variants import Changes, Outcomes, outcomes_of
from dxkit.assessment import UNKNOWN, Assessment
from dxkit.assessment.columns import Column
from dxkit.assessment.logic import Context, judge
from dxkit.assessment.words import question_words
from dxkit.definitions import Definitions
from dxkit.models.indicator import Indicator
from dxkit.models.rules import Ratio, leaves_of

NOTHING = 1e-9


@dataclass(frozen=True)
class Question:
    """An open question and what an answer to it settles.

    `worth` is by how much less is open after an answer, averaged over the distinct outcomes: 1 is
    a yes/no indicator that was wholly open and is decided. How likely each answer is, nobody knows.
    """

    key: str
    worth: float
    always: tuple[Indicator, ...] = ()
    """Indicators decided by whatever answer."""
    perhaps: tuple[Indicator, ...] = ()
    """Indicators decided by some answers only."""
    narrowed: tuple[Indicator, ...] = ()
    """Indicators whose bounds some answer narrows without deciding them."""
    partner: str | None = None
    """The other count of a ratio, without which an answer says little."""
    gates: tuple[Indicator, ...] = ()
    """Indicators of which it decides whether they apply."""
    opened_by: tuple[str, ...] = ()
    """Blank questions that decide nothing themselves but must be answered for it to be shown."""

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Return every indicator that an answer moves, in the order of table 1."""
        moved = {each.no: each for each in (*self.always, *self.perhaps, *self.narrowed)}
        return tuple(moved[no] for no in sorted(moved))


def questions_to_ask(assessment: Assessment) -> tuple[Question, ...]:
    """Rank the open questions of the first row, the most worth asking first.

    A question is listed only if some answer, alone or with the other count of its ratio, decides
    an indicator or narrows its bounds. One that the form does not show yet waits for the question
    that opens it.
    """
    definitions, row = assessment.definitions, assessment.table.row(0)
    tried = [
        (key, partner, variant)
        for key in _open(assessment)
        for partner, variant in _answers(key, assessment)
    ]
    if not tried:
        return ()
    outcomes = outcomes_of(definitions, row, [variant for _, _, variant in tried])
    rows: dict[tuple[str, str | None], list[int]] = {}
    for number, (key, partner, _) in enumerate(tried, start=1):
        rows.setdefault((key, partner), []).append(number)
    found: dict[str, Question] = {}
    for (key, partner), numbers in rows.items():
        question = _judged(key, partner, numbers, outcomes)
        if _tells(question) > _tells(found.get(key, Question(key, NOTHING))):
            found[key] = question
    order = list(definitions.questions)
    ranked = sorted(found.values(), key=lambda each: (*_urgency(each), order.index(each.key)))
    return tuple(ranked)


def _tells(question: Question) -> tuple[bool, float]:
    """Rank the ways to ask one question: better with its other half than without a result."""
    return bool(question.always) and question.worth > NOTHING, question.worth


def _urgency(question: Question) -> tuple[float, int]:
    return -round(question.worth, 9), -len(question.always)


def reason_words(question: Question, definitions: Definitions) -> str:
    """Say in Chinese what an answer settles."""
    beside = question_words(question.partner, definitions) if question.partner else ""
    together = f"与“{beside}”一并回答，" if beside else ""
    only = [each for each in question.gates if each not in question.always]
    first = "、".join(f"“{question_words(key, definitions)}”" for key in question.opened_by)
    parts = [
        f"先答{first}" if first else "",
        f"{together}答了即可判定 {len(question.always)} 项：{listed(question.always)}"
        if question.always
        else together.rstrip("，"),
        f"视答案可判定 {len(question.perhaps)} 项：{listed(question.perhaps)}"
        if question.perhaps
        else "",
        f"可收窄 {listed(question.narrowed)} 的范围" if question.narrowed else "",
        f"决定{listed(only)}是否适用" if only else "",
    ]
    return "；".join(filter(None, parts))


def listed(indicators: Sequence[Indicator]) -> str:
    """Name indicators by number and short name."""
    return "、".join(f"指标{each.no} {each.short_name}" for each in indicators)


def _open(assessment: Assessment) -> Iterator[str]:
    """Yield the unanswered questions that undecided indicators read and that can be asked now."""
    definitions = assessment.definitions
    undecided = (
        indicator
        for indicator in definitions.indicators
        if assessment.results[indicator.id].state[0] == UNKNOWN
    )
    asked = dict.fromkeys(key for each in undecided for key in _read_by(each, definitions))
    blank = {key for key in asked if _is_blank(key, assessment)}
    context = _as_it_is(assessment)
    for key in definitions.questions:
        if key in blank and not _waits(key, blank, context):
            yield key


def _read_by(indicator: Indicator, definitions: Definitions) -> Iterator[str]:
    yield from indicator.questions
    for other in indicator.depends_on:
        yield from _read_by(definitions.by_id[other], definitions)


def _is_blank(key: str, assessment: Assessment) -> bool:
    column = assessment.table.column(key)
    return not column.known[0] and not column.not_applicable[0]


def _waits(key: str, blank: set[str], context: Context) -> bool:
    """Tell whether a question is shown only once another blank one is answered."""
    return any(each in blank for each in _opening(key, context))


def _opening(key: str, context: Context) -> Iterator[str]:
    """Yield the questions that hide a question as long as they are blank."""
    shown_if = context.definitions.questions[key].shown_if
    if shown_if is None or judge(shown_if, context).least[0]:
        return
    for leaf in leaves_of(shown_if):
        other = getattr(leaf, "question", "")
        column = context.table.column(other)
        if other and not column.known[0] and not column.not_applicable[0]:
            yield other


def _answers(key: str, assessment: Assessment) -> Iterator[tuple[str | None, Changes]]:
    """Yield the answers to try: alone, and for a count with the other count of its ratio."""
    definitions, row = assessment.definitions, assessment.table.row(0)
    for answer in possible_answers(key, row, definitions):
        yield None, {key: answer}
    for partner in _partners(key, assessment):
        for answer in possible_answers(key, row, definitions):
            if answer is None:
                continue
            changed = row.replace(key, _known(answer))
            for other in possible_answers(partner, changed, definitions):
                yield partner, {key: answer, partner: other}


def _known(value: float) -> Column:
    return Column(np.array([value]), np.array([True]), np.array([False]))


def _partners(key: str, assessment: Assessment) -> Iterator[str]:
    for indicator in assessment.definitions.indicators:
        rule = indicator.rule
        if isinstance(rule, Ratio) and key in (rule.part, rule.whole):
            other = rule.whole if key == rule.part else rule.part
            if _is_blank(other, assessment):
                yield other


def _judged(key: str, partner: str | None, rows: list[int], outcomes: Outcomes) -> Question:
    definitions = outcomes.assessment.definitions
    distinct = list({outcomes.key(number): number for number in reversed(rows)}.values())
    before, after = outcomes.doubts[0], outcomes.doubts[distinct]
    gain = float((before - after).sum(axis=1).mean()) / (1 if partner is None else 2)
    columns = range(len(definitions.indicators))
    undecided = [column for column in columns if before[column] > 0]
    decided = {column: after[:, column] == 0 for column in undecided}
    always = [column for column in undecided if decided[column].all()]
    perhaps = [column for column in undecided if decided[column].any() and column not in always]
    narrowed = [
        column
        for column in undecided
        if not decided[column].any() and (after[:, column] < before[column] - NOTHING).any()
    ]
    pick = definitions.indicators.__getitem__
    gates = [
        each
        for each in definitions.indicators
        if each.applies_if is not None
        and any(getattr(leaf, "question", None) == key for leaf in leaves_of(each.applies_if))
        and outcomes.assessment.results[each.id].state[0] == UNKNOWN
    ]
    return Question(
        key=key,
        worth=gain,
        always=tuple(map(pick, always)),
        perhaps=tuple(map(pick, perhaps)),
        narrowed=tuple(map(pick, narrowed)),
        partner=partner,
        gates=tuple(gates),
        opened_by=tuple(_opening(key, _as_it_is(outcomes.assessment))),
    )


def _as_it_is(assessment: Assessment) -> Context:
    return Context(assessment.definitions, assessment.table.row(0), {})
