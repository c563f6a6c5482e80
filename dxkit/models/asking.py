"""What every kind of check of a form has: what of the form it looks at, and what it compares."""

from __future__ import annotations

import re
from typing import ClassVar

from dxkit.models.requirements import TODAY, Term
from dxkit.models.shape import Key, Shape

_OWN = re.compile(r"[a-z][a-z0-9_]*")


def is_own(term: Term) -> bool:
    """Tell whether a term names a field of the form itself or a column of the table looked at."""
    return isinstance(term, str) and term != TODAY and bool(_OWN.fullmatch(term))


class Asking(Shape):
    """What every kind of check has: the fields or columns it looks at, and what it compares."""

    of_table: ClassVar[bool] = False
    """Whether it looks at all rows together instead of at each."""

    @property
    def own(self) -> tuple[Key, ...]:
        """Return the fields of the form, or the columns of its table, that it looks at."""
        return ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """Return what it compares; a bare key among them is a field or column of its own."""
        return ()
