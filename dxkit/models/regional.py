"""The shape of the regional view: by what enterprises are grouped, and what is crossed."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from dxkit.models.shape import AnswerPath, Basis, Code, Key, Shape, Text


class Mark(Shape):
    """A group of its own, to which an enterprise belongs that answers yes or names a code."""

    code: Code
    name: Text
    field: AnswerPath
    has: Code | None = None


class Dimension(Shape):
    """One way of dividing all enterprises.

    `by` says what its groups are: those of a reference file, the choices of a field, the years, or
    marks, of which an enterprise may bear several.
    """

    id: Key
    name: Text
    by: Literal["region", "section", "division", "size", "choice", "marks", "year"]
    field: AnswerPath | None = None
    marks: tuple[Mark, ...] = ()
    note: str = ""

    def model_post_init(self, _context: Any) -> None:
        """Refuse a dimension that says nothing of where its groups come from, or too much."""
        if (self.by == "marks") != bool(self.marks):
            raise ValueError("by 为 marks 时须有 marks，其他情形不用")
        if (self.by not in ("marks", "year")) != (self.field is not None):
            raise ValueError("除 marks、year 外须有 field")


class Regional(Shape):
    """How the region is looked at, with the words printed about it."""

    edition: Text
    basis: Basis
    source: Text
    assessed: Text
    bounds: Text
    credit_code: AnswerPath
    years: tuple[AnswerPath, ...] = Field(min_length=1)
    """Where the year of a case is told: a year, or a table with a column `year`; the first counts.
    """
    figures: AnswerPath
    """The table with staff and revenue by year, which the size class follows from."""
    causes: AnswerPath
    """The table in which a case says why a result is not last year's; columns indicator, cause."""
    unplaced: Text
    dimensions: tuple[Dimension, ...] = Field(min_length=1)
    crossings: tuple[tuple[Key, Key], ...] = ()
    anonymous: tuple[tuple[Key, ...], ...] = ((),)
    """The tables of a benchmark pack, each by no dimension (the total) or by some."""
