"""One question as a page shows it: what it asks, what stands there, and what may be done."""

from __future__ import annotations

from typing import Any

from dxkit.case.answers import read_answer, tallied
from dxkit.case.paths_in_data import get
from dxkit.case.requiredness import is_required
from dxkit.case.words import STRENGTHS
from dxkit.definitions import QUESTIONS
from dxkit.forms.paper.in_force import why_not_asked
from dxkit.forms.record_parts import LABELS, VALUES
from dxkit.forms.values import shown_value
from dxkit.forms.written.printed import option_text, printed
from dxkit.models.annex import Annex, Field, FieldType, Section
from dxkit.workshop.seeing.access import main_value
from dxkit.workshop.seeing.places import Place
from dxkit.workshop.seeing.sight import Sight, fields_of
from dxkit.workshop.seeing.waiting import conflicts
from dxkit.workshop.showing.concerns import departments_of, indicators_of

Item = dict[str, Any]
COMPUTED = "此项自动计算，不填写"
NOTED = "由程序在办理过程中记载"
EMPTY = "（空）"
READ_ONLY = "您的角色只能查看"


def item_of(sight: Sight, place: Place) -> Item:
    """Return a single question with its answer."""
    raw = get(sight.answers(place.annex), place.key)
    field, record = place.field, place.is_record
    row = place.path.split(".")[2] if place.grid is not None else None
    value = main_value(sight.access, place.annex, field, raw)
    hidden = _why_hidden(sight, place)
    computed = field.type is FieldType.COMPUTED
    lent = (
        "" if record or value is not None else shown_value(sight.seen, place.annex, field, row=row)
    )
    why_not = why_not_editable(sight, place)
    return {
        **question(sight, place),
        "value": value,
        "text": lent if computed else printed(field, value, sight.definitions),
        "lent": "" if computed else lent,
        "tally": _tally(sight, place),
        "editable": not why_not,
        "why_not": why_not,
        "computed": computed,
        "shown": not hidden,
        "why_hidden": hidden,
        "required": is_required(field, sight.beside(place.annex), fields_of(place.annex)),
        "answer": answer(sight, place, raw) if record else None,
        "findings": sight.findings(place),
        "conflicts": conflicts(sight, place),
        "changed": sight.changed(place),
    }


def _tally(sight: Sight, place: Place) -> str:
    """Return the number that rows give by themselves, empty if they give none."""
    tally = place.field.tally
    if tally is None or place.field.type is FieldType.COMPUTED or place.annex.id != QUESTIONS:
        return ""
    counted = tallied(tally, sight.seen.found, sight.definitions)
    return printed(place.field, counted, sight.definitions)


def question(sight: Sight, place: Place) -> Item:
    """Return what a question asks, whatever stands there."""
    field = place.field
    indicators = indicators_of(field, place.path, sight.definitions)
    return {
        "path": place.path,
        **asked(sight, field),
        "may_be_not_applicable": place.is_record and field.may_be_not_applicable,
        "indicators": [each.short_name for each in indicators],
        "departments": list(departments_of(field, place.path, sight.definitions)),
    }


def asked(sight: Sight, field: Field) -> Item:
    """Return what a field or column is, in the words of its form."""
    return {
        "key": field.key,
        "no": field.no,
        "label": field.label,
        "kind": field.type.value,
        "unit": field.unit,
        "required": field.required == "yes",
        "help": field.help,
        "clause": field.clause,
        "basis": field.basis.words,
        "choices": choices(sight, field),
        "longest": field.longest,
        "minimum": field.minimum,
        "maximum": field.maximum,
    }


def choices(sight: Sight, field: Field) -> list[Item]:
    """Return what can be chosen, by code and words."""
    definitions = sight.definitions
    if field.type is FieldType.REGION:
        return _coded((each.code, each.name) for each in definitions.regions.regions)
    if field.type is FieldType.INDUSTRY:
        divisions = definitions.industries.divisions
        return _coded((each.code, f"{each.code} {each.name}") for each in divisions)
    if field.type is FieldType.INDICATORS:
        named = [(each.id, f"{each.no} {each.short_name}") for each in definitions.indicators]
        return _coded([*named, *((each.code, each.label) for each in field.choices)])
    if field.names:
        return _coded(definitions.called[field.names].items())
    return _coded((each.code, option_text(field, each)) for each in field.choices)


def _coded(pairs: Any) -> list[Item]:
    return [{"code": code, "label": label} for code, label in pairs]


def why_not_editable(sight: Sight, place: Place) -> str:
    """Return why a question cannot be changed here, empty if it can."""
    if place.field.type is FieldType.COMPUTED:
        return COMPUTED
    if place.field.required == "auto":
        return NOTED
    return why_closed(sight, place.annex, place.section)


def why_closed(sight: Sight, annex: Annex, section: Section) -> str:
    """Return why nothing of a section can be changed here, empty if it can."""
    if annex.kept_by_program:
        return NOTED
    if not sight.access.edits(annex, section):
        return READ_ONLY
    return sight.closed.get(annex.id, "")


def _why_hidden(sight: Sight, place: Place) -> str:
    beside, fields = sight.beside(place.annex), fields_of(place.annex)
    if place.field.shown_if is None:
        return ""
    return why_not_asked(place.field, beside, fields, sight.definitions)


def answer(sight: Sight, place: Place, raw: Any) -> Item:
    """Return the parts of a record answer that the role sees; the others are not mentioned."""
    found = read_answer(raw)
    seen = sight.access.role.parts
    told: Item = {}
    for part in LABELS:
        if part not in seen:
            continue
        value = getattr(found, part)
        value = list(value) if isinstance(value, tuple) else value
        told[part] = _with_text(sight, place.field, part, value)
    told["strengths"] = _coded((code, f"{code} {words}") for code, words in STRENGTHS.items())
    return told


def _with_text(sight: Sight, field: Field, part: str, value: Any) -> Any:
    if part not in VALUES:
        return value
    return {"value": value, "text": printed(field, value, sight.definitions)}
