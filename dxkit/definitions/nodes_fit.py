"""Whether the nodes that the report lists only name days, papers and steps that exist."""

from __future__ import annotations

from collections.abc import Iterator

from dxkit.definitions.requirements_fit import Course, term_problems
from dxkit.definitions.tables_fit import columns_of, where_problems
from dxkit.definitions.uniqueness import repeated
from dxkit.errors import Problem
from dxkit.models.lifecycle import Lifecycle, Node, Proof


def node_problems(file: str, lifecycle: Lifecycle, course: Course) -> Iterator[Problem]:
    """Yield every problem of the nodes of a course."""
    yield from repeated(file, "nodes.label", (each.label for each in lifecycle.nodes))
    for node in lifecycle.nodes:
        yield from _node(file, f"nodes“{node.label}”", node, course)


def _node(file: str, place: str, node: Node, course: Course) -> Iterator[Problem]:
    if node.step not in course.steps:
        yield Problem(file, f"{place}.step", node.step, "transitions 中的一步")
    for term in (*node.day, node.until):
        if term is not None:
            yield from term_problems(file, f"{place}.day", term, course)
    for proof in node.proofs:
        yield from _proof(file, f"{place}.proofs", proof, course)


def _proof(file: str, place: str, proof: Proof, course: Course) -> Iterator[Problem]:
    form = proof.form
    if form is not None and form not in course.annexes and not course.is_unread_form(form):
        yield Problem(file, place, f"没有表“{form}”", "已有的表")
    annex_id, _, rest = proof.at.partition(".")
    table, _, column = rest.partition(".")
    tables = course.tables(annex_id)
    if not column or table not in tables:
        yield from term_problems(file, place, proof.at, course)
        return
    if column not in columns_of(tables[table]):
        yield Problem(file, place, proof.at, f"{annex_id}.{table} 的一列")
    yield from where_problems(file, place, table, proof.where, tables)
