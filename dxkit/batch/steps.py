"""How far one case has come: its cells told by the heading they stand under, then its documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dxkit.batch.task import Step

_FORMATS = {"html": "排成网页", "docx": "排成 Word", "pdf": "排成 PDF"}
_BEGINNING = "读取案卷，启动计算"
_BEFORE_ALL_HEADINGS = "生成封面和摘要"


class Steps:
    """Tells every step of a case when it begins; how many there are is known before the first."""

    def __init__(
        self,
        tell: Callable[[Step], None],
        case: str,
        notebooks: Mapping[str, Any],
        formats: Iterable[str],
    ) -> None:
        self._tell, self._case = tell, case
        self._headings = {name: _headings(notebook) for name, notebook in notebooks.items()}
        cells = sum(map(_code_cells, notebooks.values()))
        self._total = 1 + cells + len(notebooks) * len(list(formats))
        self._done = -1
        self._next(_BEGINNING)

    def cell(self, name: str, index: int) -> None:
        """Tell that a cell of a notebook is being run."""
        heading = self._headings[name][index]
        self._next(f"生成 {heading}" if heading else _BEFORE_ALL_HEADINGS)

    def document(self, suffix: str) -> None:
        """Tell that a document is being made."""
        self._next(_FORMATS.get(suffix, suffix))

    def _next(self, words: str) -> None:
        self._done = min(self._done + 1, self._total)
        self._tell(Step(self._case, self._done, self._total, words))


def _code_cells(notebook: Any) -> int:
    return sum(cell.cell_type == "code" and bool(cell.source.strip()) for cell in notebook.cells)


def _headings(notebook: Any) -> list[str]:
    """Return the heading that each cell stands under, the nearest one, empty before the first."""
    found, heading = [], ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            lines = [line for line in cell.source.splitlines() if line.startswith("#")]
            heading = lines[-1].lstrip("#").strip() if lines else heading
        found.append(heading)
    return found
