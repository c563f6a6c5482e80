"""Which indicators a question decides, and so which departments of the enterprise it concerns."""

from __future__ import annotations

from collections.abc import Mapping

from dxkit.advice.whom import own_departments
from dxkit.definitions import QUESTIONS, Definitions
from dxkit.models.annex import Field, FieldType, Section, Tally
from dxkit.models.indicator import Indicator

Concerns = Mapping[str, tuple[Indicator, ...]]


def indicators_of(field: Field, path: str, definitions: Definitions) -> tuple[Indicator, ...]:
    """Return the indicators that an answer decides, in their order; those of a grid for a cell."""
    form, _, key = path.partition(".")
    if form != QUESTIONS:
        return ()
    known = _by_question(definitions.digest, definitions)
    counted = known.get(f"table:{key}", ()) if field.type is FieldType.TABLE else ()
    return (*known.get(key, ()), *counted)


def departments_of(field: Field, path: str, definitions: Definitions) -> tuple[str, ...]:
    """Return the departments that can answer a question; none where nothing says so."""
    form, _, key = path.partition(".")
    if form == QUESTIONS and (own := own_departments(key, definitions)):
        return own
    named = (name for each in indicators_of(field, path, definitions) for name in each.departments)
    return tuple(dict.fromkeys(named))


def departments_in(section: Section, form: str, definitions: Definitions) -> tuple[str, ...]:
    """Return the departments that a section's questions concern, in order of the indicators."""
    named = dict.fromkeys(
        name
        for field in section.fields
        for key in _keys(field)
        for name in departments_of(field, f"{form}.{key}", definitions)
    )
    return tuple(named)


def all_departments(definitions: Definitions) -> tuple[str, ...]:
    """Return every department that some indicator or some row of a grid asks."""
    named = (name for each in definitions.indicators for name in each.departments)
    rows = (row for field in definitions.annexes[QUESTIONS].fields for row in field.rows)
    return tuple(dict.fromkeys([*named, *(name for row in rows for name in row.departments)]))


def _keys(field: Field) -> list[str]:
    if field.type is not FieldType.GRID:
        return [field.key]
    return [f"{column.key}.{row.code}" for column in field.columns for row in field.rows]


_known: dict[str, Concerns] = {}


def _by_question(digest: str, definitions: Definitions) -> Concerns:
    """Work out once for a set what its questions, and the tables that count them, decide."""
    if digest not in _known:
        _known[digest] = _worked_out(definitions)
    return _known[digest]


def _worked_out(definitions: Definitions) -> Concerns:
    found: dict[str, dict[str, Indicator]] = {}
    for indicator in definitions.indicators:
        for key in _decided_by(indicator, definitions):
            found.setdefault(key, {})[indicator.id] = indicator
    for key, field in definitions.questions.items():
        if isinstance(field.tally, Tally) and key in found:
            found.setdefault(f"table:{field.tally.table}", {}).update(found[key])
    return {
        key: tuple(sorted(each.values(), key=lambda indicator: indicator.no))
        for key, each in found.items()
    }


def _decided_by(indicator: Indicator, definitions: Definitions) -> set[str]:
    """Return its own questions, and those of the indicators that it is derived from."""
    keys = set(indicator.questions)
    for other in indicator.depends_on:
        keys |= _decided_by(definitions.by_id[other], definitions)
    return keys
