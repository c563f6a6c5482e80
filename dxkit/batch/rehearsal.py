"""A report on nobody's enterprise, made once so that every fork finds what reports need ready.

Whatever the first report of a process reads or works out, such as fonts, looks and templates, its
forks share instead of each doing it anew. Typst sets nothing: it would start threads, without which
a fork of them waits for ever.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from dxkit import fonts, paths
from dxkit.batch.notebook_run import prepared_for
from dxkit.batch.task import REPORT
from dxkit.definitions import load
from dxkit.export.document import read
from dxkit.export.html import render
from dxkit.export.word import write
from dxkit.scratch import scratch
from dxkit.synth import synthesise


def rehearse() -> None:
    """Make what a report consists of; no case, folder or file of the workspace is touched."""
    before = Path.cwd()
    with scratch("rehearsal", "nobody") as room:
        (folder,) = synthesise(1, 1, room / "cases", load())
        os.chdir(folder.parent)
        try:
            document = read(_run(prepared_for(folder, REPORT)))
        finally:
            os.chdir(before)
    render(document)
    write(document, {entry.anchor: "1" for entry in document.contents.entries()})
    for face in (fonts.sans(), fonts.serif()):
        fonts.missing_glyphs(face, "国")
    paths.workspace.cache_clear()  # a fork may be asked to work in another


def _run(notebook: Any) -> Any:
    """Run a notebook's cells as plain Python and return it with what they show."""
    names: dict[str, Any] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = list(_shown(cell.source, names))
    return notebook


def _shown(source: str, names: dict[str, Any]) -> Iterator[Any]:
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body else None
    if last is not None and not isinstance(last, ast.Expr):
        tree.body.append(last)
        last = None
    exec(compile(tree, "cell", "exec"), names)
    if isinstance(last, ast.Expr):
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
        if hasattr(value, "_repr_html_"):
            data = {"text/html": value._repr_html_()}
            yield nbformat.v4.new_output("display_data", data)  # type: ignore[no-untyped-call]
