"""The shapes of a form's own checks: what its fields and rows must say of each other; data."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from dxkit.models.askings import Asked
from dxkit.models.rules import Codes
from dxkit.models.shape import Basis, Key, QuestionKey, Shape, Text


class Example(Shape):
    """A worked case beside a check: what forms say, and the facts, policies and day it rests on."""

    given: dict[Key, dict[Key, Any]]
    facts: dict[Key, Any] = {}
    policies: dict[Key, Any] = {}
    today: Text | None = None


class FormCheck(Shape):
    """One thing that what is filled in must be like; a blank value is nothing to be checked."""

    id: Key
    table: Key | None = None
    """The table or grid whose rows are looked at; the single fields of the form without it."""
    where: dict[QuestionKey, Codes] = {}
    """Which rows, or with what in the form's own fields; all if empty."""
    where_filled: tuple[Key, ...] = ()
    """Which columns, or fields of the form, must say something for it to be looked at."""
    needs: Asked
    says: Text
    basis: Basis
    clause: str = ""
    passes: tuple[Example, ...] = Field(min_length=1)
    fails: tuple[Example, ...] = Field(min_length=1)


class FormChecks(Shape):
    """All checks of one form."""

    edition: Text
    annex: Key
    checks: tuple[FormCheck, ...] = Field(min_length=1)
