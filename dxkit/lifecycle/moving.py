"""The only way a case moves on: rules judged, every blocker named, one entry in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from dxkit.case import Case, Change, Writer, writing
from dxkit.case.changes import made
from dxkit.definitions import Definitions
from dxkit.errors import BlockedError, CaseError, ConflictError, Problem
from dxkit.lifecycle.choosing import chosen
from dxkit.lifecycle.entries import Asked, changes_of, issue_foreseen, issue_recorded
from dxkit.lifecycle.issuing import issue_of
from dxkit.lifecycle.numbering import one_at_a_time
from dxkit.lifecycle.refusals import refusals
from dxkit.lifecycle.steps import Step, judged
from dxkit.lifecycle.terms import Circumstances
from dxkit.models.lifecycle import Transition

__all__ = ["Asked", "Moved", "advance", "foresee"]


@dataclass(frozen=True)
class Moved:
    """A step that was taken, or would be: the case after it and what was pointed out."""

    case: Case
    step: Step
    changes: tuple[Change, ...]
    version: str | None = None


def advance(
    folder: Path | str,
    to: str | None,
    asked: Asked,
    files: Sequence[Path] = (),
    seen: str | None = None,
    definitions: Definitions | None = None,
) -> Moved:
    """Take a step: judge its rules, then write everything it changes in one entry, or nothing.

    Args:
        folder: the case by id or path.
        to: the id of a step, or the id or name of the state to reach; the next step if None.
        asked: who wants it, the reason, and overrides by rule.
        files: the files of the report, where the step issues it.
        seen: the digest of the case that the files were made from; another is refused.
        definitions: the shipped ones if None.

    Raises:
        BlockedError: with every rule that blocks and everything that is missing.
        ConflictError: if the case changed since the files were made.
    """
    with writing(folder, asked.who, definitions) as writer:
        case = Case(writer.folder, writer.data, writer.definitions, writer.content.digest)
        if seen is not None and seen != case.digest:
            found = "生成报告期间，填写内容有了改动"
            raise ConflictError(Problem(case.id, "", found, "看过改动后重新发布"))
        with suppress(CaseError):
            _ = case.restricted  # what was edited by hand there so far stands before this step
        transition = chosen(case, to)
        with one_at_a_time(case) if transition.numbers else nullcontext():
            return _taken(writer, case, transition, asked, files)


def _taken(
    writer: Writer, case: Case, transition: Transition, asked: Asked, files: Sequence[Path]
) -> Moved:
    step = _permitted(case, transition, asked)
    issue = issue_of(case, files) if transition.issues else None
    changes = [*changes_of(case, step, asked), *issue_recorded(case, issue, asked)]
    after = writer.apply(changes, issue.files if issue else ())
    return Moved(after, step, tuple(changes), issue.version if issue else None)


def foresee(case: Case, to: str | None, asked: Asked) -> Moved:
    """Return what a step would lead to, without writing anything.

    Raises:
        BlockedError: with everything that keeps the step from being taken.
    """
    step = _permitted(case, chosen(case, to), asked)
    changes = (*changes_of(case, step, asked), *issue_foreseen(case, step, asked))
    return Moved(_with(case, changes), step, changes)


def _permitted(case: Case, transition: Transition, asked: Asked) -> Step:
    """Return the step as it comes out with the overrides asked for."""
    today, letting = asked.at.date(), frozenset(asked.overrides)
    before = judged(transition, Circumstances(case, today))
    after = judged(transition, Circumstances(case, today, letting=letting))
    if problems := [*refusals(case, before, after, asked)]:
        raise BlockedError(problems)
    return after


def _with(case: Case, changes: Sequence[Change]) -> Case:
    """Return a case as it would be after some changes."""
    data = made(case.data, changes, case.definitions, case.id).data
    return Case(case.folder, data, case.definitions, case.digest)
