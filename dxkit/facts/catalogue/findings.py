"""The facts about what was found and written down: answers, materials, results, the report."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from dxkit.facts import (
    answers,
    delivery,
    fieldwork,
    issued,
    ledger,
    photos,
    record,
    report,
    results,
    sampling,
    targets,
    wording,
)
from dxkit.facts.catalogue.fact import Fact, fact

_FIELDWORK = {
    "unanswered_questions": fact("附件6尚未回答的问题", answers.unanswered_questions),
    "answers_without_method": fact("没有写明采集方式的答案", answers.answers_without_method),
    "methods_used": fact("各采集方式的记录数", answers.methods_used, "条"),
    "methods_used_count": fact("用到的采集方式", answers.methods_used_count, "种"),
    "late_records": fact("未及时记录的答案", answers.late_records),
    "interviews_held": fact("访谈次数", fieldwork.interviews_held, "次"),
    "people_interviewed": fact("访谈人数", fieldwork.people_interviewed, "人"),
    "departments_interviewed": fact("访谈涉及部门", fieldwork.departments_interviewed, "个"),
    "areas_walked": fact("现场巡视区域或产线", fieldwork.areas_walked, "处"),
    "systems_demonstrated": fact("演示核实信息系统", fieldwork.systems_demonstrated, "次"),
    "data_collected": fact("数据采集记录", fieldwork.data_collected, "条"),
    "site_verification_gaps": fact("没有现场核实记录的对象", fieldwork.site_verification_gaps),
    "sampling_gaps": fact("设备台账抽查的不足", sampling.sampling_gaps),
    "categories_to_recount": fact("须重新清点的设备类别", sampling.categories_to_recount),
    "lines_not_walked": fact("没有巡视记录的产线", sampling.lines_not_walked),
    "fieldwork_coverage_gaps": fact("现场工作的薄弱之处", fieldwork.fieldwork_coverage_gaps),
    "records_outside_meetings": fact(
        "首次会议之前或末次会议之后的记录", fieldwork.records_outside_meetings
    ),
    "due_diligence_gaps": fact("尽职调查情况缺少的内容", fieldwork.due_diligence_gaps),
    "investment_totals": fact("年度数字化投入合计", record.investment_totals, "万元"),
    "investment_revenue_shares": fact(
        "数字化投入占营业收入比例", record.investment_revenue_shares, "%"
    ),
    "software_both_kinds": fact("两类工业软件均有在用", record.software_both_kinds),
    "hr_office_levels": fact("人力资源、协同办公数字化水平", record.hr_office_levels),
    "segments_below": fact("未达到系统化管理的环节", record.segments_below),
    "online_purchases_share": fact("网上采购额占采购额比例", record.online_purchases_share, "%"),
    "online_sales_share": fact("网上销售额占营业收入比例", record.online_sales_share, "%"),
}

_LEDGER = {
    "materials_reviewed": fact("审核材料", ledger.materials_reviewed, "份"),
    "materials_accepted": fact("采信材料", ledger.materials_accepted, "份"),
    "rows_pending": fact("尚未审核的材料", ledger.rows_pending),
    "fixes_without_due_date": fact("没有补正期限的材料", ledger.fixes_without_due_date),
    "fixes_open": fact("尚未补正的材料", ledger.fixes_open),
    "earliest_fix_due": fact("最早的补正期限", ledger.earliest_fix_due),
    "categories_without_review": fact("没有审核记录的材料类别", ledger.categories_without_review),
    "self_assessment_files_missing": fact(
        "没有取得的自评估文件", ledger.self_assessment_files_missing
    ),
    "self_assessment_mismatches": fact("自评估材料不相符之处", ledger.self_assessment_mismatches),
    "evidence_review_log": fact("审核轨迹", ledger.evidence_review_log),
    "evidence_due": fact("应收", ledger.evidence_due, "份"),
    "evidence_received": fact("已收", ledger.evidence_received, "份"),
    "evidence_accepted": fact("通过", ledger.evidence_accepted, "份"),
    "evidence_accepted_after_fix": fact("补正后通过", ledger.evidence_accepted_after_fix, "份"),
    "evidence_fix_needed": fact("需补正", ledger.evidence_fix_needed, "份"),
    "evidence_rejected": fact("不采信", ledger.evidence_rejected, "份"),
    "evidence_not_provided": fact("未提供", ledger.evidence_not_provided, "份"),
    "evidence_not_applicable": fact(
        "不适用（不计入审核材料）", ledger.evidence_not_applicable, "份"
    ),
    "site_photos": fact("留存的现场照片", photos.site_photos, "张"),
    "photos_against_ban": fact("未经同意在限制区域拍摄的照片", photos.photos_against_ban),
    "photos_not_releasable": fact("不能进入报告的照片", photos.photos_not_releasable),
    "masked_photos_unchanged": fact("没有遮盖的脱敏照片", photos.masked_photos_unchanged),
}

_RESULTS = {
    "indicators_without_value": fact("没有取值的指标", results.indicators_without_value),
    "ratios_inconsistent": fact("分子、分母与数值不一致的指标", results.ratios_inconsistent),
    "derived_indicator_mismatch": fact(
        "与推导结果不一致的指标", results.derived_indicator_mismatch
    ),
    "claims_without_evidence": fact("没有采信证据的指标", results.claims_without_evidence),
    "unexplained_differences": fact("没有说明原因的自评差异", results.unexplained_differences),
    "targets_amiss": fact("不妥的指标目标", targets.targets_amiss),
    "target_present_values": fact("现值", results.target_present_values),
    **{
        f"result_of_{key}": fact(label, partial(results.result_words, key))
        for key, label in (
            ("digital_management", "经营管理数字化判定"),
            ("all_key_businesses_digital", "关键业务环节全面数字化判定"),
            ("control_integration", "管控集成判定"),
            ("smart_manufacturing_ready", "智能制造就绪判定"),
        )
    },
}

_REPORT = {
    "empty_chapters": fact("没有内容的章节", report.empty_chapters),
    "incomplete_problems": fact("不完整的问题", report.incomplete_problems),
    "incomplete_suggestions": fact("不完整的方案卡", report.incomplete_suggestions),
    "author_is_reviewer": fact("主笔与校核人为同一人", report.author_is_reviewer),
    "author_reviewer_leader_faults": fact(
        "主笔、校核人、组长的问题", report.author_reviewer_leader_faults
    ),
    "identity_mismatches": fact("前后不一致的名称和日期", report.identity_mismatches),
    "placeholders_left": fact("占位文字", wording.placeholders_left),
    "unnumbered_tables": fact("没有编号的图表引用", wording.unnumbered_tables),
    "benchmarks_without_source": fact("没有来源或年份的对标值", report.benchmarks_without_source),
    "comment_numbers": fact("意见序号", report.comment_numbers),
    "suggestion_paybacks": fact("静态回收期", report.suggestion_paybacks, "年"),
    "delivered_on": fact("报告送达日期（以签收回执为准）", delivery.delivered_on),
    "version_in_force": fact("现行报告版本", issued.version_in_force),
    "version_issued_on": fact("现行版本的发布日期", issued.version_issued_on),
    "version_delivered_on": fact("现行版本的送达日期", delivery.version_delivered_on),
    "version_receipts": fact("辅-10 ", delivery.version_receipts),
    "version_undelivered": fact("没有送达回执的现行版本", delivery.version_undelivered),
    "receipts_apart": fact(
        "附件8所填收到报告日期与送达回执相差的天数", delivery.receipts_apart, "天"
    ),
    "corrections_undelivered": fact("没有送达回执的更正版本", delivery.corrections_undelivered),
}

FINDINGS: Mapping[str, Fact] = {**_FIELDWORK, **_LEDGER, **_RESULTS, **_REPORT}
