"""Reports a minute: the stock command lines, two at once, against `dxkit batch`, side by side.

Both ways make HTML, Word and PDF of the same invented enterprises from the same notebook on two
cores. Stock is what one does without dxkit: the papermill command line with the stock kernel, then
one `jupyter nbconvert` command line per format. Then it is told where the time of `dxkit batch`
goes, and how near that is to the bare cost: the same cells and documents in one warm process,
without kernels, isolation or a ledger. One case is made both ways before, uncounted.

Run with: uv run python benchmarks/batch.py [CASES] [CASES FOR STOCK] [PROCESSES]
"""

from __future__ import annotations

import ast
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from surroundings import keep_bytecode

ROOT = Path(__file__).resolve().parent.parent
FORMATS = ("html", "docx", "pdf")
TIMES: dict[str, float] = {}


def run(*command: str, cwd: Path = ROOT) -> None:
    """Run a command of this environment to its end."""
    home = {**os.environ, "DXKIT_HOME": str(ROOT)}
    subprocess.run(command, cwd=cwd, check=True, capture_output=True, env=home)


def stock(case: Path, out: Path) -> None:
    """Make one enterprise's report with stock command lines."""
    target = out / case.name
    target.mkdir(parents=True)
    executed = str(target / "report.ipynb")
    notebook = str(ROOT / "notebooks" / "report.ipynb")
    run("papermill", "-k", "python3", notebook, executed, "-p", "case", str(case))
    for suffix in FORMATS:
        to = ("--to", f"dxkit-{suffix}", "--output-dir", str(target))
        run("jupyter", "nbconvert", *to, executed)


def seconds_of_stock(cases: list[Path], processes: int) -> float:
    """Return the seconds that the stock way takes."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        with ThreadPoolExecutor(processes) as pool:
            list(pool.map(lambda case: stock(case, Path(folder)), cases))
        return time.perf_counter() - started


def seconds_of_dxkit(parent: Path, processes: int, *which: str) -> tuple[float, float]:
    """Return the seconds that `dxkit batch` takes, and those of all its processes together."""
    told = ("--jobs", str(processes), "--quiet", *which)
    with tempfile.TemporaryDirectory() as folder:
        before = used_by_children()
        started = time.perf_counter()
        run("dxkit", "batch", str(parent), "--out", folder, *told)
        return time.perf_counter() - started, used_by_children() - before


def used_by_children() -> float:
    """Return the processor seconds of all ended child processes and theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def measured(stage: str) -> Iterator[None]:
    """Add the processor seconds of what is done to a stage."""
    started = time.process_time()
    yield
    TIMES[stage] = TIMES.get(stage, 0.0) + time.process_time() - started


def bare(folder: Path) -> None:
    """Compute, draw and export one enterprise in this process, with nothing around it."""
    import nbformat  # noqa: PLC0415 - the stock way must not wait for these
    from IPython.core.interactiveshell import InteractiveShell  # noqa: PLC0415

    from dxkit.batch.notebook_run import prepared_for  # noqa: PLC0415
    from dxkit.case import open_case  # noqa: PLC0415
    from dxkit.diagnosis import diagnose  # noqa: PLC0415
    from dxkit.diagnosis.plain import as_plain  # noqa: PLC0415
    from dxkit.export import export_all  # noqa: PLC0415

    shell = InteractiveShell.instance()
    names: dict[str, Any] = {}
    with measured("results"):
        json.dumps(as_plain(diagnose(open_case(folder))), ensure_ascii=False)
    with measured("notebook"):
        notebook = prepared_for(folder, "report")
    with measured("computing and drawing"):
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = [*shown(cell.source, names, shell)]
    with measured("documents"):
        nbformat.writes(notebook)
        export_all(notebook, FORMATS)


def shown(source: str, names: dict[str, Any], shell: Any) -> Iterator[Any]:
    """Run a cell as plain Python; yield what its last expression shows."""
    import nbformat  # noqa: PLC0415

    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    if last is not None:
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
        data, metadata = shell.display_formatter.format(value)
        yield nbformat.v4.new_output("execute_result", data=data, metadata=metadata)


def main() -> None:
    """Measure both ways, then the bare cost, and print the ratios."""
    keep_bytecode()
    told = [int(word) for word in sys.argv[1:]]
    count, of_stock, processes = (*told, *(100, 100, 2)[len(told) :])
    with tempfile.TemporaryDirectory() as folder:
        parent = Path(folder) / "cases"
        run("dxkit", "synth", str(count), "--seed", "1", "--out", str(parent))
        cases = sorted(parent.iterdir())
        seconds_of_dxkit(parent, processes, "--only", cases[0].name)
        seconds_of_stock(cases[:1], processes)
        ours, used = seconds_of_dxkit(parent, processes)
        stocks = seconds_of_stock(cases[:of_stock], processes)
        print(f"stock: {of_stock} in {stocks:.1f} s, {60 * of_stock / stocks:.1f} reports a minute")
        print(f"dxkit: {count} in {ours:.1f} s, {60 * count / ours:.1f} reports a minute")
        ratio = (count / ours) / (of_stock / stocks)
        print(f"dxkit batch makes {ratio:.1f} times as many reports a minute")
        os.environ["DXKIT_HOME"] = str(ROOT)
        os.chdir(parent)
        few = cases[: min(20, count)]
        bare(few[0])  # imports, fonts and templates are not counted
        TIMES.clear()
        for case in few:
            bare(case)
        os.chdir(ROOT)
    for stage, seconds in TIMES.items():
        print(f"  {stage}: {1000 * seconds / len(few):.0f} ms of a processor for each report")
    alone, whole = sum(TIMES.values()) / len(few), used / count
    print(f"bare cost {1000 * alone:.0f} ms; dxkit batch takes {1000 * whole:.0f} ms, all told")
    print(f"which is {whole / alone:.2f} times the bare cost")


if __name__ == "__main__":
    main()
