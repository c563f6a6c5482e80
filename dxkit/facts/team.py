"""The working group: who belongs to it, who leads it, who promised secrecy and when."""

from __future__ import annotations

from datetime import date

from dxkit.facts.calendar import day_of
from dxkit.facts.view import Culprits, Row, View, named, same_name, tight
from dxkit.facts.visits import onsite_begun_on


def members(view: View) -> list[Row]:
    """Return the members that have a name."""
    return [row for row in view.rows("annex_4", "members") if row.get("name")]


def team_size(view: View) -> int:
    """Count the members; somebody who is listed twice is one."""
    return _people(members(view))


def team_size_onsite(view: View) -> int:
    """Count the members who come to the enterprise."""
    return _people([row for row in members(view) if row.get("onsite")])


def team_members(view: View) -> str | None:
    """Return the members in order with what they are: 郑虚构（组长）、……."""
    roles = view.field("annex_4", "members", "role")
    told = [
        f"{row['name']}（{roles.label_of(row['role'])}）" if row.get("role") else str(row["name"])
        for row in members(view)
    ]
    return "、".join(told) or None


def leader_name(view: View) -> str | None:
    """Return the leader's name; None while there is none or more than one."""
    leaders = [str(row["name"]) for row in members(view) if row.get("role") == "leader"]
    return leaders[0] if len(leaders) == 1 else None


def members_without_experience(view: View) -> Culprits:
    """Name the members with neither years nor cases of digitalisation work."""
    listed = members(view)
    plain = [str(r["name"]) for r in listed if not r.get("exp_years") and not r.get("experience")]
    return tuple(plain) if listed else None


def institution_promise_faults(view: View) -> Culprits:
    """Name what the promises of the institution lack, unless one of them lacks nothing."""
    rows = view.completed_rows("aux_1", "institution_commitments")
    faults = [(row, _lacks(view, row)) for row in rows]
    if any(not lacking for _, lacking in faults):
        return ()
    told = (f"{named(row, 'commitment_no', 'party')}：{'、'.join(each)}" for row, each in faults)
    return tuple(told) or ("没有登记机构保密承诺书",)


def _lacks(view: View, row: Row) -> list[str]:
    ours = view.value("annex_4", "service_org_name")
    party, signed_on = row.get("party"), row.get("signed_on")
    checks = {
        "未签字": row.get("signed"),
        "未盖章": row.get("sealed"),
        "未写明承诺机构": party,
        f"承诺机构不是附件4的诊断服务机构{ours}": not party or not ours or same_name(party, ours),
        "未写明签署日期": signed_on,
        "签署日期还没有到": not signed_on or view.is_over(signed_on),
    }
    return [fault for fault, holds in checks.items() if not holds]


def members_without_commitment(view: View) -> Culprits:
    """Name the members whose own promise of secrecy is not signed."""
    listed = members(view)
    promised = {tight(row.get("party")) for row in _signed_promises(view)}
    missing = (str(row["name"]) for row in listed if tight(row["name"]) not in promised)
    return tuple(missing) if listed else None


def late_commitments(view: View) -> Culprits:
    """Name the members who signed after the first day on site, without a date or ahead of it."""
    begun = day_of(onsite_begun_on(view)) or view.today
    names = {tight(row["name"]) for row in members(view)}
    return tuple(
        str(row["party"])
        for row in _signed_promises(view)
        if tight(row.get("party")) in names and _is_late(row, min(begun, view.today))
    )


def _is_late(row: Row, last: date) -> bool:
    day = day_of(row.get("signed_on"))
    return day is None or day > last


def _people(rows: list[Row]) -> int:
    return len({tight(row["name"]) for row in rows})


def _signed_promises(view: View) -> list[Row]:
    return [row for row in view.rows("aux_1", "personal_commitments") if row.get("signed")]
