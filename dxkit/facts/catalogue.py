"""Every fact by name, with what it is called and its unit: the one place where names are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from dxkit.definitions import Definitions
from dxkit.facts import (
    answers,
    briefing,
    delivery,
    fieldwork,
    filing,
    infrastructure,
    issued,
    ledger,
    meetings,
    naming,
    photos,
    planning,
    progress,
    record,
    report,
    results,
    sampling,
    scale,
    scope,
    self_check,
    submission,
    survey,
    targets,
    team,
    training,
    visits,
    wording,
)
from dxkit.facts.gaps import gaps_in
from dxkit.facts.view import View


@dataclass(frozen=True)
class Fact:
    """One thing that a case says without anybody writing it down."""

    label: str
    unit: str
    compute: Callable[[View], Any]
    define: Callable[[Definitions], Any] | None = None
    """What the definitions alone say, whatever the case, so that a blank form says it too."""


def _fact(label: str, compute: Callable[[View], Any], unit: str = "") -> Fact:
    return Fact(label, unit, compute)


def _defined(label: str, define: Callable[[Definitions], Any]) -> Fact:
    return Fact(label, "", lambda view: define(view.definitions), define)


_NAMES = {
    "engagement_no": _fact("项目编号", naming.engagement_no),
    "plan_no": _fact("计划编号", naming.plan_no),
    "report_no": _fact("报告编号", naming.report_no),
    "state": _fact("办理状态", naming.state),
}
_SCOPE = {
    "credit_code_format_faults": _fact("统一社会信用代码格式有误", scope.credit_code_format_faults),
    "credit_code_doubts": _fact("统一社会信用代码校验位存疑", scope.credit_code_doubts),
    "other_open_engagements": _fact(
        "同一企业同一年度尚未办结的其他案卷", scope.other_open_engagements
    ),
}
_TEAM = {
    "leader_name": _fact("工作组组长", team.leader_name),
    "team_members": _fact("工作组成员", team.team_members),
    "team_size": _fact("工作组人数（同一人只计一次）", team.team_size, "人"),
    "team_size_onsite": _fact("到现场的人数（同一人只计一次）", team.team_size_onsite, "人"),
    "members_without_experience": _fact("没有相关工作经验的成员", team.members_without_experience),
    "institution_promise_faults": _fact("机构保密承诺的不足", team.institution_promise_faults),
    "members_without_commitment": _fact("未签署保密承诺的成员", team.members_without_commitment),
    "late_commitments": _fact("未在进场之前签署保密承诺的成员", team.late_commitments),
}
_PLAN = {
    "plan_gaps": _fact("附件4未填的必填项", partial(gaps_in, "annex_4")),
    "tasks_outside_period": _fact("安排在实施周期之外的任务", planning.tasks_outside_period),
    "stages_out_of_order": _fact("先后颠倒的阶段", planning.stages_out_of_order),
    "agenda_hours": _fact("日程合计时长", planning.agenda_hours, "小时"),
    "stages_without_task": _fact("没有安排任务的阶段", planning.stages_without_task),
    "planned_onsite_days": _fact("计划的现场天数", planning.planned_onsite_days, "天"),
    "planned_trainings": _fact("计划的培训任务数", planning.planned_trainings, "项"),
    "planned_briefings": _fact("计划的汇报任务数", planning.planned_briefings, "项"),
    "staff_last_year": _fact("最近一年的从业人数", scale.staff_last_year, "人"),
    "revenue_last_year": _fact("最近一年的营业收入", scale.revenue_last_year, "万元"),
    "cost_last_year": _fact("最近一年的营业成本", scale.cost_last_year, "万元"),
    "application_gaps": _fact("附件3未填的必填项", partial(gaps_in, "annex_3")),
}
_VISITS = {
    "first_onsite_on": _fact("首次进场日期（尚未进场的为计划日期）", visits.first_onsite_on),
    "onsite_begun_on": _fact("现场工作开始日期", visits.onsite_begun_on),
    "last_onsite_on": _fact("最后在场日期", visits.last_onsite_on),
    "onsite_hours": _fact("现场时长", visits.onsite_hours, "小时"),
    "onsite_days": _fact("现场诊断天数", visits.onsite_days, "天"),
    "presence_hours": _fact("在场小时数", visits.presence_hours, "小时"),
}
_MEETINGS = {
    **{
        f"{kind}_on": _fact(f"{name}日期", partial(meetings.held_on, kind))
        for kind, name in (
            ("kickoff", "启动会"),
            ("opening", "首次会议"),
            ("training", "宣贯培训会"),
            ("closing", "末次会议"),
            ("briefing", "情况汇报会"),
        )
    },
    "meeting_attendance": _fact("实到人数", meetings.meeting_attendance, "人"),
    "attendee_numbers": _fact("签到序号", meetings.attendee_numbers),
    "attendee_is_principal": _fact("企业主要负责人", meetings.attendee_is_principal),
    "kickoff_without_signin": _fact("没有完成签到的启动会", meetings.kickoff_without_signin),
    "kickoff_without_photos": _fact("没有照片的启动会", meetings.kickoff_without_photos),
    "opening_without_minutes": _fact("没有纪要的首次会议", meetings.opening_without_minutes),
    "closing_without_minutes": _fact("没有纪要的末次会议", meetings.closing_without_minutes),
    "closing_without_photos": _fact("没有照片的末次会议", meetings.closing_without_photos),
    "training_meeting_faults": _fact("宣贯培训会的不足", meetings.training_meeting_faults),
    "opening_meeting_faults": _fact("首次会议的不足", meetings.opening_meeting_faults),
    "closing_meeting_faults": _fact("末次会议的不足", meetings.closing_meeting_faults),
    "meetings_merged_unsaid": _fact(
        "合并召开而未同时选两种类型的会议", meetings.meetings_merged_unsaid
    ),
    "kickoff_topics_not_covered": _fact(
        "启动会未说明的内容", partial(meetings.topics_not_covered, "kickoff")
    ),
    "closing_topics_not_covered": _fact(
        "末次会议未通报的内容", partial(meetings.topics_not_covered, "closing")
    ),
    "opening_attendance_faults": _fact(
        "启动会、首次会议的缺席情况", partial(meetings.attendance_faults, ("kickoff", "opening"))
    ),
    "closing_attendance_faults": _fact(
        "末次会议的缺席情况", partial(meetings.attendance_faults, ("closing",))
    ),
    "digital_trainings": _fact("数字化转型主题培训次数", training.digital_trainings, "次"),
    "separate_topic_trainings": _fact(
        "另行举办的专题培训次数", training.separate_topic_trainings, "次"
    ),
    "training_record_gaps": _fact("培训记录缺少的内容", training.training_record_gaps),
    "departments_not_trained": _fact("未参加宣贯培训的部门", training.departments_not_trained),
    "first_briefing_on": _fact("首次情况汇报日期", briefing.first_briefing_on),
    "briefings_held": _fact("已进行的情况汇报", briefing.briefings_held, "次"),
    "review_draft_on": _fact("报告征求意见日期", briefing.review_draft_on),
    "principal_missed_briefing": _fact(
        "主要负责人未到会签字的情况汇报", briefing.principal_missed_briefing
    ),
    "briefing_faults": _fact("情况汇报缺少的内容", briefing.briefing_faults),
}
_FIELDWORK = {
    "unanswered_questions": _fact("附件6尚未回答的问题", answers.unanswered_questions),
    "answers_without_method": _fact("没有写明采集方式的答案", answers.answers_without_method),
    "methods_used": _fact("各采集方式的记录数", answers.methods_used, "条"),
    "methods_used_count": _fact("用到的采集方式", answers.methods_used_count, "种"),
    "late_records": _fact("未及时记录的答案", answers.late_records),
    "interviews_held": _fact("访谈次数", fieldwork.interviews_held, "次"),
    "people_interviewed": _fact("访谈人数", fieldwork.people_interviewed, "人"),
    "departments_interviewed": _fact("访谈涉及部门", fieldwork.departments_interviewed, "个"),
    "areas_walked": _fact("现场巡视区域或产线", fieldwork.areas_walked, "处"),
    "systems_demonstrated": _fact("演示核实信息系统", fieldwork.systems_demonstrated, "次"),
    "data_collected": _fact("数据采集记录", fieldwork.data_collected, "条"),
    "site_verification_gaps": _fact("没有现场核实记录的对象", fieldwork.site_verification_gaps),
    "sampling_gaps": _fact("设备台账抽查的不足", sampling.sampling_gaps),
    "categories_to_recount": _fact("须重新清点的设备类别", sampling.categories_to_recount),
    "lines_not_walked": _fact("没有巡视记录的产线", sampling.lines_not_walked),
    "fieldwork_coverage_gaps": _fact("现场工作的薄弱之处", fieldwork.fieldwork_coverage_gaps),
    "records_outside_meetings": _fact(
        "首次会议之前或末次会议之后的记录", fieldwork.records_outside_meetings
    ),
    "due_diligence_gaps": _fact("尽职调查情况缺少的内容", fieldwork.due_diligence_gaps),
    "investment_totals": _fact("年度数字化投入合计", record.investment_totals, "万元"),
    "investment_revenue_shares": _fact(
        "数字化投入占营业收入比例", record.investment_revenue_shares, "%"
    ),
    "software_both_kinds": _fact("两类工业软件均有在用", record.software_both_kinds),
    "hr_office_levels": _fact("人力资源、协同办公数字化水平", record.hr_office_levels),
    "segments_below": _fact("未达到系统化管理的环节", record.segments_below),
    "online_purchases_share": _fact("网上采购额占采购额比例", record.online_purchases_share, "%"),
    "online_sales_share": _fact("网上销售额占营业收入比例", record.online_sales_share, "%"),
}
_LEDGER = {
    "materials_reviewed": _fact("审核材料", ledger.materials_reviewed, "份"),
    "materials_accepted": _fact("采信材料", ledger.materials_accepted, "份"),
    "rows_pending": _fact("尚未审核的材料", ledger.rows_pending),
    "fixes_without_due_date": _fact("没有补正期限的材料", ledger.fixes_without_due_date),
    "fixes_open": _fact("尚未补正的材料", ledger.fixes_open),
    "earliest_fix_due": _fact("最早的补正期限", ledger.earliest_fix_due),
    "categories_without_review": _fact("没有审核记录的材料类别", ledger.categories_without_review),
    "self_assessment_files_missing": _fact(
        "没有取得的自评估文件", ledger.self_assessment_files_missing
    ),
    "self_assessment_mismatches": _fact("自评估材料不相符之处", ledger.self_assessment_mismatches),
    "evidence_review_log": _fact("审核轨迹", ledger.evidence_review_log),
    "evidence_due": _fact("应收", ledger.evidence_due, "份"),
    "evidence_received": _fact("已收", ledger.evidence_received, "份"),
    "evidence_accepted": _fact("通过", ledger.evidence_accepted, "份"),
    "evidence_accepted_after_fix": _fact("补正后通过", ledger.evidence_accepted_after_fix, "份"),
    "evidence_fix_needed": _fact("需补正", ledger.evidence_fix_needed, "份"),
    "evidence_rejected": _fact("不采信", ledger.evidence_rejected, "份"),
    "evidence_not_provided": _fact("未提供", ledger.evidence_not_provided, "份"),
    "evidence_not_applicable": _fact(
        "不适用（不计入审核材料）", ledger.evidence_not_applicable, "份"
    ),
    "site_photos": _fact("留存的现场照片", photos.site_photos, "张"),
    "photos_against_ban": _fact("未经同意在限制区域拍摄的照片", photos.photos_against_ban),
    "photos_not_releasable": _fact("不能进入报告的照片", photos.photos_not_releasable),
    "masked_photos_unchanged": _fact("没有遮盖的脱敏照片", photos.masked_photos_unchanged),
}
_RESULTS = {
    "indicators_without_value": _fact("没有取值的指标", results.indicators_without_value),
    "ratios_inconsistent": _fact("分子、分母与数值不一致的指标", results.ratios_inconsistent),
    "derived_indicator_mismatch": _fact(
        "与推导结果不一致的指标", results.derived_indicator_mismatch
    ),
    "claims_without_evidence": _fact("没有采信证据的指标", results.claims_without_evidence),
    "unexplained_differences": _fact("没有说明原因的自评差异", results.unexplained_differences),
    "targets_amiss": _fact("不妥的指标目标", targets.targets_amiss),
    "target_present_values": _fact("现值", results.target_present_values),
    **{
        f"result_of_{key}": _fact(label, partial(results.result_words, key))
        for key, label in (
            ("digital_management", "经营管理数字化判定"),
            ("all_key_businesses_digital", "关键业务环节全面数字化判定"),
            ("control_integration", "管控集成判定"),
            ("smart_manufacturing_ready", "智能制造就绪判定"),
        )
    },
}
_REPORT = {
    "empty_chapters": _fact("没有内容的章节", report.empty_chapters),
    "incomplete_problems": _fact("不完整的问题", report.incomplete_problems),
    "incomplete_suggestions": _fact("不完整的方案卡", report.incomplete_suggestions),
    "author_is_reviewer": _fact("主笔与校核人为同一人", report.author_is_reviewer),
    "author_reviewer_leader_faults": _fact(
        "主笔、校核人、组长的问题", report.author_reviewer_leader_faults
    ),
    "identity_mismatches": _fact("前后不一致的名称和日期", report.identity_mismatches),
    "placeholders_left": _fact("占位文字", wording.placeholders_left),
    "unnumbered_tables": _fact("没有编号的图表引用", wording.unnumbered_tables),
    "benchmarks_without_source": _fact("没有来源或年份的对标值", report.benchmarks_without_source),
    "comment_numbers": _fact("意见序号", report.comment_numbers),
    "suggestion_paybacks": _fact("静态回收期", report.suggestion_paybacks, "年"),
    "delivered_on": _fact("报告送达日期（以签收回执为准）", delivery.delivered_on),
    "version_in_force": _fact("现行报告版本", issued.version_in_force),
    "version_issued_on": _fact("现行版本的发布日期", issued.version_issued_on),
    "version_delivered_on": _fact("现行版本的送达日期", delivery.version_delivered_on),
    "version_receipts": _fact("辅-10 ", delivery.version_receipts),
    "version_undelivered": _fact("没有送达回执的现行版本", delivery.version_undelivered),
    "receipts_apart": _fact(
        "附件8所填收到报告日期与送达回执相差的天数", delivery.receipts_apart, "天"
    ),
    "corrections_undelivered": _fact("没有送达回执的更正版本", delivery.corrections_undelivered),
}
_CLOSING = {
    "survey_score": _fact("满意度加权得分", survey.survey_score, "分"),
    "survey_grade": _fact("满意度等级", survey.survey_grade),
    "survey_dimensions": _fact("满意度各维度得分", survey.survey_dimensions, "分"),
    "survey_rated": _fact("满意度各维度评分的项数", survey.survey_rated, "项"),
    "survey_completion": _fact("满意度调查作答比例", survey.survey_completion, "%"),
    "survey_unanswered": _fact("满意度调查未作答的项目", survey.survey_unanswered),
    "survey_facts_blank": _fact("满意度调查未作答的事实核对项", survey.survey_facts_blank),
    "survey_contradictions": _fact("满意度调查与案卷不一致之处", survey.survey_contradictions),
    "cii_hint": _fact("关键信息基础设施预识别建议", infrastructure.cii_hint),
    "cii_form_missing": _fact("有工业控制系统而未填附件9的情况", infrastructure.cii_form_missing),
    "self_answered_values": _fact("按自报答案推算的指标值", results.self_answered_values),
    "filing_report_values": _fact("报告取值", filing.filing_report_values),
    "filing_same": _fact("填报与报告是否一致", filing.filing_same),
    "filing_differences": _fact("填报与报告不一致的指标", filing.filing_differences),
    "filing_countdown": _fact("线上填报距实施周期结束", filing.filing_countdown),
    "filing_proofs": _fact("填报凭据", filing.filing_proofs, "件"),
    "days_to_period_end": _fact("距实施周期结束的天数", filing.days_to_period_end, "天"),
    "ledger_rows_missing": _fact("尚未形成的必备材料", submission.ledger_rows_missing),
    "pack_rows_missing": _fact("报送前尚未形成的必备材料", submission.pack_rows_missing),
    "pack_rows_unlisted": _fact(
        "报送清单既未列出、也未写明不报送理由的必备材料", submission.pack_rows_unlisted
    ),
    "ledger_rows_not_archived": _fact("尚未归档的必备材料", submission.ledger_rows_not_archived),
    "secret_items_in_pack": _fact("列入报送清单的涉密材料", submission.secret_items_in_pack),
    "pack_of_other_version": _fact("报送清单中的其他版本", submission.pack_of_other_version),
    "listed_checksums": _fact("清单所列文件校验值的前16位", submission.listed_checksums),
    "exports_without_purpose": _fact("没有写明用途的敏感导出", submission.exports_without_purpose),
    "progress_counts": _fact("各状态户数", progress.progress_counts, "户"),
    "last_progress_report_on": _fact("最近一次进度汇报日期", progress.last_progress_report_on),
    "days_since_progress_report": _fact(
        "距上次进度汇报的天数", progress.days_since_progress_report, "天"
    ),
}
_JUDGES: Mapping[str, Callable[[View], Any]] = {
    name: each.compute
    for group in (_RESULTS, _REPORT, _FIELDWORK, _LEDGER)
    for name, each in group.items()
}
_SELF_CHECK = {
    "self_check_modes": _defined("检查方式", self_check.self_check_modes),
    "self_check_consequences": _defined("不合格的后果", self_check.self_check_consequences),
    **{
        name: _fact(label, partial(judge, _JUDGES))
        for name, label, judge in (
            ("self_check_verdicts", "系统判定", self_check.self_check_verdicts),
            (
                "self_check_open_blocks",
                "自检未通过且不得放行的项目",
                self_check.self_check_open_blocks,
            ),
            (
                "self_check_open_warnings",
                "自检未通过而只作提醒的项目",
                self_check.self_check_open_warnings,
            ),
            (
                "self_check_contradictions",
                "人工填写与系统判定不一致的自检项目",
                self_check.self_check_contradictions,
            ),
            (
                "self_check_notes_missing",
                "不合格或不适用而没有说明的自检项目",
                self_check.self_check_notes_missing,
            ),
        )
    },
}

FACTS: Mapping[str, Fact] = {
    **_NAMES,
    **_SCOPE,
    **_TEAM,
    **_PLAN,
    **_VISITS,
    **_MEETINGS,
    **_FIELDWORK,
    **_LEDGER,
    **_RESULTS,
    **_REPORT,
    **_CLOSING,
    **_SELF_CHECK,
}
