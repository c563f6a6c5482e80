"""The shapes of seeds: the rows that a new plan, evidence list or service ledger starts with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

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


@dataclass(frozen=True)
class Seeds:
    """The rows that forms start with, in the order they are printed."""

    tasks: tuple[PlannedTask, ...]
    materials: tuple[Material, ...]
    service_records: tuple[ServiceRecord, ...]
