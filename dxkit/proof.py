"""Whether every worked case of the indicator files comes out as its author wrote it by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator

from dxkit.assessment import NOT_APPLICABLE, assess, tabulate
from dxkit.assessment.explanation import IndicatorResult, explain
from dxkit.definitions import Definitions
from dxkit.errors import Problem
from dxkit.models.indicator import Expectation, Indicator, WorkedCase

TOLERANCE = 5e-5


def failures(definitions: Definitions) -> Iterator[Problem]:
    """Run all worked cases and yield those that come out otherwise."""
    for indicator in definitions.indicators:
        for case in indicator.cases:
            result = work_out(indicator, case, definitions)
            if not as_expected(result, case.expect):
                file = f"indicators/{indicator.direction}/{indicator.id}.yaml"
                yield Problem(file, f"cases“{case.name}”", _told(result), _wanted(case.expect))


def work_out(indicator: Indicator, case: WorkedCase, definitions: Definitions) -> IndicatorResult:
    """Compute one worked case with the engine that computes everything else."""
    marks = dict.fromkeys(case.not_applicable, NOT_APPLICABLE)
    table = tabulate(definitions, [{**case.given, **marks}])
    results = explain(assess(definitions, table))
    return next(result for result in results if result.indicator is indicator)


def as_expected(result: IndicatorResult, expect: Expectation) -> bool:
    """Tell whether a result is what a worked case expects, to the decimals written there."""
    return result.state == expect.state and all(
        _same(wanted, found)
        for wanted, found in (
            (expect.value, result.value),
            (expect.low, result.low),
            (expect.high, result.high),
        )
        if wanted is not None
    )


def _same(wanted: float, found: float | None) -> bool:
    return found is not None and math.isclose(wanted, found, abs_tol=TOLERANCE)


def _told(result: IndicatorResult) -> str:
    bounds = "" if result.low is None else f"，界限 {result.low:.4f}—{result.high:.4f}"
    return f"{result.words}（{result.state}{bounds}）；{result.reason}"


def _wanted(expect: Expectation) -> str:
    value = "" if expect.value is None else f"，值 {expect.value}"
    bounds = "" if expect.low is None else f"，界限 {expect.low}—{expect.high}"
    return f"{expect.state}{value}{bounds}"
