"""The demonstration cases: invented, whole, and saying what they are meant to show."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest
from stdnum.cn import uscc

from dxkit import strict_yaml
from dxkit.case import Case, journal, open_case
from dxkit.definitions import Definitions, load
from dxkit.diagnosis import Diagnosis, diagnose
from dxkit.models.annex import Field, FieldType

PARAMETERS = Path(__file__).parent.parent / "parameters"
DEMOS = ("demo-copper", "demo-dairy", "demo-empty", "demo-machinery")

# Worked by hand from the lists of the record form.
COPPER_RATIOS = {
    "key_process_nc_rate": 15 / 17,
    "equipment_digital_rate": 161 / 200,
    "industrial_software_rate": 13 / 15,
    "digital_equipment_networked_rate": 149 / 161,
    "equipment_on_cloud_rate": 106 / 278,
}
COPPER_NO = {"networked_collaboration", "service_manufacturing", "customisation", "platform_design"}
COPPER_NOT_APPLICABLE = {"smart_products"}


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return load()


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the demos, so that no test can leave a trace in them."""
    parent = tmp_path_factory.mktemp("parameters")
    for name in DEMOS:
        shutil.copytree(PARAMETERS / name, parent / name)
    return parent


@pytest.fixture(scope="module")
def opened(copies: Path, definitions: Definitions) -> dict[str, Case]:
    return {name: open_case(copies / name, definitions) for name in DEMOS}


@pytest.fixture(scope="module")
def diagnosed(opened: dict[str, Case]) -> dict[str, Diagnosis]:
    return {name: diagnose(case) for name, case in opened.items()}


def leaves(data):
    """Yield every single value of nested data."""
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else None
    if inner is None:
        yield data
    else:
        for each in inner:
            yield from leaves(each)


def _texts(case: Case) -> Iterator[str]:
    yield from map(str, leaves(case.data))


def _ledger(case: Case) -> dict[str, dict[str, object]]:
    return {row["evidence_no"]: row for row in case.annex("annex_7").get("evidence") or []}


def test_no_other_demo_is_versioned_than_the_four_tested_here() -> None:
    assert sorted(folder.name for folder in PARAMETERS.glob("demo-*")) == sorted(DEMOS)


@pytest.mark.parametrize("name", DEMOS)
def test_opening_a_demo_writes_nothing(name: str, tmp_path: Path, definitions: Definitions) -> None:
    folder = shutil.copytree(PARAMETERS / name, tmp_path / name)
    before = _contents(folder)
    open_case(folder, definitions)
    assert _contents(folder) == before


def _contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("name", DEMOS)
def test_the_journal_is_unbroken_and_tells_the_whole_content(name: str, copies: Path) -> None:
    folder = copies / name
    assert list(journal.verify(folder)) == []
    content = strict_yaml.read(folder / "case.yaml").data
    assert journal.replay(journal.read(folder)) == content


@pytest.mark.parametrize("name", DEMOS)
def test_everything_about_a_demo_shows_that_it_is_invented(
    name: str, opened: dict[str, Case]
) -> None:
    case = opened[name]
    assert case.data["demo"] is True
    assert "虚构" in str(case.data["note"])
    assert re.search("示例|虚构", case.name)
    numbers = {word for text in _texts(case) for word in re.findall(r"\b1[3-9]\d{9}\b", text)}
    assert all(re.fullmatch(r"13800000\d{3}", number) for number in numbers)
    assert all(text.endswith("example.com") for text in _texts(case) if "@" in text)


@pytest.mark.parametrize("name", DEMOS)
def test_credit_codes_are_well_formed_but_registered_nowhere(
    name: str, opened: dict[str, Case]
) -> None:
    case = opened[name]
    codes = [case.annex("annex_3")["uscc"]]
    codes += [code for code in [case.annex("annex_4").get("service_org_uscc")] if code]
    for code in codes:
        assert uscc.is_valid(code)
        assert code[6:8] == "99"  # no county-level unit of any league has this code


@pytest.mark.parametrize("name", DEMOS)
def test_evidence_files_are_there_unaltered_and_small(name: str, opened: dict[str, Case]) -> None:
    case = opened[name]
    rows = [row for row in _ledger(case).values() if row.get("file")]
    for row in rows:
        content = (case.folder / str(row["file"])).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["sha256"], row["evidence_no"]
    meetings = case.annex("annex_5").get("meetings") or []
    claimed = {row["file"] for row in rows} | {row["scan"] for row in meetings if row.get("scan")}
    present = {path.relative_to(case.folder).as_posix() for path in case.folder.glob("evidence/*")}
    assert present == claimed
    assert sum(path.stat().st_size for path in case.folder.rglob("*")) < 600_000


@pytest.mark.parametrize("name", DEMOS)
def test_every_evidence_number_is_in_the_ledger(name: str, opened: dict[str, Case]) -> None:
    case = opened[name]
    mentioned = {text for text in _texts(case) if re.fullmatch(r"E-[A-L]\d{3}", text)}
    assert mentioned <= set(_ledger(case))


