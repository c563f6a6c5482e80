"""What a change costs until its results can be shown: the median in milliseconds for each demo.

The aim is 100 ms on the server for results with contradictions. A case is opened once and changed
in memory, as a sitting does; what reads files is not part of it.

Run with: uv run python benchmarks/live.py [TIMES]
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from dxkit.case import Case, list_folders, look_at
from dxkit.case.paths_in_data import put
from dxkit.definitions import load
from dxkit.paths import parameters
from dxkit.workshop.ahead.closing import closing
from dxkit.workshop.ahead.levers import levers
from dxkit.workshop.ahead.outlook import ask_next, results
from dxkit.workshop.ahead.scenarios import cheapest_way, scenario

AIM = 100
CHANGED = "annex_6.data_upward"
Look = Callable[[Case, Mapping[str, Any]], dict[str, Any]]
LOOKS: dict[str, tuple[Look, dict[str, Any]]] = {
    "results": (results, {}),
    "ask_next": (ask_next, {"by": "department"}),
    "levers": (levers, {}),
    "what_if": (scenario, {"changes": {"data_upward": "D"}}),
    "cheapest": (cheapest_way, {"goal": "smart_manufacturing_ready"}),
    "closing": (closing, {}),
}


def main() -> None:
    """Change one answer again and again, and look at the case each time as if for the first."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    definitions = load()
    print(f"{'ms, median of ' + str(times):24}" + "".join(f"{name:>10}" for name in LOOKS))
    slowest = 0.0
    for folder in list_folders(parameters()):
        case = look_at(folder, definitions)
        spent = {name: _median(case, *each, times) for name, each in LOOKS.items()}
        slowest = max(slowest, spent["results"])
        print(f"{case.id:24}" + "".join(f"{ms:10.0f}" for ms in spent.values()))
    share = slowest / AIM
    print(f"results at most {slowest:.0f} ms: {share:.0%} of the {AIM} ms that are aimed at")


def _median(case: Case, look: Look, request: dict[str, Any], times: int) -> float:
    spent = []
    for number in range(times):
        data = put(case.data, CHANGED, "ABCD"[number % 4])
        changed = replace(case, data=data)
        started = time.perf_counter()
        json.dumps(look(changed, request))
        spent.append((time.perf_counter() - started) * 1000)
    return statistics.median(spent)


if __name__ == "__main__":
    main()
