"""The shape of what each role in a workshop sees, fills in and decides."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from dxkit.models.shape import Key, Shape, Text

Place = Annotated[str, StringConstraints(pattern=r"^(all|[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?)$")]
"""A form, a section of one such as `aux_2.receipt`, or `all`."""
View = Literal["record", "diagnosis", "workshop"]
Part = Literal[
    "self_reported",
    "onsite",
    "verified",
    "not_applicable",
    "disputed",
    "methods",
    "informant",
    "evidence",
    "strength",
    "diff_reason",
    "recorder",
    "recorded_at",
    "remark",
]
Right = Literal[
    "restricted",
    "office",
    "kept_back",
    "phones",
    "decide",
    "export",
    "override",
    "invite",
    "upload",
    "collect",
]
"""What a role may beyond its forms: see what is kept apart, for the office only, kept back or
masked; decide between two values, export, let a rule pass, invite others, add files, take files
from the inbox."""


class Role(Shape):
    """One role; what it does not name it neither sees nor does."""

    id: Key
    label: Text
    says: Text
    views: tuple[View, ...] = Field(min_length=1)
    sees: tuple[Place, ...] = Field(min_length=1)
    hides: tuple[Place, ...] = ()
    edits: tuple[Place, ...] = ()
    writes: Literal["self_reported", "onsite"] = "onsite"
    """The part of a record answer that the main input shows and writes."""
    parts: tuple[Part, ...] = Field(min_length=1)
    """The parts of a record answer that are seen, and written where the form may be edited."""
    rows: Literal["all", "not_secret", "may_leave"]
    """Which rows of tables with a column for secrecy are seen: all, those not called secret, or
    only those that may leave the case."""
    may: tuple[Right, ...] = ()


class Roles(Shape):
    """All roles of one edition."""

    edition: Text
    roles: tuple[Role, ...] = Field(min_length=1)
