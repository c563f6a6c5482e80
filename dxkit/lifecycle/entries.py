"""What a step writes into a case: the course it takes, overrides, warnings, snapshot and issue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dxkit.case import Case, Change, journal
from dxkit.case.paths_in_data import get
from dxkit.definitions import COURSE
from dxkit.lifecycle.history import rows_of, state_of
from dxkit.lifecycle.issuing import Issue, next_version
from dxkit.lifecycle.numbering import numbering
from dxkit.lifecycle.past import edition_of
from dxkit.lifecycle.steps import Step, leads_to
from dxkit.lifecycle.terms import Circumstances
from dxkit.lifecycle.watching import warnings_of, watched

VERSION = "version"
TODAY = "today"


@dataclass(frozen=True)
class Asked:
    """Who wants a step, why, and which rules the leader lets pass for which reason."""

    who: str
    reason: str = ""
    overrides: Mapping[str, str] = field(default_factory=dict)
    at: datetime = field(default_factory=datetime.now)

    @property
    def moment(self) -> str:
        """Return the moment as forms hold it."""
        return self.at.isoformat(sep=" ", timespec="minutes")


def changes_of(case: Case, step: Step, asked: Asked) -> Iterator[Change]:
    """Yield everything that a step changes in a case."""
    transition, to = step.transition, leads_to(step.transition, case)
    if transition.numbers:
        yield from numbering(case, asked.at.date())
    yield from _overrides(case, step, asked)
    yield from _notes(case, step, asked)
    yield from _cleared(case, step)
    yield from _reopened(case, step)
    yield from _set(case, step, asked)
    if transition.freezes:
        yield _row("snapshots", _snapshot(case, asked))
    state = state_of(case)
    told = {
        "transition": transition.id,
        "from_state": state.id if state else None,
        "to_state": to,
        "at": asked.moment,
        "who": asked.who,
        "reason": asked.reason or None,
        "journal_n": position(case),
    }
    yield _row("history", told)
    yield Change(f"{COURSE}.state", to, state.id if state else None)


def _cleared(case: Case, step: Step) -> Iterator[Change]:
    for path in step.transition.clears:
        if get(case.data, path) is not None:
            yield Change(path, None)


def _reopened(case: Case, step: Step) -> Iterator[Change]:
    again = step.transition.reopens
    rows = get(case.data, again.table) or [] if again else []
    for place, row in enumerate(rows, start=1):
        if again is None or row.get(again.number) not in again.rows:
            continue
        emptied: dict[str, Any] = dict.fromkeys(again.clears)
        for key, value in (again.sets | emptied).items():
            if row.get(key) not in (None, value):
                yield Change(f"{again.table}.{place}.{key}", value)


def _set(case: Case, step: Step, asked: Asked) -> Iterator[Change]:
    for path, value in step.transition.sets.items():
        if value == TODAY and get(case.data, path) is None:
            yield Change(path, asked.at.date().isoformat())
        elif value != TODAY:
            yield Change(path, next_version(case) if value == VERSION else value)


def _row(table: str, told: Mapping[str, Any]) -> Change:
    kept = {key: value for key, value in told.items() if value is not None}
    return Change(f"{COURSE}.{table}.+", kept)


def _overrides(case: Case, step: Step, asked: Asked) -> Iterator[Change]:
    """Yield the rows that let rules pass, each with everything that it lets pass."""
    verdicts = {each.rule.id: each for each in step.verdicts}
    for rule, reason in asked.overrides.items():
        told = {
            "rule": rule,
            "culprits": [why for part in verdicts[rule].parts for why in part.culprits],
            "reason": reason,
            "who": asked.who,
            "at": asked.moment,
            "journal_n": position(case),
        }
        yield _row("overrides", told)


def _notes(case: Case, step: Step, asked: Asked) -> Iterator[Change]:
    """Yield a row for everything pointed out: at the step, for later ones, and all the time."""
    own = [*step.warnings, *step.later]
    always = warnings_of(watched(Circumstances(case, asked.at.date())), own)
    for verdict, part in (*own, *always):
        note = f"{part.part.says}{'；'.join(part.reasons)}"
        yield _note(verdict.rule.id, note, asked)
    for remark in step.remarks:
        yield _note(remark.mark, remark.words, asked)


def _note(about: str, note: str, asked: Asked) -> Change:
    return _row("notes", {"rule": about, "noted_at": asked.moment, "who": asked.who, "note": note})


def _snapshot(case: Case, asked: Asked) -> dict[str, Any]:
    return {
        "snapshot_no": f"S{len(rows_of(case, 'snapshots')) + 1}",
        "at": asked.moment,
        "who": asked.who,
        "journal_n": position(case),
        "digest": case.digest,
        "definitions": edition_of(case.definitions),
        "policy_edition": case.definitions.edition,
    }


def issue_foreseen(case: Case, step: Step, asked: Asked) -> Iterator[Change]:
    """Yield the row of an issue as the report itself lists it, which cannot know its own files."""
    if step.transition.issues:
        yield from issue_recorded(case, Issue(next_version(case), (), ""), asked)


def issue_recorded(case: Case, issue: Issue | None, asked: Asked) -> Iterator[Change]:
    """Yield the row that tells of an issue, if there is one."""
    if issue is None:
        return
    snapshots = rows_of(case, "snapshots")
    told = {
        "issued_at": asked.moment,
        "who": asked.who,
        "journal_n": position(case),
        "snapshot_no": snapshots[-1].get("snapshot_no") if snapshots else None,
        "reason": asked.reason or correction_of(case),
    }
    yield _row("issues", {**{key: value or None for key, value in issue.told.items()}, **told})


def correction_of(case: Case) -> str | None:
    """Return why the report that is next issued replaces the one before; None for the first."""
    kinds = {each.id: each.kind for each in case.definitions.transitions.values()}
    turned = [
        row
        for row in rows_of(case, "history")
        if kinds.get(str(row.get("transition"))) in ("correct", "return")
    ]
    return turned[-1].get("reason") if turned else None


def position(case: Case) -> int | None:
    """Return the number of the journal entry up to which the content is what was judged."""
    last = journal.last(case.folder)
    return last.n if last else None
