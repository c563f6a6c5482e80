"""What `dxkit status` says can be done, `dxkit advance` does; what it says is missing, refuses."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import pytest

from dxkit import strict_yaml
from dxkit.case import Case, Change, journal, open_case, writing
from dxkit.case.answers import is_blank
from dxkit.case.storage import HEADER
from dxkit.cli.standing import show_standing
from dxkit.definitions import Definitions, load
from dxkit.errors import BlockedError, DxkitError, Problem
from dxkit.lifecycle import Asked, Standing, advance, as_plain, standing
from dxkit.lifecycle.steps import Step
from tests.test_demos import PARAMETERS
from tests.test_lifecycle import DEFINITIONS, TODAY, asked, folder, go, report, to_draft

__all__ = ["folder"]

DEMOS = {"demo-copper": "郑虚构", "demo-machinery": "曹虚构", "demo-dairy": "邓虚构"}
"""The demos with a course, each with the leader of its group."""


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return load()


def moments(name: str) -> list[int]:
    """Return the journal entries of a demo before each of its steps, and where it stands now."""
    entries = journal.read(PARAMETERS / name)
    stepping = [
        entry.n - 1
        for entry in entries
        if any(change["path"].startswith("engagement.history") for change in entry.changes)
    ]
    return [*stepping, entries[-1].n]


def case_then(name: str, position: int, parent: Path) -> Path:
    """Lay out a demo as it was after an entry of its journal, with the files it has now."""
    source, folder = PARAMETERS / name, parent / name
    own = {"case.yaml", journal.NAME, ".lock", "submissions"}
    shutil.copytree(source, folder, copy_function=os.link, ignore=lambda _, names: own & set(names))
    if (apart := source / "restricted").is_dir():
        for each in (apart / "case.yaml", apart / journal.NAME):
            shutil.copy(each, folder / "restricted" / each.name)
    lines = (source / journal.NAME).read_bytes().splitlines(keepends=True)[:position]
    (folder / journal.NAME).write_bytes(b"".join(lines))
    held = strict_yaml.dump(journal.replay(journal.read(folder)), HEADER)
    (folder / "case.yaml").write_text(held, encoding="utf-8")
    return folder


def gaps(case: Case, chosen: random.Random, count: int) -> Iterator[Change]:
    """Yield changes that empty some of what a case holds, its course and its names aside."""
    paths = [
        f"{annex}.{key}"
        for annex, answers in case.data.items()
        if annex in case.definitions.annexes and annex != "engagement"
        for key, value in answers.items()
        if not is_blank(value)
    ]
    yield from (Change(path, None) for path in chosen.sample(paths, min(count, len(paths))))


def told(stands: Standing) -> dict[str, tuple[bool, set[str]]]:
    """Return what status tells programs of each step: whether it is open, and why not."""
    plain = as_plain(stands)
    return {
        step["step"]: (
            step["open"],
            {
                *plain["faults"],
                *(each["found"] for each in step["obstacles"]),
                *step["awaits"],
                *("；".join(each["reasons"]) for each in step["blockers"]),
            },
        )
        for step in plain["ahead"]
    }


def refused_for(problems: tuple[Problem, ...], step: Step) -> set[str]:
    """Return why a step was refused, a missing milestone by its number."""
    awaited = {each.id for each in step.awaited}
    return {each.key if each.key in awaited else each.found for each in problems}


def disagreements(folder: Path, who: str, today: date, definitions: Definitions) -> Iterator[str]:
    """Yield every step of which status says otherwise than advancing finds."""
    case = open_case(folder, definitions)
    stands, asked = standing(case, today), Asked(who, "说明", {}, datetime.combine(today, time(23)))
    report = folder.parent / "report.docx"
    report.write_text("报告", encoding="utf-8")
    for step in stands.ahead:
        name, copy = step.transition.id, folder.parent / "copy" / folder.name
        shutil.rmtree(copy.parent, ignore_errors=True)
        shutil.copytree(folder, copy, copy_function=os.link)
        for store in (copy, copy / "restricted"):
            for own in ("case.yaml", journal.NAME):
                if (store / own).is_file():
                    content = (store / own).read_bytes()
                    (store / own).unlink()
                    (store / own).write_bytes(content)
        is_open, reasons = told(stands)[name]
        try:
            files = [report] if step.transition.issues else []
            after = advance(copy, name, asked, files, definitions=definitions).case
        except BlockedError as exc:
            if is_open or reasons != refused_for(exc.problems, step):
                yield f"{folder.name} {name}：status {is_open} {reasons}，advance {exc}"
        except DxkitError as exc:
            yield f"{folder.name} {name}：status {is_open}，advance {exc}"
        else:
            if not is_open:
                yield f"{folder.name} {name}：status {reasons}，advance 办理了"
            if faults := standing(after, today).faults:
                yield f"{folder.name} {name}：办理之后 {faults}"


@pytest.mark.parametrize("name", DEMOS)
def test_whatever_status_says_of_a_step_advance_does(
    name: str, tmp_path: Path, definitions: Definitions
) -> None:
    found = []
    for position in moments(name):
        folder = case_then(name, position, tmp_path / str(position))
        today = date.fromisoformat(journal.read(folder)[-1].at[:10])
        today = max(today, date(2026, 11, 23)) if position % 2 else today
        found += disagreements(folder, DEMOS[name], today, definitions)
    assert found == []


@pytest.mark.parametrize("name", DEMOS)
def test_of_half_filled_cases_too(name: str, tmp_path: Path, definitions: Definitions) -> None:
    chosen, found = random.Random(11), []
    for position in moments(name):
        folder = case_then(name, position, tmp_path / str(position))
        case = open_case(folder, definitions)
        try:
            with writing(folder, "测试", definitions) as writer:
                writer.apply(list(gaps(case, chosen, position % 5 + 1)))
        except DxkitError:
            continue  # closed forms are not emptied; the case stands as the test above sees it
        found += disagreements(folder, DEMOS[name], date(2026, 11, 30), definitions)
    assert found == []


def shown(case: Case, today: date, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what `dxkit status` prints, without the ends of its lines."""
    show_standing(standing(case, today))
    return "".join(capsys.readouterr().out.split())


