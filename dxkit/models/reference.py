"""The shapes of reference data: benchmarks, regions, industries, sizes and contradictions."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from dxkit.models.annex import AnyTally
from dxkit.models.rules import Condition
from dxkit.models.shape import Basis, Code, Key, QuestionKey, Shape, Text


class Benchmark(Shape):
    """A published value or target; never shown without year, population and source."""

    indicator: Key
    kind: Literal["actual", "target"]
    region: Text
    year: int = Field(ge=2010, le=2040)
    as_of: Text | None = None
    value: float = Field(ge=0, le=1)
    population: Text
    source: Text
    source_id: Code
    standing: Literal["sourced", "general_knowledge"]
    comparable: bool = True
    note: str = ""


class Benchmarks(Shape):
    """All benchmark rows of one edition."""

    edition: Text
    note: str = ""
    benchmarks: tuple[Benchmark, ...]


class Region(Shape):
    """A league, city or separately planned city as it appears in regional documents."""

    code: Code
    name: Text
    english: Text
    kind: Literal["地级市", "盟", "计划单列市"]
    order: int = Field(ge=1)
    within: Code | None = None


class Regions(Shape):
    """The reporting units of the region."""

    edition: Text
    code: Code
    name: Text
    source: Text
    basis: Basis
    regions: tuple[Region, ...] = Field(min_length=1)


class Division(Shape):
    """A two-digit division of GB/T 4754-2017 with the production type usually met there."""

    code: Code
    section: Literal["B", "C", "D"]
    name: Text
    production_type: Literal["process", "discrete", "mixed"]
    note: str = ""


class Industries(Shape):
    """The 41 industrial divisions."""

    edition: Text
    source: Text
    basis: Basis
    sections: dict[Code, Text]
    divisions: tuple[Division, ...] = Field(min_length=1)


class Size(Shape):
    """A size class and the least staff and revenue it asks for; both must be met."""

    code: Key
    name: Text
    staff: int = Field(ge=0)
    revenue: float = Field(ge=0)


class Sizes(Shape):
    """The size rule, largest first, and the revenue from which an enterprise is 规模以上 (万元)."""

    edition: Text
    source: Text
    basis: Basis
    above_scale_revenue: float = Field(ge=0)
    sizes: tuple[Size, ...] = Field(min_length=1)


_COMPARED: dict[str, tuple[str, ...]] = {
    "at_most": ("part", "whole"),
    "tally": ("question", "tally"),
    "implies": ("if_", "then"),
    "self_difference": ("points",),
    "self_statement": (),
    "evidence": (),
    "money_unit": ("amount",),
}


class Check(Shape):
    """One contradiction to look for: what is compared, how bad it is and on what it rests."""

    id: Key
    kind: Literal[
        "at_most",
        "tally",
        "implies",
        "self_difference",
        "self_statement",
        "statement",
        "evidence",
        "credit_code",
        "size_class",
        "above_scale",
        "planned_city",
        "money_unit",
        "verified_change",
        "strong_evidence",
        "evidence_files",
        "journal",
    ]
    severity: Literal["error", "warning", "note"]
    says: Text
    basis: Basis
    clause: Text
    part: QuestionKey | None = None
    whole: QuestionKey | None = None
    question: QuestionKey | None = None
    tally: AnyTally | None = None
    if_: Condition | None = Field(default=None, alias="if")
    then: Condition | None = None
    points: float | None = Field(default=None, ge=0, le=1)
    amount: float | None = Field(default=None, gt=0)
    """The greatest amount in 万元 that is not doubted."""

    def model_post_init(self, _context: object) -> None:
        """Refuse a check that lacks what its kind compares, or says what its kind ignores."""
        needed = _COMPARED.get(self.kind, ())
        given = {
            name
            for names in _COMPARED.values()
            for name in names
            if getattr(self, name) is not None
        }
        if missing := [name.rstrip("_") for name in needed if getattr(self, name) is None]:
            raise ValueError(f"{self.kind} 类检查须写明 {'、'.join(missing)}")
        if idle := sorted(name.rstrip("_") for name in given - {*needed}):
            raise ValueError(f"{self.kind} 类检查不用 {'、'.join(idle)}")


class Checks(Shape):
    """All contradictions of one edition."""

    edition: Text
    checks: tuple[Check, ...]
