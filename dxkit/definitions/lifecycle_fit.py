"""Whether the course of an engagement holds together: rules, steps, states and due dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter

from dxkit.definitions.files import COURSE, Files
from dxkit.definitions.nodes_fit import node_problems
from dxkit.definitions.requirements_fit import Course, requirement_problems, term_problems
from dxkit.definitions.tables_fit import codes_problems, columns_of, where_problems
from dxkit.definitions.uniqueness import repeated
from dxkit.errors import Problem
from dxkit.models.annex import FieldType
from dxkit.models.lifecycle import (
    Duty,
    Lifecycle,
    Part,
    Policies,
    Reopened,
    Rule,
    Rules,
    Transition,
)
from dxkit.models.requirements import Requirement, RuleHolds, leaves_of
from dxkit.models.wording import policies_in


def problems_in(files: Files) -> Iterator[Problem]:
    """Yield every problem of rules, policies, states, steps and due dates."""
    course = Course(files)
    for file, policies in files.of(Policies).items():
        yield from repeated(file, "policies.key", (each.key for each in policies.policies))
    rules = [(file, rule) for file, each in files.of(Rules).items() for rule in each.rules]
    yield from repeated("rules", "id", (rule.id for _, rule in rules))
    for file, rule in rules:
        yield from _rule(file, rule, course)
    yield from _cycles({rule.id: (file, rule) for file, rule in rules})
    for file, lifecycle in files.of(Lifecycle).items():
        yield from _lifecycle(file, lifecycle, course)
        if not course.unread_rules:
            yield from _used(file, lifecycle, rules)


def _rule(file: str, rule: Rule, course: Course) -> Iterator[Problem]:
    if rule.applies_if is not None:
        yield from requirement_problems(file, f"{rule.id}.applies_if", rule.applies_if, course)
    for number, part in enumerate(rule.requires, start=1):
        yield from _part(file, f"{rule.id}.requires.{number}", part, course)
    for case in rule.cases:
        for key in case.policies.keys() - course.policies:
            yield Problem(file, f"{rule.id}“{case.title}”", f"没有参数“{key}”", "已有的参数")
    if not any(case.passes for case in rule.cases):
        yield Problem(file, f"{rule.id}.cases", "没有通过的算例", "至少一例 passes: true")
    if not any(case.fails for case in rule.cases):
        yield Problem(file, f"{rule.id}.cases", "没有不通过的算例", "至少一例 fails: [级别]")


def _part(file: str, place: str, part: Part, course: Course) -> Iterator[Problem]:
    yield from requirement_problems(file, f"{place}.needs", part.needs, course)
    if part.applies_if is not None:
        yield from requirement_problems(file, f"{place}.applies_if", part.applies_if, course)
    for name in (*policies_in(part.says), *policies_in(part.mend)):
        yield from term_problems(file, f"{place}.says", f"policy.{name}", course)
    if part.eased_by is not None:
        yield from term_problems(file, f"{place}.eased_by", f"policy.{part.eased_by}", course)


def _requirements(rule: Rule) -> Iterator[Requirement]:
    for part in rule.requires:
        yield part.needs
        if part.applies_if is not None:
            yield part.applies_if
    if rule.applies_if is not None:
        yield rule.applies_if


def _cycles(rules: dict[str, tuple[str, Rule]]) -> Iterator[Problem]:
    graph = {
        name: {
            leaf.rule
            for each in _requirements(rule)
            for leaf in leaves_of(each)
            if isinstance(leaf, RuleHolds)
        }
        for name, (_, rule) in rules.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as exc:
        circle: list[str] = exc.args[1]
        found = "循环引用：" + " → ".join(circle)
        yield Problem(rules[circle[0]][0], circle[0], found, "规则不能以自己为前提")


def _lifecycle(file: str, lifecycle: Lifecycle, course: Course) -> Iterator[Problem]:
    yield from repeated(file, "states.id", (each.id for each in lifecycle.states))
    yield from repeated(file, "transitions.id", (each.id for each in lifecycle.transitions))
    yield from repeated(file, "duties.key", (each.key for each in lifecycle.duties))
    for step in lifecycle.transitions:
        yield from _step(file, step, lifecycle, course)
    for duty in lifecycle.duties:
        yield from _duty(file, f"duties“{duty.key}”", duty, course)
    yield from repeated(file, "checklists.label", (each.label for each in lifecycle.checklists))
    for checklist in lifecycle.checklists:
        for paper in checklist.papers:
            place = f"checklists“{checklist.label}”"
            yield from requirement_problems(file, place, paper.needs, course)
    yield from _overriders(file, lifecycle, course)
    yield from node_problems(file, lifecycle, course)
    for path in (lifecycle.belongs_to.league, lifecycle.belongs_to.group):
        yield from term_problems(file, "belongs_to", path, course)
    yield from _recorded(file, lifecycle, course)
    yield from _places(file, "after_issue", lifecycle.after_issue, course)
    yield from _places(file, "goes_on", lifecycle.goes_on, course)


def _recorded(file: str, lifecycle: Lifecycle, course: Course) -> Iterator[Problem]:
    """The form that records the course offers the same states under the same names."""
    field = course.fields.get(f"{COURSE}.state")
    offered = [(each.code, each.label) for each in field.choices] if field else []
    if field and offered != [(each.id, each.name) for each in lifecycle.states]:
        found = "、".join(each.id for each in lifecycle.states)
        yield Problem(file, "states", found, f"与 annexes/{COURSE}.yaml 的 state 一致")


def _step(file: str, step: Transition, lifecycle: Lifecycle, course: Course) -> Iterator[Problem]:
    states = {each.id for each in lifecycle.states}
    milestones = {each.id for each in lifecycle.transitions if each.kind == "milestone"}
    for state in (*step.from_, *([step.to] if step.to else ())):
        if state not in states:
            yield Problem(file, step.id, f"没有状态“{state}”", "states 中的一个")
    for other in (*step.after, *step.not_after):
        if other not in milestones:
            yield Problem(file, step.id, f"“{other}”不是里程碑", "kind 为 milestone 的一步")
    for form in step.forms:
        if form not in course.annexes and not course.is_unread(f"annexes/{form}.yaml"):
            yield Problem(file, f"{step.id}.forms", form, "已有的一张表")
    for other in step.undoes:
        if other not in {each.id for each in lifecycle.transitions}:
            yield Problem(file, f"{step.id}.undoes", other, "transitions 中的一步")
    yield from _places(file, f"{step.id}.clears", step.clears, course)
    yield from _places(file, f"{step.id}.locks", step.locks, course)
    if step.reopens is not None and not course.is_unread_form(step.reopens.table):
        yield from _reopened(file, f"{step.id}.reopens", step.reopens, course)
    for path in step.sets:
        yield from term_problems(file, f"{step.id}.sets", path, course)
    if (step.to is None) != (step.kind in ("milestone", "resume")):
        yield Problem(file, f"{step.id}.to", step.to or "空", "里程碑和恢复不写 to，其余都写")


def _reopened(file: str, place: str, again: Reopened, course: Course) -> Iterator[Problem]:
    """The rows that begin anew stand in a table that has the columns which say so."""
    annex_id, _, key = again.table.partition(".")
    tables = course.tables(annex_id)
    if key not in tables or tables[key].type is not FieldType.TABLE:
        yield Problem(file, f"{place}.table", again.table, "已有的一张明细表")
        return
    columns = columns_of(tables[key])
    for column in (again.number, *again.sets, *again.clears):
        if column not in columns:
            yield Problem(file, place, column, f"{again.table} 的一列")
    for column, code in again.sets.items():
        if column in columns:
            yield from codes_problems(file, f"{place}.sets.{column}", [code], columns[column])


def _places(file: str, place: str, paths: Iterable[str], course: Course) -> Iterator[Problem]:
    """A form, or a field or column of one, has fields by which it is known."""
    for path in paths:
        known = any(f"{field}.".startswith(f"{path}.") for field in course.fields)
        if not known and not course.is_unread_form(path):
            yield Problem(file, place, path, "已有的表，或其中的字段、列")


def _duty(file: str, place: str, duty: Duty, course: Course) -> Iterator[Problem]:
    for term in (*duty.counted_from, duty.working_days, duty.days, duty.naming):
        if term is not None:
            yield from term_problems(file, place, term, course)
    for requirement in (duty.done_if, duty.applies_if):
        if requirement is not None:
            yield from requirement_problems(file, place, requirement, course)
    if (duty.working_days is None) == (duty.days is None):
        yield Problem(file, place, "", "working_days 和 days 之一")


def _overriders(file: str, lifecycle: Lifecycle, course: Course) -> Iterator[Problem]:
    who = lifecycle.overriders
    annex_id, _, key = who.table.partition(".")
    if course.is_unread_form(who.table):
        return
    tables = course.tables(annex_id)
    yield from where_problems(file, "overriders", key, who.where, tables)
    if key in tables and who.column not in columns_of(tables[key]):
        yield Problem(file, "overriders.column", who.column, f"{who.table} 的一列")


def _used(file: str, lifecycle: Lifecycle, rules: list[tuple[str, Rule]]) -> Iterator[Problem]:
    """Every rule guards a step or stands, and every rule that a step names exists."""
    used = {name for step in lifecycle.transitions for name in step.rules}
    for where, rule in rules:
        if (rule.id in used) == rule.standing:
            found = "既属于步骤又标为常设" if rule.standing else "没有步骤用到它"
            yield Problem(where, rule.id, found, "属于一个步骤，或标 standing: true")
    known = {rule.id for _, rule in rules}
    for step in lifecycle.transitions:
        for name in (*step.rules, *step.warns):
            if name not in known:
                yield Problem(file, step.id, f"没有规则 {name}", "已有规则的编号")
    yield from _gaps(sorted(known))


def _gaps(ids: list[str]) -> Iterator[Problem]:
    """The ids count on from R-01: a duty of the guide that is missing would show as a gap."""
    for number, name in enumerate(ids, start=1):
        if name != f"R-{number:02d}":
            yield Problem("rules", name, f"R-{number:02d} 缺失", "编号从 R-01 起连续")
            return
