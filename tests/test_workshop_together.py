"""Ten people in one room change the same case at once: nothing is lost, every conflict is shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page, expect

from dxkit.case import journal, open_case, open_proposals
from dxkit.case.answers import read_answer
from dxkit.definitions import load
from tests.browser.harness import chromium
from tests.browser.workshop import PATIENCE, Traffic, enter, served

pytestmark = [pytest.mark.slow, pytest.mark.minutes]
DEFINITIONS = load()
CASE = "demo-empty"
FORM = DEFINITIONS.annexes["annex_6"]
PEOPLE, CHANGES = 10, 100
HANDS = (Path(__file__).parent / "browser/hands.js").read_text(encoding="utf-8")
SECTIONS = [
    {"id": each.id, "title": each.title}
    for each in FORM.sections
    if each.id in ("organisation", "digital", "networked", "intelligent", "new_models")
]
NAME = re.compile(r"(组员\d+) \S* *填的值")


class Change(NamedTuple):
    """What somebody made of what they saw, in words that journal and page have in common."""

    who: str
    path: str
    seen: str
    value: str


class Person:
    """One browser, whose hands work inside the page while all others do the same."""

    def __init__(self, number: int, page: Page, traffic: Traffic) -> None:
        self.name, self.number, self.page, self.traffic = named(number), number, page, traffic

    def begin(self) -> None:
        told = {"number": self.number, "changes": CHANGES, "sections": SECTIONS}
        self.page.evaluate(HANDS)
        self.page.evaluate("told => { window.atWork = window.hands(told) }", told)

    def end(self) -> Counter[tuple[str, str]]:
        """Wait until the hands rest; return of which field the page said how often what."""
        return Counter(map(tuple, self.page.evaluate("() => window.atWork")))

    def outcomes(self) -> Iterator[tuple[str, Change]]:
        """Yield what became of every change: the word for it, and the change."""
        for asked, reply in self.traffic.pairs("edit"):
            assert reply is not None
            kinds = [word for word in ("saved", "conflict", "unfit", "problem") if word in reply]
            told = asked["path"], words(asked["seen"]), words(asked["raw"])
            yield kinds[0], Change(self.name, *told)


def named(number: int) -> str:
    return f"组员{number}"


def words(value: Any) -> str:
    """Return a value as page and journal both know it: typed or stored, in a list or not."""
    if value is None:
        return ""
    return "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def test_ten_browsers_with_a_hundred_changes_each_lose_nothing(tmp_path: Path) -> None:
    with served(tmp_path / "work", CASE) as serve, chromium() as browser:
        people = []
        for number in range(PEOPLE):
            link = serve.invited(named(number), "member")
            place = serve.address(CASE, place=f"#/record/annex_6/{SECTIONS[0]['id']}")
            people.append(Person(number, *enter(browser, link, place)))
        for each in people:
            each.begin()
        told = [each.end() for each in people]
        entries = journal.read(serve.case(CASE))
        waiting = {(each.who, each.path, words(each.value)) for each in open_proposals(entries)}
        whose = Counter(who for who, *_ in waiting)
        for each in people:
            badge = each.page.get_by_role("button", name=f"{len(waiting)} 处分歧")
            expect(badge).to_be_visible(timeout=PATIENCE)
            badge.click()
            shown = each.page.locator("section.dx-conflict")
            expect(shown).to_have_count(len(waiting))
            assert Counter(NAME.findall("".join(shown.all_inner_texts()))) == whose
        case = open_case(serve.case(CASE), DEFINITIONS)

    for person, said in zip(people, told, strict=True):
        came = Counter((change.path, kind) for kind, change in person.outcomes())
        saved = Counter({one: said[one] for one in said if one[1] == "saved"})
        assert saved.total() == CHANGES
        assert saved <= came
    outcomes = [each for person in people for each in person.outcomes()]
    # Others may have made a count the least or the most that another can be: then it is unfit.
    assert {kind for kind, _ in outcomes} - {"unfit"} == {"saved", "conflict"}
    made = {change for kind, change in outcomes if kind == "saved"}
    written = set(changes_in(entries))
    # What was called saved was written; nothing was written over that its author had not seen.
    assert {(each.path, each.value) for each in made - written} <= held_once(written)
    assert {each for each in written if each.who.startswith("组员")} <= made
    lost = {change for kind, change in outcomes if kind == "conflict"}
    assert {(each.who, f"{each.path}.onsite", each.value) for each in lost} == waiting
    assert list(journal.verify(serve.case(CASE))) == []
    assert journal.replay(entries) == case.data
    assert [fault for each in people for fault in each.page.faults] == []


def changes_in(entries: list[journal.Entry]) -> Iterator[Change]:
    """Yield every change of a field that the journal tells."""
    for entry in entries:
        for change in entry.changes:
            if change["path"]:
                before, after = (read_answer(change[key]).onsite for key in ("from", "to"))
                yield Change(entry.who, change["path"], words(before), words(after))


def held_once(written: set[Change]) -> set[tuple[str, str]]:
    """Return every value that a field ever had."""
    return {(each.path, each.value) for each in written}
