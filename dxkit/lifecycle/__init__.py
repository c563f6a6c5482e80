"""Where an engagement stands, what blocks its next step, and the only way it moves on."""

from dxkit.lifecycle.by_hand import HandEdit, edits_by_hand
from dxkit.lifecycle.choosing import chosen, of_kind
from dxkit.lifecycle.issuing import next_version
from dxkit.lifecycle.judging import judge
from dxkit.lifecycle.moving import Asked, Moved, advance, foresee
from dxkit.lifecycle.standing import Standing, as_plain, standing
from dxkit.lifecycle.surveying import progress, survey
from dxkit.lifecycle.terms import Circumstances
from dxkit.lifecycle.versions import (
    changed_since_issue,
    differences_between,
    differences_since,
    results_between,
)

__all__ = [
    "Asked",
    "Circumstances",
    "HandEdit",
    "Moved",
    "Standing",
    "advance",
    "as_plain",
    "changed_since_issue",
    "chosen",
    "differences_between",
    "differences_since",
    "edits_by_hand",
    "foresee",
    "judge",
    "next_version",
    "of_kind",
    "progress",
    "results_between",
    "standing",
    "survey",
]
