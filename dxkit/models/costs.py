"""The shape of the assumed costs of improving an answer; every amount may be set otherwise."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from dxkit.models.shape import Basis, QuestionKey, Shape, Text

Amount = Annotated[float, Field(ge=0)]


class Cost(Shape):
    """What it costs to improve the answer to one question, in one of three ways.

    `steps` are the costs of each further step of an ordered choice, `once` of saying yes, of naming
    something or of an amount above its bound, `each` of one more that is counted.
    """

    question: QuestionKey
    steps: Annotated[tuple[Amount, ...], Field(min_length=1)] | None = None
    once: Amount | None = None
    each: Amount | None = None

    def model_post_init(self, _context: Any) -> None:
        """Refuse a cost that is given in no way or in several."""
        if [self.steps, self.once, self.each].count(None) != 2:
            raise ValueError("steps、once、each 之一")


class Costs(Shape):
    """The costs that a search for the cheapest changes starts from."""

    edition: Text
    unit: Text
    basis: Basis
    says: Text
    costs: tuple[Cost, ...]
