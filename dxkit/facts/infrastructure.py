"""Whether critical infrastructure must be looked at, and what its form suggests."""

from __future__ import annotations

from dxkit.case.answers import is_blank
from dxkit.facts.view import Culprits, View

ANNEX = "annex_9"
DEPENDENT = ("full", "high")
REPORT, CHECK, NOT_CONCERNED = "建议上报核定", "需进一步核实", "暂不涉及"


def cii_hint(view: View) -> str | None:
    """Return what the criteria suggest: a yes on a system that business depends on is reported.

    A yes on a system of little weight, or any doubt, is to be looked into; None without a system.
    """
    systems = {row.get("system_no"): row for row in view.rows(ANNEX, "systems") if row}
    judged = [row for row in view.rows(ANNEX, "consequences") if row.get("answer")]
    if not systems or not judged:
        return None
    yes = [row for row in judged if row["answer"] == "yes"]
    heavy = [systems.get(row.get("system_no"), {}).get("dependence") in DEPENDENT for row in yes]
    if any(heavy):
        return REPORT
    return CHECK if any(row["answer"] == "unsure" for row in judged) else NOT_CONCERNED


def cii_form_missing(view: View) -> Culprits:
    """Name where industrial control systems are reported while annex 9 was not begun."""
    if any(not is_blank(value) for value in view.annex(ANNEX).values()):
        return ()
    kinds = [kind for kind in view.value("annex_3", "ics_types") or [] if kind != "none"]
    label_of = view.field("annex_3", "ics_types").label_of
    found = [f"附件3：{'、'.join(map(label_of, kinds))}"] if kinds else []
    return (*found, *(["附件6：有工业控制系统"] if view.case.found.get("has_ics") is True else []))
