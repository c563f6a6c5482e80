"""The one base of all definition shapes: frozen, extra keys refused, problems told in Chinese."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from dxkit.errors import Problem
from dxkit.models.refusals import told

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
QuestionKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")]
AnswerPath = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")]
FormPath = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")]
"""A form, or a field or column of one."""
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
        return cls.model_validate_json(json.dumps(data))


def keys_of(value: Any) -> set[str]:
    """Return the keys of a mapping or a shape, by which a union is told apart; else none."""
    return set(value if isinstance(value, dict) else getattr(type(value), "model_fields", ()))


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


_BASIS_WORDS = {
    Basis.GUIDE: "指南规定",
    Basis.PUBLISHED: "公开发布",
    Basis.PRACTICE: "通行理解（假定）",
    Basis.DESIGN: "本工具设定（假定）",
}


def problems_of(exc: ValidationError, where: str) -> list[Problem]:
    """Translate pydantic's list of errors into problems that name file, key, found and expected."""
    return [Problem(where, *told(error)) for error in exc.errors(include_url=False)]
