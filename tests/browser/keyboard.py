"""A visitor who has no mouse: walks through a section with the keys and answers what is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from dxkit.models.annex import Field

MOST_STOPS = 900
HERE = """() => {
  const el = document.activeElement;
  const control = el.matches("input, select, textarea, button, summary, a");
  const row = el.closest("tr[data-row]");
  const table = el.closest("table");
  const words = (el.labels?.[0] ?? el).innerText?.trim() ?? "";
  return {
    tag: el.tagName, type: el.type ?? "", control,
    path: el.closest("[data-path]")?.dataset.path ?? "",
    item: el.closest(".dx-item")?.dataset.path ?? "",
    name: el.getAttribute("aria-label") ?? words, words,
    place: row && table ? [...table.tBodies[0].rows].indexOf(row) : -1,
    column: row ? [...row.cells].indexOf(el.closest("td")) - 1 : -1,
    rows: el.closest(".dx-item")?.querySelectorAll("tr[data-row]").length ?? 0,
    choice: el.matches("[type=radio], [type=checkbox]")
      ? [...el.closest(".dx-choices").querySelectorAll("input")].indexOf(el) : -1,
    part: el.closest(".dx-parts") !== null, folded: el.closest("details") !== null,
    leaves: el.closest(".dx-neighbours") !== null && el.matches(".dx-main-button"),
    before: el.closest("main") === null,
  };
}"""

SAVED = "() => !document.querySelector('.dx main').innerText.includes('正在保存…')"


@dataclass
class Walk:
    """Goes from stop to stop of a page, and keeps what it wrote."""

    page: Page
    fields: Mapping[str, Field]
    answers: Callable[[str], Any]
    rows: Callable[[str], list[Mapping[str, Any]]]
    codes: Callable[[Field], list[str]]
    stops: int = 0

    def section(self) -> bool:
        """Answer a section from its heading on; go to the next, False if there is none."""
        title = self.page.locator("h1").inner_text()
        self.page.locator("h1").focus()
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            self.stops += 1
            here = self.page.evaluate(HERE)
            if here["leaves"]:
                self.page.keyboard.press("Enter")
                self.page.wait_for_function(
                    "t => document.querySelector('h1')?.innerText !== t", arg=title
                )
                return True
            if here["before"]:
                return False
            if here["control"] and here["item"] and not here["part"]:
                self._answer(here)
        raise AssertionError(f"“{title}”走了 {MOST_STOPS} 步还没有走完")

    def _answer(self, here: Mapping[str, Any]) -> None:
        field = self.fields.get(here["path"] if here["path"] in self.fields else here["item"])
        if field is None:
            return
        if field.columns and here["path"] == here["item"]:
            self._cell(here, field)
        else:
            self._control(here, field, self.answers(here["path"]))

    def _cell(self, here: Mapping[str, Any], table: Field) -> None:
        """Answer a cell of a table, or add the next row where one is wanted."""
        wanted = self.rows(here["item"])
        if here["words"] == "添加一行" and here["rows"] < len(wanted):
            self.page.keyboard.press("Enter")
            self.page.wait_for_function("() => document.activeElement.closest('tr[data-row]')")
            here = self.page.evaluate(HERE)
        if 0 <= here["column"] < len(table.columns) and here["tag"] != "BUTTON":
            column = table.columns[here["column"]]
            self._control(here, column, wanted[here["place"]].get(column.key))

    def _control(self, here: Mapping[str, Any], field: Field, value: Any) -> None:
        keys = self.page.keyboard
        if value is None or here["tag"] == "BUTTON":
            return
        codes = self.codes(field)
        if here["type"] == "radio" and here["choice"] == 0:
            keys.press("Space")
            for _ in range(codes.index(str(value))):
                keys.press("ArrowDown")
            # The answer may take the next question off the form, or bring one in.
            self.page.wait_for_function(SAVED)
        elif here["type"] == "checkbox":
            told = [str(each) for each in value] if isinstance(value, list) else [str(value)]
            if isinstance(value, bool) or codes[here["choice"]] in told:
                keys.press("Space")
        elif here["tag"] == "SELECT":
            for _ in range(codes.index(str(value)) + 1):
                keys.press("ArrowDown")
        elif here["tag"] == "SUMMARY":
            keys.press("Enter")
        elif here["tag"] in ("INPUT", "TEXTAREA"):
            keys.type("、".join(value) if isinstance(value, list) else str(value))
