"""Somebody who fills in a form with the keyboard alone, from what a finished case holds.

The typist presses Tab, looks where the focus went, and types what belongs there. Nothing is
clicked and nothing is set by a script.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page

from dxkit.case.answers import read_answer
from dxkit.models.annex import Annex, Field, FieldType
from tests.browser.sittings import definitions

WHERE = """() => {
  const here = document.activeElement;
  const cell = here.closest("td");
  const row = here.closest("tr[data-row]");
  return {
    tag: here.tagName, type: here.type ?? "", words: here.textContent.trim(),
    named: here.getAttribute("aria-label") ?? "",
    path: here.closest("[data-path]")?.dataset.path ?? "",
    row: row ? [...row.parentNode.children].indexOf(row) : null,
    column: cell && row ? [...row.children].indexOf(cell) - 1 : null,
    choice: here.closest("label")?.innerText.trim() ?? "",
    folded: Boolean(here.closest(".dx-folded")),
    checked: here.checked ?? null,
    section: document.querySelector("h1")?.textContent ?? "",
  };
}"""
MOST_STEPS = 400
NAMED = {each.id: f"{each.no} {each.short_name}" for each in definitions().indicators}


class Typist:
    """Fills in the sections of one form."""

    def __init__(self, page: Page, annex: Annex, source: Mapping[str, Any]) -> None:
        self.page = page
        self.annex = annex
        self.questions = dict(annex.questions())
        self.fields = {field.key: field for field in annex.fields}
        self.source = source
        self.typed = 0
        self.opened: set[str] = set()

    def fill_section(self) -> None:
        """Go through the open section with Tab until its last button leads on, and press it."""
        begun = self.here()["section"]
        last = self.annex.sections[-1].title == begun
        for _ in range(MOST_STEPS):
            self.page.keyboard.press("Tab")
            at = self.here()
            if at["words"].startswith("下一部分"):
                self.page.keyboard.press("Enter")
                if not last:
                    self.page.wait_for_function(
                        "old => document.querySelector('h1')?.textContent !== old", arg=begun
                    )
                return
            if at["path"]:
                self.fill(at)
        raise AssertionError(f"no way on from {begun}, last at {self.here()}")

    def here(self) -> dict[str, Any]:
        """Return where the focus is."""
        found: dict[str, Any] = self.page.evaluate(WHERE)
        return found

    def fill(self, at: dict[str, Any]) -> None:
        """Type what belongs where the focus is, if anything does."""
        key = at["path"].partition(".")[2]
        field = self.fields.get(key)
        if field is not None and field.type is FieldType.TABLE:
            self.fill_table(at, field)
            return
        question = self.questions.get(key)
        if question is not None:
            self.enter(at, question, self.wanted(key, question))

    def wanted(self, key: str, question: Field) -> Any:
        """Return what the finished case holds as the main value of a question."""
        raw: Any = self.source
        for step in key.split("."):
            raw = raw.get(step) if isinstance(raw, Mapping) else None
        return read_answer(raw).onsite if question.type is not FieldType.COMPUTED else None

    def fill_table(self, at: dict[str, Any], table: Field) -> None:
        """Fill a cell, or add the next row at the button that does so."""
        rows = self.source.get(table.key) or []
        if at["words"] == "添加一行":
            begun = self.opened
            known = sum(name.startswith(f"{table.key}/") for name in begun)
            if known < len(rows):
                begun.add(f"{table.key}/{known}")
                self.page.keyboard.press("Enter")
                self.page.wait_for_function("() => document.activeElement.closest('td')")
                self.fill_table(self.here(), table)
            return
        if at["row"] is None or at["column"] is None or at["column"] >= len(table.columns):
            return
        column = table.columns[at["column"]]
        if column.registered != "content":
            self.enter(at, column, rows[at["row"]].get(column.key))

    def enter(self, at: dict[str, Any], field: Field, value: Any) -> None:
        """Put a value into the control that has the focus."""
        keyboard = self.page.keyboard
        if value is None or at["tag"] == "BUTTON":
            return
        self.typed += 1
        if at["tag"] == "SUMMARY":
            keyboard.press("Enter")
        elif at["tag"] == "SELECT":
            for _ in range(self.place(field, value) + 1):
                keyboard.press("ArrowDown")
        elif at["type"] == "radio":
            for _ in range(self.place(field, value)):
                keyboard.press("ArrowDown")
            if self.place(field, value) == 0:
                keyboard.press("Space")
        elif at["type"] == "checkbox":
            chosen = self.is_chosen(at, field, value)
            if chosen != at["checked"]:
                keyboard.press("Space")
        else:
            keyboard.insert_text("、".join(value) if isinstance(value, list) else str(value))

    @staticmethod
    def place(field: Field, value: Any) -> int:
        """Return a value's place among what is offered."""
        if field.type is FieldType.YES_NO:
            return 0 if value is True else 1
        place = field.step_of(value)
        assert place is not None, (field.key, value)
        return place

    @staticmethod
    def is_chosen(at: dict[str, Any], field: Field, value: Any) -> bool:
        """Tell whether the box that has the focus shall be ticked."""
        if field.type in (FieldType.SIGNATURE, FieldType.SEAL):
            return bool(value)
        labels = [NAMED.get(code) or field.label_of(code) for code in value]
        return any(at["choice"] == label or at["choice"].endswith(label) for label in labels)
