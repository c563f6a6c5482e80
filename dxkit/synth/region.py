"""What invented enterprises give to a table of the region, column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from dxkit.assessment import AnswerTable
from dxkit.cohort import Table
from dxkit.cohort.building import columns_of
from dxkit.cohort.groups import groups_of
from dxkit.cohort.table import NOT_TOLD
from dxkit.definitions import Definitions
from dxkit.synth.application import DISCRETE, LEVELS, RENOWN, credit_code
from dxkit.synth.cohort import Cohort
from dxkit.synth.lists import DATA_YEAR

_NAMED = 100_000


def table_of_region(cohort: Cohort, answers: AnswerTable, definitions: Definitions) -> Table:
    """Return the table of a cohort; beyond 100,000 rows nobody needs ids and names of each."""
    size = cohort.dice.size
    numbers = range(size if size <= _NAMED else 0)
    nameless = np.full(size, "", dtype=object)
    codes = _codes(cohort, definitions)
    return Table(
        definitions=definitions.digest,
        ids=_words([f"synth-{n + 1:06d}" for n in numbers], nameless),
        keys=_words([credit_code(n) for n in numbers], nameless),
        names=nameless,
        digests=nameless,
        read=np.ones(size, dtype=bool),
        year=np.full(size, DATA_YEAR, dtype=np.int16),
        places={
            each.id: _placed(codes[each.by], [g.code for g in groups_of(each, definitions)])
            for each in definitions.regional.dimensions
            if each.by in codes
        },
        marks=_marks(cohort, codes["size"], definitions),
        columns=columns_of(answers, definitions),
        causes=dict.fromkeys(
            (each.id for each in definitions.indicators), np.full(size, NOT_TOLD, dtype=np.int8)
        ),
    )


Codes = tuple[Sequence[str], npt.NDArray[np.int64]]
"""Codes, and for every row the place of its own among them."""


def _codes(cohort: Cohort, definitions: Definitions) -> dict[str, Codes]:
    divisions = definitions.industries.divisions
    sizes = definitions.sizes.sizes
    usual = [each.production_type for each in divisions]
    kinds = [*DISCRETE, "process", "mixed"]
    discrete = np.array([each == "discrete" for each in usual])[cohort.division]
    other = np.array([kinds.index(each) if each in kinds else 0 for each in usual])
    made = np.where(discrete, (cohort.variety * 2).astype(int), other[cohort.division])
    size = np.full(cohort.dice.size, len(sizes) - 1)
    for place, each in reversed(list(enumerate(sizes))):
        size[(cohort.staff >= each.staff) & (cohort.revenue >= each.revenue)] = place
    return {
        "region": ([each.code for each in definitions.regions.regions], cohort.league),
        "division": ([each.code for each in divisions], cohort.division),
        "section": ([each.section for each in divisions], cohort.division),
        "size": ([each.code for each in sizes], size),
        "choice": (kinds, made),
    }


def _marks(
    cohort: Cohort, size: Codes, definitions: Definitions
) -> Mapping[str, npt.NDArray[np.int8]]:
    reach = cohort.maturity + RENOWN * cohort.renown
    small = np.array([code != "large" for code in size[0]])[size[1]]
    marks = {}
    for each in definitions.regional.dimensions:
        for mark in each.marks:
            bar = LEVELS.get(str(mark.has), np.inf)
            above = cohort.revenue >= definitions.sizes.above_scale_revenue
            bears = above if mark.has is None else small & (reach >= bar)
            marks[mark.code] = bears.astype(np.int8)
    return marks


def _placed(codes: Codes, known: Sequence[str]) -> npt.NDArray[np.int16]:
    names, rows = codes
    places = [known.index(name) if name in known else NOT_TOLD for name in names]
    return np.asarray(np.array(places, dtype=np.int16)[rows])


def _words(words: Sequence[str], otherwise: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    held = otherwise.copy()
    held[: len(words)] = words
    return held
