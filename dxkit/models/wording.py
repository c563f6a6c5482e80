"""Words of a rule that name a policy, `{policy.members_min}`, and what is read in their place."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dxkit.models.lifecycle import Policy

_NAMED = re.compile(r"\{policy\.([a-z][a-z0-9_]*)\}")


def policies_in(text: str) -> list[str]:
    """Return the policies that a text names."""
    return _NAMED.findall(text)


def worded(text: str, policies: Mapping[str, Policy]) -> str:
    """Return a text with the value and unit of each policy that it names, such as 3人."""
    return _NAMED.sub(lambda found: _told(policies[found[1]]), text)


def _told(policy: Policy) -> str:
    value = policy.value
    shown = ("是" if value else "否") if isinstance(value, bool) else f"{value:g}"
    return f"{shown}{policy.unit}"
