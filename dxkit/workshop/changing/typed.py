"""What was typed or chosen in a page means for its field: a value, or in Chinese why it is none."""

from __future__ import annotations

import math
from typing import Any

from dxkit.case.values import expected_instead
from dxkit.definitions import Definitions
from dxkit.errors import Problem
from dxkit.forms.written.parsing import Parsed, as_on_a_form, expected, parse
from dxkit.models.annex import NUMERIC, TEXTS, Field, FieldType

LONGEST = 20_000
"""The most characters that any text may have, so that no page can fill the disk."""
_LISTS = {FieldType.CHOICES, FieldType.INDICATORS, FieldType.EVIDENCE, FieldType.REFERENCES}


def read(field: Field, raw: Any, definitions: Definitions) -> Parsed:
    """Read what a page sends for a field; nothing clears it.

    Chosen codes and numbers are taken as they are stored; what was typed as on a form.
    """
    if raw is None or raw in ([], ""):
        return Parsed()
    if isinstance(raw, dict) or (isinstance(raw, float) and not math.isfinite(raw)):
        return Parsed(None, str(raw)[:60], expected(field, None, definitions))
    if isinstance(raw, str) and len(raw) > LONGEST:
        return Parsed(None, f"{len(raw)}字", f"不超过{LONGEST}字")
    if isinstance(raw, list):
        return _several(field, raw, definitions)
    if _is_stored(field, raw, definitions):
        return Parsed(raw)
    return parse(field, raw, definitions)


def _several(field: Field, raw: list[Any], definitions: Definitions) -> Parsed:
    if field.type in _LISTS and expected_instead(field, raw, definitions) is None:
        return Parsed(raw)
    said = "、".join(map(str, raw))[:60]
    value = raw if field.type in _LISTS else None
    return Parsed(None, said, expected(field, value, definitions))


def _is_stored(field: Field, raw: Any, definitions: Definitions) -> bool:
    """Tell whether something is what a case stores already and needs no reading."""
    if field.type in TEXTS or field.longest:
        return False
    if field.type in NUMERIC and not isinstance(raw, int | float):
        return False
    return expected_instead(field, raw, definitions) is None


def unfit(parsed: Parsed) -> dict[str, str]:
    """Return what a page shows beside a control whose content was not stored."""
    return {"unfit": wanted(parsed.expected), "found": parsed.found}


def wanted(words: str) -> str:
    """Return what would be right as a sentence of its own."""
    return f"应为：{as_on_a_form(words)}"


def refused(problems: tuple[Problem, ...], definitions: Definitions) -> dict[str, str]:
    """Return the same where the case as a whole would no longer fit, such as part above whole."""
    first = problems[0]
    if not first.expected:
        return {"unfit": str(first), "found": first.found}
    label = label_at(first.key, definitions)
    found = f"“{label}”为 {first.found}" if label else first.found
    return {"unfit": f"{found}；{wanted(first.expected)}", "found": first.found}


def label_at(key: str, definitions: Definitions) -> str:
    """Return the label of the field or column that a problem names; empty if it names none."""
    form, *steps = key.partition("（")[0].split(".")
    annex = definitions.annexes.get(form)
    if annex is None or not steps:
        return ""
    if (question := definitions.fields.get(".".join([form, *steps[:2]]))) is not None:
        return question.label
    field = definitions.fields.get(f"{form}.{steps[0]}")
    columns = {each.key: each.label for each in field.columns} if field is not None else {}
    return columns.get(steps[-1], field.label if field is not None else "")
