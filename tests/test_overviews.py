"""The overviews of forms and rules cannot rot: they are what the definitions say."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from dxkit.definitions import load
from dxkit.models.wording import worded

DOCS = Path(__file__).resolve().parent.parent / "docs"
DEFINITIONS = load()


@pytest.mark.parametrize("name", ["forms", "rules"])
def test_the_committed_overview_is_the_one_the_definitions_give(name: str) -> None:
    overview = runpy.run_path(str(DOCS / f"make_{name}.py"))["overview"]
    committed = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    assert committed == overview(DEFINITIONS), f"请运行 uv run python docs/make_{name}.py"


def test_every_rule_stands_in_the_overview_with_what_it_asks_and_how_hard() -> None:
    text = (DOCS / "rules.md").read_text(encoding="utf-8")
    for rule in DEFINITIONS.rules.values():
        says = worded(rule.requires[0].says, DEFINITIONS.policies)
        assert text.count(f"| {rule.id} | {says} |") == 1


def test_the_overview_tells_every_form_once_with_its_clause_and_its_count() -> None:
    text = (DOCS / "forms.md").read_text(encoding="utf-8")
    for annex in DEFINITIONS.annexes.values():
        asked = sum(len(field.columns) or 1 for field in annex.fields)
        assert text.count(f"## {annex.mark} {annex.title}\n") == 1
        row = f"| [{annex.mark}](#{annex.id}) | {annex.title} | {annex.clause or '—'} | {asked} |"
        assert row in text
