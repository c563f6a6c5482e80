"""The shapes of seeds: the rows that forms start with, and how a self-check and a survey judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from dxkit.models.annex import Field as TableField
from dxkit.models.lifecycle import Severity
from dxkit.models.shape import Basis, Code, Key, Shape, Text


class PlannedTask(Shape):
    """A task that a new plan (annex 4) starts with."""

    stage: Code
    seq: int = Field(ge=1)
    task: Text
    detail: str = ""
    output: tuple[Text, ...] = Field(min_length=1)
    clause: str = ""
    basis: Basis
    source: str = ""


class PlannedTasks(Shape):
    """All tasks of one edition."""

    edition: Text
    rows: tuple[PlannedTask, ...] = Field(min_length=1)


class Material(Shape):
    """A proof document to ask for (annex 7-1) and when its absence matters."""

    item: Code
    category: Code
    title: Text
    needed: Literal["must", "at_least_one", "if_claimed", "optional"]
    check_points: Text
    indicators: tuple[Key, ...]
    supports_basics: bool
    clause: str = ""
    basis: Basis
    source: str = ""


class Materials(Shape):
    """All proof documents of one edition."""

    edition: Text
    rows: tuple[Material, ...] = Field(min_length=1)


class ServiceRecord(Shape):
    """A record of the service itself that a complete file holds (annex 7-2)."""

    seq: int = Field(ge=1)
    stage: Code
    title: Text
    clause: str = ""
    needed: bool
    remark: str = ""
    basis: Basis


class ServiceRecords(Shape):
    """All records of the service of one edition."""

    edition: Text
    rows: tuple[ServiceRecord, ...] = Field(min_length=1)


class SelfCheck(Shape):
    """How one item of the self-check (annex 1) is judged and what its failure means."""

    item: Code
    mode: Literal["automatic", "manual"]
    fact: Key | None = None
    """The fact that lists what is wrong; an empty list passes."""
    on_failure: Severity
    clause: str = ""
    basis: Basis

    def model_post_init(self, _context: Any) -> None:
        """Refuse an automatic item without a fact, and a manual one with it."""
        if (self.mode == "automatic") != (self.fact is not None):
            raise ValueError("mode 为 automatic 的写明 fact，为 manual 的不写 fact")


class SelfChecks(Shape):
    """All items of the self-check of one edition."""

    edition: Text
    rows: tuple[SelfCheck, ...] = Field(min_length=1)


class Dimension(Shape):
    """Rated items of the survey (annex 8) that are scored together."""

    dimension: Key
    name: Text
    weight: float = Field(gt=0)
    items: tuple[Code, ...] = Field(min_length=1)
    basis: Basis


class Grade(Shape):
    """What a survey's score is called from some points upwards."""

    grade: Key
    name: Text
    from_: float = Field(alias="from", ge=0, le=100)


class Survey(Shape):
    """How the ratings of the survey become a score and a grade."""

    edition: Text
    rating: Key
    """The grid column that holds the ratings."""
    not_rated: Code
    """The choice that says an item was not rated."""
    overall: Code
    """The item that is held beside the score instead of counting in it."""
    rows: tuple[Dimension, ...] = Field(min_length=1)
    grades: tuple[Grade, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Seeds:
    """What forms start with and are judged by, in the order it is printed."""

    tasks: tuple[PlannedTask, ...]
    materials: tuple[Material, ...]
    service_records: tuple[ServiceRecord, ...]
    self_checks: tuple[SelfCheck, ...]
    survey: Survey

    def rows_for(self, table: TableField) -> tuple[dict[str, Any], ...]:
        """Return the rows that a table begins with, by its columns; none if it has no seed."""
        rows: Mapping[str, Sequence[Shape]] = {
            "tasks": self.tasks,
            "materials": self.materials,
            "service_records": self.service_records,
        }
        columns = {column.key for column in table.columns}
        dumped = (
            row.model_dump(mode="json", exclude_unset=True)
            for row in rows.get(table.seed or "", ())
        )
        return tuple({key: value for key, value in row.items() if key in columns} for row in dumped)
