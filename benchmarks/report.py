"""One enterprise's three documents: the stock command lines against `dxkit batch`, side by side.

Stock is what one does without dxkit: the papermill command line, then one `jupyter nbconvert`
command line per format, one after the other. Both ways use the same notebook, the same exporters
and the same case. Run with: uv run python benchmarks/report.py [CASE] [ROUNDS]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
FORMATS = ("html", "docx", "pdf")


def run(*command: str) -> float:
    """Run a command in the checkout and return its seconds."""
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - started


def stock(case: str, out: Path) -> dict[str, float]:
    """Return the seconds of each step of the stock way."""
    executed = str(out / "report.ipynb")
    notebook = str(ROOT / "notebooks" / "report.ipynb")
    steps = {"papermill": run("papermill", notebook, executed, "-p", "case", case)}
    for suffix in FORMATS:
        steps[f"nbconvert {suffix}"] = run(
            "jupyter", "nbconvert", "--to", f"dxkit-{suffix}", "--output-dir", str(out), executed
        )
    return steps


def with_dxkit(case: str, out: Path) -> float:
    """Return the seconds of `dxkit batch` on a folder with the one case."""
    only = out / "cases"
    only.mkdir()
    (only / case).symlink_to(ROOT / "parameters" / case)
    return run("dxkit", "batch", str(only), "--out", str(out / "outputs"), "--jobs", "1")


def main() -> None:
    """Measure both ways in turn and print the ratio of their medians."""
    case = sys.argv[1] if len(sys.argv) > 1 else "demo-copper"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    stock_times, dxkit_times = [], []
    for number in range(1, rounds + 1):
        with tempfile.TemporaryDirectory() as folder:
            steps = stock(case, Path(folder))
        with tempfile.TemporaryDirectory() as folder:
            dxkit_times.append(with_dxkit(case, Path(folder)))
        stock_times.append(sum(steps.values()))
        told = ", ".join(f"{name} {seconds:.1f}" for name, seconds in steps.items())
        print(
            f"round {number}: stock {stock_times[-1]:.1f} s ({told}); dxkit {dxkit_times[-1]:.1f} s"
        )
    ratio = median(stock_times) / median(dxkit_times)
    print(f"{case}: dxkit batch is {ratio:.2f} times as fast as the stock command lines")


if __name__ == "__main__":
    main()
