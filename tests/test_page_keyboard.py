"""The whole record of a new case by keyboard alone: it arrives, counts and is printed."""

from __future__ import annotations

import pytest

from dxkit.case import open_case
from dxkit.case.answers import read_answer
from dxkit.diagnosis import diagnose
from dxkit.models.annex import FieldType
from tests.browser.harness import chromium, open_page
from tests.browser.sittings import SHIPPED, definitions, new_case, sitting
from tests.browser.typist import Typist

pytestmark = pytest.mark.slow


def test_the_record_is_filled_in_from_start_to_end_by_keyboard(tmp_path):
    annex = definitions().annexes["annex_6"]
    source = two_rows_each(open_case(SHIPPED / "demo-machinery", definitions()).annex("annex_6"))
    case = new_case(tmp_path)
    session = sitting(case)
    with chromium() as browser:
        page, _wire = open_page(browser, session, hash="#/record/annex_6")
        page.wait_for_selector("h1")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # the link past the head and the contents
        typist = Typist(page, annex, source)
        for _ in annex.sections:
            typist.fill_section()
        page.wait_for_function(
            "() => document.querySelector('.dx-saved').textContent.startsWith('已保存')"
        )
        assert page.faults == []
    filled = open_case(case, definitions())
    for key, question in annex.questions():
        if question.type is FieldType.TABLE:
            continue
        wanted = as_a_set(typist.wanted(key, question))
        found = as_a_set(typist_value(filled.annex("annex_6"), key))
        assert found == wanted, key
    for table in (field for field in annex.fields if field.type is FieldType.TABLE):
        rows = filled.annex("annex_6").get(table.key) or []
        assert [*map(cells, rows)] == [*map(cells, source.get(table.key) or [])], table.key
    told = session.handle({"do": "results"})["results"]
    worked_out = diagnose(filled).results
    assert [(each["id"], each["state"]) for each in told] == [
        (each.indicator.id, each.state) for each in worked_out
    ]
    assert typist.typed > 150


def two_rows_each(answers):
    """Return the answers with no more than two rows a table: more prove nothing more."""
    return {
        key: raw[:2] if isinstance(raw, list) and raw and isinstance(raw[0], dict) else raw
        for key, raw in answers.items()
    }


def as_a_set(value):
    """Return several choices without their order, which says nothing."""
    return set(value) if isinstance(value, list) else value


def cells(row):
    return {key: as_a_set(value) for key, value in row.items()}


def typist_value(answers, key):
    raw = answers
    for step in key.split("."):
        raw = raw.get(step) if isinstance(raw, dict) else None
    return read_answer(raw).onsite
