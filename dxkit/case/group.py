"""Several cases that one form speaks for, such as the progress report of a working group."""

from __future__ import annotations

from dataclasses import dataclass

from dxkit.case.folder import Case


@dataclass(frozen=True)
class Group(Case):
    """A case that is none on disk: its data fill one form, which tells of all its members."""

    of: tuple[Case, ...] = ()

    @property
    def members(self) -> tuple[Case, ...]:
        """Return the cases that the form tells of."""
        return self.of
