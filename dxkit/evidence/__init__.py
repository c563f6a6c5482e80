"""The files that prove answers: taken in, looked at, hashed, compared and verified."""

from dxkit.evidence.adding import Intake, Taken, add
from dxkit.evidence.duplicates import duplicates
from dxkit.evidence.kept import Item, items
from dxkit.evidence.reviewing import review, review_log, review_logs
from dxkit.evidence.verification import Verification, verify

__all__ = [
    "Intake",
    "Item",
    "Taken",
    "Verification",
    "add",
    "duplicates",
    "items",
    "review",
    "review_log",
    "review_logs",
    "verify",
]
