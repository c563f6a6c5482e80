"""Which parts of a recorded answer stand on paper, in columns or below, and what is ticked."""

from __future__ import annotations

COLUMNS = ("onsite", "verified", "methods", "informant", "evidence", "remark")
"""The parts that have a column, in the order they are printed."""
BELOW = ("self_reported", "strength", "recorder", "recorded_at", "diff_reason")
"""The parts that are printed in a line below, and only where they say something."""
TICKED = frozenset({"onsite", "methods"})
REASON, DISPUTE = "not_applicable", "disputed"
