"""The engine on many rows: seconds, rows a second, and the ratio to a loop over single rows.

Run with: uv run python benchmarks/engine.py [ROWS]
"""

from __future__ import annotations

import sys
import time

from dxkit.assessment import assess
from dxkit.definitions import load
from dxkit.synth import answer_table

LOOPED = 300


def main() -> None:
    """Assess many synthetic rows in one call, then a few of them one by one."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    definitions = load()
    table = answer_table(rows, 1, definitions)
    started = time.perf_counter()
    assess(definitions, table)
    together = time.perf_counter() - started
    few = [table.row(number) for number in range(min(rows, LOOPED))]
    started = time.perf_counter()
    for row in few:
        assess(definitions, row)
    alone = (time.perf_counter() - started) / len(few) * rows
    print(f"{rows} rows x {len(definitions.indicators)} indicators in one call: {together:.3f} s")
    ratio = alone / together
    print(f"the same rows one by one (from {len(few)}): {alone:.1f} s, {ratio:.0f} times as long")


if __name__ == "__main__":
    main()
