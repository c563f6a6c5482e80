"""The one base of all definition shapes: frozen, extra keys refused, problems told in Chinese."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from dxkit.errors import Problem

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
QuestionKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]+$")]


class Shape(BaseModel):
    """A frozen record read from a file; an unknown key is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    @classmethod
    def of(cls, data: Any) -> Self:
        """Build the shape from plain data; strict, with lists for tuples and words for enums.

        Raises:
            pydantic.ValidationError: with every problem of the data.
        """
        return cls.model_validate_json(json.dumps(data, ensure_ascii=False))


class Basis(StrEnum):
    """Where a definition comes from; everything but `guide` and `published` is an assumption."""

    GUIDE = "guide"
    PUBLISHED = "published"
    PRACTICE = "practice"
    DESIGN = "design"

    @property
    def words(self) -> str:
        """Return the label printed beside whatever rests on it."""
        return _BASIS_WORDS[self]

    @property
    def assumed(self) -> bool:
        """Tell whether the official text may still replace it."""
        return self in (Basis.PRACTICE, Basis.DESIGN)


_BASIS_WORDS = {
    Basis.GUIDE: "指南规定",
    Basis.PUBLISHED: "公开发布",
    Basis.PRACTICE: "通行理解（假定）",
    Basis.DESIGN: "本工具设定（假定）",
}

_EXPECTED = {
    "missing": "必须填写此键",
    "extra_forbidden": "没有这个键，请检查拼写",
    "string_type": "文字（数字和日期请加引号）",
    "int_type": "整数",
    "int_from_float": "整数",
    "float_type": "数字",
    "bool_type": "true 或 false",
    "list_type": "列表",
    "tuple_type": "列表",
    "dict_type": "键和值",
    "model_type": "键和值",
    "string_too_short": "不能为空",
    "string_pattern_mismatch": "小写英文字母、数字和下划线组成的标识",
    "union_tag_not_found": "规则允许的条件之一",
}


def problems_of(exc: ValidationError, where: str) -> list[Problem]:
    """Translate pydantic's list of errors into problems that name file, key, found and expected."""
    return [_problem(error, where) for error in exc.errors(include_url=False)]


def _problem(error: Any, where: str) -> Problem:
    kind = error["type"]
    key = ".".join(_step(part) for part in error["loc"] if not str(part).startswith("rule:"))
    found = "" if kind == "missing" else _shown(error.get("input"))
    context = error.get("ctx", {})
    if kind in ("enum", "literal_error"):
        expected = f"{context.get('expected', '')} 之一".replace(" or ", "、")
    elif kind == "value_error":
        expected = str(context["error"])
    elif "ge" in context or "gt" in context:
        expected = f"不小于 {context['ge']}" if "ge" in context else f"大于 {context['gt']}"
    elif "min_length" in context and kind == "too_short":
        expected = f"至少 {context['min_length']} 项"
    else:
        expected = _EXPECTED.get(kind, error["msg"])
    return Problem(where, key, found, expected)


def _step(part: int | str) -> str:
    return str(part + 1) if isinstance(part, int) else part


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "……"
