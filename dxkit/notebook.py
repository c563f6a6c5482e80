"""What dxkit asks of a notebook: its tags, its one parameters cell and how it begins."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, cast

import nbformat
from IPython.core.getipython import get_ipython
from nbformat import NotebookNode
from nbformat.reader import NotJSONError

from dxkit.case import open_case
from dxkit.diagnosis import Diagnosis, diagnose
from dxkit.errors import ParameterError, Problem

PARAMETERS = "parameters"
INJECTED = "# Parameters"
Tag = Literal["interactive", "batch"]


def read(path: Path) -> NotebookNode:
    """Read a notebook file.

    Raises:
        ParameterError: if the file is no notebook.
    """
    try:
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        return cast(NotebookNode, notebook)
    except (OSError, UnicodeDecodeError, NotJSONError, nbformat.ValidationError) as exc:
        found = str(exc).splitlines()[0][:60]
        raise ParameterError(Problem(str(path), "", found, "Jupyter 笔记本（.ipynb）")) from None


def parameters_of(notebook: NotebookNode) -> dict[str, Any]:
    """Return the names and default values that a notebook's parameters cell declares."""
    cell = next((each for each in notebook.cells if PARAMETERS in _tags(each)), None)
    return {} if cell is None else dict(_assigned(cell.source))


def prepare(notebook: NotebookNode, parameters: Mapping[str, Any], *, without: Tag) -> NotebookNode:
    """Return a copy with its parameters set and the cells of the other life left out.

    Raises:
        ParameterError: naming every parameter that the notebook does not have or whose type is
            another, before anything runs.
    """
    declared = parameters_of(notebook)
    if problems := [*_unfit(declared, parameters)]:
        raise ParameterError(problems)
    prepared = copy.deepcopy(notebook)
    prepared.cells = [cell for cell in prepared.cells if without not in _tags(cell)]
    for cell in prepared.cells:
        if PARAMETERS in _tags(cell):
            values = {**declared, **parameters}
            cell.source = "\n".join(f"{name} = {value!r}" for name, value in values.items())
    return prepared


def begin(case: str) -> Diagnosis:
    """Open a case for a notebook; the first thing every notebook does.

    Raises:
        ParameterError: if the notebook was given a parameter it does not have, as stock papermill
            lets pass with a mere warning.
        CaseError: if there is no such case or its content does not fit its forms.
    """
    injected = {name for source in _executed() for name, _ in _assigned(source)}
    if unknown := sorted(injected - {"case"}):
        raise ParameterError(
            [Problem("笔记本参数", name, "没有这个参数", "case") for name in unknown]
        )
    return diagnose(open_case(case))


def _executed() -> list[str]:
    """Return the cells that papermill put into the running notebook."""
    shell = get_ipython()
    sources = shell.user_ns.get("In", []) if shell is not None else []
    return [source for source in sources if source.startswith(INJECTED)]


def _assigned(source: str) -> Iterator[tuple[str, Any]]:
    """Yield the names that a parameters cell assigns and their plain values."""
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    yield target.id, ast.literal_eval(statement.value)


def _unfit(declared: Mapping[str, Any], given: Mapping[str, Any]) -> list[Problem]:
    problems = []
    for name, value in given.items():
        if name not in declared:
            known = "、".join(declared) or "没有参数"
            problems.append(Problem("笔记本参数", name, "没有这个参数", f"{known} 之一"))
        elif not isinstance(value, type(declared[name])):
            expected = f"与 {declared[name]!r} 同类的值"
            problems.append(Problem("笔记本参数", name, repr(value), expected))
    return problems


def _tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))
