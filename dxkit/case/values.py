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
        return _KNOWN[field.type](value, definitions)
    return expected_by_type(field, value)


def _indicators(value: Any, definitions: Definitions) -> str | None:
    known = definitions.by_id
    fits = isinstance(value, list) and all(isinstance(e, str) and e in known for e in value)
    return None if fits else "列表，各项为指标标识（见 dxkit list indicators）"


def _region(value: Any, definitions: Definitions) -> str | None:
    known = {region.code: region.name for region in definitions.regions.regions}
    expected = "、".join(f'"{code}" {name}' for code, name in known.items()) + " 之一"
    return None if isinstance(value, str) and value in known else expected


def _industry(value: Any, definitions: Definitions) -> str | None:
    known = {division.code for division in definitions.industries.divisions}
    fits = isinstance(value, str) and value in known
    return None if fits else 'GB/T 4754 采矿、制造、电热气水业的两位大类代码，如 "32"'


_KNOWN: dict[FieldType, Callable[[Any, Definitions], str | None]] = {
    FieldType.INDICATORS: _indicators,
    FieldType.REGION: _region,
    FieldType.INDUSTRY: _industry,
}
