"""The command line: Chinese, exact about what is wrong, and never half-done."""

from __future__ import annotations

import errno
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from dxkit import paths
from dxkit.batch import Begun, Outcome, Run, Step
from dxkit.case import create
from dxkit.cli.following import Following, end_in_json, following
from dxkit.cli.screen import show_table
from dxkit.cli.stopping import stopped_by_signals
from dxkit.definitions import load
from dxkit.errors import DxkitError, ParameterError, Problem, os_problem
from dxkit.notebook import parameters_of
from tests.command_line import call

DEFINITIONS = load()


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "parameters").mkdir()
    monkeypatch.setenv("DXKIT_HOME", str(tmp_path))
    paths.workspace.cache_clear()
    answers = {"annex_6": {"key_processes": 40, "key_processes_nc": 30}}
    create(tmp_path / "parameters" / "trial", answers, DEFINITIONS, "测试")
    yield tmp_path
    paths.workspace.cache_clear()


def test_assess_prints_24_results_with_bounds(workspace: Path, capsys) -> None:
    code, out, _ = call(capsys, "assess", "trial", "--json")
    plain = json.loads(out)
    assert code == 0
    assert plain["case"] == "trial"
    assert [each["no"] for each in plain["indicators"]] == list(range(1, 25))
    first = plain["indicators"][0]
    assert (first["state"], first["value"], first["low"], first["high"]) == (
        "known",
        0.75,
        0.75,
        0.75,
    )
    other = plain["indicators"][10]
    assert (other["state"], other["value"], other["low"], other["high"]) == ("unknown", None, 0, 1)
    assert other["reason"]


