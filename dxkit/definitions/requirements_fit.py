"""Whether a requirement only names fields, codes, policies and steps that exist and fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from dxkit.definitions.files import LIFECYCLE, POLICIES, Files
from dxkit.definitions.tables_fit import Tables, codes_problems, columns_of, where_problems
from dxkit.errors import Problem
from dxkit.models.annex import NUMERIC, TEXTS, Annex, Field, FieldType
from dxkit.models.lifecycle import Lifecycle, Policies, Rules
from dxkit.models.requirements import (
    Earlier,
    Every,
    IsOneOf,
    Leaf,
    Number,
    Picked,
    Requirement,
    Rows,
    RuleHolds,
    Term,
    leaves_of,
    source_of,
)

_DAYS = {FieldType.DATE, FieldType.DATETIME, FieldType.COMPUTED}
_NUMBERS = {*NUMERIC, FieldType.COMPUTED}


@dataclass(frozen=True)
class Course:
    """What a requirement may name."""

    files: Files

    @cached_property
    def annexes(self) -> Mapping[str, Annex]:
        """Return the forms by id."""
        return {annex.id: annex for annex in self.files.of(Annex).values()}

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Return every field and grid cell by its path, such as `annex_8.rating.s01`."""
        return {
            f"{annex.id}.{key}": field
            for annex in self.annexes.values()
            for key, field in annex.questions()
        }

    def tables(self, annex_id: str) -> Tables:
        """Return the tables and grids of a form by key; none if there is no such form."""
        annex = self.annexes.get(annex_id)
        return {each.key: each for each in annex.fields if each.columns} if annex else {}

    def is_unread(self, name: str) -> bool:
        """Tell whether a file could not be read, so that what leads into it is not judged."""
        return name in self.files.unread

    def is_unread_form(self, path: str) -> bool:
        """Tell whether a path leads into a form that could not be read."""
        return self.is_unread(f"annexes/{path.partition('.')[0]}.yaml")

    @cached_property
    def policies(self) -> frozenset[str]:
        """Return the keys of the policies."""
        known = self.files.of(Policies).values()
        return frozenset(each.key for policies in known for each in policies.policies)

    @cached_property
    def steps(self) -> frozenset[str]:
        """Return the ids of the steps."""
        known = self.files.of(Lifecycle).values()
        return frozenset(each.id for lifecycle in known for each in lifecycle.transitions)

    def lacks_rule(self, rule: str) -> bool:
        """Tell whether a rule is in none of the files, all of which could be read."""
        return rule not in self.rules and not self.unread_rules

    @property
    def unread_rules(self) -> bool:
        """Tell whether a file of rules could not be read."""
        return any(name.startswith("rules/") for name in self.files.unread)

    @cached_property
    def rules(self) -> frozenset[str]:
        """Return the ids of the rules."""
        known = self.files.of(Rules).values()
        return frozenset(rule.id for rules in known for rule in rules.rules)


def requirement_problems(
    file: str, place: str, requirement: Requirement, course: Course
) -> Iterator[Problem]:
    """Yield what the leaves of a requirement name that does not exist or does not fit."""
    for leaf in leaves_of(requirement):
        yield from _leaf(file, place, leaf, course)


def _leaf(file: str, place: str, leaf: Leaf, course: Course) -> Iterator[Problem]:
    if isinstance(leaf, (Rows, Every)):
        yield from _table(file, place, leaf, course)
    elif isinstance(leaf, RuleHolds) and course.lacks_rule(leaf.rule):
        yield Problem(file, place, f"没有规则 {leaf.rule}", "已有规则的编号")
    for term in leaf.terms:
        yield from term_problems(file, place, term, course)
        field, (fitting, words) = course.fields.get(str(term)), _fitting(leaf, term)
        if field is not None and fitting and field.type not in fitting:
            yield Problem(file, place, f"{term}（{field.type}）", words)
    if isinstance(leaf, IsOneOf) and str(leaf.term) in course.fields:
        yield from codes_problems(file, place, leaf.is_, course.fields[str(leaf.term)])


def _fitting(leaf: Leaf, term: Term) -> tuple[set[FieldType], str]:
    """Return which types fit where a term stands; none where every one does."""
    if isinstance(leaf, Earlier) and term in (leaf.earlier, leaf.than):
        return _DAYS, "日期字段"
    numbers = isinstance(leaf, (Earlier, Number, Rows))
    return (_NUMBERS, "数字字段") if numbers else (set(), "")


def term_problems(file: str, place: str, term: Term, course: Course) -> Iterator[Problem]:
    """Yield why a term cannot be read; which facts there are is not known here."""
    kind, name = source_of(term)
    if kind == "field" and name not in course.fields and not course.is_unread_form(name):
        yield Problem(file, place, f"没有“{name}”", "表中已有的字段，写作 附件.字段")
    elif kind == "policy" and name not in course.policies and not course.is_unread(POLICIES):
        yield Problem(file, place, f"没有参数“{name}”", "policies.yaml 中的一项")
    elif kind == "transition" and name not in course.steps and not course.is_unread(LIFECYCLE):
        yield Problem(file, place, f"没有步骤“{name}”", "lifecycle.yaml 中的一步")


def _table(file: str, place: str, leaf: Rows | Every, course: Course) -> Iterator[Problem]:
    path = leaf.rows if isinstance(leaf, Rows) else leaf.every
    annex_id, _, key = path.partition(".")
    if course.is_unread_form(path):
        return
    tables = course.tables(annex_id)
    yield from where_problems(file, place, key, _choosing(leaf.where, key, tables), tables)
    if key not in tables:
        return
    if isinstance(leaf, Every):
        has = _choosing(leaf.has, key, tables)
        yield from where_problems(file, f"{place}.has", key, has, tables)
    for column in leaf.filled:
        if column not in columns_of(tables[key]):
            yield Problem(file, f"{place}.filled", column, f"{annex_id}.{key} 的一列")


def _choosing(picked: Picked, table: str, tables: Tables) -> Picked:
    """Leave out the columns of texts, which may hold any code, such as an item's number."""
    columns = columns_of(tables[table]) if table in tables else {}
    texts = {key for key, column in columns.items() if column.type in TEXTS}
    return {key: codes for key, codes in picked.items() if key not in texts}
