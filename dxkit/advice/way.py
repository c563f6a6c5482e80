"""One way through the alternatives of a goal: what it raised so far and what it still has to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from dxkit.advice.goals import Blocked, Every, Need, OneOf, Raise, Reach, meets
from dxkit.advice.ground import Ground
from dxkit.advice.possible import least_part
from dxkit.models.rules import QuestionLeaf


@dataclass(frozen=True)
class Way:
    """A way as far as it went; two that raised and promised the same are the same."""

    raised: tuple[tuple[str, float], ...] = ()
    promised: tuple[QuestionLeaf, ...] = ()
    """Conditions on single choices that later choices must still meet."""
    shares: tuple[Reach, ...] = ()
    open: tuple[Need, ...] = ()
    """What can be met in several ways."""
    blocked: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Tell whether nothing is left to do."""
        return not self.open and not self.blocked

    def price(self, ground: Ground) -> tuple[int, int]:
        """Return the cost so far in yuan, and how many answers were raised."""
        return sum(ground.cost(key, value) for key, value in self.raised), len(self.raised)

    def order(self, ground: Ground) -> list[tuple[int, float]]:
        """Return what orders ways of one price: questions as printed, lower answers first."""
        places = list(ground.definitions.questions)
        return [(places.index(key), value) for key, value in self.raised]

    def value(self, key: str, ground: Ground) -> float | None:
        """Return an answer as it is on this way, None if it is unknown."""
        return dict(self.raised).get(key, ground.now(key))


def begin(ground: Ground, needs: Sequence[Need]) -> Way:
    """Return the way that has done what can be done in one way only."""
    return _pursue(Way(), needs, ground)


def branches(way: Way, ground: Ground) -> Iterator[Way]:
    """Yield the ways that take up the first open need in each way it can be met."""
    first, rest = way.open[0], replace(way, open=way.open[1:])
    if isinstance(first, OneOf):
        if any(_met(need, way, ground) for need in first.needs):
            yield rest
            return
        for need in first.needs:
            yield _pursue(rest, [need], ground)
    elif isinstance(first, Raise):
        for value in _options(first.leaf, rest, ground):
            yield _balanced(_raise(rest, first.leaf, value, ground), ground)


def _pursue(way: Way, needs: Iterable[Need], ground: Ground) -> Way:
    """Do everything that leaves no choice, and put off what does; tell all that is in the way."""
    waiting = list(needs)
    while waiting:
        need = waiting.pop(0)
        if isinstance(need, Every):
            waiting = [*need.needs, *waiting]
        elif isinstance(need, Blocked):
            way = _stopped(way, need.why)
        elif isinstance(need, OneOf):
            if need not in way.open:
                way = replace(way, open=(*way.open, need))
        elif isinstance(need, Reach):
            if need not in way.shares:
                way = replace(way, shares=(*way.shares, need))
        else:
            way = _meet(way, need, ground)
    return _balanced(way, ground)


def _stopped(way: Way, why: str) -> Way:
    return way if why in way.blocked else replace(way, blocked=(*way.blocked, why))


def _meet(way: Way, need: Raise, ground: Ground) -> Way:
    leaf = need.leaf
    now = way.value(leaf.question, ground)
    if now is not None and meets(leaf, now, ground.definitions):
        return _promise(way, leaf, ground)
    if not ground.priced(leaf.question):
        return _stopped(way, f"{ground.told(leaf.question)}：没有成本，不能计算")
    options = list(_options(leaf, way, ground))
    if not options:
        return _stopped(way, f"{ground.told(leaf.question)}：没有能同时满足的选项")
    if len(options) > 1:
        return replace(way, open=(*way.open, need))
    return _raise(way, leaf, options[0], ground)


