"""Which figures of many enterprises may be told so that nobody's answer can be found; only that.

**Who attacks.** Whoever holds all packs ever released; knows of every enterprise its league, trade,
size and type (all of it is in public lists), whether it was assessed and whether it gave an answer;
and has joined with `least - 2` enterprises whose answers it knows.

**What it must not find.** The answer of any other enterprise: a yes or no must stay open as a
whole, a rate by at least a step up or down. So no sum over fewer than `least` enterprises follows
from what is told, directly, by subtraction or by any other linear combination; and a group whose
members all say yes is not told, nor one in which all but few do.

**What is told.** Per group and indicator how many answered and the simple mean (of yes or no: the
share). Both follow from sums, and are treated as if the sums were told exactly, although they are
rounded. A mean gives every enterprise the same weight, so that no large one can dominate it; pooled
ratios, which the largest plants decide, are not told, nor are quartiles, extremes, bounds or counts
of unknown answers.

**Why it is safe.** Not because attacks failed, but because for every answer there are other answers
of everybody with which the very same figures would have been told (`witnesses`). Small groups,
groups all alike, one group left over, overlapping groups, integrality and two releases are then no
separate cases. What has no proof is withheld (`withholding`): of each indicator and table groups
below a number of enterprises. Only these numbers depend on the answers, so that what is withheld
tells next to nothing; choosing group by group would tell of those that are all alike.

**What this does not promise.** An answer may still be likely: where nine of ten say yes, everyone
is thought to. Who knows this program and works out with which answers it would have withheld what
it withheld may learn more: in one table nobody found anything by trying all answers there can be,
in two crossed tables of 13 enterprises something in less than one of a hundred. Indicators are
judged one by one, not by what one implies for another. Who believes that answers never change for
the worse from year to year knows more than is assumed here. How many answered is not hidden. What
was released without the register, or by another one, is not known.
"""

from __future__ import annotations

from dxkit.protection.groups import Groups, Key, Labels, Table, groups_of
from dxkit.protection.publishing import Answers, Figure, Publication, publish
from dxkit.protection.releases import Release, one_at_a_time, read_register, record
from dxkit.protection.withholding import Rules

__all__ = [
    "Answers",
    "Figure",
    "Groups",
    "Key",
    "Labels",
    "Publication",
    "Release",
    "Rules",
    "Table",
    "groups_of",
    "one_at_a_time",
    "publish",
    "read_register",
    "record",
]