def test_help_is_chinese_throughout(capsys) -> None:
    for command in ([], ["batch"], ["assess"], ["check"], ["new"], ["export"], ["synth"], ["list"]):
        code, out, _ = call(capsys, *command, "--help")
        assert code == 0
        for english in ("Usage", "Options", "Commands", "Show this", "Arguments"):
            assert english not in out, command


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["asess"], "assess"),
        (["assess"], "缺少"),
        (["assess", "nobody"], "没有这个企业"),
        (["batch", "--jobs", "0"], "不小于 1"),
        (["batch", "--formats", "odt"], "html、docx、pdf"),
        (["batch", "nowhere"], "没有这个文件夹"),
        (["batch", "--timeout", "0"], "不小于 1"),
        (["batch", "--out", "parameters"], "企业的填写内容"),
        (["batch", "--out", "parameters/trial/out"], "企业的填写内容"),
        (["batch", "--out", "parameters/trial/case.yaml/out"], "企业的填写内容"),
        (["batch", "--out", "file"], "同名的文件"),
        (["batch", "--out", "file/out"], "不是文件夹"),
        (["export", "nowhere.ipynb"], "nowhere.ipynb：发现：没有这个文件"),
        (["export", "parameters"], "是文件夹"),
        (["list", "things"], "indicators"),
        (["synth", "x", "--out", "y"], "整数"),
        (["assess", "trial", "more"], "more"),
        (["--nope"], "--nope"),
    ],
)
def test_a_wrong_call_is_told_in_chinese_with_exit_2(
    workspace: Path, capsys, monkeypatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(workspace)
    (workspace / "file").touch()
    code, _, err = call(capsys, *arguments)
    assert code == 2
    assert said in err
    assert "Error" not in err
    assert "Errno" not in err
    assert "Traceback" not in err
    assert sorted(each.name for each in workspace.iterdir()) == ["file", "parameters"]


BAD = {
    "broken YAML": (b"annex_6: [1, 2\n", "YAML"),
    "a duplicate key": (b"annex_6: {equipment: 1, equipment: 2}\n", "重复"),
    "an unknown field": (b"annex_6: {equipmnt: 1}\n", "没有这个字段"),
    "an unknown annex": (b"annex_66: {equipment: 1}\n", "没有这张表"),
    "a wrong type": (b"annex_6: {equipment: many}\n", "整数"),
    "a part above its whole": (b"annex_6: {equipment: 4, equipment_digital: 5}\n", "大于"),
    "a negative count": (b"annex_6: {equipment: -4}\n", "不小于 0"),
    "an unknown choice": (b"annex_6: {data_upward: E}\n", "A（"),
    "a date that is none": (b"annex_3: {founded_on: 2026-02-30}\n", "日期"),
    "binary junk": (bytes(range(256)) * 40, "UTF-8"),
    "five thousand digits": (b"annex_6: {equipment: " + b"9" * 5000 + b"}\n", "能够表示的数"),
    "an endless number": (b"annex_6: {online_sales: 1.0e400}\n", "能够表示的数"),
    "a list where one code belongs": (b"annex_3: {league: [1]}\n", "150100"),
    "absurd nesting": (b"[" * 1_000_000, "嵌套"),
    "a compact date": (b"annex_3: {founded_on: '20260310'}\n", "日期"),
    "a foreign format": (b"format: 99\nannex_6: {equipment: 1}\n", "整数 1"),
    "not a mapping": (b"- 1\n- 2\n", "不是一份填写记录"),
    "an alias": (b"annex_6: &a {equipment: 1}\nannex_3: *a\n", "引用"),
    "code instead of data": (b"annex_6: !!python/object/apply:os.system [id]\n", "标签"),
    "a mark where none is allowed": (
        "annex_6: {equipment: {not_applicable: 没有}}\n".encode(),
        "不允许",
    ),
    "a file outside the folder": (
        b"annex_7: {evidence: [{title: x, file: ../../etc/passwd}]}\n",
        "相对路径",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_case_is_refused_with_file_and_key_and_nothing_is_written(
    workspace: Path, capsys, name: str
) -> None:
    content, said = BAD[name]
    folder = workspace / "parameters" / "bad"
    folder.mkdir()
    (folder / "case.yaml").write_bytes(content)
    code, out, err = call(capsys, "assess", "bad")
    assert code == 2
    assert said in err
    assert "case.yaml" in err
    assert "Traceback" not in err
    assert out == ""
    assert [path.name for path in folder.iterdir()] == ["case.yaml"]
    assert not (workspace / "outputs").exists()


def test_a_file_of_100_mb_is_refused_without_being_read(workspace: Path, capsys) -> None:
    folder = workspace / "parameters" / "huge"
    folder.mkdir()
    with (folder / "case.yaml").open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    code, _, err = call(capsys, "assess", "huge")
    assert code == 2
    assert "100 MB" in err


def test_every_problem_of_a_case_comes_at_once_with_its_line(workspace: Path, capsys) -> None:
    folder = workspace / "parameters" / "bad"
    folder.mkdir()
    text = "annex_6:\n  equipment: -1\n  data_upward: Z\n  nonsense: 1\n"
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    code, _, err = call(capsys, "assess", "bad")
    assert code == 2
    assert len(err.strip().splitlines()) == 3
    assert "第 2 行" in err
    assert "第 3 行" in err


def test_new_sets_up_a_case_and_doubts_a_wrong_credit_code(workspace: Path, capsys) -> None:
    wrong = "91150100MA0000000X"
    code, _, err = call(capsys, "new", "neu", "--enterprise", "某示例企业", "--uscc", wrong)
    assert code == 0
    assert "校验位" in err
    assert (workspace / "parameters" / "neu" / "case.yaml").is_file()
    code, _, err = call(capsys, "new", "neu")
    assert code == 2
    assert "已经存在" in err
    code, _, err = call(capsys, "new", "../out")
    assert code == 2
    assert not (workspace / "out").exists()


def test_check_proves_the_set_and_runs_the_worked_cases(capsys) -> None:
    code, out, _ = call(capsys, "check")
    assert code == 0
    assert "24 项指标" in out
    assert "0 个不符" in out


def test_list_shows_all_24_with_what_they_rest_on(capsys) -> None:
    code, out, _ = call(capsys, "list", "indicators")
    assert code == 0
    assert all(each.id in out for each in DEFINITIONS.indicators)
    assert "本工具设定" in out


def test_help_loads_neither_pandas_nor_matplotlib() -> None:
    probe = (
        "import sys; from dxkit.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'pandas', 'matplotlib', 'nbconvert', 'papermill', 'numpy', 'pydantic', 'yaml'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert done.stderr.strip() == "[]"


CELL = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "source": "1"}
NOTEBOOK = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}
NO_REPORT = {
    "a list": (b"[]", "不符合笔记本格式"),
    "a number": (b"5", "不符合笔记本格式"),
    "a version to come": (b'{"nbformat": 99, "cells": []}', "版本不认识"),
    "an empty file": (b"", "不是 JSON"),
    "junk": (bytes(range(256)), "UTF-8"),
    "endless nesting": (b"[" * 100_000, "不符合笔记本格式"),
    "a cell without its parts": (
        json.dumps({**NOTEBOOK, "cells": [{"cell_type": "code"}]}).encode(),
        "不符合笔记本格式",
    ),
    "a notebook never run": (
        json.dumps({**NOTEBOOK, "cells": [{**CELL, "execution_count": None}]}).encode(),
        "没有运行过",
    ),
}


@pytest.mark.parametrize("name", NO_REPORT)
def test_export_refuses_what_is_no_executed_notebook(tmp_path: Path, capsys, name: str) -> None:
    content, said = NO_REPORT[name]
    path = tmp_path / "x.ipynb"
    path.write_bytes(content)
    code, _, err = call(capsys, "export", str(path), "--formats", "html")
    assert code == 2
    assert err.startswith(f"{path}：")
    assert said in err
    assert len(err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("source", "declared"),
    [
        ('case = "x"', {"case": "x"}),
        ('case: str = "x"  # the id', {"case": "x"}),
        ("# only words\ncase: str", {}),
    ],
)
def test_a_parameters_cell_declares_names_with_plain_values(
    source: str, declared: dict[str, object]
) -> None:
    assert parameters_of(with_parameters(source)) == declared


@pytest.mark.parametrize(
    ("source", "said"),
    [("case = input()", "input()"), ('a = 1\ncase = "x', "第 2 行"), ("case = other", "other")],
)
def test_a_parameters_cell_that_must_be_run_is_refused_in_chinese(source: str, said: str) -> None:
    with pytest.raises(ParameterError, match="参数单元") as refused:
        parameters_of(with_parameters(source))
    assert said in str(refused.value)


def with_parameters(source: str) -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": ["parameters"]})
    return nbformat.v4.new_notebook(cells=[cell])


def test_a_problem_says_what_is_known_and_no_more() -> None:
    assert str(DxkitError("内核意外终止")) == "内核意外终止"
    assert str(Problem("a", "b")) == "a 的“b”"
    assert str(Problem("a", found="c")) == "a：发现：c"
    assert str(Problem("a", expected="d")) == "a：应为：d"
    assert str(Problem("a", "b", "c", "d")) == "a 的“b”：发现：c；应为：d"


@pytest.mark.parametrize(
    ("exc", "said"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "a.yaml"), "a.yaml：发现：没有权限"),
        (OSError(errno.ENOSPC, "No space left on device", Path("a")), "a：发现：磁盘已满"),
        (OSError(errno.EROFS, "Read-only file system", b"a"), "a：发现：所在磁盘只读"),
        (OSError(errno.EXDEV, "Cross-device", "a", None, "b"), "b：发现：不在同一个磁盘上"),
        (OSError(99_999, "Something new", "a"), "a：发现：系统错误，编号 99999"),
        (OSError(errno.EIO, "Input/output error"), "读写文件：发现：磁盘读写出错"),
    ],
)
def test_what_the_system_refuses_is_said_in_chinese_with_its_path(exc: OSError, said: str) -> None:
    assert str(os_problem(exc)).startswith(said)


