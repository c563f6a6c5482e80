"""The ten records without an official form and the course of the case, as definitions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dxkit.case import create, open_case
from dxkit.definitions import load
from dxkit.errors import CaseError
from dxkit.models.annex import Annex, Field, FieldType

DEFINITIONS = load()

KEYS = """
engagement: engagement_no year serial_no state
engagement.history: transition from_state to_state at who reason journal_n
engagement.overrides: rule culprits reason who at journal_n
engagement.snapshots: snapshot_no at who journal_n digest definitions policy_edition
engagement.issues: version issued_at who journal_n snapshot_no reason files digest
engagement.exports: form_no at who annex format purpose journal_n contains
engagement.notes: rule noted_at who note
aux_1.institution_commitments: commitment_no party legal_person scope signed signed_on sealed term
aux_1.personal_commitments: commitment_no party org signed signed_on term scan
aux_2: notice_no onsite_from onsite_to safety_notes photo_notes sent_on sent_via org_seal
aux_2: receipt_by receipt_title receipt_on receipt_sign receipt_seal objections
aux_2.people: dept post name activities time
aux_2.materials: item category title original due_on indicators
aux_2.things_to_see: kind name place how escort
aux_3.minutes: minutes_no meeting_no held_on attendees_count agenda key_points completion problems
aux_3.minutes: proposals enterprise_opinions written_on recorder host recorder_sign host_sign
aux_3.minutes: enterprise_sign
aux_3.actions: minutes_no action owner due_on done_on
aux_4: consent_by consent_sign consent_on
aux_4.photos: photo_no taken_at place node subject photographer consent secrecy file sha256
aux_4.photos: indicators latitude longitude caption faces
aux_5.trainings: training_no meeting_no topic is_digital_topic trainer trainer_background held_on
aux_5.trainings: hours audience_depts audience_count outline materials_file questions quiz_result
aux_5.trainings: counts_for_5_3 trainer_sign host_sign
aux_6.briefings: briefing_no meeting_no held_on place presenter principal_name principal_title
aux_6.briefings: principal_signed attendees contents report_version opinions commitments follow_up
aux_6.briefings: principal_sign leader_sign
aux_7.progress_reports: report_no period_from period_to made_on sent_to stage_summary done late
aux_7.progress_reports: issues next_steps leader_sign
aux_8: submitted_on submitted_by receiver received_on receipt_no return_remarks org_seal
aux_8: receiver_sign bureau_seal
aux_8.items: seq title ledger_seq copies medium excluded exclusion_reason sha256
aux_9: system_url account_holder filed_on submit_no screenshot filler checker filler_sign
aux_9: checker_sign
aux_9.filed: report_value filed_value same
aux_10.deliveries: delivery_no report_no report_version copies delivered_on mode receiver_name
aux_10.deliveries: receiver_title signed receiver_sign seal scan
"""
"""The keys that rules, facts, forms and the submission pack name."""

CODES = {
    "aux_2.things_to_see.kind": "equipment line storage system",
    "aux_4.photos.node": "kickoff opening training site system closing briefing other",
    "aux_4.photos.consent": "yes no masked",
    "aux_4.photos.secrecy": "general internal secret no_copy",
    "aux_6.briefings.contents": (
        "due_diligence report_explained indicators problems proposals roadmap"
    ),
}

CARDS = {
    "aux_1": ["institution_commitments", "personal_commitments"],
    "aux_3": ["minutes"],
    "aux_5": ["trainings"],
    "aux_6": ["briefings"],
    "aux_7": ["progress_reports"],
    "aux_10": ["deliveries"],
}

HEADER = {"form_no", "form_version", "engagement_no", "enterprise_name", "uscc", "service_org_name"}

RECORDS = [f"aux_{number}" for number in range(1, 11)]
OWN = [*RECORDS, "engagement"]


def _annex(annex_id: str) -> Annex:
    return DEFINITIONS.annexes[annex_id]


def _fields(annex: Annex) -> Iterator[tuple[str, Field]]:
    """Yield every field and column by its path in the annex."""
    for field in annex.fields:
        yield field.key, field
        for column in field.columns:
            yield f"{field.key}.{column.key}", column


def _field(path: str) -> Field:
    annex_id, _, key = path.partition(".")
    return dict(_fields(_annex(annex_id)))[key]


def _codes(path: str) -> list[str]:
    return [choice.code for choice in _field(path).choices]


def _text(annex_id: str, section_id: str) -> str:
    section = next(each for each in _annex(annex_id).sections if each.id == section_id)
    return "\n".join(section.text)


def _words(annex: Annex) -> Iterator[str]:
    """Yield everything of an annex that a reader sees."""
    yield from (annex.title, annex.purpose, annex.filled_by, annex.filled_when, annex.note)
    for section in annex.sections:
        yield from (section.title, section.note, *section.text)
    for _, field in _fields(annex):
        yield from (field.label, field.help, field.links, *(each.label for each in field.choices))


def test_every_key_that_others_name_is_there() -> None:
    missing = []
    for line in KEYS.split("\n")[1:-1]:
        place, _, keys = line.partition(": ")
        annex_id, _, table = place.partition(".")
        known = {path for path, _ in _fields(_annex(annex_id))}
        prefix = f"{table}." if table else ""
        missing += [f"{place}.{key}" for key in keys.split() if prefix + key not in known]
    assert missing == []


@pytest.mark.parametrize("path", CODES)
def test_the_codes_that_rules_name_are_those_of_the_choice(path: str) -> None:
    assert _codes(path) == CODES[path].split()


def test_the_ten_records_are_marked_in_order_and_the_course_has_its_own_mark() -> None:
    assert [_annex(each).mark for each in RECORDS] == [f"辅-{number}" for number in range(1, 11)]
    assert _annex("engagement").mark == "办理记录"


def test_the_course_knows_the_states_of_the_lifecycle_by_their_names() -> None:
    states = [(state.id, state.name) for state in DEFINITIONS.states.values()]
    for path in (
        "engagement.state",
        "engagement.history.from_state",
        "engagement.history.to_state",
    ):
        assert [(each.code, each.label) for each in _field(path).choices] == states


def test_the_course_is_filled_by_the_program_alone() -> None:
    assert [path for path, each in _fields(_annex("engagement")) if each.required != "auto"] == []


def test_what_two_forms_ask_with_choices_has_the_same_codes_in_both() -> None:
    assert _codes("aux_2.materials.category") == _codes("annex_7.evidence.category")
    assert _codes("aux_4.photos.secrecy") == _codes("annex_7.evidence.secrecy")
    assert _codes("aux_10.deliveries.mode") == _codes("annex_2.delivery_mode")
    assert _codes("aux_2.sent_via") == _codes("annex_2.delivery_mode")
    assert _codes("aux_8.items.medium") == _codes("annex_2.distribution.medium")


@pytest.mark.parametrize("annex_id", OWN)
def test_what_rests_on_the_guide_names_its_clause(annex_id: str) -> None:
    fields = _fields(_annex(annex_id))
    assert [path for path, each in fields if each.basis == "guide" and not each.clause] == []


@pytest.mark.parametrize("annex_id", RECORDS)
def test_a_record_says_that_its_form_is_the_products_own(annex_id: str) -> None:
    annex = _annex(annex_id)
    assert annex.basis == "design"
    assert annex.clause
    assert re.search("本工具(设定|拟定)", annex.note)
    assert "指南" in annex.note


@pytest.mark.parametrize("annex_id", OWN)
def test_choices_have_their_own_code_and_their_own_label(annex_id: str) -> None:
    culprits = []
    for path, field in _fields(_annex(annex_id)):
        codes = [choice.code for choice in field.choices]
        labels = [choice.label for choice in field.choices]
        if len({*codes}) < len(codes) or len({*labels}) < len(labels) or {*codes} & {*labels}:
            culprits.append(path)
    assert culprits == []


def test_the_papers_of_which_there_are_several_are_cards_and_agreed_actions_stand_on_theirs() -> (
    None
):
    found = {
        annex_id: [field.key for field in _annex(annex_id).fields if field.layout == "cards"]
        for annex_id in OWN
    }
    assert {annex_id: keys for annex_id, keys in found.items() if keys} == CARDS
    minutes, actions = _field("aux_3.minutes"), _field("aux_3.actions")
    assert actions.within == "minutes"
    assert minutes.columns[0].key in [column.key for column in actions.columns]


@pytest.mark.parametrize("annex_id", RECORDS)
def test_blank_paper_has_rows_to_write_in(annex_id: str) -> None:
    tables = [each for each in _annex(annex_id).fields if each.type is FieldType.TABLE]
    assert [each.key for each in tables if each.blank_rows == 0] == []


@pytest.mark.parametrize(
    ("annex_id", "keys"),
    [
        ("aux_1", "legal_person_sign org_seal party_sign"),
        ("aux_2", "org_seal receipt_sign receipt_seal"),
        ("aux_3", "recorder_sign host_sign enterprise_sign"),
        ("aux_4", "consent_sign"),
        ("aux_5", "trainer_sign host_sign"),
        ("aux_6", "principal_sign leader_sign"),
        ("aux_7", "leader_sign"),
        ("aux_8", "org_seal receiver_sign bureau_seal"),
        ("aux_9", "filler_sign checker_sign"),
        ("aux_10", "receiver_sign seal"),
    ],
)
def test_who_must_sign_or_seal_finds_the_place_on_paper(annex_id: str, keys: str) -> None:
    places = (FieldType.SIGNATURE, FieldType.SEAL)
    printed = (field for _, field in _fields(_annex(annex_id)) if field.paper)
    assert [field.key for field in printed if field.type in places] == keys.split()


@pytest.mark.parametrize("section", ["institution", "personal"])
@pytest.mark.parametrize(
    "duty",
    [
        "信息、数据、文件和记录",
        "只用于本次评估诊断",
        "未经企业同意，不复制、不摘抄、不拍照",
        "销毁",
        "依照指南5.1向盟市工信局报送",
        "未经企业书面同意，不向任何第三方提供、透露",
        "至有关信息为公众所知悉或者企业书面解除保密义务之日止，且不少于三年",
        "赔偿企业因此受到的损失，并依法承担责任",
        "系统口令",
    ],
)
def test_both_commitments_contain_every_duty_of_secrecy(section: str, duty: str) -> None:
    assert duty in _text("aux_1", section)


def test_the_notice_is_a_letter_that_announces_the_three_lists_and_asks_for_two_papers() -> None:
    letter = _text("aux_2", "letter")
    assert letter.startswith("{enterprise_name}：")
    for said in ("人员", "需现场审核的材料", "设备、生产线和信息系统", "附件3", "www.cspiii.com"):
        assert said in letter
    assert "评估诊断报告和问卷" in letter


def test_the_notice_tells_about_safety_and_photographs() -> None:
    care = _text("aux_2", "care")
    for said in (
        "安全告知",
        "不触碰、不操作设备",
        "只在贵企业同意的区域和范围内拍摄",
        "遮盖",
        "文字记录",
    ):
        assert said in care


def test_the_receipts_are_written_by_the_one_who_receives() -> None:
    assert _text("aux_2", "receipt").startswith("{service_org_name}：")
    assert "签收只表示收到报告" in _text("aux_10", "receipt")
    assert "清点接收" in _text("aux_8", "receipt")


def test_the_submission_says_that_secret_things_are_left_out() -> None:
    assert "企业秘密或者不得复制的材料未予报送" in _text("aux_8", "letter")
    assert _field("aux_8.items.exclusion_reason").required_if is not None


def test_the_check_sheet_has_the_24_indicators_in_their_order_and_the_address() -> None:
    rows = [(row.code, row.label) for row in _field("aux_9.filed").rows]
    assert rows == [(each.id, f"{each.no} {each.name}") for each in DEFINITIONS.indicators]
    assert "https://nmgpg.cspiii.com" in _text("aux_9", "filing")
    assert "https://nmgpg.cspiii.com" in _field("aux_9.system_url").help


@pytest.mark.parametrize("annex_id", OWN)
def test_letters_only_name_what_the_common_header_fills_in(annex_id: str) -> None:
    text = "\n".join(line for section in _annex(annex_id).sections for line in section.text)
    assert {*re.findall(r"\{(.*?)\}", text)} <= HEADER


@pytest.mark.parametrize("annex_id", OWN)
def test_nothing_personal_stands_in_a_definition(annex_id: str) -> None:
    words = "\n".join(_words(_annex(annex_id)))
    assert re.findall(r"1[3-9]\d{9}|0\d{2,3}-\d{7,8}|\S+@\S+\.\S+|[0-9A-Z]{18}", words) == []


@pytest.mark.parametrize("annex_id", OWN)
def test_no_field_asks_for_a_password(annex_id: str) -> None:
    labels = (field.label for _, field in _fields(_annex(annex_id)))
    assert [label for label in labels if re.search("口令|密码", label)] == []


@pytest.mark.parametrize("annex_id", OWN)
def test_a_word_means_one_thing_within_a_form(annex_id: str) -> None:
    annex = _annex(annex_id)
    single = [field.label for field in annex.fields]
    assert len({*single}) == len(single)
    for table in annex.fields:
        labels = [column.label for column in table.columns]
        assert len({*labels}) == len(labels)


def test_computed_places_say_which_fact_or_form_they_show() -> None:
    computed = [
        (f"{annex_id}.{path}", field)
        for annex_id in OWN
        for path, field in _fields(_annex(annex_id))
        if field.type is FieldType.COMPUTED
    ]
    assert [path for path, field in computed if not (field.fact or field.prefill)] == []
    assert _field("aux_9.filed.report_value").fact == "filing_report_values"
    assert _field("engagement.engagement_no").fact == "engagement_no"


FILLED: dict[str, dict[str, Any]] = {
    "aux_1": {
        "institution_commitments": [
            {"commitment_no": "N01", "party": "示例诊断机构", "signed": True, "org_seal": True}
        ]
    },
    "aux_2": {
        "onsite_from": "2026-09-14",
        "onsite_to": "2026-09-15",
        "materials": [{"category": "A", "title": "营业执照副本", "original": "copy"}],
        "sent_via": "by_hand",
    },
    "aux_3": {
        "minutes": [{"minutes_no": "J01", "meeting_no": "M01", "attendees_count": 12}],
        "actions": [{"minutes_no": "J01", "action": "补充设备台账", "due_on": "2026-09-18"}],
    },
    "aux_4": {"photos": [{"photo_no": "Z001", "consent": "masked", "latitude": 40.8}]},
    "aux_8": {"items": [{"seq": 1, "title": "附件4 诊断计划表", "medium": ["paper"]}]},
    "aux_9": {
        "filed_value": {"key_process_nc_rate": "93.33%", "e_commerce": "否"},
        "difference_note": {"e_commerce": "系统无此选项"},
    },
    "engagement": {
        "state": "pre",
        "history": [{"transition": "T04", "from_state": "plan", "to_state": "pre"}],
        "exports": [{"form_no": "NM-2026-0001-F3-01", "contains": ["phones", "faces"]}],
    },
}


def test_filled_records_are_kept_as_written(tmp_path: Path) -> None:
    folder = create(tmp_path / "trial", FILLED, DEFINITIONS, "测试").folder
    assert {key: dict(open_case(folder).annex(key)) for key in FILLED} == FILLED


@pytest.mark.parametrize(
    ("annex_id", "answers", "place"),
    [
        ("aux_2", {"onsite_from": "2026-09-15", "onsite_to": "2026-09-14"}, "aux_2.onsite_to"),
        ("aux_4", {"photos": [{"latitude": 91}]}, "aux_4.photos.1.latitude"),
        ("aux_4", {"photos": [{"consent": "maybe"}]}, "aux_4.photos.1.consent"),
        ("aux_7", {"progress_reports": [{"leader": "甲"}]}, "aux_7.progress_reports.1.leader"),
        ("aux_9", {"same": {"e_commerce": "一致"}}, "aux_9.same.e_commerce"),
        ("engagement", {"serial_no": 10000}, "engagement.serial_no"),
    ],
)
def test_what_does_not_fit_a_record_is_refused_with_its_place(
    tmp_path: Path, annex_id: str, answers: dict[str, Any], place: str
) -> None:
    with pytest.raises(CaseError) as refused:
        create(tmp_path / "trial", {annex_id: answers}, DEFINITIONS, "测试")
    assert place in str(refused.value)
