"""What the report tells of an engagement's records, and what of them it never tells."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import html
from PIL import Image

from dxkit.batch import ARCHIVE, REPORT, Means, Wanted, run
from dxkit.case import Case, journal, writing
from dxkit.case.words import chinese_date
from dxkit.cli import handing_over
from dxkit.diagnosis import Diagnosis
from dxkit.handover.packing import make_pack
from dxkit.report import (
    appendices,
    archive,
    circulation,
    comparison,
    front,
    ledger,
    measures,
    meetings,
    overview,
    photographs,
    present,
    problems,
    process,
)
from dxkit.report.blocks import Block, Head, refer, table
from dxkit.report.versions import UNSAID
from tests import report_case
from tests.report_case import PHONE, RESTRICTED_WORDS, SECRET, SECRET_COLOUR
from tests.test_half_filled import passages, rooms, write


@pytest.fixture(scope="module")
def engagement(tmp_path_factory: pytest.TempPathFactory) -> Diagnosis:
    return Diagnosis(report_case.build(tmp_path_factory.mktemp("engagement")))


@pytest.fixture(scope="module")
def correction(tmp_path_factory: pytest.TempPathFactory) -> Diagnosis:
    case = report_case.build(tmp_path_factory.mktemp("correction"))
    return Diagnosis(report_case.with_identification(report_case.corrected(case)))


def otherwise(diagnosis: Diagnosis, **annexes: Any) -> Diagnosis:
    """Return the case with some of its annexes replaced; None takes one out."""
    told = {**diagnosis.case.data, **annexes}
    data = {key: value for key, value in told.items() if value is not None}
    return Diagnosis(replace(diagnosis.case, data=data))


def text_of(block: Block) -> str:
    return str(html.fromstring(f"<div>{block.html}</div>").text_content())


def rows_of(block: Block, caption: str = "") -> list[list[str]]:
    """Return the cells of the body of a table, by its caption or of the only one."""
    tables = html.fromstring(f"<div>{block.html}</div>").xpath(".//table")
    wanted = [each for each in tables if caption in "".join(each.xpath("./caption/text()"))]
    return [[cell.text_content() for cell in row] for row in wanted[0].xpath("./tbody/tr")]


def pictures_in(text: str) -> list[Image.Image]:
    found = re.findall(r"data:image/png;base64,([^\"]+)", text)
    return [Image.open(io.BytesIO(base64.b64decode(each))).convert("RGB") for each in found]


def is_near(colour: Any, other: tuple[int, int, int]) -> bool:
    """Tell whether two colours are alike, as far as JPEG lets them be."""
    return max(abs(one - two) for one, two in zip(colour, other, strict=True)) < 8


def test_every_node_has_its_day_its_proofs_and_its_state(engagement):
    rows = {row[0]: row[1:] for row in rows_of(process.nodes(engagement)) if len(row) == 4}
    assert list(rows) == [
        *("组建工作组", "编制诊断计划", "发出告知书", "企业回执", "企业提交申请表"),
        *(
            "完成线上自评估",
            "启动会",
            "宣贯培训会",
            "首次会议",
            "现场诊断",
            "末次会议",
            "报告初稿",
            "报告定稿",
        ),
        *("报告送达", "向主要负责人汇报", "满意度调查", "报送盟市工信局", "线上填报"),
    ]
    assert rows["发出告知书"] == ["2026年9月5日", "辅-2 示告〔2026〕7号", "已完成"]
    assert rows["企业提交申请表"] == ["2026年9月8日", "附件3", "已完成"]
    assert rows["完成线上自评估"] == ["2026年9月7日", "附件7 E-D001", "已完成"]
    assert rows["启动会"] == ["2026年9月14日", "附件5 M01；辅-3 J01；辅-4 Z001", "已完成"]
    assert rows["宣贯培训会"] == ["2026年9月14日", "附件5 M02；辅-5 X01", "已完成"]
    assert rows["现场诊断"] == ["2026年9月14日至2026年9月15日", "现场诊断天数1.68天", "已完成"]
    assert rows["报告定稿"] == ["2026年9月30日", "附件2 V1.0", "已完成"]
    assert rows["报送盟市工信局"] == ["—", "—", "尚未进行"]


def test_a_node_that_its_step_should_have_had_is_told_as_not_recorded(engagement):
    bare = otherwise(engagement, aux_2=None, engagement={**report_case.ENGAGEMENT})
    rows = {row[0]: row[1:] for row in rows_of(process.nodes(bare)) if len(row) == 4}
    assert rows["发出告知书"] == ["—", "—", "未记录"]
    unbegun = {row[0]: row[-1] for row in rows_of(process.nodes(otherwise(bare, engagement=None)))}
    assert unbegun["报送盟市工信局"] == "未记录"


def test_an_overridden_rule_stands_at_its_node_with_reason_and_name(engagement):
    rows = rows_of(process.nodes(engagement))
    assert rows[0][0] == "组建工作组"
    assert rows[1] == [
        "放行：R-04（工作组人数，指南4.1(2)）。理由：企业规模小，经工信局同意两人成组。"
        "放行人：郑虚构，2026年9月3日。"
    ]


def test_warnings_are_counted_by_rule_and_their_words_left_out(engagement):
    said = text_of(process.nodes(engagement))
    assert "办理过程中提醒过 1 项，均不阻止办理：R-18（机构收到申请表，指南4.3(2)）2次。" in said
    assert "尚未审核" not in said


def test_due_diligence_counts_what_the_records_hold(engagement):
    counted = {row[0]: "".join(row[1:]) for row in rows_of(overview.due_diligence(engagement))}
    # On site 8:30-17:30, then 8:30-12:00 and the last meeting 16:00-17:00: 13.5 h in days of 8.
    assert counted["现场时长"] == "13.5小时"
    assert counted["现场诊断天数"] == "1.68天"
    assert counted["访谈次数"] == "3次"
    assert counted["访谈人数"] == "2人"
    assert counted["访谈涉及部门"] == "2个"
    assert counted["审核材料"] == "4份"
    assert counted["采信材料"] == "2份"
    assert (counted["需补正"], counted["不采信"], counted["未提供"]) == ("1份", "1份", "0份")


def test_documents_that_are_not_due_count_as_no_review_but_are_told(engagement):
    rows = [{**row, "outcome": "not_applicable"} for row in report_case.EVIDENCE[2:]]
    told = otherwise(engagement, annex_7={"evidence": [*report_case.EVIDENCE[:2], *rows]})
    counted = {row[0]: "".join(row[1:]) for row in rows_of(overview.due_diligence(told))}
    assert counted["审核材料"] == "2份"
    assert counted["不适用（不计入审核材料）"] == "2份"


def test_days_on_site_that_nobody_recorded_are_no_zero(engagement):
    silent = otherwise(engagement, annex_5=None, annex_6=None)
    counted = {row[0]: row[1] for row in rows_of(overview.due_diligence(silent))}
    assert counted["现场诊断天数"] == "未记录"


def test_the_values_of_the_policies_are_printed_with_edition_and_basis(engagement):
    told = overview.reading(engagement)
    assert "（第 2026-11 版）" in text_of(told)
    rows = html.fromstring(f"<div>{told.html}</div>").xpath(".//table[not(caption)]/tbody/tr")
    lines = [[cell.text_content() for cell in row] for row in rows]
    assert ["现场诊断的时间不少于", "1天", "指南规定", "5.2"] in lines
    assert len(lines) == len(engagement.definitions.policies)


def test_the_ledger_lists_what_may_leave_and_counts_the_rest_by_reason(engagement):
    told = ledger.evidence(engagement)
    assert [row[0] for row in rows_of(told)] == ["E-A001", "E-D001"]
    reasons = "（涉密程度：企业秘密 1、涉密程度未填 1）"
    assert f"另有 2 份材料依规定不列入本报告{reasons}。" in text_of(told)


def test_the_ledger_is_ordered_by_category_says_what_each_supports_and_is_summed_up(engagement):
    rows = [
        {"evidence_no": "E-E002", "category": "E", "indicators": ["control_integration"]},
        {"evidence_no": "E-A001", "category": "A", "supports_basics": True},
        {
            "evidence_no": "E-E001",
            "category": "E",
            "indicators": ["e_commerce", "industrial_software_rate"],
        },
        {"evidence_no": "E-E003", "category": "E", "outcome": "rejected"},
    ]
    rows = [{"outcome": "accepted", "received_on": "2026-09-14", **row} for row in rows]
    held = {"evidence": [{**row, "secrecy": "general"} for row in rows]}
    told = ledger.evidence(otherwise(engagement, annex_7=held))
    assert [[*row[:2], row[3]] for row in rows_of(told)] == [
        ["E-A001", "A 企业营业执照", "基础信息"],
        ["E-E001", "E 系统技术应用信息", "4、24"],
        ["E-E002", "E 系统技术应用信息", "11"],
        ["E-E003", "E 系统技术应用信息", "—"],
    ]
    # Due, received, accepted, accepted after a fix, to be fixed, rejected, not provided.
    assert rows_of(told, "证据分类汇总") == [
        ["A 企业营业执照", "1", "1", "1", "0", "0", "0", "0"],
        ["E 系统技术应用信息", "3", "3", "2", "0", "0", "1", "0"],
        ["合计", "4", "4", "3", "0", "0", "1", "0"],
    ]
    assert "审核总体意见尚未填写" in text_of(told)
    opinion = {"overall_opinion": "insufficient", "overall_opinion_note": "缺自评估报告。"}
    told = ledger.evidence(otherwise(engagement, annex_7={**held, **opinion}))
    assert text_of(told).endswith("审核总体意见：材料不充分。缺自评估报告。")


def test_the_table_of_differences_says_where_one_side_does_not_apply(engagement):
    answers = {"has_design_activity": {"self_reported": True, "onsite": False}}
    answers |= {"design_tools": {"self_reported": ["cad_3d"], "onsite": []}}
    answers |= {"design_tools_use": {"self_reported": "C"}}
    rows = rows_of(comparison.differences(otherwise(engagement, annex_6=answers)))
    assert rows[2][2:5] == ["是＊", "不适用", "不适用"]


def test_appendix_e_tells_how_the_key_processes_were_verified(engagement):
    process_row = {"process_name": "熔炼", "key_basis": ["safety"], "methods": ["site_walk"]}
    told = otherwise(engagement, annex_6={"key_process_list": [process_row]})
    assert rows_of(appendices.details(told), "关键工序明细")[0][0::3] == ["熔炼", "现场巡视"]


EMPTY_DETAILS = "".join(
    f"{what}尚未登记（附件6）。" for what in ("关键工序明细", "设备明细", "信息系统明细")
)
LEDGER = [
    {"evidence_no": f"E-C00{n}", "category": "C", "outcome": outcome, "secrecy": "general"}
    for n, outcome in enumerate(("accepted", "rejected", "pending", "fix_needed"), start=1)
]
CLAIMED = [row["evidence_no"] for row in LEDGER]


def cited_by(engagement: Diagnosis, claimed: list[str]) -> dict[str, str]:
    """Return what each place of the report cites for one claim."""
    told = otherwise(
        engagement,
        annex_7={"evidence": LEDGER},
        annex_6={
            "equipment": {"onsite": 10, "evidence": claimed},
            "equipment_digital": {"onsite": 4, "evidence": claimed},
        },
        annex_2={
            "problems": [{"problem_no": "P01", "evidence": claimed}],
            "good_practices": [{"title": "甲", "description": "乙", "evidence": claimed}],
            "security_measures": [{"measure": "防火墙", "evidence": claimed}],
        },
    )
    named = [row[0] for row in rows_of(appendices.workings(told)) if len(row) == 1]
    record = html.fromstring(f"<div>{appendices.record(told).html}</div>").xpath(".//tr")
    answers = {row[0].text_content(): row[-1].text_content() for row in record}
    return {
        "附录A": named[1].removeprefix("证据："),
        "附录H": answers["Q02.1"],
        "问题清单": rows_of(problems.problems(told))[0][5],
        "亮点做法": text_of(present.good_practices(told)).rpartition("证据：")[2],
        "安全措施": rows_of(present.security(told))[0][3],
    }


def test_no_place_cites_evidence_that_was_refused_and_unreviewed_is_said_to_be(engagement):
    assert set(cited_by(engagement, CLAIMED).values()) == {"E-C001、E-C003（待审）"}
    refused = cited_by(engagement, ["E-C002", "E-C004"])
    assert refused == {
        "附录A": "无",
        "附录H": "—",
        "问题清单": "—",
        "亮点做法": "未列",
        "安全措施": "—",
    }
    unlisted = cited_by(engagement, ["E-Z009"])
    assert {unlisted["问题清单"], unlisted["附录H"]} == {"E-Z009（未登记）"}


def test_the_table_of_results_cites_accepted_evidence_before_what_waits(engagement):
    answers = {
        "equipment": {"onsite": 10, "evidence": CLAIMED},
        "equipment_digital": {"onsite": 4, "evidence": CLAIMED},
    }
    waiting = [{**row, "outcome": "pending"} for row in LEDGER[:1]]
    both = otherwise(engagement, annex_7={"evidence": LEDGER}, annex_6=answers)
    assert rows_of(measures.results(both))[1][6] == "E-C001"
    one = {key: {**each, "evidence": ["E-C001"]} for key, each in answers.items()}
    open_one = otherwise(engagement, annex_7={"evidence": waiting}, annex_6=one)
    assert rows_of(measures.results(open_one))[1][6] == "E-C001（待审）"


def test_a_self_assessment_that_was_refused_is_no_proof_of_its_node(engagement):
    refused = [{**row, "outcome": "rejected"} for row in report_case.EVIDENCE]
    told = otherwise(engagement, annex_7={"evidence": refused})
    rows = {row[0]: row[1:] for row in rows_of(process.nodes(told)) if len(row) == 4}
    assert rows["完成线上自评估"] == ["2026年9月7日", "—", "已完成"]
    assert "E-D001" not in text_of(comparison.self_assessment(told))


def test_minutes_are_printed_with_what_was_agreed_and_missing_ones_named(engagement):
    told = meetings.meetings(engagement)
    said = text_of(told)
    assert "J01 启动会暨首次会议" in said
    assert "向企业说明了诊断工作的背景、目的、意义和计划安排。" in said
    assert ["提供设备台账", "白虚构", "2026年9月16日", "2026年9月15日"] in [
        row
        for table in html.fromstring(f"<div>{told.html}</div>").xpath(".//table")
        for row in ([c.text_content() for c in r] for r in table.xpath("./tbody/tr"))
    ]
    assert "会议 M03 还没有会议纪要（辅-3）。" in said
    assert "M02 还没有" not in said
    assert rows_of(told, "会议登记")[0][-1] == "2"


def test_photographs_that_may_leave_are_shown_and_masked_ones_said_to_be(engagement):
    told = photographs.photos(engagement)
    assert [row[0] for row in rows_of(told)] == ["Z001", "Z002"]
    (sheet,) = pictures_in(told.html)
    # Two places 480 wide with a gap of 24: steel blue on the left, olive on the right.
    assert sheet.size == (984, 360)
    assert is_near(sheet.getpixel((240, 180)), (70, 130, 180))
    assert is_near(sheet.getpixel((744, 180)), (128, 128, 0))
    assert "Z001 启动会会场；Z002 装配线看板（已按企业要求遮盖）" in text_of(told)
    assert "另有 3 张照片依规定不列入本报告" in text_of(told)


def test_where_photographs_were_forbidden_the_report_says_why(engagement):
    banned = {"photos_forbidden": True, "photos_forbidden_reason": "防爆区，书面告知9月5日"}
    annex_5 = {"meetings": [{**report_case.MEETINGS[0], **banned}]}
    told = photographs.photos(otherwise(engagement, aux_4=None, annex_5=annex_5))
    assert "企业书面提出禁止拍摄：防爆区，书面告知9月5日。" in text_of(told)


def test_the_self_assessment_files_are_told_by_number_and_hash_and_missing_ones_named(engagement):
    told = appendices.online_report(engagement)
    assert rows_of(told) == [["E-D001", "两化融合自评估报告", "—", "通过", "d" * 16]]
    assert "尚未取得：D001 两化融合自评估（诊断）报告、D002 两化融合自评估问卷" in text_of(told)
    assert "证据 E-D001；尚未取得 D001" in text_of(comparison.self_assessment(engagement))


def test_trainings_and_briefings_are_told_and_a_meeting_without_a_record_named(engagement):
    said = text_of(meetings.training(engagement))
    assert "X01 数字化转型从哪里开始" in said
    assert "转型路径与案例。" in said
    assert "尽职调查情况、诊断报告详解" in said
    silent = text_of(meetings.training(otherwise(engagement, aux_5=None, aux_6=None)))
    assert "培训：已登记会议 M02，但记录（辅-5）尚未填写。" in silent
    assert "情况汇报：记录（辅-6）尚未填写。" in silent


def test_the_statement_cites_the_snapshot_and_says_so_where_nothing_is_frozen(engagement):
    assert "依据 S1 号冻结内容编制（日期 2026年9月18日" in text_of(front.statement(engagement))
    course = {**report_case.ENGAGEMENT, "snapshots": []}
    draft = otherwise(engagement, engagement=course)
    assert "尚未冻结" in text_of(front.statement(draft))


def test_a_draft_says_so_on_its_cover_and_above_every_page_with_the_day_of_its_content(engagement):
    course = {**report_case.ENGAGEMENT, "issues": []}
    draft = front.cover(otherwise(engagement, engagement=course))
    day = chinese_date(journal.last(engagement.case.folder).at)
    assert "报告版本：V1.0（草稿）" in text_of(draft)
    assert text_of(draft).endswith(f"草稿，内容截至{day}")
    assert html.fromstring(draft.html).get("data-version") == "V1.0（草稿）"
    issued = front.cover(engagement)
    assert text_of(issued).endswith("2026年9月")
    assert html.fromstring(issued.html).get("data-version") == "V1.0"


def test_a_first_version_has_no_page_of_corrections(engagement):
    assert not front.corrected(engagement)


def test_a_later_version_tells_what_it_corrects_and_only_counts_other_records(correction):
    told = front.corrected(correction)
    said = text_of(told)
    assert "V1.1 对 V1.0 的更正：" in said
    cells = [cell.text_content() for cell in html.fromstring(told.html).iter("td")]
    assert cells[-3:] == ["附件2·一句话结论", "基础较好。", "基础较好，联网不足。"]
    assert "其间过程记录另有更动：附件7（1处），见案卷。" in said
    assert "报告版本" not in said


def test_a_problem_without_an_indicator_says_so_only_if_the_group_did(engagement):
    rows = [{"problem_no": "P01", "indicators": ["none"]}, {"problem_no": "P02"}]
    rows.append({"problem_no": "P03", "indicators": ["e_commerce"]})
    told = rows_of(problems.problems(otherwise(engagement, annex_2={"problems": rows})))
    assert [row[4] for row in told] == ["无", "—", "电子商务"]


COMMENTS = [
    {"chapter": "4.3", "comment": "希望计入上云。", "handling": "not_adopted"}
    | {"explanation": "没有上传的不计。"},
    {"chapter": "全文", "comment": "无意见", "handling": "adopted"},
]
DISTRIBUTED = [
    {"unit": "示例机械厂", "copies": 2, "medium": ["paper", "electronic"]},
    {"unit": "包头市工业和信息化局", "copies": 1, "medium": ["paper"]},
]


def circulated(diagnosis: Diagnosis, **told: Any) -> Block:
    return circulation.circulation(otherwise(diagnosis, annex_2=told))


def test_the_report_prints_what_the_enterprise_said_and_what_became_of_it(engagement):
    days = {"comment_from": "2026-09-21", "comment_due": "2026-09-25"}
    told = circulated(engagement, enterprise_comments=COMMENTS, **days)
    assert rows_of(told) == [
        ["1", "4.3", "希望计入上云。", "未采纳", "没有上传的不计。"],
        ["2", "全文", "无意见", "采纳", "—"],
    ]
    assert "自2026年9月21日起征求企业意见，至2026年9月25日截止。" in text_of(told)


def test_the_report_prints_who_gets_how_many_copies(engagement):
    told = circulated(engagement, distribution=DISTRIBUTED)
    assert rows_of(told) == [
        ["示例机械厂", "2", "纸质、电子"],
        ["包头市工业和信息化局", "1", "纸质"],
    ]
    assert "按下列清单分发，共3份，不超出此范围。" in text_of(told)
    open_count = [DISTRIBUTED[0], {"unit": "包头市工业和信息化局"}]
    assert "共" not in text_of(circulated(engagement, distribution=open_count))


def test_an_enterprise_that_was_asked_and_said_nothing_is_told_as_such(engagement):
    said = text_of(circulated(engagement, comment_from="2026-09-21"))
    assert "自2026年9月21日起征求企业意见。没有登记企业的意见。" in said
    silent = circulated(engagement)
    assert text_of(silent) == (
        "征求意见与分发征求意见的日期和企业的意见尚未登记（附件2）。分发清单尚未填写（附件2）。"
    )
    assert "<table" not in silent.html


def test_of_the_form_kept_apart_the_report_says_only_whether_it_was_begun(engagement, correction):
    assert "未开展（附件9）。" in text_of(present.security(engagement))
    said = text_of(present.security(correction))
    assert "已开展，所填的附件9单独保管，内容不列入本报告。" in said
    assert RESTRICTED_WORDS not in said


def test_a_conclusion_of_the_form_kept_apart_is_not_printed_wherever_it_was_written(correction):
    with writing(correction.case.folder, "测试") as writer:
        case = writer.set("annex_2.infrastructure_summary", f"{RESTRICTED_WORDS}建议上报核定。")
    printed = whole(Diagnosis(case), "report", "archive")
    assert RESTRICTED_WORDS not in printed
    assert "上报核定" not in printed
    told = html.fromstring(front.corrected(Diagnosis(case)).html)
    rows = [[cell.text_content() for cell in row] for row in told.xpath(".//tbody/tr")]
    assert ["附件2·工业关键信息基础设施预识别备忘", UNSAID, UNSAID] in rows


def test_the_archive_copy_tells_the_survey_by_dimension(engagement):
    told = archive.satisfaction(engagement)
    said = text_of(told)
    # Items 1 to 9 got 5, the others 4: (20+20+10)×100% + (30+10+10)×80% = 90.
    assert "加权得分90S17 总体满意度4 满意（折合 80 分）等级非常满意" in said
    assert rows_of(told, "各维度得分")[3] == ["诊断报告", "30", "4/4", "80"]
    assert "附件8）尚未填写" in text_of(archive.satisfaction(otherwise(engagement, annex_8=None)))


def test_the_archive_copy_shows_the_overall_rating_beside_the_score_and_each_fact_answer(
    engagement,
):
    survey = dict(engagement.case.annex("annex_8"))
    rated = {**survey["rating"], "s17": "3"}
    told = archive.satisfaction(
        otherwise(engagement, annex_8={**survey, "rating": rated, "fact_days": 1.5})
    )
    # Three of five steps make 60 of a hundred points.
    assert "S17 总体满意度3 一般（折合 60 分）" in text_of(told)
    facts = rows_of(told, "事实核对")
    assert len(facts) == 12
    assert facts[5][1] == "1.5"
    unrated = {**survey, "rating": {**rated, "s17": "na"}}
    assert "S17 总体满意度不适用" in text_of(
        archive.satisfaction(otherwise(engagement, annex_8=unrated))
    )


def test_the_archive_copy_calls_exported_forms_by_their_marks(engagement):
    exported = [{"form_no": "F1-01", "annex": "annex_1"}, {"form_no": "B-01", "annex": "报送材料"}]
    course = {**engagement.case.annex("engagement"), "exports": exported}
    rows = rows_of(archive.exports(otherwise(engagement, engagement=course)), "导出记录")
    assert [row[3] for row in rows] == ["附件1", "报送材料"]


def test_the_archive_copy_sets_the_filed_values_beside_the_reported(engagement):
    rows = rows_of(archive.filing(engagement), "24项指标填报核对")
    assert len(rows) == 24
    assert rows[0][2:4] == ["未知", "93.33%"]
    assert rows[1][3] == "未填报"


def test_survey_and_filed_values_stand_in_the_archive_copy_alone(engagement):
    assert "93.33%" not in whole(engagement, "report")
    assert "各维度得分" not in whole(engagement, "report")
    assert "93.33%" in whole(engagement, "archive")
    assert "报送盟市工信局" in text_of(archive.exports(engagement))


def whole(diagnosis: Diagnosis, *notebooks: str) -> str:
    """Return everything that some notebooks print of a case."""
    names, said = rooms(), []
    for line in passages(*notebooks):
        said.append(write(diagnosis, names, line).html)
    return "".join(said)


def test_nothing_that_is_kept_back_appears_anywhere(correction):
    printed = whole(correction, "report", "archive")
    text = html.fromstring(f"<div>{printed}</div>").text_content()
    assert "营业执照副本" in text
    assert [words for words in (SECRET, RESTRICTED_WORDS, PHONE) if words in printed] == []
    colours = {colour for picture in pictures_in(printed) for _, colour in picture.getcolors(2**24)}
    assert [colour for colour in colours if is_near(colour, SECRET_COLOUR)] == []


@pytest.mark.parametrize(
    ("passage", "words"),
    [
        (process.group, "工作组成员尚未登记（附件4）。"),
        (ledger.evidence, "证据尚未登记（附件7-1）。"),
        (meetings.meetings, "会议尚未登记（附件5），没有签到和纪要可列。"),
        (photographs.photos, "现场照片尚未登记（辅-4）。"),
        (appendices.details, EMPTY_DETAILS),
        (archive.history, "尚未立项，没有办理记录。"),
        (archive.filing, "尚未线上填报（辅-9）。"),
        (archive.exports, "没有导出记录。"),
    ],
)
def test_a_record_that_is_missing_is_said_in_words_and_never_as_an_empty_table(
    engagement, passage, words
):
    empty = otherwise(engagement, **dict.fromkeys(report_case.CONTENT))
    told = passage(empty)
    assert text_of(told) == words
    assert "<table" not in told.html


@pytest.mark.slow
def test_a_batch_makes_the_archive_pages_when_asked_and_a_pack_for_the_archive_has_them(
    tmp_path: Path,
):
    case: Case = report_case.build(tmp_path / "cases")
    done = run([case.folder], tmp_path / "out", Wanted(("html",), (REPORT, ARCHIVE)), Means(1))
    assert [each.problems for each in done.outcomes] == [()]
    page = (tmp_path / "out/small/archive.html").read_text(encoding="utf-8")
    assert "各维度得分" in page
    assert "各维度得分" not in (tmp_path / "out/small/report.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_pack_for_the_archive_holds_the_supplement_and_no_other_does(tmp_path: Path):
    course = {**report_case.ENGAGEMENT, "issues": []}
    case = report_case.build(tmp_path / "cases", engagement=course, annex_7=None, aux_4=None)
    arguments = [str(case.folder), "--for", "archive", "--out", str(tmp_path / "a.zip")]
    told = CliRunner().invoke(handing_over.pack, [*arguments, "--who", "郑"], standalone_mode=False)
    assert told.exception is None
    with zipfile.ZipFile(tmp_path / "a.zip") as package:
        names = package.namelist()
    assert "01_诊断报告/归档补充页.pdf" in names
    assert "01_诊断报告/归档补充页.docx" in names
    other = make_pack(case.folder, "enterprise", "郑", tmp_path / "e.zip")
    with zipfile.ZipFile(other.path) as package:
        assert [name for name in package.namelist() if "归档" in name] == []


def test_a_short_table_stays_together_with_what_leads_to_it():
    heads = [Head("项目", 50), Head("数量", 50, "num")]
    short = table("甲", heads, [["乙", "1"]], anchor="a", lead=refer("见{下表:a}。"))
    assert short.html.startswith('<div class="keep"><p>见<a class="ref" href="#a">下表</a>。</p>')
    long_rows = [["乙", "1"]] * 7
    assert "keep" not in table("甲", heads, long_rows).html
    assert "keep" not in table("甲", heads, [["乙" * 250, "1"]]).html
