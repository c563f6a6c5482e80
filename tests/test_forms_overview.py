"""The overview of the forms cannot rot: it is what the definitions say."""

from __future__ import annotations

import runpy
from pathlib import Path

from dxkit.definitions import load

DOCS = Path(__file__).resolve().parent.parent / "docs"
DEFINITIONS = load()


def test_the_committed_overview_is_the_one_the_definitions_give() -> None:
    overview = runpy.run_path(str(DOCS / "make_forms.py"))["overview"]
    committed = (DOCS / "forms.md").read_text(encoding="utf-8")
    assert committed == overview(DEFINITIONS), "请运行 uv run python docs/make_forms.py"


def test_the_overview_tells_every_form_once_with_its_clause_and_its_count() -> None:
    text = (DOCS / "forms.md").read_text(encoding="utf-8")
    for annex in DEFINITIONS.annexes.values():
        asked = sum(len(field.columns) or 1 for field in annex.fields)
        assert text.count(f"## {annex.mark} {annex.title}\n") == 1
        row = f"| [{annex.mark}](#{annex.id}) | {annex.title} | {annex.clause or '—'} | {asked} |"
        assert row in text
