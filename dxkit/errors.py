"""What can go wrong that a user can mend, and only that: each problem in one Chinese line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing to mend: where it stands, what was found and what would be right."""

    where: str
    key: str = ""
    found: str = ""
    expected: str = ""

    def __str__(self) -> str:
        """Say the problem in one Chinese line, leaving out what is not known."""
        place = f"{self.where} 的“{self.key}”" if self.key else self.where
        parts = [f"发现：{self.found}" if self.found else "", f"应为：{self.expected}"]
        return f"{place}：" + "；".join(part for part in parts if part and part != "应为：")


class DxkitError(Exception):
    """Something the user can mend; carries every problem found, not just the first."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem] | Problem | str) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def _render_traceback_(self) -> list[str]:
        """Show the Chinese lines instead of a traceback where IPython displays the error."""
        return [str(problem) for problem in self.problems]


class DefinitionError(DxkitError):
    """The definition files do not form a consistent set."""


class CaseError(DxkitError):
    """A case folder cannot be read, or holds answers that its forms refuse."""


class ConflictError(DxkitError):
    """A change was based on a value that is no longer there."""


class ParameterError(DxkitError):
    """A notebook or a command was given a parameter that it does not have."""


class ExportError(DxkitError):
    """A notebook cannot be turned into the document asked for."""


class FontError(DxkitError):
    """Chinese text would come out as boxes."""