def write(folder: Path, path: str, value: object) -> Case:
    with writing(folder, "测试", DEFINITIONS) as writer:
        return writer.set(path, value)


def refusal(folder: Path, step: str, files: list[Path] | None = None) -> str:
    with pytest.raises(BlockedError) as refused:
        advance(folder, step, asked("说明"), files or [], definitions=DEFINITIONS)
    (problem,) = refused.value.problems
    return problem.found


def test_status_sees_what_changed_since_the_freeze(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to_draft(folder)
    case = write(folder, "annex_6.equipment", 12)
    said = shown(case, TODAY, capsys)
    found = refusal(folder, "T13", report(folder))
    assert found == "冻结之后又有改动：生产设备总数"
    assert f"✗{found}；先重新冻结取值（dxkitadvance--toT12），再发布报告" in said
    assert "还有1项未满足，不能办理" in said and "。可以办理" not in said
    assert "可以办理。" in shown(go(folder, "T12"), TODAY, capsys)


def test_status_sees_that_a_correction_corrects_nothing_yet(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to_draft(folder)
    case = go(folder, "T13", "T22", files=report(folder))
    said, found = shown(case, TODAY, capsys), refusal(folder, "T13", report(folder, "更正"))
    assert found == "与已经发布的 V1.0 没有不同" and "".join(found.split()) in said
    assert "可以办理。" not in said
    assert "可以办理。" in shown(write(folder, "annex_4.risk_note", "更正"), TODAY, capsys)


def test_a_step_before_the_last_one_is_refused_by_both(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = go(folder, "T01")
    said = shown(case, date(2026, 9, 9), capsys)
    assert "✗今天是2026年9月9日，上一步办理于2026年9月10日；先核对计算机的日期" in said
    early = Asked("赵亮", "", {}, datetime(2026, 9, 9, 23, 0))
    before = (folder / "case.yaml").read_bytes()
    with pytest.raises(BlockedError, match="先核对计算机的日期"):
        advance(folder, "T02", early, definitions=DEFINITIONS)
    assert (folder / "case.yaml").read_bytes() == before


def test_a_damaged_course_is_open_for_nobody(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    go(folder, "T01")
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    (folder / "case.yaml").write_text(text.replace("state: draft", "state: team"), encoding="utf-8")
    case = open_case(folder, DEFINITIONS)
    said = shown(case, TODAY, capsys)
    assert "可以办理" not in said
    assert [each["open"] for each in as_plain(standing(case, TODAY))["ahead"]] == [False]
    with pytest.raises(BlockedError, match="“立项建档”不会到“组建工作组”"):
        advance(folder, "T03", asked("说明"), definitions=DEFINITIONS)


def test_how_to_go_on_is_said_where_a_case_is_suspended(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    go(folder, "T01")
    said = shown(go(folder, "T20a", reason="停产"), TODAY, capsys)
    assert "可以办理（用--resume写明要恢复）" in said
