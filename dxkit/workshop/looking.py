"""The verbs by which a page looks at a case and changes nothing, by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dxkit.case import Case
from dxkit.workshop.closing import closing
from dxkit.workshop.levers import levers
from dxkit.workshop.outlook import ask_next, results
from dxkit.workshop.scenarios import cheapest_way, scenario

Look = Callable[[Case, Mapping[str, Any]], dict[str, Any]]

LOOKING: Mapping[str, Look] = {
    "results": results,
    "ask_next": ask_next,
    "levers": levers,
    "what_if": scenario,
    "cheapest": cheapest_way,
    "closing": closing,
}
