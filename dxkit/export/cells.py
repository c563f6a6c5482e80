"""What each cell of an executed notebook contributes to a report: HTML, and never code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from dxkit.errors import ExportError, Problem

if TYPE_CHECKING:
    from mistune import Markdown

_LEFT_OUT = "interactive"
_WIDGET = "application/vnd.jupyter.widget-view+json"
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def fragments(notebook: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield `(place, html)` for each piece that cells contribute, in order.

    Raises:
        ExportError: nothing was run, or cells ended with an error; each is named with its last
            line.
    """
    cells = list(enumerate(notebook.get("cells", []), start=1))
    _refuse_unrun([cell for _, cell in cells])
    if failures := [problem for number, cell in cells for problem in _errors(number, cell)]:
        raise ExportError(failures)
    for number, cell in cells:
        if _LEFT_OUT not in cell.get("metadata", {}).get("tags", ()):
            yield from ((_place(number), html) for html in _contribution(cell))


def _refuse_unrun(cells: Iterable[Mapping[str, Any]]) -> None:
    """Refuse a notebook of which nothing was ever run: its report would be bare headings."""
    code = [
        cell for cell in cells if cell["cell_type"] == "code" and _joined(cell["source"]).strip()
    ]
    if code and not any(cell.get("execution_count") or cell.get("outputs") for cell in code):
        found = "代码单元一个也没有运行过"
        raise ExportError(Problem("笔记本", "", found, "从头运行并保存过的笔记本"))


def _contribution(cell: Mapping[str, Any]) -> Iterator[str]:
    if cell["cell_type"] == "markdown":
        yield _from_markdown(_joined(cell["source"]))
    elif cell["cell_type"] == "code":
        for output in cell.get("outputs", ()):
            yield from _from_output(output.get("data", {}))


def _from_output(data: Mapping[str, Any]) -> Iterator[str]:
    if _WIDGET in data:
        return
    if "text/html" in data:
        yield _joined(data["text/html"])
    elif "text/markdown" in data:
        yield _from_markdown(_joined(data["text/markdown"]))
    elif "image/png" in data:
        encoded = "".join(_joined(data["image/png"]).split())
        yield f'<figure><img src="data:image/png;base64,{encoded}" alt=""></figure>'


def _errors(number: int, cell: Mapping[str, Any]) -> Iterator[Problem]:
    for output in cell.get("outputs", ()):
        if output.get("output_type") == "error":
            yield Problem(_place(number), found=_last_line(output), expected="运行无错误")


def _last_line(error: Mapping[str, Any]) -> str:
    lines = _COLOURS.sub("", "\n".join(error.get("traceback", ()))).strip().splitlines()
    return lines[-1].strip() if lines else f"{error.get('ename')}: {error.get('evalue')}"


def _place(number: int) -> str:
    return f"第{number}个单元格"


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _from_markdown(text: str) -> str:
    return str(_markdown()(text))


@cache
def _markdown() -> Markdown:
    import mistune  # noqa: PLC0415 - only needed with a notebook at hand

    return mistune.create_markdown(escape=False, plugins=["table"])
