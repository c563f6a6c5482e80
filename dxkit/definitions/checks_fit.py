"""Whether the contradictions that are looked for only compare what exists and fits."""

from __future__ import annotations

from collections.abc import Iterator

from dxkit.definitions.conditions_fit import Scope, tree_problems
from dxkit.definitions.files import Files
from dxkit.definitions.rules_fit import number_problems
from dxkit.definitions.tables_fit import tally_problems
from dxkit.definitions.uniqueness import repeated
from dxkit.errors import Problem
from dxkit.models.annex import Annex
from dxkit.models.reference import Check, Checks


def problems_in(files: Files, annex: Annex) -> Iterator[Problem]:
    """Yield every check that is there twice or names something that is not there."""
    tables = {field.key: field for field in annex.fields if field.columns}
    scope = Scope(dict(annex.questions()), "附件6中的题", files.indicators_by_id, tables)
    for file, checks in files.of(Checks).items():
        yield from repeated(file, "checks.id", (check.id for check in checks.checks))
        for check in checks.checks:
            yield from _check(file, check, scope)


def _check(file: str, check: Check, scope: Scope) -> Iterator[Problem]:
    for key in (check.part, check.whole, check.question):
        if key is not None:
            yield from number_problems(file, check.id, key, scope.questions)
    if check.tally is not None:
        yield from tally_problems(file, f"{check.id}.tally", check.tally, scope.tables or {})
    for tree in (check.if_, check.then):
        if tree is not None:
            yield from tree_problems(file, check.id, tree, scope)
