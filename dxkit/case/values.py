"""Whether one value fits one field, its type and what the definitions know; says what is right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dxkit.definitions import Definitions
from dxkit.models.annex import Field, FieldType
from dxkit.models.values import expected_by_type


def expected_instead(field: Field, value: Any, definitions: Definitions) -> str | None:
    """Return what would be right if a value does not fit its field, None if it fits."""
    if field.type in _KNOWN:
        return _KNOWN[field.type](field, value, definitions)
    return expected_by_type(field, value)


def _indicators(field: Field, value: Any, definitions: Definitions) -> str | None:
    instead = {choice.code: choice.label for choice in field.choices}
    known = {*definitions.by_id, *instead}
    if not isinstance(value, list) or not all(isinstance(e, str) and e in known for e in value):
        others = "".join(f"，或 {code}（{label}）" for code, label in instead.items())
        return f"列表，各项为指标标识（见 dxkit list indicators）{others}"
    alone = next((instead[each] for each in value if each in instead and len(value) > 1), None)
    return f"“{alone}”不能与其他选项同时选" if alone else None


def _region(_field: Field, value: Any, definitions: Definitions) -> str | None:
    known = {region.code: region.name for region in definitions.regions.regions}
    expected = "、".join(f'"{code}" {name}' for code, name in known.items()) + " 之一"
    return None if isinstance(value, str) and value in known else expected


def _industry(_field: Field, value: Any, definitions: Definitions) -> str | None:
    known = {division.code for division in definitions.industries.divisions}
    fits = isinstance(value, str) and value in known
    return None if fits else 'GB/T 4754 采矿、制造、电热气水业的两位大类代码，如 "32"'


_KNOWN: dict[FieldType, Callable[[Field, Any, Definitions], str | None]] = {
    FieldType.INDICATORS: _indicators,
    FieldType.REGION: _region,
    FieldType.INDUSTRY: _industry,
}
