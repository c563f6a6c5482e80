"""The command line: Chinese, exact about what is wrong, and never half-done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dxkit import paths
from dxkit.case import create
from dxkit.cli import main
from dxkit.definitions import load

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


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err


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
        (["list", "things"], "indicators"),
        (["synth", "x", "--out", "y"], "整数"),
        (["assess", "trial", "more"], "more"),
        (["--nope"], "--nope"),
    ],
)
def test_a_wrong_call_is_told_in_chinese_with_exit_2(
    workspace: Path, capsys, arguments: list[str], said: str
) -> None:
    code, _, err = call(capsys, *arguments)
    assert code == 2
    assert said in err
    assert "Error" not in err
    assert "Traceback" not in err


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
