"""What invented enterprises are like: weights and words only, read once from `traits.yaml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field, ValidationError

from dxkit import strict_yaml
from dxkit.errors import DefinitionError
from dxkit.models.shape import Shape, Text, problems_of

FILE = Path(__file__).with_name("traits.yaml")


class Band(Shape):
    """A range of staff numbers, how often it occurs, and how much easier being digital is in it."""

    weight: float = Field(gt=0)
    staff: tuple[int, int]
    ease: float


class Trade(Shape):
    """Divisions that resemble each other, with the words that their lists are made of."""

    id: Text
    divisions: dict[str, float]
    word: Text
    ease: float
    workshops: tuple[Text, ...] = Field(min_length=1)
    processes: tuple[Text, ...] = Field(min_length=1)
    equipment: tuple[Text, ...] = Field(min_length=1)
    controls: tuple[Text, ...] = Field(min_length=1)


class Software(Shape):
    """The row that a class of software in use gives in the software list."""

    name: Text
    sw_class: Text
    segments: tuple[Text, ...]


class Exemption(Shape):
    """Where a question is marked not applicable, how often, and for what reason."""

    trades: tuple[Text, ...]
    share: float = Field(ge=0, le=1)
    reason: Text


class Trait(Shape):
    """What one question is like; `traits.yaml` explains every part."""

    ease: float = 0
    maturity: float = Field(default=1, ge=0, le=1)
    by_trade: dict[str, float] = {}
    noise: str = ""
    inverse: bool = False
    share: float = Field(default=1, ge=0, le=1)
    typical: tuple[float, float] = (3, 12)
    follows: str | None = None
    order: tuple[str, ...] = ()
    not_applicable: tuple[Exemption, ...] = ()


class Traits(Shape):
    """Everything that `traits.yaml` says."""

    leagues: dict[str, float]
    bands: tuple[Band, ...] = Field(min_length=1)
    revenue_per_head: tuple[float, float]
    trades: tuple[Trade, ...] = Field(min_length=1)
    auxiliary: tuple[Text, ...] = Field(min_length=1)
    software: dict[str, Software]
    questions: dict[str, Trait]
    texts: dict[str, tuple[Text, ...]]
    verified_reason: Text

    def trait_of(self, key: str) -> Trait:
        """Return what a question is like; the cell of a grid adds to what its column is like."""
        column, _, row = key.partition(".")
        general = self.questions.get(column, Trait())
        own = self.questions.get(key)
        if not row or own is None:
            return general
        return general.model_copy(
            update={part: getattr(own, part) for part in own.model_fields_set}
        )

    def trade_of(self, division: str) -> int:
        """Return the place of a division's trade; one that nobody lists counts as the last."""
        places = (i for i, trade in enumerate(self.trades) if division in trade.divisions)
        return next(places, len(self.trades) - 1)

    def weight_of(self, division: str) -> float:
        """Return how often a division is drawn; one that nobody lists is rare."""
        return self.trades[self.trade_of(division)].divisions.get(division, 0.3)


@cache
def read_traits() -> Traits:
    """Read the traits.

    Raises:
        DefinitionError: with every problem of the file.
    """
    try:
        return Traits.of(strict_yaml.read(FILE, DefinitionError).data)
    except ValidationError as exc:
        raise DefinitionError(problems_of(exc, FILE.name)) from None
