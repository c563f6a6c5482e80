"""The shape of a benchmark pack: figures of groups of enterprises, in which no one can be found."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from dxkit.models.shape import Code, Key, Shape, Text

KIND = "dxkit-benchmark-pack"
FORMAT = 1


class PeerGroup(Shape):
    """A group of enterprises: its value in each dimension, and how many were assessed."""

    by: dict[Key, Code]
    name: Text
    enterprises: int = Field(ge=1)


class PeerFigure(Shape):
    """What a group reached in an indicator: the mean rate or the share of yes, and of how many."""

    group: int = Field(ge=0)
    base: int = Field(ge=1)
    value: float = Field(ge=0, le=1)


class PeerIndicator(Shape):
    """The figures of one indicator."""

    name: Text
    kind: Literal["ratio", "yes_no"]
    figures: tuple[PeerFigure, ...]


class Protection(Shape):
    """How well hidden every answer is, and what was withheld for it."""

    least: int = Field(ge=3)
    insiders: int = Field(ge=1)
    step: float = Field(gt=0, le=0.5)
    earlier_releases: int = Field(ge=0)
    groups_too_small: int = Field(ge=0)
    figures_withheld: int = Field(ge=0)


class PeerPack(Shape):
    """A whole pack, with the checksum of all of it."""

    kind: Literal["dxkit-benchmark-pack"]
    format: Literal[1]
    region: Text
    region_code: Code
    year: int = Field(ge=2010, le=2100)
    edition: Text
    definitions: Text
    enterprises: int = Field(ge=1)
    note: Text
    protection: Protection
    groups: tuple[PeerGroup, ...] = Field(min_length=1)
    indicators: dict[Key, PeerIndicator]
    sha256: Text

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        least = self.protection.least
        for key, indicator in self.indicators.items():
            places = [figure.group for figure in indicator.figures]
            if len(set(places)) < len(places) or any(each >= len(self.groups) for each in places):
                raise ValueError(f"{key} 的组别重复，或不在所列的组别之内")
            for figure in indicator.figures:
                if not least <= figure.base <= self.groups[figure.group].enterprises:
                    raise ValueError(f"{key} 的基数不在最少家数与该组家数之间")
        return self

    @property
    def is_whole(self) -> bool:
        """Tell whether the pack is as it was made."""
        return self.sha256 == digest_of(self.model_dump(mode="json"))


def digest_of(content: dict[str, Any]) -> str:
    """Return the checksum of a pack's content, whatever checksum it carries."""
    told = {key: value for key, value in content.items() if key != "sha256"}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
