"""What `dxkit region --check` finds in results, and what of last time is put aside."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dxkit.definitions import load
from dxkit.region.writing import Output, write
from dxkit.synth import synthesise
from tests.region_runs import a_year_later, rewrite, run

COUNT = 8


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cases")
    synthesise(COUNT, 3, folder, load())
    return folder


@pytest.fixture
def out(cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    code, said = run(capsys, cases, "--out", tmp_path / "out", "--tables", "--jobs", 1)
    assert code == 0, said
    return tmp_path / "out"


def save_again(book: Path, change: Callable[[object], object] = lambda _: None) -> None:
    opened = load_workbook(book)
    change(opened)
    opened.save(book)


def test_a_workbook_saved_by_another_program_is_told_and_not_faulted(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_again(out / "region.xlsx")
    code, said = run(capsys, "--check", "--out", out)
    assert code == 0
    assert "region.xlsx 由别的程序另存过；逐表核对" in said


def test_a_workbook_that_was_changed_is_told_sheet_by_sheet(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_again(out / "region.xlsx", lambda book: book["24项明细"].delete_rows(7))
    code, said = run(capsys, "--check", "--out", out)
    assert code == 1
    assert "24项明细" in said
    assert f"{COUNT - 1} 行数据" in said
    (out / "region.xlsx").write_bytes(b"PK")
    code, said = run(capsys, "--check", "--out", out)
    assert code == 1
    assert "打不开" in said


def test_the_whole_workbook_of_another_run_is_not_taken_for_this_ones(
    out: Path, cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    others = shutil.copytree(cases, tmp_path / "others")
    shutil.rmtree(others / "synth-000003")
    run(capsys, others, "--out", tmp_path / "other", "--tables", "--jobs", 1)
    shutil.copy(tmp_path / "other" / "region.xlsx", out)
    code, said = run(capsys, "--check", "--out", out)
    assert code == 1
    assert "不是清单所列的那一次结果" in said


def test_a_table_that_lost_rows_says_how_many_it_has(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = out / "enterprises.csv"
    whole = file.read_bytes()
    file.write_bytes(b"\r\n".join(whole.split(b"\r\n")[:-2]) + b"\r\n")
    code, said = run(capsys, "--check", "--out", out)
    assert code == 1
    assert f"内容与生成时不同，有 {COUNT - 1} 行数据" in said
    file.write_bytes(whole.replace("虚构".encode(), "虚拟".encode()))
    code, said = run(capsys, "--check", "--out", out)
    assert code == 1
    assert "内容与生成时不同；" in said
    file.write_bytes(b"\xff\xfe\x00")
    code, said = run(capsys, "--check", "--out", out)
    assert code == 1
    assert "内容与生成时不同；" in said


def test_the_folder_to_check_may_stand_where_that_of_the_cases_does(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (out / "figures.csv").unlink()
    code, said = run(capsys, out, "--check")
    assert code == 1
    assert "文件不见了" in said
    code, said = run(capsys, out, "--check", "--out", out)
    assert code == 2
    assert "只写其中一个" in said
    assert run(capsys, out / "region.xlsx", "--check")[0] == 0
    save_again(out / "region.xlsx", lambda book: book.remove(book["覆盖"]))
    code, said = run(capsys, out / "region.xlsx", "--check")
    assert code == 1
    assert "工作表不见了" in said
    assert run(capsys, out / "figures.csv", "--check")[0] == 2


def test_what_a_run_does_not_make_anew_is_put_aside(
    cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in sorted(cases.iterdir()):
        rewrite(folder, a_year_later, tmp_path / "now" / folder.name)
    told = (tmp_path / "now", "--out", tmp_path / "out", "--tables", "--jobs", 1)
    out = tmp_path / "out"
    assert run(capsys, *told, "--last", cases)[0] == 0
    first = (out / "changes.csv").read_bytes()
    for _ in range(2):
        code, said = run(capsys, *told)
        assert code == 0
        assert not (out / "changes.csv").exists()
        assert (out / "previous" / "changes.csv").read_bytes() == first
    assert "已移入" not in said
    assert run(capsys, *told, "--last", cases)[0] == 0
    code, said = run(capsys, *told)
    assert "上次的 changes.csv 这次没有生成，已移入" in said
    assert run(capsys, out, "--check")[0] == 0


def test_what_was_made_before_and_changed_since_is_left_and_told(tmp_path: Path) -> None:
    first = {
        name: Output("表", 1, name.encode()) for name in ("a.csv", "region.docx", "region.pdf")
    }
    write(tmp_path, first)
    (tmp_path / "region.docx").write_bytes(b"changed")
    (tmp_path / "previous").mkdir()
    (tmp_path / "previous" / "region.pdf").write_bytes(b"older")
    before = write(tmp_path, {"a.csv": first["a.csv"]})
    assert (before.moved, before.changed) == (("region.pdf",), ("region.docx",))
    assert (tmp_path / "region.docx").read_bytes() == b"changed"
    assert (tmp_path / "previous" / "region.pdf").read_bytes() == b"region.pdf"
    write(tmp_path, {"a.csv": first["a.csv"], "region.pdf": first["region.pdf"]})
    assert not list(tmp_path.glob(".*"))
