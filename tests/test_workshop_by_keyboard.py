"""Annex 6 of a new case from start to end, without a mouse, in a served workshop."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from playwright.sync_api import expect

from dxkit import paths
from dxkit.case import open_case
from dxkit.case.answers import read_answer
from dxkit.case.paths_in_data import get
from dxkit.definitions import load
from dxkit.forms.written.sameness import visible
from dxkit.models.annex import FieldType
from tests.browser.harness import chromium
from tests.browser.keyboard import Walk
from tests.browser.workshop import enter, served

pytestmark = [pytest.mark.slow, pytest.mark.minutes]
DEFINITIONS = load()
PATTERN = open_case(paths.parameters() / "demo-machinery", DEFINITIONS)
FORM = DEFINITIONS.annexes["annex_6"]
QUESTIONS = {f"annex_6.{key}": field for key, field in FORM.questions()}
TABLES = {f"annex_6.{field.key}": field for field in FORM.fields}
ROWS = 2
KNOWN, WORDS = 15, 40


def answer(path: str):
    raw = get(PATTERN.data, path)
    return read_answer(raw).value


def rows(path: str):
    return [*(get(PATTERN.data, path) or [])][:ROWS]


def codes(field) -> list[str]:
    """Return what a control of a field offers, in its order."""
    own = [choice.code for choice in field.choices]
    match field.type:
        case FieldType.YES_NO:
            return ["True", "False"]
        case FieldType.INDICATORS:
            return [*(each.id for each in DEFINITIONS.indicators), *own]
    return own


def run(serve, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "dxkit", *words],
        env={**os.environ, "DXKIT_HOME": str(serve.folder)},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return done.stdout


def same(one: Any, other: Any) -> bool:
    """Tell whether two values say the same; choices have no order."""
    if isinstance(one, list) and all(isinstance(each, str) for each in one):
        return isinstance(other, list) and sorted(one) == sorted(other)
    return one == other


def differing(data: Mapping[str, Any]) -> list[str]:
    """Return what does not hold what was typed: questions, and cells of rows."""
    found = [
        path
        for path, field in QUESTIONS.items()
        if field.type is not FieldType.TABLE
        and answer(path) is not None
        and not same(answer(path), read_answer(get(data, path)).value)
    ]
    for path, field in TABLES.items():
        if field.type is not FieldType.TABLE:
            continue
        typed, held = rows(path), get(data, path) or []
        if len(typed) != len(held):
            found.append(f"{path}: {len(held)} rows for {len(typed)}")
        found += [
            f"{path}.{n}.{column}: {row[column]!r} {there.get(column)!r}"
            for n, (row, there) in enumerate(zip(typed, held, strict=False), start=1)
            for column in row
            if not same(row[column], there.get(column))
        ]
    return found


def test_annex_6_is_filled_in_by_keyboard_from_start_to_end(tmp_path: Path) -> None:
    with served(tmp_path / "work") as serve, chromium() as browser:
        run(serve, "new", "trial", "--enterprise", "虚构试验企业")
        page, traffic = enter(browser, serve.link, serve.address("trial"))
        page.goto(serve.address("trial", place="#/record/annex_6/organisation"))
        walk = Walk(page, {**TABLES, **QUESTIONS}, answer, rows, codes)
        for section in FORM.sections:
            expect(page.locator("h1")).to_have_text(section.title, timeout=20_000)
            walk.section()
        expect(page.get_by_text("正在保存…")).to_have_count(0)
        page.wait_for_function("() => document.querySelector('.dx').innerText.includes('已保存')")
        assert page.faults == []
        replies = [reply for _, reply in (*traffic.pairs("edit"), *traffic.pairs("row"))]
        assert [each for each in replies if each is None or "saved" not in each] == []
        assert differing(open_case(serve.case("trial"), DEFINITIONS).data) == []

        page.goto(serve.address("trial", "diagnosis"))
        told = json.loads(run(serve, "assess", "trial", "--json"))["indicators"]
        assert sum(each["state"] == "known" for each in told) > KNOWN
        for each in told:
            shown = page.locator(f"#dx-result-{each['id']}")
            expect(shown).to_contain_text(each["name"])
            expect(shown).to_contain_text(each["shown"])

        page.goto(serve.address("trial"))
        page.get_by_role("button", name="导出").click()
        page.get_by_label("导出什么").select_option("annex_6")
        page.get_by_label("Word").check()
        page.get_by_role("button", name="开始导出").click()
        with page.expect_download() as told_of:
            page.get_by_role("dialog").get_by_role("button", name="下载").click()
        told_of.value.save_as(tmp_path / "annex_6.docx")
    printed = text_of(tmp_path / "annex_6.docx")
    assert len(typed_words()) > WORDS
    assert [each for each in typed_words() if plain(each) not in printed] == []


def plain(words: str) -> str:
    return "".join(words.split())


def text_of(path: Path) -> str:
    """Return every word of a Word file without blanks, which only break lines."""
    body = docx.Document(str(path)).element.body
    hyphen = qn("w:noBreakHyphen")
    words = ("-" if each.tag == hyphen else each.text for each in body.iter(qn("w:t"), hyphen))
    return plain(visible("".join(filter(None, words))).replace("\u200d", "").replace("\u2011", "-"))


def typed_words() -> set[str]:
    """Return every text that was typed: answers, and cells of rows."""
    texts = (FieldType.TEXT, FieldType.LONG_TEXT)
    found = {answer(path) for path, field in QUESTIONS.items() if field.type in texts}
    for path, table in TABLES.items():
        if table.type is FieldType.TABLE:
            keys = [column.key for column in table.columns if column.type in texts and column.paper]
            found |= {row.get(key) for row in rows(path) for key in keys}
    return {each for each in found if each}
