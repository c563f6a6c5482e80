"""A region of a million rows rolled up by league and industry, beside two other ways of doing it.

The same figures are worked out three times: by `roll_up`, by bare numpy arithmetic of the same
formulas (sums of floats, neither exact nor told by group), and by a plain loop over single rows in
Python, on some of them and multiplied. Then a table five times as large, in a process of its own,
tells how time and memory grow.

Run with: uv run python benchmarks/region.py [ROWS]
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np

from dxkit.assessment import assess
from dxkit.assessment.logic import KNOWN, UNKNOWN
from dxkit.cohort import Table, roll_up
from dxkit.cohort.groups import divide
from dxkit.cohort.quartiles import QUARTERS
from dxkit.definitions import load
from dxkit.synth import answer_table, region_table

BY = ("league", "division")
LOOPED = 20_000
LARGER = 5
ROUNDS = 3


def main() -> None:
    """Print the comparison for some rows, then how five times as many fare."""
    if sys.argv[1:2] == ["--alone"]:
        alone(int(sys.argv[2]))
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    definitions = load()
    table = region_table(rows, 1, definitions)
    print(f"{rows} rows x {len(table.columns)} indicators by {' x '.join(BY)}")
    answers = answer_table(rows, 1, definitions)
    assessed = best(lambda: assess(definitions, answers))
    tell("assessed from answers, once for all (the engine)", assessed)
    ours = best(lambda: roll_up(table, definitions, *BY))
    tell("rolled up with quartiles", ours)
    plain = best(lambda: roll_up(table, definitions, *BY, spread=False))
    tell("rolled up without quartiles", plain)
    groups = divide(table, definitions, BY)
    bare = best(lambda: by_numpy(table, groups.layers[0], len(groups.groups)))
    tell("bare numpy, with quartiles", bare)
    few = table.take(slice(0, min(rows, LOOPED)))
    place = groups.layers[0][: few.size]
    looped = best(lambda: by_loop(few, place.tolist())) * rows / few.size
    tell(f"a loop over rows, without quartiles ({few.size} rows, multiplied)", looped)
    print(f"the loop takes {looped / plain:.0f} times as long, bare numpy {bare / ours:.2f} times")
    print("alone, in a process of its own:")
    for count in (rows, rows * LARGER):
        subprocess.run([sys.executable, __file__, "--alone", str(count)], check=True)


def alone(rows: int) -> None:
    """Print time and memory of one size."""
    definitions = load()
    table = region_table(rows, 1, definitions)
    seconds = best(lambda: roll_up(table, definitions, *BY))
    tracemalloc.start()
    roll_up(table, definitions, *BY)
    beyond = tracemalloc.get_traced_memory()[1] / 2**20
    held = sum(array.nbytes for array in arrays(table)) / 2**20
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    print(
        f"  {rows:>9} rows: {seconds:6.2f} s ({seconds / rows * 1e6:.2f} s a million), the table "
        f"{held:.0f} MB, rolling up {beyond:.0f} MB more, peak with inventing {peak:.0f} MB"
    )


def best(work: Callable[[], object]) -> float:
    """Return the least seconds of some rounds, since the machine is shared."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def tell(what: str, seconds: float) -> None:
    """Print a line of the comparison."""
    print(f"  {what:<62} {seconds:8.2f} s")


def arrays(table: Table) -> list[Any]:
    """Return every array of a table once."""
    sides = [side for each in table.columns.values() for side in vars(each).values()]
    own = [table.year, table.read, *table.places.values(), *table.marks.values()]
    return [each for each in (*sides, *own) if each is not None]


def by_numpy(table: Table, place: Any, groups: int) -> list[Any]:
    """Work the same figures out by numpy alone."""
    found = [np.bincount(place, minlength=groups)]
    for column in table.columns.values():
        known, missing = column.state == KNOWN, column.state == UNKNOWN
        at, without = place[known], place[missing]
        base = np.bincount(at, minlength=groups)
        total = np.bincount(at, weights=column.low[known], minlength=groups)
        least = np.bincount(without, weights=column.low[missing], minlength=groups)
        most = np.bincount(without, weights=column.high[missing], minlength=groups)
        absent = np.bincount(without, minlength=groups)
        with np.errstate(invalid="ignore"):
            found += [total / base, (total + least) / (base + absent)]
            found += [(total + most) / (base + absent)]
            if column.part is not None and column.whole is not None:
                part = np.bincount(at, weights=column.part[known], minlength=groups)
                whole = np.bincount(at, weights=column.whole[known], minlength=groups)
                found += [part / whole, *spread(column.low[known], at, base)]
    return found


def spread(values: Any, at: Any, base: Any) -> list[Any]:
    """Work the quartiles of every group out by sorting."""
    values = values[np.lexsort((values, at))]
    starts = np.cumsum(base) - base
    way = [(base - 1).clip(0) * share for share in QUARTERS]
    last = max(len(values) - 1, 0)
    return [
        values[np.minimum(starts + np.floor(each).astype(int), last)]
        + (each % 1)
        * (
            values[np.minimum(starts + np.ceil(each).astype(int), last)]
            - values[np.minimum(starts + np.floor(each).astype(int), last)]
        )
        for each in way
    ]


def by_loop(table: Table, place: list[int]) -> dict[Any, list[float]]:
    """Work means, pooled ratios and bounds out row by row, in plain Python."""
    sums: dict[Any, list[float]] = {}
    for key, column in table.columns.items():
        states, lows, highs = (e.tolist() for e in (column.state, column.low, column.high))
        parts = column.part.tolist() if column.part is not None else None
        wholes = column.whole.tolist() if column.whole is not None else None
        for row, group in enumerate(place):
            held = sums.setdefault((group, key), [0.0] * 7)
            held[0] += 1
            if states[row] == KNOWN:
                held[1] += 1
                held[2] += lows[row]
                if parts is not None and wholes is not None:
                    held[3] += parts[row]
                    held[4] += wholes[row]
            elif states[row] == UNKNOWN:
                held[5] += lows[row]
                held[6] += highs[row]
    return sums


if __name__ == "__main__":
    main()
