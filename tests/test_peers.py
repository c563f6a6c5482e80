"""A benchmark pack from a folder of cases to the page of an enterprise, without any network."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from dxkit import paths
from dxkit.batch.basis import ground_of
from dxkit.batch.task import Wanted
from dxkit.case import open_case
from dxkit.cli import main
from dxkit.cohort.belonging import places_of
from dxkit.cohort.groups import dimension, groups_of
from dxkit.cohort.peers import find_peers
from dxkit.definitions import load
from dxkit.diagnosis import diagnose
from dxkit.models.peers import PeerPack
from dxkit.protection import one_at_a_time
from dxkit.protection.packs import name_of, read_pack, sealed, to_bytes
from dxkit.report.peers import peers, peers_if_any
from dxkit.synth import synthesise
from tests.attacker import attack, told
from tests.command_line import call

DEFINITIONS = load()
COUNT = 120


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cases")
    synthesise(COUNT, 5, folder, DEFINITIONS)
    return folder


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "parameters").mkdir()
    monkeypatch.setenv("DXKIT_HOME", str(tmp_path))
    paths.workspace.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    paths.workspace.cache_clear()


@pytest.fixture(scope="module")
def made(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PeerPack]:
    """Return a workspace with a pack made by the command, and the pack."""
    home = tmp_path_factory.mktemp("made")
    (home / "parameters").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DXKIT_HOME", str(home))
        paths.workspace.cache_clear()
        _region(cases, home)
    paths.workspace.cache_clear()
    (file,) = (home / "peers").iterdir()
    return home, read_pack(file)


def _region(cases: Path, home: Path, *more: str) -> int:
    options = ["--out", str(home / "out"), "--anonymous", str(home / "peers"), *more]
    with pytest.raises(SystemExit) as ended:
        main(["region", str(cases), *options])
    return int(ended.value.code or 0)


def test_the_command_writes_a_pack_that_names_nobody(
    made: tuple[Path, PeerPack], cases: Path
) -> None:
    home, pack = made
    (file,) = (home / "peers").iterdir()
    assert file.name == name_of(pack)
    assert sum(len(each.figures) for each in pack.indicators.values()) > 24
    text = file.read_text("utf-8")
    for folder in list(cases.iterdir())[:20]:
        case = open_case(folder)
        assert case.name not in text
        assert str(case.annex("annex_3").get("uscc")) not in text
    assert not re.search(r"20\d\d-\d\d-\d\d", text), "no date finer than the year"


def test_the_same_cases_give_the_same_pack_and_are_noted_once(
    made: tuple[Path, PeerPack], cases: Path, workspace: Path
) -> None:
    home, pack = made
    shutil.copytree(home / "releases", workspace / "releases")
    assert _region(cases, workspace) == 0
    (file,) = (workspace / "peers").iterdir()
    assert file.read_bytes() == to_bytes(pack)
    assert len(list((workspace / "releases").iterdir())) == 1


def test_while_one_pack_is_made_no_other_is_begun(
    cases: Path, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ("--out", str(workspace / "o"), "--anonymous", str(workspace / "peers"), "--tables")
    with one_at_a_time(workspace / "releases"):
        code, out, err = call(capsys, "region", str(cases), *told)
    assert code == 2
    assert "正在生成" in out + err
    assert not (workspace / "peers").exists()
    assert not (workspace / "releases").exists()


def test_too_few_enterprises_are_refused_with_the_reason(
    workspace: Path, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = workspace / "few"
    for folder in sorted(cases.iterdir())[:4]:
        shutil.copytree(folder, few / folder.name)
    code, out, err = call(
        capsys, "region", str(few), "--out", str(workspace / "o"), "--anonymous", str(workspace)
    )
    assert code == 2
    assert "推算不出单家企业的答案" in out + err
    assert not (workspace / "releases").exists()


def test_figures_are_those_of_a_recount_and_the_attacker_finds_nobody(
    made: tuple[Path, PeerPack], cases: Path
) -> None:
    _, pack = made
    diagnoses = {each.name: diagnose(open_case(each)) for each in sorted(cases.iterdir())}
    sizes = {each.code for each in DEFINITIONS.sizes.sizes}
    lists, answered, values = {}, {}, {}
    for name, one in diagnoses.items():
        found, _ = find_peers(one.case, _folder_of(made))
        assert found is not None
        lists[name] = {key: (code,) for table in _keys(one.case) for key, code in table.items()}
        assert lists[name].get("size", ("large",))[0] in sizes
    assessed = {
        name for name, one in diagnoses.items() if any(r.state != "unknown" for r in one.results)
    }
    assert pack.enterprises == len(assessed)
    for each in pack.indicators:
        values = {
            name: float(one.by_id[each].value)
            for name, one in diagnoses.items()
            if one.by_id[each].state == "known"
        }
        answered[each] = frozenset(values)
        for figure in pack.indicators[each].figures:
            by = pack.groups[figure.group].by
            inside = [
                value
                for name, value in values.items()
                if all(lists[name].get(key) == (code,) for key, code in by.items())
            ]
            assert len(inside) == figure.base
            assert abs(sum(inside) / len(inside) - figure.value) <= 0.0005 + 1e-9
    for each in list(pack.indicators)[:6]:
        what = told([(pack, lists, answered, {})], each)
        assert attack(what, each, pack.protection.least, pack.protection.step) == []


def _folder_of(made: tuple[Path, PeerPack]) -> Path:
    return made[0] / "peers"


def _keys(case: object) -> list[dict[str, str]]:
    names = {name for table in DEFINITIONS.regional.anonymous for name in table}
    places = places_of(case)  # type: ignore[arg-type]
    known = {name: groups_of(dimension(name, DEFINITIONS), DEFINITIONS) for name in names}
    return [{name: known[name][places[name]].code} for name in names if places[name] >= 0]


def test_the_page_of_an_enterprise_shows_its_groups_with_base_year_and_source(
    made: tuple[Path, PeerPack], workspace: Path, cases: Path
) -> None:
    home, pack = made
    shutil.copytree(home / "peers", workspace / "peers")
    html = peers(diagnose(open_case(next(iter(sorted(cases.iterdir())))))).html
    assert "同盟市" in html and "同行业大类" in html and "同规模" in html
    assert f"{pack.year}年同类企业对照包" in html and pack.sha256[:12] in html
    first = pack.indicators["key_process_nc_rate"].figures[0]
    assert f"{first.value * 100:.2f}%<br>{first.base}家" in html
    assert "不列" in html and f"家数不足{pack.protection.least}家" in html


def test_without_a_pack_the_page_says_so_and_the_report_says_nothing(
    workspace: Path, cases: Path
) -> None:
    diagnosis = diagnose(open_case(next(iter(sorted(cases.iterdir())))))
    assert "没有可对照的同类企业数据" in peers(diagnosis).html
    assert not peers_if_any(diagnosis)


def test_a_damaged_pack_is_named_and_another_taken(
    made: tuple[Path, PeerPack], workspace: Path, cases: Path
) -> None:
    home, pack = made
    folder = shutil.copytree(home / "peers", workspace / "peers")
    (folder / "damaged.json").write_text(
        json.dumps({**pack.model_dump(mode="json"), "enterprises": 999}), "utf-8"
    )
    html = peers(diagnose(open_case(next(iter(sorted(cases.iterdir())))))).html
    assert "对照包没有采用" in html and "damaged.json" in html and pack.sha256[:12] in html


def test_words_of_a_forged_pack_are_shown_as_words(
    made: tuple[Path, PeerPack], workspace: Path, cases: Path
) -> None:
    content = made[1].model_dump(mode="json", exclude={"kind", "format", "sha256"})
    forged = sealed({**content, "region": "<script>alert(1)</script>"})
    (workspace / "peers").mkdir()
    (workspace / "peers" / "forged.json").write_bytes(to_bytes(forged))
    html = peers(diagnose(open_case(next(iter(sorted(cases.iterdir())))))).html
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_the_newest_pack_not_after_the_year_of_the_case_is_taken(
    made: tuple[Path, PeerPack], workspace: Path, cases: Path
) -> None:
    content = made[1].model_dump(mode="json", exclude={"kind", "format", "sha256"})
    (workspace / "peers").mkdir()
    for year in (made[1].year - 1, made[1].year + 1):
        pack = sealed({**content, "year": year})
        (workspace / "peers" / name_of(pack)).write_bytes(to_bytes(pack))
    found, problems = find_peers(open_case(next(iter(sorted(cases.iterdir())))), paths.peers())
    assert found is not None and not problems
    assert found.pack.year == made[1].year - 1


def test_a_report_is_made_again_when_the_packs_change(workspace: Path) -> None:
    wanted = Wanted(formats=("html",), notebooks=("report",))
    before = ground_of(wanted, DEFINITIONS)
    (workspace / "peers").mkdir()
    (workspace / "peers" / "x.json").write_bytes(b"{}")
    after = ground_of(wanted, DEFINITIONS)
    assert [part for part in before if before[part] != after[part]] == ["peers"]
