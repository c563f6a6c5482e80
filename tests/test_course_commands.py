"""`dxkit status` and `dxkit advance` as a user meets them: what they print, how they end."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dxkit import paths, strict_yaml
from dxkit.case import journal, open_case, writing
from dxkit.definitions import load
from tests.definition_set import copy_to

DEMOS = paths.parameters()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a workspace with two demos whose course has not begun."""
    course = shutil.ignore_patterns("journal.jsonl", "issued")
    for name in ("demo-copper", "demo-empty"):
        shutil.copytree(DEMOS / name, tmp_path / "parameters" / name, ignore=course)
    for name in ("demo-copper", "demo-empty"):
        case = tmp_path / "parameters" / name / "case.yaml"
        data = dict(strict_yaml.read(case).data)
        data.pop("engagement", None)
        case.write_text(strict_yaml.dump(data), encoding="utf-8")
    return tmp_path


def dxkit(
    home: Path, *arguments: str, definitions: Path | None = None
) -> subprocess.CompletedProcess[str]:
    settings = {"DXKIT_HOME": str(home), "COLUMNS": "200"}
    if definitions is not None:
        settings["DXKIT_DEFINITIONS"] = str(definitions)
    return subprocess.run(
        [sys.executable, "-m", "dxkit", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, **settings},
    )


def test_a_blocked_step_lists_every_blocker_and_ends_with_two(home: Path) -> None:
    done = dxkit(home, "advance", "demo-empty", "--who", "甲")
    assert done.returncode == 2
    assert "R-01" in done.stderr and "尚未填写：附件3·是否规模以上工业企业" in done.stderr
    assert "Traceback" not in done.stderr
    assert "engagement" not in open_case(home / "parameters/demo-empty").data


def test_status_says_what_is_missing_and_what_to_do(home: Path) -> None:
    told = dxkit(home, "status", "demo-empty")
    assert told.returncode == 0
    assert "尚未立项" in told.stdout and "下一步：T01 立项建档" in told.stdout
    assert "✗" in told.stdout and "不能办理" in told.stdout
    plain = json.loads(dxkit(home, "status", "demo-empty", "--json").stdout)
    blockers = [each["rule"] for each in plain["ahead"][0]["blockers"]]
    assert "R-01" in blockers


def test_a_step_is_foreseen_then_taken(home: Path) -> None:
    foreseen = dxkit(home, "advance", "demo-copper", "--who", "甲", "--dry-run")
    assert "可以办理：T01 立项建档" in foreseen.stdout
    assert "engagement" not in open_case(home / "parameters/demo-copper").data
    taken = dxkit(home, "advance", "demo-copper", "--who", "甲")
    assert taken.stdout.strip() == "已办理：T01 立项建档，现为“立项建档”。"
    assert dxkit(home, "advance", "demo-copper", "--who", "甲", "--suspend", "停产").returncode == 0
    assert "中止" in dxkit(home, "status", "demo-copper").stdout
    assert (
        "现为“立项建档”" in dxkit(home, "advance", "demo-copper", "--who", "甲", "--resume").stdout
    )


def test_the_checklist_of_every_node_is_shown(home: Path) -> None:
    told = dxkit(home, "status", "demo-empty", "--nodes").stdout
    assert "进场前（缺 5 项）" in told and "打印：空白附件5四份" in told
    assert "✗ 辅-1保密承诺书：R-08" in told
    plain = json.loads(dxkit(home, "status", "demo-empty", "--nodes", "--json").stdout)
    assert [each["node"] for each in plain][-1] == "收尾"
    assert dxkit(home, "status", "--nodes").returncode == 2


def _standing_at(home: Path, name: str, **course: object) -> str:
    """Write a course into a case by hand and return what status says of it."""
    case = home / "parameters" / name / "case.yaml"
    data = {**strict_yaml.read(case).data, "engagement": course}
    case.write_text(strict_yaml.dump(data), encoding="utf-8")
    return dxkit(home, "status", name).stdout


def test_parallel_steps_say_what_they_lack_and_a_faulty_course_offers_none(home: Path) -> None:
    steps = [("T01", None, "draft"), ("T02", "draft", "team"), ("T03", "team", "plan")]
    steps.append(("T04", "plan", "pre"))
    history = [
        {
            "transition": step,
            **({"from_state": before} if before else {}),
            "to_state": after,
            "at": f"2026-09-0{number} 09:00",
            "who": "甲",
        }
        for number, (step, before, after) in enumerate(steps, start=1)
    ]
    told = _standing_at(home, "demo-empty", state="pre", history=history)
    assert "此外：T06 收到申请表，还有 2 项未满足" in told
    assert "✗ R-17 申请表签字盖章，承诺真实：尚未填写" in told
    assert "✗ 先完成 T05 告知书送达并取得回执" in told
    faulty = _standing_at(home, "demo-copper", state="pre", history=history[:3])
    assert "此外：T06 收到申请表" in faulty and "可以办理" not in faulty


