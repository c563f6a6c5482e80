"""The facts about how an engagement goes: who, when, and the meetings and visits on the way."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from dxkit.facts import briefing, meetings, naming, planning, scale, scope, team, training, visits
from dxkit.facts.catalogue.fact import Fact, fact
from dxkit.facts.gaps import gaps_in

_NAMES = {
    "engagement_no": fact("项目编号", naming.engagement_no),
    "plan_no": fact("计划编号", naming.plan_no),
    "report_no": fact("报告编号", naming.report_no),
    "state": fact("办理状态", naming.state),
}

_SCOPE = {
    "credit_code_format_faults": fact("统一社会信用代码格式有误", scope.credit_code_format_faults),
    "credit_code_doubts": fact("统一社会信用代码校验位存疑", scope.credit_code_doubts),
    "other_open_engagements": fact(
        "同一企业同一年度尚未办结的其他案卷", scope.other_open_engagements
    ),
}

_TEAM = {
    "leader_name": fact("工作组组长", team.leader_name),
    "team_members": fact("工作组成员", team.team_members),
    "team_size": fact("工作组人数（同一人只计一次）", team.team_size, "人"),
    "team_size_onsite": fact("到现场的人数（同一人只计一次）", team.team_size_onsite, "人"),
    "members_without_experience": fact("没有相关工作经验的成员", team.members_without_experience),
    "institution_promise_faults": fact("机构保密承诺的不足", team.institution_promise_faults),
    "members_without_commitment": fact("未签署保密承诺的成员", team.members_without_commitment),
    "late_commitments": fact("未在进场之前签署保密承诺的成员", team.late_commitments),
}

_PLAN = {
    "plan_gaps": fact("附件4未填的必填项", partial(gaps_in, "annex_4")),
    "tasks_outside_period": fact("安排在实施周期之外的任务", planning.tasks_outside_period),
    "stages_out_of_order": fact("先后颠倒的阶段", planning.stages_out_of_order),
    "agenda_hours": fact("日程合计时长", planning.agenda_hours, "小时"),
    "stages_without_task": fact("没有安排任务的阶段", planning.stages_without_task),
    "planned_onsite_days": fact("计划的现场天数", planning.planned_onsite_days, "天"),
    "planned_trainings": fact("计划的培训任务数", planning.planned_trainings, "项"),
    "planned_briefings": fact("计划的汇报任务数", planning.planned_briefings, "项"),
    "staff_last_year": fact("最近一年的从业人数", scale.staff_last_year, "人"),
    "revenue_last_year": fact("最近一年的营业收入", scale.revenue_last_year, "万元"),
    "cost_last_year": fact("最近一年的营业成本", scale.cost_last_year, "万元"),
    "application_gaps": fact("附件3未填的必填项", partial(gaps_in, "annex_3")),
}

_VISITS = {
    "first_onsite_on": fact("首次进场日期（尚未进场的为计划日期）", visits.first_onsite_on),
    "onsite_begun_on": fact("现场工作开始日期", visits.onsite_begun_on),
    "last_onsite_on": fact("最后在场日期", visits.last_onsite_on),
    "onsite_hours": fact("现场时长", visits.onsite_hours, "小时"),
    "onsite_days": fact("现场诊断天数", visits.onsite_days, "天"),
    "presence_hours": fact("在场小时数", visits.presence_hours, "小时"),
}

_MEETINGS = {
    **{
        f"{kind}_on": fact(f"{name}日期", partial(meetings.held_on, kind))
        for kind, name in (
            ("kickoff", "启动会"),
            ("opening", "首次会议"),
            ("training", "宣贯培训会"),
            ("closing", "末次会议"),
            ("briefing", "情况汇报会"),
        )
    },
    "meeting_attendance": fact("实到人数", meetings.meeting_attendance, "人"),
    "attendee_numbers": fact("签到序号", meetings.attendee_numbers),
    "attendee_is_principal": fact("企业主要负责人", meetings.attendee_is_principal),
    "kickoff_without_signin": fact("没有完成签到的启动会", meetings.kickoff_without_signin),
    "kickoff_without_photos": fact("没有照片的启动会", meetings.kickoff_without_photos),
    "opening_without_minutes": fact("没有纪要的首次会议", meetings.opening_without_minutes),
    "closing_without_minutes": fact("没有纪要的末次会议", meetings.closing_without_minutes),
    "closing_without_photos": fact("没有照片的末次会议", meetings.closing_without_photos),
    "training_meeting_faults": fact("宣贯培训会的不足", meetings.training_meeting_faults),
    "opening_meeting_faults": fact("首次会议的不足", meetings.opening_meeting_faults),
    "closing_meeting_faults": fact("末次会议的不足", meetings.closing_meeting_faults),
    "meetings_merged_unsaid": fact(
        "合并召开而未同时选两种类型的会议", meetings.meetings_merged_unsaid
    ),
    "kickoff_topics_not_covered": fact(
        "启动会未说明的内容", partial(meetings.topics_not_covered, "kickoff")
    ),
    "closing_topics_not_covered": fact(
        "末次会议未通报的内容", partial(meetings.topics_not_covered, "closing")
    ),
    "opening_attendance_faults": fact(
        "启动会、首次会议的缺席情况", partial(meetings.attendance_faults, ("kickoff", "opening"))
    ),
    "closing_attendance_faults": fact(
        "末次会议的缺席情况", partial(meetings.attendance_faults, ("closing",))
    ),
    "digital_trainings": fact("数字化转型主题培训次数", training.digital_trainings, "次"),
    "separate_topic_trainings": fact(
        "另行举办的专题培训次数", training.separate_topic_trainings, "次"
    ),
    "training_record_gaps": fact("培训记录缺少的内容", training.training_record_gaps),
    "departments_not_trained": fact("未参加宣贯培训的部门", training.departments_not_trained),
    "first_briefing_on": fact("首次情况汇报日期", briefing.first_briefing_on),
    "briefings_held": fact("已进行的情况汇报", briefing.briefings_held, "次"),
    "review_draft_on": fact("报告征求意见日期", briefing.review_draft_on),
    "principal_missed_briefing": fact(
        "主要负责人未到会签字的情况汇报", briefing.principal_missed_briefing
    ),
    "briefing_faults": fact("情况汇报缺少的内容", briefing.briefing_faults),
}

COURSE: Mapping[str, Fact] = {**_NAMES, **_SCOPE, **_TEAM, **_PLAN, **_VISITS, **_MEETINGS}
