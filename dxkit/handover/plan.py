"""The plan of the packs, read from its file and refused if anything in it dangles."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from dxkit import strict_yaml
from dxkit.case.answers import column_fields
from dxkit.definitions import Definitions
from dxkit.errors import DefinitionError, HandoverError, Problem
from dxkit.facts import FACTS
from dxkit.models.annex import Annex, Field, FieldType
from dxkit.models.handover import Folder, HandoverPlan, Ledger, Pack
from dxkit.models.shape import problems_of

FILE = "handover.yaml"


def load_plan(definitions: Definitions) -> HandoverPlan:
    """Return the plan that belongs to a set of definitions.

    Raises:
        DefinitionError: with every problem of the file.
    """
    plan = _read(definitions.folder / FILE)
    if problems := list(_dangling(plan, definitions)):
        raise DefinitionError(problems)
    return plan


def pack_for(plan: HandoverPlan, purpose: str) -> Pack:
    """Return the pack for a recipient by its id.

    Raises:
        HandoverError: if there is none, naming those there are.
    """
    found = next((each for each in plan.packs if each.id == purpose), None)
    if found is None:
        known = "、".join(f"{each.id}（{each.label}）" for each in plan.packs)
        raise HandoverError(Problem("--for", "", purpose, f"{known} 之一"))
    return found


def table_at(definitions: Definitions, path: str) -> tuple[Annex, Field]:
    """Return an annex and its table from a path such as `annex_7.evidence`."""
    annex_id, _, key = path.partition(".")
    annex = definitions.annexes[annex_id]
    return annex, next(field for field in annex.fields if field.key == key)


@lru_cache(maxsize=4)
def _read(path: Path) -> HandoverPlan:
    text = strict_yaml.read(path, DefinitionError)
    try:
        return HandoverPlan.of(text.data)
    except ValidationError as exc:
        raise DefinitionError(problems_of(exc, FILE)) from None


def _dangling(plan: HandoverPlan, definitions: Definitions) -> Iterator[Problem]:
    for path in (plan.exports, *(pack.items for pack in plan.packs if pack.items)):
        yield from _table(path, (), definitions)
    issues = (plan.issues.version, plan.issues.files)
    yield from _table(plan.issues.table, issues, definitions)
    if plan.ledger.missing not in FACTS:
        yield Problem(FILE, "ledger.missing", plan.ledger.missing, "已有的事实")
    yield from _table(plan.ledger.table, _columns_of(plan.ledger), definitions)
    for path, columns in plan.shows.items():
        yield from _table(path, columns, definitions)
    for pack in plan.packs:
        for folder in pack.folders:
            yield from _folder(folder, definitions)


def _columns_of(ledger: Ledger) -> tuple[str, ...]:
    named = (ledger.number, ledger.title, ledger.needed, ledger.state, ledger.copies)
    return (*named, ledger.sent_to)


def _folder(folder: Folder, definitions: Definitions) -> Iterator[Problem]:
    for annex_id in folder.forms:
        annex = definitions.annexes.get(annex_id)
        if annex is None:
            yield Problem(FILE, folder.name, annex_id, "已有的表")
        elif annex.restricted:
            yield Problem(FILE, folder.name, annex_id, "不限制知悉范围的表")
    if folder.table is not None:
        yield from _table(folder.table, (str(folder.title), *folder.where), definitions)


def _table(path: str, columns: tuple[str, ...], definitions: Definitions) -> Iterator[Problem]:
    try:
        _, table = table_at(definitions, path)
    except (KeyError, StopIteration):
        yield Problem(FILE, path, "没有这张明细表", "附件.字段")
        return
    if table.type is not FieldType.TABLE:
        yield Problem(FILE, path, "不是明细表", "附件.字段")
    for column in columns:
        if column not in column_fields(table):
            yield Problem(FILE, f"{path}.{column}", "没有这一列", "明细表已有的列")
