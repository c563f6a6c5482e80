"""The demonstration cases: invented, whole, and saying what they are meant to show."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

import pytest
from stdnum.cn import uscc

from dxkit import strict_yaml
from dxkit.case import Case, journal, open_case
from dxkit.definitions import Definitions, load
from dxkit.diagnosis import Diagnosis, diagnose
from dxkit.evidence import photographs
from dxkit.evidence.secrecy import staying
from dxkit.lifecycle import Circumstances, Standing, judge, standing
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

# The 24 results in the order of the catalogue, copied from what `dxkit assess` printed before the
# demos were given their engagements.
RESULTS = {
    "demo-copper": (
        "88.24% 80.50% 是 86.67% 是 是 92.55% 38.13% 是 是 是 是 "
        "是 是 不适用 是 是 是 是 否 否 否 否 是"
    ),
    "demo-machinery": (
        "57.14% 42.26% 是 37.50% 否 否 64.79% 12.83% 否 是 否 否 "
        "否 否 是 是 否 否 否 否 是 是 是 是"
    ),
    "demo-dairy": (
        "66.67% 未知 否 未知 否 否 未知 未知 是 否 否 否 "
        "否 否 不适用 未知 未知 未知 否 未知 否 不适用 未知 是"
    ),
}

# The day on which the demos are looked at; what is due depends on it.
TODAY = date(2026, 11, 23)
# The pictures are drawn at the size of a small photo, the journal tells everything twice, and the
# issued report of the leader is kept in every format.
MOST_BYTES = 8_000_000


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


def _stores(folder: Path) -> list[Path]:
    return [each for each in (folder, folder / "restricted") if (each / "case.yaml").is_file()]


@pytest.mark.parametrize("name", DEMOS)
def test_the_journals_are_unbroken_and_tell_the_whole_content(name: str, copies: Path) -> None:
    for store in _stores(copies / name):
        assert list(journal.verify(store)) == []
        content = strict_yaml.read(store / "case.yaml").data
        assert journal.replay(journal.read(store)) == content


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
def test_every_file_came_in_through_the_journal_and_is_unaltered(name: str, copies: Path) -> None:
    folder = copies / name
    told = {file["path"]: file["sha256"] for entry in journal.read(folder) for file in entry.files}
    own = {"case.yaml", "journal.jsonl"}
    present = {
        path: hashlib.sha256(content).hexdigest()
        for path, content in _contents(folder).items()
        if path.removeprefix("restricted/") not in own
    }
    assert present == told
    assert sum(map(len, _contents(folder).values())) < MOST_BYTES


@pytest.mark.parametrize("name", DEMOS)
def test_what_the_forms_say_of_files_is_so(name: str, opened: dict[str, Case]) -> None:
    case = opened[name]
    photos = case.annex("aux_4").get("photos") or []
    meetings = case.annex("annex_5").get("meetings") or []
    rows = [row for row in [*_ledger(case).values(), *photos] if row.get("file")]
    for row in rows:
        content = (case.folder / str(row["file"])).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["sha256"], row["file"]
    for row in photos:
        assert photographs.look(case.folder / row["file"]).taken_at[:16] == row["taken_at"][:16]
    scans = [row["scan"] for row in meetings if row.get("scan")]
    assert all((case.folder / scan).is_file() for scan in scans)
    numbers = {row["photo_no"] for row in photos}
    assert {number for row in meetings for number in row.get("photos") or []} <= numbers


@pytest.mark.parametrize("name", DEMOS)
def test_what_is_secret_lies_apart(name: str, opened: dict[str, Case]) -> None:
    for item, _ in staying(opened[name]):
        secret = item.row["secrecy"] in ("secret", "no_copy")
        assert item.file is None or not secret or item.file.startswith("restricted/evidence/")


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


@pytest.mark.parametrize("name", RESULTS)
def test_the_results_are_those_from_before_the_engagement_was_told(
    name: str, diagnosed: dict[str, Diagnosis]
) -> None:
    results = diagnosed[name].results
    words = ["未知" if each.state == "unknown" else each.words for each in results]
    assert words == RESULTS[name].split()


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


# Where each stands


def _stands(case: Case) -> Standing:
    return standing(case, TODAY)


def _blockers(stands: Standing) -> list[str]:
    assert stands.next is not None
    return [verdict.rule.id for verdict in stands.next.blocked]


def _overdue(stands: Standing) -> list[str]:
    return [due.duty.key for due in stands.dues if due.overdue]


def _history(case: Case) -> list[str]:
    return [row["transition"] for row in case.annex("engagement").get("history") or []]


@pytest.mark.parametrize("name", DEMOS)
def test_the_course_is_told_in_the_order_of_its_days(name: str, opened: dict[str, Case]) -> None:
    case = opened[name]
    moments = [row["at"] for row in case.annex("engagement").get("history") or []]
    assert moments == sorted(moments)
    assert all(case.data["created_on"] <= moment[:10] <= TODAY.isoformat() for moment in moments)


# What is watched all the time is noted at every step: annex 9 is begun on site, the period runs
# out. The files of the self-assessment come in after the application.
WATCHED = {"R-57", "R-62", "附件3"}


def test_copper_went_the_whole_way_to_the_archive_without_a_warning_of_a_step(
    opened: dict[str, Case],
) -> None:
    case = opened["demo-copper"]
    course = case.annex("engagement")
    assert _history(case) == [f"T{number:02d}" for number in range(1, 19)]
    assert {row["rule"] for row in course["notes"]} <= WATCHED
    stands = _stands(case)
    assert stands.state is not None and stands.state.id == "archived"
    assert stands.next is None and _overdue(stands) == []
    assert [row["version"] for row in course["issues"]] == ["V1.0"]
    assert all((case.folder / file).is_file() for file in course["issues"][0]["files"])


def test_copper_keeps_every_rule(opened: dict[str, Case], definitions: Definitions) -> None:
    seen = Circumstances(opened["demo-copper"], TODAY)
    verdicts = {no: judge(rule, seen) for no, rule in definitions.rules.items()}
    assert len(verdicts) == 64
    assert {each.result for each in verdicts.values()} <= {
        "satisfied",
        "overridden",
        "not_applicable",
    }
    assert [no for no, each in verdicts.items() if each.warns] == []


def test_every_form_of_copper_is_filled(opened: dict[str, Case], definitions: Definitions) -> None:
    case = opened["demo-copper"]
    apart = case.restricted.data if case.restricted else {}
    assert {each for each in definitions.annexes if not (case.annex(each) or apart.get(each))} == (
        set()
    )


def test_the_leader_of_copper_let_two_rules_pass_and_said_why(opened: dict[str, Case]) -> None:
    seal, filed = opened["demo-copper"].annex("engagement")["overrides"]
    assert (seal["rule"], filed["rule"]) == ("R-17", "R-58")
    assert {seal["who"], filed["who"]} == {"郑虚构"}
    assert "年检" in seal["reason"] and "不适用" in filed["reason"]
    assert opened["demo-copper"].annex("annex_3")["enterprise_seal"] is True


def test_what_copper_handed_in_names_every_item_that_stayed(opened: dict[str, Case]) -> None:
    case = opened["demo-copper"]
    kept_back = [row["title"] for row in case.annex("aux_8")["items"] if row["excluded"]]
    assert {title.rpartition(" ")[2] for title in kept_back} == {
        *(item.number for item, _ in staying(case)),
        "14",
    }


def test_copper_shows_every_outcome_a_review_can_have(
    opened: dict[str, Case], definitions: Definitions
) -> None:
    ledger = _ledger(opened["demo-copper"]).values()
    outcomes = {
        choice.code
        for field in definitions.annexes["annex_7"].fields
        for column in field.columns
        if column.key == "outcome"
        for choice in column.choices
    }
    assert {row["outcome"] for row in ledger} == outcomes - {"pending"}
    kept = {row["item"] for row in ledger if row.get("file") and row.get("item")}
    must = {each.item for each in definitions.seeds.materials if each.needed == "must"}
    assert must <= kept


def test_copper_keeps_annex_9_apart_and_leaves_the_boxes_of_the_authority_blank(
    opened: dict[str, Case],
) -> None:
    case = opened["demo-copper"]
    assert "annex_9" not in case.data and case.restricted is not None
    form = case.restricted.annex("annex_9")
    assert form["group_opinion"] == "verify"
    boxes = ("bureau_opinion", "bureau_seal", "authority_opinion", "authority_seal")
    assert not set(boxes) & set(form)
    assert len(form["consequences"]) == 13 * len(form["systems"])


def test_machinery_stops_where_the_last_meeting_has_no_minutes(opened: dict[str, Case]) -> None:
    stands = _stands(opened["demo-machinery"])
    assert stands.next is not None and stands.next.transition.id == "T11"
    assert _blockers(stands) == ["R-36", "R-41"]
    said = [part.reasons[0] for verdict in stands.next.blocked for part in verdict.blocks]
    assert said[0] == "末次会议的不足：M03 末次会议：缺纪要"
    assert said[1] == "尚未审核的材料：E-K001 2024年、2025年财务报表"
    assert all(part.mend for verdict in stands.next.blocked for part in verdict.blocks)
    assert {verdict.rule.id for verdict, _ in stands.warnings} >= {"R-33", "R-61", "R-62"}
    assert _overdue(stands) == ["closing_minutes", "progress_report", "fixes"]


def test_dairy_is_on_site_and_owes_the_papers_of_its_first_meeting(
    opened: dict[str, Case],
) -> None:
    stands = _stands(opened["demo-dairy"])
    assert _history(opened["demo-dairy"])[-1] == "T09"
    assert _blockers(stands) == ["R-26", "R-27", "R-30"]
    assert _overdue(stands) == ["opening_minutes"]


def test_the_empty_demo_is_not_begun_and_lacks_what_the_scope_asks(
    opened: dict[str, Case],
) -> None:
    stands = _stands(opened["demo-empty"])
    assert _history(opened["demo-empty"]) == []
    assert _blockers(stands) == ["R-01"]
