"""What a rule says about a case: each part satisfied, failed, overridden or not applicable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from dxkit.lifecycle.outcomes import Reasons, RuleJudge, culprits_against, reasons_against
from dxkit.lifecycle.overrides import is_let_pass
from dxkit.lifecycle.terms import Circumstances
from dxkit.models.lifecycle import Part, Rule, Severity
from dxkit.models.requirements import Requirement
from dxkit.models.wording import worded

Result = Literal["satisfied", "failed", "overridden", "not_applicable"]

RESULT_WORDS: dict[Result, str] = {
    "satisfied": "满足",
    "failed": "不满足",
    "overridden": "已放行",
    "not_applicable": "不适用",
}


@dataclass(frozen=True)
class PartVerdict:
    """How one part of a rule came out, how hard it is in these circumstances, and why it failed."""

    part: Part
    severity: Severity
    result: Result
    reasons: Reasons = ()
    culprits: Reasons = ()
    """What an override lets pass: the reasons, one by one, of a part that may be overridden."""

    @property
    def mend(self) -> str:
        """Say what to do; where a policy eases the part, that it may be overridden."""
        eased = self.severity != self.part.severity
        return f"{self.part.mend}；或由组长写明理由后放行" if eased else self.part.mend


@dataclass(frozen=True)
class Verdict:
    """How a rule came out on a case."""

    rule: Rule
    parts: tuple[PartVerdict, ...]

    @property
    def failed(self) -> tuple[PartVerdict, ...]:
        """Return the parts that failed and were not overridden."""
        return tuple(each for each in self.parts if each.result == "failed")

    @property
    def blocks(self) -> tuple[PartVerdict, ...]:
        """Return the parts that keep the next step from being taken."""
        return tuple(each for each in self.failed if each.severity != "warn")

    @property
    def warns(self) -> tuple[PartVerdict, ...]:
        """Return the parts that are only to be pointed out."""
        return tuple(each for each in self.failed if each.severity == "warn")

    @property
    def can_be_overridden(self) -> bool:
        """Tell whether the leader may let everything pass that blocks."""
        hard = [each for each in self.blocks if each.severity == "block"]
        return bool(self.blocks) and not hard

    @property
    def result(self) -> Result:
        """Return how the rule as a whole came out; warnings do not fail it."""
        if self.blocks:
            return "failed"
        results = {each.result for each in self.parts}
        if results == {"not_applicable"}:
            return "not_applicable"
        return "overridden" if "overridden" in results else "satisfied"


def judge(rule: Rule, seen: Circumstances) -> Verdict:
    """Judge all parts of a rule on a case; a missing value never satisfies one."""
    parts = [_worded(part, seen) for part in rule.requires]
    if rule.applies_if is not None and _against(rule.applies_if, seen):
        idle = (PartVerdict(part, part.severity, "not_applicable") for part in parts)
        return Verdict(rule, tuple(idle))
    return Verdict(rule, tuple(_part(rule, part, seen) for part in parts))


def _worded(part: Part, seen: Circumstances) -> Part:
    """Return a part that says the values of the policies it names, as they are for this case."""
    policies = seen.case.definitions.policies
    told = {"says": worded(part.says, policies), "mend": worded(part.mend, policies)}
    return part.model_copy(update=told)


def judge_all(rules: Iterable[str], seen: Circumstances) -> list[Verdict]:
    """Judge several rules by their ids."""
    return [judge(seen.case.definitions.rules[each], seen) for each in rules]


def _part(rule: Rule, part: Part, seen: Circumstances) -> PartVerdict:
    severity = _eased(part, seen)
    if part.applies_if is not None and _against(part.applies_if, seen):
        return PartVerdict(part, severity, "not_applicable")
    reasons = _against(part.needs, seen)
    if not reasons:
        return PartVerdict(part, severity, "satisfied")
    if severity != "block_unless_overridden":
        return PartVerdict(part, severity, "failed", reasons)
    culprits = culprits_against(part.needs, seen, _judge_of(seen))
    let_pass = rule.id in seen.letting or is_let_pass(seen.case, rule.id, culprits)
    return PartVerdict(part, severity, "overridden" if let_pass else "failed", reasons, culprits)


def _eased(part: Part, seen: Circumstances) -> Severity:
    eased = part.severity == "block" and part.eased_by and seen.policy(part.eased_by) is True
    return "block_unless_overridden" if eased else part.severity


def _against(requirement: Requirement, seen: Circumstances) -> Reasons:
    return reasons_against(requirement, seen, _judge_of(seen))


def _judge_of(seen: Circumstances) -> RuleJudge:
    def other(rule_id: str) -> Reasons:
        rule = seen.case.definitions.rules[rule_id]
        return (f"{rule.id}（{rule.title}）尚未满足",) if judge(rule, seen).blocks else ()

    return other


def shortfalls(requirement: Requirement, seen: Circumstances) -> Reasons:
    """Return why a single requirement does not hold on a case; nothing if it holds."""
    return _against(requirement, seen)


def holds(requirement: Requirement, seen: Circumstances) -> bool:
    """Tell whether a single requirement holds on a case."""
    return not _against(requirement, seen)