def test_what_the_system_refuses_ends_a_command_with_exit_2(
    workspace: Path, capsys, monkeypatch
) -> None:
    def refuse(_self: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "outputs")

    monkeypatch.setattr(Path, "is_dir", refuse)
    code, _, err = call(capsys, "check", str(workspace))
    assert (code, err) == (2, "outputs：发现：磁盘已满；应为：有空余空间的位置\n")


def test_a_table_shows_brackets_and_colons_as_they_are(capsys) -> None:
    show_table(["[键]"], [["[red]甲[/red] :smile: \\["]], "[题]")
    out = capsys.readouterr().out
    assert "[red]甲[/red] :smile: \\[" in out
    assert "[键]" in out
    assert "[题]" in out


def test_list_cases_names_the_others_beside_a_broken_one(workspace: Path, capsys) -> None:
    for name, content in {"bad": b"annex_3: [1\n", "odd": b"annex_3: [1]\n"}.items():
        (workspace / "parameters" / name).mkdir()
        (workspace / "parameters" / name / "case.yaml").write_bytes(content)
    code, out, _ = call(capsys, "list", "cases")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()[3:6]] == ["bad", "odd", "trial"]
    assert "读不出" in out


OUTCOMES = [Outcome("a", "甲", "ok", 11.23), Outcome("b", "乙", "failed", 0.5)]


def test_a_batch_tells_of_every_case_in_a_line_where_there_is_no_terminal(capsys) -> None:
    with following(Following()) as tell:
        for told in (Begun(2, 3), *OUTCOMES):
            tell(told)
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        "3 家没有变化，不必重新生成；要生成 2 家",
        "[1/2] a 完成 11.2 秒，尚需约 0 秒",
        "[2/2] b 出错 0.5 秒",
    ]
    assert said.out == ""


def test_a_batch_tells_a_program_of_every_event_in_a_line_of_json(capsys) -> None:
    with following(Following(as_json=True)) as tell:
        for told in (Begun(2, 3), Step("a", 1, 9, "排成 PDF"), *OUTCOMES):
            tell(told)
    said = capsys.readouterr()
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert lines[0] == {"event": "begun", "making": 2, "standing": 3}
    assert [(each["event"], each["case"], each["status"]) for each in lines[1:]] == [
        ("case", "a", "ok"),
        ("case", "b", "failed"),
    ]
    assert said.err == ""
    end = json.loads(end_in_json(Run(Path("out"), tuple(OUTCOMES))))
    assert end == {"event": "end", "counts": {"ok": 1, "failed": 1}, "out": "out"}


@pytest.mark.parametrize("quiet", [False, True])
def test_a_batch_on_a_terminal_shows_one_moving_line(monkeypatch, quiet: bool) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with following(Following(quiet)) as tell:
        for told in (Begun(4, 0), *OUTCOMES):
            tell(told)
    shown = screen.getvalue()
    assert ("完成 1 家，出错 1 家" in shown) != quiet
    assert ("2/4" in shown) != quiet
    assert ("尚需" in shown) != quiet
    assert "[1/4]" not in shown


@pytest.mark.skipif(os.name == "nt", reason="SIGHUP is POSIX")
def test_a_lost_terminal_stops_a_command_unless_it_was_started_to_outlive_it() -> None:
    before = signal.getsignal(signal.SIGHUP)
    with pytest.raises(KeyboardInterrupt), stopped_by_signals():
        signal.raise_signal(signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is before
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stopped_by_signals():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