def _options(leaf: QuestionLeaf, way: Way, ground: Ground) -> Iterator[float]:
    """Yield the answers that meet a condition and what the way promised before."""
    now = way.value(leaf.question, ground)
    if now is not None and meets(leaf, now, ground.definitions):
        yield now
        return
    kept = [each for each in way.promised if each.question == leaf.question]
    already = dict(way.raised).get(leaf.question, 0) if ground.lasting(leaf.question) else 0
    for least in ground.ways_to_meet(leaf):
        value = _added(leaf.question, least, already, ground)
        if all(meets(each, value, ground.definitions) for each in kept):
            yield value


def _added(key: str, value: float, already: float, ground: Ground) -> float:
    """Add what is named to what the way named before; of anything else the higher one holds."""
    if ground.definitions.questions[key].choices and ground.prices[key].kind == "once":
        return float(int(value) | int(already))
    return max(value, already)


def _raise(way: Way, leaf: QuestionLeaf, value: float, ground: Ground) -> Way:
    if value > ground.most(leaf.question):
        return _too_many(way, leaf.question, value, ground)
    return _promise(_set(way, leaf.question, value, ground), leaf, ground)


def _promise(way: Way, leaf: QuestionLeaf, ground: Ground) -> Way:
    if ground.lasting(leaf.question) or leaf in way.promised:
        return way
    return replace(way, promised=(*way.promised, leaf))


def _set(way: Way, key: str, value: float, ground: Ground) -> Way:
    if value == way.value(key, ground):
        return way
    raised = {**dict(way.raised), key: value}
    places = list(ground.definitions.questions)
    ordered = tuple(sorted(raised.items(), key=lambda each: places.index(each[0])))
    return replace(way, raised=ordered)


def _balanced(way: Way, ground: Ground) -> Way:
    """Raise counts until every share is reached and fits the form.

    Each only asks for more, so none rises further than it must.
    """
    before = None
    while way != before:
        before = way
        for share in way.shares:
            way = _enough(way, share, ground)
        for key, value in way.raised:
            way = _room_for(way, key, value, ground)
    return way


def _room_for(way: Way, key: str, value: float, ground: Ground) -> Way:
    """Raise what a raised count is part of, where the form would else refuse it."""
    whole = ground.definitions.questions[key].at_most
    now = None if whole is None else way.value(whole, ground)
    return (
        way if whole is None or now is None or now >= value else _count(way, whole, value, ground)
    )


def _enough(way: Way, share: Reach, ground: Ground) -> Way:
    """Make the whole no less than its part, and the part the share of the whole."""
    part, whole = way.value(share.part, ground), way.value(share.whole, ground)
    wanted = max(1.0, part or 0.0)
    if whole is None or whole < wanted:
        way = _count(way, share.whole, wanted, ground)
        whole = way.value(share.whole, ground)
    if whole is None:
        return way
    needed = least_part(share.share, whole)
    if part is None or part < needed:
        return _count(way, share.part, needed, ground)
    return way


def _count(way: Way, key: str, wanted: float, ground: Ground) -> Way:
    """Raise a count, or say why it cannot be raised so far."""
    if not ground.priced(key):
        return _stopped(way, f"{ground.told(key)}：{_why_not(way.value(key, ground))}")
    if wanted > ground.most(key):
        return _too_many(way, key, wanted, ground)
    return _set(way, key, wanted, ground)


def _why_not(now: float | None) -> str:
    if now is None:
        return "未填，比率无从计算"
    return f"为 {now:g}，小于其中的一部分，数字有争议" if now else "为 0，比率没有意义"


def _too_many(way: Way, key: str, wanted: float, ground: Ground) -> Way:
    most = ground.most(key)
    return _stopped(way, f"{ground.told(key)}：需要 {wanted:g}，最多为 {most:g}")


def _met(need: Need, way: Way, ground: Ground) -> bool:
    """Tell whether a need is met and stays so whatever is raised further."""
    if isinstance(need, Every):
        return all(_met(each, way, ground) for each in need.needs)
    if isinstance(need, OneOf):
        return any(_met(each, way, ground) for each in need.needs)
    if isinstance(need, Raise) and ground.lasting(need.leaf.question):
        now = way.value(need.leaf.question, ground)
        return now is not None and meets(need.leaf, now, ground.definitions)
    return False
