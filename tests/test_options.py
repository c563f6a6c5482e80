"""What options say is judged as options, all of it at once, and read as forms read it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from dxkit import paths
from dxkit.case import create, open_case
from dxkit.cli import main
from dxkit.definitions import load
from dxkit.evidence import photographs

DEFINITIONS = load()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("DXKIT_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    paths.workspace.cache_clear()
    create(tmp_path / "parameters" / "trial", {}, DEFINITIONS, "测试")
    yield tmp_path
    paths.workspace.cache_clear()


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, list[str]]:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err.splitlines()


def test_options_of_a_new_case_are_named_and_told_all_at_once(home: Path, capsys) -> None:
    wish = ["new", "a b", "--uscc", "123", "--league", "100", "--industry", "天", "--enterprise"]
    code, _, err = call(capsys, *wish, "厂" * 81)
    assert code == 2
    assert [line.partition("：")[0] for line in err] == [
        "--enterprise",
        "--uscc",
        "--league",
        "--industry",
        "a b",
    ]
    assert not any("case.yaml" in line or "行" in line for line in err)
    assert [each.name for each in (home / "parameters").iterdir()] == ["trial"]


def test_options_take_what_forms_take(home: Path, capsys) -> None:
    code, *_ = call(capsys, "new", "neu", "--league", "包头", "--uscc", "９１150200ma0n00001x")
    assert code == 0
    told = open_case("neu").annex("annex_3")
    assert (told["league"], told["uscc"]) == ("150200", "91150200MA0N00001X")
    (home / "n.csv").write_text("1,2", encoding="utf-8")
    wish = ["evidence", "add", "neu", "n.csv", "--annex7", "c００1", "--secrecy", "一般"]
    code, *_ = call(capsys, *wish, "--received", "2026/10/1", "--who", "甲")
    assert code == 0
    row = open_case("neu").annex("annex_7")["evidence"][0]
    assert (row["received_on"], row["secrecy"], row["item"]) == ("2026-10-01", "general", "C001")
    Image.new("RGB", (9, 9)).save(home / "p.png")
    wish = ["evidence", "add", "neu", "p.png", "--photo", "--indicator", "1", "--indicator", "3"]
    assert call(capsys, *wish, "--who", "甲")[0] == 0
    by_no = {each.no: each.id for each in DEFINITIONS.indicators}
    assert open_case("neu").annex("aux_4")["photos"][0]["indicators"] == [by_no[1], by_no[3]]
    review = ["evidence", "review", "neu", "E-C001", "--outcome", "需补正", "--finding", "缺章"]
    review += ["--provider", "丙", "--method", "核对原件", "--fix-request", "盖章", "--who", "乙"]
    code, *_ = call(capsys, *review, "--fix-due", "2026年10月9日")
    assert code == 0
    assert open_case("neu").annex("annex_7")["evidence"][0]["fix_due"] == "2026-10-09"


def test_bad_files_a_bad_material_and_bad_options_are_told_in_one_run(home: Path, capsys) -> None:
    (home / "a.exe").write_bytes(b"MZ")
    (home / "empty.pdf").touch()
    wish = ["evidence", "add", "trial", "a.exe", "empty.pdf", "none.pdf", "--annex7", "Z99"]
    wish += ["--photo", "--node", "foo", "--secrecy", "foo", "--received", "2026/13/1"]
    code, _, err = call(capsys, *wish, "--who", "甲")
    assert code == 2
    assert [line.partition("：")[0] for line in err] == [
        "--received",
        "--secrecy",
        "--node",
        "证明材料 的“Z99”",
        "a.exe",
        "empty.pdf",
        "none.pdf",
    ]
    assert not any("case.yaml" in line for line in err)


def test_each_kind_of_refused_file_is_told_what_would_do(home: Path, capsys) -> None:
    parts = {"[Content_Types].xml": "x", "word/document.xml": "x"}
    for name, more in (
        ("bomb.docx", {"word/media/a.txt": "0" * 60_000_000}),
        ("macro.docx", {"word/vbaProject.bin": "x"}),
    ):
        with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as package:
            for part, content in {**parts, **more}.items():
                package.writestr(part, content)
    Path("a.exe").write_bytes(b"MZ")
    wish = ["evidence", "add", "trial", "bomb.docx", "macro.docx", "a.exe", "--annex7", "C001"]
    code, _, err = call(capsys, *wish, "--who", "甲")
    assert code == 2
    expected = [line.partition("应为：")[2] for line in err]
    assert "200 倍" in expected[0]
    assert "不含宏" in expected[1]
    assert "截图" in expected[2]


def test_a_picture_with_too_many_points_is_told_how_many(home: Path, capsys, monkeypatch) -> None:
    Image.new("1", (3000, 2000)).save("big.png")
    monkeypatch.setattr(photographs, "MOST_PIXELS", 5_000_000)
    code, _, err = call(capsys, "evidence", "add", "trial", "big.png", "--photo", "--who", "甲")
    assert code == 2 and "6 百万" in err[0] and "5 百万" in err[0]


def test_a_wrong_choice_is_told_with_what_was_found(home: Path, capsys) -> None:
    _, _, err = call(capsys, "list", "things")
    assert "发现：things" in err[0]
    _, _, err = call(capsys, "batch", "--jobs", "0")
    assert "发现：0" in err[0]


def test_help_tells_bounds_in_chinese(capsys) -> None:
    _, out, _ = call(capsys, "batch", "--help")
    assert "x>=" not in out and "不小于 1" in out


def test_a_name_in_downloaded_files_is_not_passed_over_where_nothing_is_filled_in(
    home: Path, capsys
) -> None:
    (home / "r.csv").write_text("1", encoding="utf-8")
    (home / "q.csv").write_text("2", encoding="utf-8")
    wish = ["evidence", "self-assessment", "trial", "--report", "r.csv", "--questionnaire"]
    code, _, err = call(capsys, *wish, "q.csv", "--name", "甲厂", "--who", "甲")
    assert code == 0 and any("“甲厂”没有核对" in line for line in err)


def test_what_is_kept_apart_and_cannot_be_read_is_told_with_its_enterprise(
    home: Path, capsys
) -> None:
    store = home / "parameters" / "trial" / "restricted"
    store.mkdir()
    (store / "case.yaml").write_text("annex_9: {nope: secret}\n", encoding="utf-8")
    for wish in (["status", "trial"], ["assess", "trial"], ["status"]):
        code, _, err = call(capsys, *wish)
        assert code == 0
        assert any("trial/restricted/case.yaml" in line and "nope" in line for line in err)
        assert not any("secret" in line for line in err)


def test_a_case_of_another_edition_is_told_and_one_of_none_is_refused(home: Path, capsys) -> None:
    file = home / "parameters" / "trial" / "case.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(DEFINITIONS.edition, "2020-01"), encoding="utf-8")
    assert any("2020-01" in line for line in call(capsys, "status", "trial")[2])
    file.write_text(text.replace(DEFINITIONS.edition, "1999-01"), encoding="utf-8")
    code, _, err = call(capsys, "status", "trial")
    assert code == 2 and "edition" in err[0] and "1999-01" in err[0]


def test_cases_that_cannot_be_read_are_listed_as_such(home: Path, capsys) -> None:
    for number, text in enumerate(("- 1", "annex_3: [1]", "annex_3: {enterprise_name: [1]}")):
        folder = home / "parameters" / f"bad{number}"
        folder.mkdir()
        (folder / "case.yaml").write_text(text, encoding="utf-8")
    _, out, _ = call(capsys, "list", "cases")
    assert out.count("读不出") == 3 and out.count("未填") == 1