@pytest.mark.parametrize("name", DEMOS)
def test_the_file_reads_as_plain_chinese(name: str) -> None:
    text = (PARAMETERS / name / "case.yaml").read_text(encoding="utf-8")
    assert "\\u" not in text
    assert not re.search(r"^\s*[\w-]+: [&*]\w+", text, re.MULTILINE)
    assert not re.search(r"TODO|待补充|××|\{\{", text)


def test_copper_answers_every_question_that_always_needs_an_answer(
    opened: dict[str, Case], definitions: Definitions
) -> None:
    case = opened["demo-copper"]
    missing = [
        f"{annex_id}.{field.key}"
        for annex_id in ("annex_2", "annex_3", "annex_4", "annex_5", "annex_6", "annex_7")
        for field in definitions.annexes[annex_id].fields
        if field.required == "yes" and not _filled(case, annex_id, field)
    ]
    assert missing == []


def _filled(case: Case, annex_id: str, field: Field) -> bool:
    answers = case.annex(annex_id)
    if field.type is not FieldType.GRID:
        return answers.get(field.key) is not None
    column, rows = field.columns[0].key, field.rows
    return set(answers.get(column) or {}) == {row.code for row in rows}


def test_copper_gives_the_results_counted_by_hand(diagnosed: dict[str, Diagnosis]) -> None:
    results = diagnosed["demo-copper"].by_id
    ratios = {key: results[key].value for key in COPPER_RATIOS}
    assert ratios == pytest.approx(COPPER_RATIOS)
    assert {key for key, each in results.items() if each.value is False} == COPPER_NO
    not_applicable = {key for key, each in results.items() if each.state == "not_applicable"}
    assert not_applicable == COPPER_NOT_APPLICABLE
    assert len([each for each in results.values() if each.value is True]) == 14


def test_copper_holds_no_contradiction_but_explained_self_report_differences(
    diagnosed: dict[str, Diagnosis],
) -> None:
    diagnosis = diagnosed["demo-copper"]
    assert {finding.check for finding in diagnosis.findings} == {"self_report_differs"}
    differing = [each for each in diagnosis.differences if each.exceeds(0.10)]
    assert {each.found.indicator.id for each in differing} == {
        "key_process_nc_rate",
        "equipment_on_cloud_rate",
        "networked_collaboration",
        "platform_design",
    }
    assert all(each.cause and each.explanation for each in differing)


def test_copper_has_accepted_evidence_seen_on_site_for_every_claim(
    diagnosed: dict[str, Diagnosis],
) -> None:
    diagnosis = diagnosed["demo-copper"]
    claimed = [each.indicator.id for each in diagnosis.results if each.value]
    assert {diagnosis.support[indicator].strength for indicator in claimed} == {"E3"}


def test_copper_comments_on_each_indicator_once_and_answers_each_problem(
    opened: dict[str, Case], definitions: Definitions
) -> None:
    report = opened["demo-copper"].annex("annex_2")
    commented = [row["indicator"] for row in report["indicator_comments"]]
    assert commented == [[indicator.id] for indicator in definitions.indicators]
    problems = {row["problem_no"] for row in report["problems"]}
    answered = {number for card in report["suggestions"] for number in card["problem_ids"]}
    assert answered == problems


@pytest.mark.parametrize("name", ["demo-copper", "demo-machinery"])
def test_the_agenda_adds_up_to_the_planned_hours(name: str, opened: dict[str, Case]) -> None:
    plan = opened[name].annex("annex_4")
    minutes = sum(_minutes(row["end_at"]) - _minutes(row["start_at"]) for row in plan["agenda"])
    assert minutes / 60 == plan["plan_onsite_hours"]


def _minutes(clock: str) -> int:
    moment = time.fromisoformat(clock)
    return moment.hour * 60 + moment.minute


def test_machinery_holds_the_contradictions_it_was_made_for(
    diagnosed: dict[str, Diagnosis],
) -> None:
    found = {(each.severity, each.check) for each in diagnosed["demo-machinery"].findings}
    assert {each for each in found if each[0] == "error"} == {("error", "equipment_as_listed")}
    assert ("warning", "platform_without_cloud") in found
    assert ("warning", "smart_production_needs_integration") in found
    unproven = [
        each.indicators
        for each in diagnosed["demo-machinery"].findings
        if each.check == "claim_without_evidence"
    ]
    assert unproven == [("e_commerce",)]


def test_dairy_is_half_done(diagnosed: dict[str, Diagnosis]) -> None:
    results = diagnosed["demo-dairy"].results
    unknown = [each.indicator.no for each in results if each.state == "unknown"]
    assert unknown == [2, 4, 7, 8, 16, 17, 18, 20, 23]
    assert [each.indicator.no for each in results if each.state == "not_applicable"] == [15, 22]
    assert diagnosed["demo-dairy"].by_id["key_process_nc_rate"].value == pytest.approx(4 / 6)


def test_of_the_empty_demo_nothing_is_known(diagnosed: dict[str, Diagnosis]) -> None:
    assert {each.state for each in diagnosed["demo-empty"].results} == {"unknown"}
    assert diagnosed["demo-empty"].findings == ()
