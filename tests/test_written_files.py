"""What commands write: never over a file or into a case, all of it or nothing, and so recorded."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dxkit import paths
from dxkit.case import open_case
from dxkit.forms import sending
from tests.command_line import call

PARAMETERS = Path(__file__).parent.parent / "parameters"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    shutil.copytree(PARAMETERS / "demo-empty", tmp_path / "parameters" / "demo-empty")
    monkeypatch.setenv("DXKIT_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    paths.workspace.cache_clear()
    yield tmp_path
    paths.workspace.cache_clear()


def exports() -> list[dict[str, object]]:
    return open_case("demo-empty").annex("engagement").get("exports") or []


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


WRITING = {
    "csv": ["filing", "demo-empty"],
    "xlsx": ["form", "xlsform", "demo-empty"],
    "docx": ["form", "export", "demo-empty", "--annex", "3", "--format", "docx"],
}


@pytest.mark.parametrize("kind", WRITING)
def test_no_command_writes_over_a_file_or_into_a_case_or_under_another_ending(
    home: Path, capsys, kind: str
) -> None:
    case = home / "parameters" / "demo-empty"
    before = contents(case)
    (home / f"mine.{kind}").write_text("mine", encoding="utf-8")
    for place, said in (
        (case / "case.yaml", f"以 .{kind} 结尾"),
        (case / f"new.{kind}", "企业文件夹之内"),
        (home / f"mine.{kind}", "已经存在"),
        (home / "noend", f"以 .{kind} 结尾"),
    ):
        code, _, err = call(capsys, *WRITING[kind], "--out", str(place))
        assert code == 2 and said in err and str(place) in err
    assert contents(case) == before
    assert exports() == []
    code, *_ = call(capsys, *WRITING[kind], "--out", str(home / f"mine.{kind}"), "--force")
    assert code == 0
    assert (home / f"mine.{kind}").read_bytes() != b"mine"


def test_an_export_that_cannot_be_written_is_not_on_record(home: Path, capsys) -> None:
    (home / "file.docx").touch()
    wish = ["form", "export", "demo-empty", "--annex", "all", "--format", "docx", "--out"]
    for place in ("file.docx", "new.docx", "file.docx/below"):
        code, _, err = call(capsys, *wish, place)
        assert code == 2 and place in err
    assert exports() == []


def test_a_full_disk_leaves_no_form_and_no_record_of_one(home: Path, capsys, monkeypatch) -> None:
    made, real = [], sending.tempfile.mkstemp

    def mkstemp(*arguments: object) -> object:
        if len(made) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        made.append(1)
        return real(*arguments)

    monkeypatch.setattr(sending.tempfile, "mkstemp", mkstemp)
    wish = ["form", "export", "demo-empty", "--annex", "all", "--format", "xlsx", "--out", "forms"]
    code, out, err = call(capsys, *wish)
    assert code == 2 and "磁盘已满" in err and "forms/annex_" in err
    assert out == "" and list((home / "forms").iterdir()) == []
    assert exports() == []


def test_all_forms_are_on_record_and_the_restricted_one_is_said_to_be_left_out(
    home: Path, capsys
) -> None:
    wish = ["form", "export", "demo-empty", "--annex", "all", "--format", "xlsx", "--out", "forms"]
    code, out, err = call(capsys, *wish)
    assert code == 0 and "没有导出" in err and "附件9" in err
    assert len(out.splitlines()) == len(exports()) == len(list((home / "forms").iterdir()))