def test_all_cases_are_listed_by_league(home: Path) -> None:
    (home / "parameters/broken").mkdir()
    (home / "parameters/broken/case.yaml").write_text("annex_3: [", encoding="utf-8")
    told = dxkit(home, "status")
    assert told.returncode == 0
    assert "共 3 家" in told.stdout and "读不出的 1 家" in told.stdout
    assert "broken 读不出" in told.stderr
    told = dxkit(home, "status", "--progress", "--json")
    assert "broken 读不出" in told.stderr
    figures = json.loads(told.stdout)
    assert sum(each["total"] for each in figures) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["advance", "demo-copper", "--who", "甲", "--to", "T02", "--suspend", "停产"],
        ["advance", "demo-copper", "--who", "甲", "--to", "T99"],
        ["advance", "demo-copper", "--who", "甲", "--correct", "姓名有误"],
        ["advance", "demo-copper", "--who", " "],
        ["advance", "demo-copper", "--who", "甲", "--suspend", ""],
        ["advance", "demo-copper", "--who", "甲", "--terminate", " "],
        ["status", "demo-copper", "--progress"],
        ["status", "no-such-case"],
        ["status", "demo-copper", "--compare", "V1.0", "V1.1"],
        ["status", "demo-copper", "--compare", "V1.0"],
        ["advance", "demo-copper", "--who", "甲", "--override", "R-01"],
        [
            "advance",
            "demo-copper",
            "--who",
            "甲",
            "--override",
            "R-01",
            "一",
            "--override",
            "R-01",
            "二",
        ],
        ["advance", "demo-copper", "--who", "甲", "--suspend", "停产", "--reason", "检修"],
        ["advance", "demo-copper", "--who", "甲", "--return", "缺页"],
        ["advance", "demo-copper", "--who", "甲", "--resume"],
    ],
)
def test_what_cannot_be_done_is_refused_in_chinese(home: Path, arguments: list[str]) -> None:
    refused = dxkit(home, *arguments)
    assert "engagement" not in open_case(home / "parameters/demo-copper").data
    assert refused.returncode == 2
    assert refused.stderr.strip() and "Traceback" not in refused.stderr
    assert "程序出错" not in refused.stderr


def test_an_empty_folder_is_no_case_that_nobody_knows(home: Path) -> None:
    (home / "empty").mkdir()
    refused = dxkit(home, "status", str(home / "empty"))
    assert refused.returncode == 2
    assert "没有企业文件夹；应为：其下每家企业一个文件夹" in refused.stderr


def test_an_option_of_two_values_says_which(home: Path) -> None:
    for arguments, values in (
        (["advance", "demo-copper", "--who", "甲", "--override", "R-01"], "规则 理由"),
        (["status", "demo-copper", "--compare", "V1.0"], "版本 版本"),
    ):
        said = dxkit(home, *arguments).stderr
        assert f"{arguments[-2]} 后面要跟 2 个值：{values}。" in said


def unguarded(folder: Path) -> Path:
    """The shipped definitions with rules that every case satisfies, to walk the course alone."""
    copy_to(folder)
    rules = [
        {
            "id": rule.id,
            "title": rule.title,
            "basis": "design",
            "standing": rule.standing,
            "requires": [
                {
                    "severity": "warn",
                    "basis": "design",
                    "needs": {"number": 1, "at_least": 1},
                    "says": "无",
                    "mend": "无",
                }
            ],
            "cases": [{"title": "甲", "passes": True}, {"title": "乙", "fails": ["warn"]}],
        }
        for rule in load().rules.values()
    ]
    shutil.rmtree(folder / "rules")
    (folder / "rules").mkdir()
    text = strict_yaml.dump({"edition": load().edition, "rules": rules})
    (folder / "rules/all.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.slow
def test_a_report_is_issued_as_files_that_stay(home: Path) -> None:
    definitions, folder = unguarded(home / "definitions"), home / "parameters/demo-copper"
    for _step in range(13):
        done = dxkit(home, "advance", "demo-copper", "--who", "甲", definitions=definitions)
        assert done.returncode == 0, done.stderr
    assert "报告 V1.0 已存入 issued" in done.stdout
    issued = folder / "issued/V1.0"
    names = {path.name for path in issued.iterdir()}
    assert names == {"report.docx", "report.html", "report.pdf", "assessment.json"}
    before = {path.name: path.read_bytes() for path in issued.iterdir()}
    assert "V1.0" in before["report.html"].decode("utf-8")
    for arguments in (["--correct", "名称有误"], ["--reason", "更正"]):
        with writing(folder, "甲", load(definitions)) as writer:
            writer.set("annex_4.risk_note", "已核对")
        done = dxkit(
            home, "advance", "demo-copper", "--who", "甲", *arguments, definitions=definitions
        )
        assert done.returncode == 0, done.stderr
    assert before == {path.name: path.read_bytes() for path in issued.iterdir()}
    assert "V1.1" in (folder / "issued/V1.1/report.html").read_text(encoding="utf-8")
    told = dxkit(
        home, "status", "demo-copper", "--compare", "V1.0", "V1.1", definitions=definitions
    )
    assert "附件4·备注与风险预案" in told.stdout and "已核对" in told.stdout
    assert "填写内容 1 处、过程记录 0 处" in told.stdout
    assert list(journal.verify(folder)) == []
