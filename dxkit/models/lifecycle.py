"""The shapes of the course of an engagement: its rules, policies, states, steps and due dates."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from dxkit.models.requirements import Picked, Requirement, RuleId, TablePath, Term, TransitionId
from dxkit.models.shape import AnswerPath, Basis, FormPath, Key, Shape, Text

Severity = Literal["block", "block_unless_overridden", "warn"]

SEVERITY_WORDS: dict[Severity, str] = {
    "block": "必须满足",
    "block_unless_overridden": "须满足，组长可书面说明理由后放行",
    "warn": "提醒",
}


class Part(Shape):
    """One thing that a rule requires, with how hard it is and what to do where it is missing."""

    severity: Severity
    basis: Basis
    applies_if: Requirement | None = None
    needs: Requirement
    says: Text
    mend: Text
    standing: bool = False
    """Whether it is watched all the time too, beside guarding a step with its rule."""
    eased_by: Key | None = None
    """A yes/no policy that, when it is on, lets the leader override what else is a block."""


class RuleCase(Shape):
    """A worked case beside a rule: what is given, and which parts then fail, told by severity."""

    title: Text
    given: dict[Key, dict[Key, Any]] = {}
    facts: dict[Key, Any] = {}
    policies: dict[Key, Any] = {}
    """Policies set otherwise than policies.yaml does, for this case alone."""
    today: Text | None = None
    passes: Literal[True] | None = None
    fails: tuple[Severity, ...] | None = Field(default=None, min_length=1)

    def model_post_init(self, _context: Any) -> None:
        """Refuse a case that says both or neither of what comes out."""
        if (self.passes is None) == (self.fails is None):
            raise ValueError("passes: true 或 fails: [级别] 之一")


class Rule(Shape):
    """One duty of the guide, or one proof of good order, with the cases that prove the rule."""

    id: RuleId
    title: Text
    clause: str = ""
    basis: Basis
    standing: bool = False
    """Whether it is watched all the time instead of guarding a step."""
    applies_if: Requirement | None = None
    requires: tuple[Part, ...] = Field(min_length=1)
    cases: tuple[RuleCase, ...] = Field(min_length=2)


class Rules(Shape):
    """The rules of one file; the files of the folder `rules` are read together."""

    edition: Text
    rules: tuple[Rule, ...] = Field(min_length=1)


class Policy(Shape):
    """A value that the guide leaves open and a bureau may set otherwise."""

    key: Key
    value: bool | int | float
    unit: str = ""
    says: Text
    basis: Basis
    clause: str = ""


class Policies(Shape):
    """All policies of one edition."""

    edition: Text
    policies: tuple[Policy, ...]


class State(Shape):
    """Where an engagement can stand."""

    id: Key
    no: Text
    name: Text
    meaning: Text
    clause: str = ""
    basis: Basis
    final: bool = False
    """Whether nothing is due any more."""
    locked: bool = False
    """Whether the case is closed: nothing but the record of its course is written any more."""
    paused: bool = False
    """Whether the course stands still and goes on where it was left."""


class Reopened(Shape):
    """Rows of a table that tell of what a step undoes: their record has to be made anew."""

    table: TablePath
    number: Key
    """The column by which the rows are known."""
    rows: tuple[int, ...] = Field(min_length=1)
    sets: dict[Key, Text]
    """What columns then hold; a row in which one is blank was not begun and is left alone."""
    clears: tuple[Key, ...] = ()


class Transition(Shape):
    """A step of the course and what guards it; a milestone is passed without leaving its state."""

    id: TransitionId
    title: Text
    kind: Literal["move", "milestone", "suspend", "resume", "terminate", "return", "correct"] = (
        "move"
    )
    from_: tuple[Key, ...] = Field(default=(), alias="from")
    """The states it leaves; none for the step that begins an engagement."""
    to: Key | None = None
    """The state it leads to; none for a milestone and for going on where it was left."""
    after: tuple[TransitionId, ...] = ()
    """The milestones that must have been passed."""
    not_after: tuple[TransitionId, ...] = ()
    """The milestones after which it is too late."""
    undoes: tuple[TransitionId, ...] = ()
    """The steps that count as passed no longer, with the overrides that were given at them."""
    rules: tuple[RuleId, ...] = ()
    warns: tuple[RuleId, ...] = ()
    """Rules that block a later step and only warn at this one."""
    forms: tuple[Key, ...] = ()
    """The forms whose gaps and own checks are pointed out at this step."""
    artefacts: tuple[Text, ...] = ()
    numbers: bool = False
    """Whether the engagement gets its year and its number in the year, where it has none."""
    freezes: bool = False
    """Whether the content is held as a numbered snapshot."""
    issues: bool = False
    """Whether the report goes out as a new version."""
    sets: dict[AnswerPath, Text] = {}
    """Fields of other forms that the step fills; `version` is the version issued, `today` the day.

    A day that stands there already is kept.
    """
    clears: tuple[FormPath, ...] = ()
    """Fields, columns of grids and forms that told of what the step undoes, and are emptied."""
    reopens: Reopened | None = None
    """Rows that told of what the step undoes, and begin anew."""
    locks: tuple[Key, ...] = ()
    """Forms that are not changed any more while the step counts."""
    mark: str = ""
    """What a case is called beside its state once it took the step, such as 已报送工信局."""
    clause: str = ""
    basis: Basis

    @property
    def needs_reason(self) -> bool:
        """Tell whether a reason in writing is asked for: every step off the straight way."""
        return self.kind not in ("move", "milestone", "resume")


class Duty(Shape):
    """Something due by a day counted from another; over it is overdue, never blocked."""

    key: Key
    says: Text
    counted_from: tuple[Term, ...] = Field(min_length=1)
    """The first of these days that is known."""
    latest: bool = False
    """Whether the latest of the days that are known counts instead."""
    naming: Term | None = None
    """A list of what is meant, told beside what is due."""
    direction: Literal["after", "before"] = "after"
    working_days: Term | None = None
    days: Term | None = None
    done_if: Requirement | None = None
    """When it is no longer due; what comes back again and again never is done."""
    applies_if: Requirement | None = None
    clause: str = ""
    basis: Basis


class Overriders(Shape):
    """Who may override a rule: the names in a column of some rows."""

    table: TablePath
    column: Key
    where: Picked = {}
    called: Text


class Belonging(Shape):
    """The fields by which cases are grouped when all of them are looked at."""

    league: AnswerPath
    group: AnswerPath


class Proof(Shape):
    """Where the number of a paper stands that proves a node: a field, or a column of some rows."""

    at: AnswerPath
    where: Picked = {}
    """Of a table, which rows are meant; all if empty."""
    form: Key | None = None
    """The form whose number it is, where it stands in another one."""


class Node(Shape):
    """One node of the process as the report lists it: when it was, and what proves it."""

    label: Text
    day: tuple[Term, ...] = Field(min_length=1)
    """The first of these days that is known."""
    until: Term | None = None
    """The last day, of what may take several."""
    proofs: tuple[Proof, ...] = ()
    step: TransitionId
    """The step by which it must have been done; its overridden rules are told beside it."""
    anew_with: TransitionId | None = None
    """The step with which it has to be done once more, whatever was done before."""
    clause: str = ""
    basis: Basis


class Paper(Shape):
    """Something that must be on file at a node, and how that is told."""

    says: Text
    needs: Requirement


class Checklist(Shape):
    """What to look through at one node of the work: what must be on file, what to print."""

    label: Text
    papers: tuple[Paper, ...] = Field(min_length=1)
    prints: tuple[Text, ...] = ()
    basis: Basis


class Lifecycle(Shape):
    """The states, steps, due dates and nodes of one edition."""

    edition: Text
    overriders: Overriders
    belongs_to: Belonging
    after_issue: tuple[FormPath, ...] = ()
    """Forms and tables that are written only when a report is out: they make no other version."""
    goes_on: tuple[FormPath, ...] = ()
    """Records that are kept on while a report is out; alone they are no reason to correct it."""
    states: tuple[State, ...] = Field(min_length=1)
    transitions: tuple[Transition, ...] = Field(min_length=1)
    duties: tuple[Duty, ...] = ()
    nodes: tuple[Node, ...] = ()
    checklists: tuple[Checklist, ...] = ()
