"""What dxkit asks of a notebook: its tags, its one parameters cell and how it begins."""

from __future__ import annotations

import ast
import copy
import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast
from warnings import catch_warnings

import nbformat
from IPython.core.getipython import get_ipython
from nbformat import NBFormatError, NotebookNode
from nbformat.reader import NotJSONError
from nbformat.warnings import MissingIDFieldWarning

from dxkit import paths
from dxkit.case import open_case
from dxkit.diagnosis import Diagnosis, diagnose
from dxkit.errors import ParameterError, Problem

if TYPE_CHECKING:
    from dxkit.cohort.reading import Progress
    from dxkit.region import Region

PARAMETERS = "parameters"
CACHE = "DXKIT_REGION_CACHE"
"""The variable that names the table of cases that a command has read already."""
INJECTED = "# Parameters"
Tag = Literal["interactive", "batch"]


def read(path: Path) -> NotebookNode:
    """Read a notebook file.

    Raises:
        ParameterError: if the file is no notebook.
        OSError: if there is no such file or it cannot be read.
    """
    content = path.read_bytes()
    try:
        with catch_warnings(action="ignore", category=MissingIDFieldWarning):
            notebook = nbformat.reads(content.decode("utf-8"), as_version=4)  # type: ignore[no-untyped-call]
            nbformat.validate(notebook)
    except Exception as exc:  # of what is no notebook, nbformat says so in any way it happens to
        problem = Problem(str(path), "", _fault(exc), "Jupyter 笔记本（.ipynb）")
        raise ParameterError(problem) from None
    return cast(NotebookNode, notebook)


def _fault(exc: Exception) -> str:
    match exc:
        case UnicodeDecodeError():
            return "不是 UTF-8 文字"
        case NotJSONError():
            return "不是 JSON 内容"
        case NBFormatError():
            return "笔记本格式的版本不认识"
    return "不符合笔记本格式"


def parameters_of(notebook: NotebookNode) -> dict[str, Any]:
    """Return the names and default values that a notebook's parameters cell declares.

    Raises:
        ParameterError: if the cell holds anything but names with plain values.
    """
    cell = next((each for each in notebook.cells if PARAMETERS in _tags(each)), None)
    if cell is None:
        return {}
    return {name: _plain(name, value) for name, value in _assigned(cell.source)}


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
    refuse_strangers("case")
    return diagnose(open_case(case))


def begin_region(
    cases: str,
    year: int = 0,
    last: str = "",
    last_definitions: str = "",
    progress: Progress | None = None,
) -> Region:
    """Look at a folder of cases for a notebook that tells of all of them.

    Args:
        cases: a folder, as seen from where the notebook runs or from the workspace.
        year: which year; 0 is the latest.
        last: the folder with the cases of the year before, where they lie apart.
        last_definitions: the folder with the definitions of that time, if they were others.
        progress: called after each case that is read anew, with how many are and how many are to
            be; those in the cache are none of them.

    Raises:
        ParameterError: if the notebook was given a parameter it does not have, there is no such
            folder, no case in it, or none of that year.
    """
    refuse_strangers("cases", "year", "last", "last_definitions")
    # A notebook about one case has no use for what gathers thousands.
    from dxkit.cohort import gather  # noqa: PLC0415
    from dxkit.definitions import load  # noqa: PLC0415
    from dxkit.region import open_region, view  # noqa: PLC0415

    folder = _folder(cases)
    region = open_region(folder, cache=_cache_of(folder), progress=progress)
    if year:
        region = view.of_year(region, year)
    if not last:
        return region
    before = _folder(last)
    then = gather(before, load(_folder(last_definitions))) if last_definitions else None
    return view.beside_earlier(region, gather(before, region.definitions), then)


def _folder(told: str) -> Path:
    """Return the folder that a parameter means."""
    here = Path(told)
    return here if here.is_dir() else paths.workspace() / here


def _cache_of(folder: Path) -> Path:
    """Return where the table of a folder of cases is kept, for this machine alone."""
    if told := os.environ.get(CACHE):
        return Path(told)
    name = hashlib.sha256(str(folder.resolve()).encode("utf-8")).hexdigest()[:16]
    return paths.private() / "region" / f"{name}.parquet"


def refuse_strangers(*known: str) -> None:
    """Refuse parameters that a notebook was given and does not have.

    Raises:
        ParameterError: naming every one of them.
    """
    injected = {name for source in _executed() for name, _ in _assigned(source)}
    if unknown := sorted(injected - {*known}):
        expected = "、".join(known)
        raise ParameterError(
            [Problem("笔记本参数", name, "没有这个参数", expected) for name in unknown]
        )


def _executed() -> list[str]:
    """Return the cells that papermill put into the running notebook."""
    shell = get_ipython()
    sources = shell.user_ns.get("In", []) if shell is not None else []
    return [source for source in sources if source.startswith(INJECTED)]


def _assigned(source: str) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that a parameters cell assigns and what it assigns to them."""
    for statement in _statements(source):
        match statement:
            case ast.Assign(targets=targets, value=value):
                yield from ((each.id, value) for each in targets if isinstance(each, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value


def _statements(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError) as exc:
        line = f"第 {getattr(exc, 'lineno', None) or 1} 行不是 Python 语句"
        raise ParameterError(Problem("参数单元", "", line, '一行一个，如 case = "demo"')) from None


def _plain(name: str, value: ast.expr) -> Any:
    try:
        return ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        found = ast.unparse(value)
        raise ParameterError(Problem("参数单元", name, found, "直接写出的值，如文字或数")) from None


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
