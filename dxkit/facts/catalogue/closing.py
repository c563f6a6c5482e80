"""The facts about what comes last: the survey, the filing, what is submitted."""

from __future__ import annotations

from collections.abc import Mapping

from dxkit.facts import filing, infrastructure, progress, results, submission, survey
from dxkit.facts.catalogue.fact import Fact, fact

CLOSING: Mapping[str, Fact] = {
    "survey_score": fact("满意度加权得分", survey.survey_score, "分"),
    "survey_grade": fact("满意度等级", survey.survey_grade),
    "survey_dimensions": fact("满意度各维度得分", survey.survey_dimensions, "分"),
    "survey_rated": fact("满意度各维度评分的项数", survey.survey_rated, "项"),
    "survey_completion": fact("满意度调查作答比例", survey.survey_completion, "%"),
    "survey_unanswered": fact("满意度调查未作答的项目", survey.survey_unanswered),
    "survey_facts_blank": fact("满意度调查未作答的事实核对项", survey.survey_facts_blank),
    "survey_contradictions": fact("满意度调查与案卷不一致之处", survey.survey_contradictions),
    "cii_hint": fact("关键信息基础设施预识别建议", infrastructure.cii_hint),
    "cii_form_missing": fact("有工业控制系统而未填附件9的情况", infrastructure.cii_form_missing),
    "self_answered_values": fact("按自报答案推算的指标值", results.self_answered_values),
    "filing_report_values": fact("报告取值", filing.filing_report_values),
    "filing_same": fact("填报与报告是否一致", filing.filing_same),
    "filing_differences": fact("填报与报告不一致的指标", filing.filing_differences),
    "filing_countdown": fact("线上填报距实施周期结束", filing.filing_countdown),
    "filing_proofs": fact("填报凭据", filing.filing_proofs, "件"),
    "days_to_period_end": fact("距实施周期结束的天数", filing.days_to_period_end, "天"),
    "ledger_rows_missing": fact("尚未形成的必备材料", submission.ledger_rows_missing),
    "pack_rows_missing": fact("报送前尚未形成的必备材料", submission.pack_rows_missing),
    "pack_rows_unlisted": fact(
        "报送清单既未列出、也未写明不报送理由的必备材料", submission.pack_rows_unlisted
    ),
    "ledger_rows_not_archived": fact("尚未归档的必备材料", submission.ledger_rows_not_archived),
    "secret_items_in_pack": fact("列入报送清单的涉密材料", submission.secret_items_in_pack),
    "pack_of_other_version": fact("报送清单中的其他版本", submission.pack_of_other_version),
    "listed_checksums": fact("清单所列文件校验值的前16位", submission.listed_checksums),
    "exports_without_purpose": fact("没有写明用途的敏感导出", submission.exports_without_purpose),
    "progress_counts": fact("各状态户数", progress.progress_counts, "户"),
    "last_progress_report_on": fact("最近一次进度汇报日期", progress.last_progress_report_on),
    "days_since_progress_report": fact(
        "距上次进度汇报的天数", progress.days_since_progress_report, "天"
    ),
}
