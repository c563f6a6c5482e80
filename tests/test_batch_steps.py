"""How far a case has come: every step once, in order, under the heading it belongs to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell as code
from nbformat.v4 import new_markdown_cell as text
from nbformat.v4 import new_notebook

from dxkit.batch import Means, Outcome, Wanted, births, run
from dxkit.batch.steps import Steps
from dxkit.batch.task import Step
from dxkit.case import create
from dxkit.definitions import load


def notebook() -> Any:
    cells = [code("a"), text("# 1 概述\n\n## 1.1 背景"), code("b"), code(""), code("c"), text("x")]
    return new_notebook(cells=cells)  # type: ignore[no-untyped-call]


def test_every_cell_and_document_is_one_step_told_by_its_heading() -> None:
    told: list[Step] = []
    steps = Steps(told.append, "某企业", {"report": notebook()}, ["docx", "pdf"])
    for index in (0, 2, 4):
        steps.cell("report", index)
    for suffix in ("docx", "pdf"):
        steps.document(suffix)
    assert [(each.done, each.words) for each in told] == [
        (0, "读取案卷，启动计算"),
        (1, "生成封面和摘要"),
        (2, "生成 1.1 背景"),
        (3, "生成 1.1 背景"),
        (4, "排成 Word"),
        (5, "排成 PDF"),
    ]
    assert {(each.case, each.total) for each in told} == {("某企业", 6)}


def test_two_notebooks_are_counted_together_before_the_first_step() -> None:
    told: list[Step] = []
    both = {"report": notebook(), "archive": notebook()}
    Steps(told.append, "某企业", both, ["html"])
    assert told == [Step("某企业", 0, 1 + 2 * (3 + 1), "读取案卷，启动计算")]


@pytest.mark.slow
@pytest.mark.parametrize("wanted", [False, True])
def test_steps_are_told_where_they_are_wanted(tmp_path: Path, wanted: bool) -> None:
    create(tmp_path / "cases" / "one", {"annex_6": {"equipment": 4}}, load(), "测试")
    told: list[object] = []
    run(
        [tmp_path / "cases" / "one"],
        tmp_path / "out",
        Wanted(("html",)),
        Means(1, steps=wanted),
        told.append,
    )
    assert any(isinstance(each, Step) for each in told) is wanted
    assert isinstance(told[-1], Outcome)


def test_where_nothing_is_to_be_made_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    monkeypatch.setattr(births.zygotes, "prepare", started.append)
    births.imported_for(0)
    assert started == []
