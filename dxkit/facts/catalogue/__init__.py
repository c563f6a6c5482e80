"""Every fact by name, with what it is called and its unit: the one place where names are given."""

from __future__ import annotations

from collections.abc import Mapping

from dxkit.facts.catalogue.checking import CHECKING
from dxkit.facts.catalogue.closing import CLOSING
from dxkit.facts.catalogue.course import COURSE
from dxkit.facts.catalogue.fact import Fact
from dxkit.facts.catalogue.findings import FINDINGS

__all__ = ["FACTS", "Fact"]

FACTS: Mapping[str, Fact] = {**COURSE, **FINDINGS, **CLOSING, **CHECKING}
