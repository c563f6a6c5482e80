"""A notebook is, run by our engine, what papermill's own makes of it, but for the table below."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import pytest
from papermill import execute_notebook

from tests.conformance.notebooks import ALL
from tests.conformance.runs import PATIENCE, TRIES, run, run_stock

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="there is no fork on Windows"),
]

Told = dict[str, Any]

UNFINISHED = "a cell that never came to its end is no completed one, nor is its notebook"
NEVER_RUN = "a cell that was never run is no completed one"
DIFFERENCES: dict[str, dict[str, tuple[Any, Any, str]]] = {
    name: {
        f"/notebook/cells/{cell}/metadata/papermill/exception": (False, True, UNFINISHED),
        f"/notebook/cells/{cell}/metadata/papermill/status": ("completed", "failed", UNFINISHED),
        "/notebook/metadata/papermill/exception": (None, True, UNFINISHED),
        **{
            f"/notebook/cells/{later}/metadata/papermill/status": (
                "completed",
                "pending",
                NEVER_RUN,
            )
            for later in range(cell + 1, len(ALL[name].cells))
        },
    }
    for name, cell in {
        "too slow": 0,
        "killed": 1,
        "exits hard": 0,
    }.items()
}
"""For every notebook that differs: where, what papermill's own says, what ours, and why."""


STOCK_TAKES = 4 * PATIENCE * TRIES
"""Seconds after which stock is given up, which makes every notebook before the one waited for."""


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Told]]]:
    """What papermill's own engine makes of every notebook, three at once and meanwhile."""
    folder = tmp_path_factory.mktemp("stock")
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(3, spawning) as processes:
        yield {name: processes.submit(run_stock, name, folder / name) for name in ALL}
        processes.shutdown(cancel_futures=True)  # where only some were asked for


@pytest.mark.parametrize("name", ALL)
def test_both_engines_make_the_same_of(
    name: str, stock: dict[str, Future[Told]], tmp_path: Path
) -> None:
    ours = run("dxkit", name, tmp_path)
    theirs = stock[name].result(timeout=STOCK_TAKES)
    differing = {
        path: (theirs.get(path), ours.get(path))
        for path in sorted(set(theirs) | set(ours))
        if theirs.get(path, "absent") != ours.get(path, "absent")
    }
    told = {path: told[:2] for path, told in DIFFERENCES.get(name, {}).items()}
    assert differing == told


def test_eight_notebooks_at_once_do_not_get_in_each_others_way() -> None:
    def one(number: int) -> list[str]:
        cells = [f"x = {number}", "import time; time.sleep(.2); print(x)", "display(x * 2)"]
        made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(each) for each in cells])
        done = execute_notebook(
            made, None, engine_name="dxkit", kernel_name="python3", progress_bar=False
        )
        return [
            each.get("text") or each.data["text/plain"] for c in done.cells for each in c.outputs
        ]

    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(one, range(8)))
    assert told == [[f"{number}\n", f"{number * 2}"] for number in range(8)]
