"""Ten people in one room change the same case at once: nothing is lost, every conflict is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from dxkit.case import journal, open_case, open_proposals
from dxkit.case.answers import read_answer
from dxkit.definitions import load
from tests.browser.harness import chromium
from tests.browser.workshop import PATIENCE, Traffic, enter, served

pytestmark = pytest.mark.slow
DEFINITIONS = load()
CASE = "demo-empty"
FORM = DEFINITIONS.annexes["annex_6"]
PEOPLE, CHANGES = 10, 25
GONE = 3000
SECTIONS = ("organisation", "digital", "networked", "intelligent", "new_models")
# Each stop is a control that takes a value by one act: the place of a radio, or words to type.
CONTROLS = """() => [...document.querySelectorAll(".dx-item[data-path]")].flatMap((item) => {
  const radios = item.querySelectorAll(":scope input[type=radio]").length;
  const typed = item.querySelector("input.dx-input[inputmode=numeric]");
  if (item.querySelector("table")) return [];
  return radios ? [[item.dataset.path, radios]] : typed ? [[item.dataset.path, 0]] : [];
})"""


class Person:
    """One browser, going through the sections and changing one field after the other."""

    def __init__(self, number: int, page: Page, traffic: Traffic) -> None:
        self.number, self.page, self.traffic = number, page, traffic

    @property
    def made(self) -> int:
        """Return how many changes have left the page."""
        return len(self.traffic.pairs("edit"))

    def changes(self) -> Iterator[None]:
        """Make the changes, giving way to the others after each."""
        turn = 0
        while self.made < CHANGES:
            section = SECTIONS[turn % len(SECTIONS)]
            self.page.evaluate(f"() => {{ location.hash = '#/record/annex_6/{section}' }}")
            title = next(each.title for each in FORM.sections if each.id == section)
            expect(self.page.locator(".dx h1")).to_have_text(title, timeout=PATIENCE)
            for path, radios in self.page.evaluate(CONTROLS):
                self._change(path, radios, turn)
                yield
                if self.made >= CHANGES:
                    return
            turn += 1

    def outcomes(self) -> Iterator[tuple[str, str, str, str]]:
        """Yield what became of every change: the word for it, who, path and value."""
        for asked, reply in self.traffic.pairs("edit"):
            kinds = [word for word in ("saved", "conflict", "unfit", "problem") if word in reply]
            yield kinds[0], f"组员{self.number}", asked["path"], str(asked["raw"])

    def _change(self, path: str, radios: int, turn: int) -> None:
        """Change a field, if nobody's answer took it off the form meanwhile."""
        item = self.page.locator(f'[data-path="{path}"]').first
        with suppress(PlaywrightTimeout):
            if radios:
                choice = item.locator("input[type=radio]").nth((self.number + turn) % radios)
                choice.evaluate("radio => radio.click()", timeout=GONE)
            else:
                words = str(1000 + self.number + 10 * turn)
                item.locator("input.dx-input").first.fill(words, timeout=GONE)


def test_ten_browsers_with_a_hundred_changes_each_lose_nothing(tmp_path: Path) -> None:
    with served(tmp_path / "work", CASE) as serve, chromium() as browser:
        people = []
        for number in range(PEOPLE):
            link = serve.invited(f"组员{number}", "member")
            place = serve.address(CASE, place=f"#/record/annex_6/{SECTIONS[0]}")
            people.append(Person(number, *enter(browser, link, place)))
        running = [each.changes() for each in people]
        while running:
            running = [each for each in running if next(each, "over") is None]
        for each in people:
            expect(each.page.get_by_text("正在保存…")).to_have_count(0, timeout=PATIENCE)
        entries = journal.read(serve.case(CASE))
        waiting = {(each.who, each.path, str(each.value)) for each in open_proposals(entries)}
        for each in people:
            badge = each.page.get_by_text(f"{len(waiting)} 处分歧")
            expect(badge.first).to_be_visible(timeout=PATIENCE)
        case = open_case(serve.case(CASE), DEFINITIONS)

    outcomes = [each for person in people for each in person.outcomes()]
    assert len(outcomes) >= PEOPLE * CHANGES
    # Others may have made a count the least or the most that another can be: then it is unfit.
    assert {kind for kind, *_ in outcomes} - {"unfit"} == {"saved", "conflict"}
    saved = {(path, value) for kind, _, path, value in outcomes if kind == "saved"}
    assert saved - held_once(entries) == set()
    lost = {
        (who, f"{path}.onsite", value) for kind, who, path, value in outcomes if kind == "conflict"
    }
    assert lost == waiting
    assert list(journal.verify(serve.case(CASE))) == []
    assert journal.replay(entries) == case.data
    assert [fault for each in people for fault in each.page.faults] == []


def held_once(entries: list[journal.Entry]) -> set[tuple[str, str]]:
    """Return every value that an entry put into a field."""
    return {
        (change["path"], str(read_answer(change["to"]).onsite))
        for entry in entries
        for change in entry.changes
        if change["path"]
    }
