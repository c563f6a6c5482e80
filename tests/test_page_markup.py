"""Whatever people write shows as they wrote it: no name, answer or row becomes part of the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dxkit import paths
from dxkit.models.annex import FieldType
from tests.browser.harness import chromium, opening_pages
from tests.sittings import copied_case, sitting, workspace

pytestmark = pytest.mark.slow
MARKUP = "\"'><img src=/planted><script>document.title = '中招'</script>${alert(1)}"
TEXTS = {FieldType.TEXT.value, FieldType.LONG_TEXT.value}


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    yield copied_case(workspace(tmp_path, monkeypatch) / "parameters", "demo-machinery")
    paths.workspace.cache_clear()


def plant(case: Path) -> list[tuple[str, str]]:
    """Write markup wherever text may stand; return the sections that were gone through."""
    session = sitting(case, name=MARKUP)
    planted, sections = 0, []
    for form in session.handle({"do": "hello"})["forms"]:
        for section in form["sections"]:
            where = {"form": form["id"], "section": section["id"]}
            sections.append((form["id"], section["id"]))
            for item in session.handle({"do": "open", **where})["items"]:
                told = {"path": item["path"], "seen": item["value"]}
                if item["editable"] and item["kind"] in TEXTS:
                    planted += "saved" in session.handle({"do": "edit", "raw": MARKUP, **told})
                columns = [
                    each["key"] for each in item.get("columns") or [] if each["kind"] in TEXTS
                ]
                for key in columns[:3] if item["editable"] else ():
                    row = {"path": item["path"], "action": "add", "row": {key: MARKUP}}
                    planted += "saved" in session.handle({"do": "row", **row})
    assert planted > 60
    return sections


def test_markup_is_shown_in_every_view_and_runs_in_none(case: Path) -> None:
    sections = plant(case)
    with chromium() as browser, opening_pages(browser) as opened:
        page, _ = opened(sitting(case, name=MARKUP))
        shown = 0
        for form, section in sections:
            page.evaluate(f"location.hash = '#/record/{form}/{section}'")
            page.wait_for_selector(f'[data-path^="{form}."], .dx-section, h2')
            page.wait_for_timeout(150)
            inputs = "Array.from(document.querySelectorAll('input, textarea'), each => each.value)"
            told = page.evaluate(f"[...{inputs}, document.body.innerText].join(' ')")
            shown += MARKUP in told
        assert shown > 20
        page, _ = opened(sitting(case, name=MARKUP), view="diagnosis")
        page.wait_for_timeout(400)
        page, _ = opened(sitting(case, name=MARKUP), view="workshop")
        told = []
        for tab in page.get_by_role("tab").all():
            tab.click()
            page.wait_for_timeout(400)
            told.append(MARKUP in page.inner_text("main"))
            assert page.locator("img[src='/planted'], main script").count() == 0
        assert sum(told) >= 2
        assert page.title() == "线下诊断"
