"""A small engagement with every kind of record that the report tells of, and with secrets in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image

from dxkit.case import Case, Change, open_case, store_of, writing
from dxkit.case.folder import create
from dxkit.definitions import load

SECRET = "绝密配方七号"
SECRET_COLOUR = (255, 0, 255)
RESTRICTED_WORDS = "调度主站甲"
PHONE = "13900001234"

MEMBERS = [
    {"name": "郑虚构", "role": "leader", "org": "示例服务机构", "is_expert": True, "phone": PHONE},
    {"name": "梁虚构", "role": "member", "org": "示例服务机构", "phone": PHONE},
]
MEETINGS = [
    {
        "meeting_no": "M01",
        "types": ["kickoff", "opening"],
        "title": "启动会暨首次会议",
        "held_on": "2026-09-14",
        "start_at": "09:00",
        "end_at": "10:00",
        "place": "第一会议室",
        "mode": "onsite",
        "host": "郑虚构",
        "minutes": ["J01"],
        "photos": ["Z001"],
    },
    {
        "meeting_no": "M02",
        "types": ["training"],
        "title": "宣贯培训会",
        "held_on": "2026-09-14",
        "start_at": "10:30",
        "end_at": "11:30",
        "place": "培训教室",
        "mode": "onsite",
        "host": "梁虚构",
    },
    {
        "meeting_no": "M03",
        "types": ["closing"],
        "title": "末次会议",
        "held_on": "2026-09-15",
        "start_at": "16:00",
        "end_at": "17:00",
        "place": "第一会议室",
        "mode": "onsite",
        "host": "郑虚构",
    },
]
ATTENDEES = [
    {"meeting_no": ["M01"], "name": "郑虚构", "org_side": "group", "title": "组长", "sign": True},
    {
        "meeting_no": ["M01"],
        "name": "白虚构",
        "org_side": "enterprise",
        "dept": "总经办",
        "title": "总经理",
        "phone": PHONE,
        "sign": True,
    },
]
MINUTES = [
    {
        "minutes_no": "J01",
        "meeting_no": "M01",
        "attendees_count": 2,
        "agenda": "介绍人员；说明背景；确认日程。",
        "key_points": "向企业说明了诊断工作的背景、目的、意义和计划安排。",
        "enterprise_opinions": "无",
        "written_on": "2026-09-15",
    }
]
ACTIONS = [
    {
        "minutes_no": "J01",
        "action": "提供设备台账",
        "owner": "白虚构",
        "due_on": "2026-09-16",
        "done_on": "2026-09-15",
    }
]
PHOTOS = [
    {
        "photo_no": "Z001",
        "taken_at": "2026-09-14 09:05:00",
        "place": "第一会议室",
        "node": "kickoff",
        "subject": "启动会会场",
        "consent": "yes",
        "secrecy": "general",
        "file": "evidence/Z001.jpg",
        "sha256": "0" * 64,
    },
    {
        "photo_no": "Z002",
        "taken_at": "2026-09-14 14:20:00",
        "place": "装配车间",
        "node": "site",
        "subject": "装配线看板",
        "consent": "masked",
        "secrecy": "internal",
        "file": "evidence/Z002.jpg",
        "sha256": "1" * 64,
    },
    {
        "photo_no": "Z003",
        "place": f"{SECRET}车间",
        "subject": SECRET,
        "caption": SECRET,
        "consent": "yes",
        "secrecy": "secret",
        "file": "evidence/Z003.jpg",
        "sha256": "2" * 64,
    },
    {"photo_no": "Z004", "subject": SECRET, "consent": "no", "secrecy": "general"},
    {"photo_no": "Z005", "subject": SECRET, "consent": "yes"},
]
EVIDENCE = [
    {
        "evidence_no": "E-A001",
        "category": "A",
        "title": "营业执照副本",
        "outcome": "accepted",
        "reviewed_on": "2026-09-14",
        "secrecy": "general",
    },
    {
        "evidence_no": "E-D001",
        "item": "D001",
        "category": "D",
        "title": "两化融合自评估报告",
        "outcome": "accepted",
        "file": "evidence/E-D001.pdf",
        "sha256": "d" * 64,
        "secrecy": "internal",
    },
    {
        "evidence_no": "E-F001",
        "category": "F",
        "title": SECRET,
        "outcome": "rejected",
        "secrecy": "secret",
    },
    {"evidence_no": "E-F002", "category": "F", "title": SECRET, "outcome": "fix_needed"},
]
TRAININGS = [
    {
        "training_no": "X01",
        "meeting_no": "M02",
        "hours": 1,
        "audience_count": 18,
        "topic": "数字化转型从哪里开始",
        "is_digital_topic": True,
        "counts_for_5_3": True,
        "trainer": "梁虚构",
        "audience_depts": "生产部、设备部",
        "outline": "转型路径与案例。",
    }
]
BRIEFINGS = [
    {
        "briefing_no": "H01",
        "held_on": "2026-10-09",
        "presenter": "郑虚构",
        "report_version": "V1.0",
        "principal_name": "白虚构",
        "principal_title": "总经理",
        "principal_signed": True,
        "contents": ["due_diligence", "report_explained"],
        "opinions": "同意报告的判断。",
    }
]
INTERVIEWS = [
    {"interviewee": "白虚构", "department": "总经办", "held_at": "2026-09-14 13:00:00"},
    {"interviewee": "白虚构", "department": "总经办", "held_at": "2026-09-15 13:00:00"},
    {"interviewee": "黄虚构", "department": "设备部", "held_at": "2026-09-15 14:00:00"},
]


def _step(name: str, at: str, to: str, who: str = "郑虚构") -> dict[str, Any]:
    return {"transition": name, "to_state": to, "at": f"{at} 09:00:00", "who": who, "journal_n": 1}


def _note(rule: str, note: str, day: str) -> dict[str, Any]:
    return {"rule": rule, "note": note, "who": "梁虚构", "noted_at": f"{day} 09:00:00"}


ENGAGEMENT = {
    "year": 2026,
    "serial_no": 7,
    "state": "surveyed",
    "history": [
        _step("T01", "2026-09-01", "draft"),
        _step("T02", "2026-09-02", "team"),
        _step("T03", "2026-09-03", "plan"),
        _step("T05", "2026-09-09", "pre"),
        _step("T12", "2026-09-18", "report_draft"),
        _step("T13", "2026-09-30", "report_issued"),
        _step("T15", "2026-10-12", "surveyed"),
    ],
    "overrides": [
        {
            "rule": "R-04",
            "reason": "企业规模小，经工信局同意两人成组",
            "who": "郑虚构",
            "at": "2026-09-03 09:00:00",
        }
    ],
    "notes": [
        {
            "rule": "R-18",
            "note": f"尚未审核：{SECRET}",
            "who": "梁虚构",
            "noted_at": "2026-09-09 09:00:00",
        },
        {
            "rule": "R-18",
            "note": "机构收到日期未填",
            "who": "梁虚构",
            "noted_at": "2026-09-10 09:00:00",
        },
    ],
    "snapshots": [
        {
            "snapshot_no": "S1",
            "at": "2026-09-18 09:00:00",
            "who": "郑虚构",
            "journal_n": 1,
            "digest": "abcdef0123456789",
            "definitions": "2026-11／0123456789ab",
            "policy_edition": "2026-11",
        }
    ],
    "issues": [
        {
            "version": "V1.0",
            "issued_at": "2026-09-30 09:00:00",
            "who": "郑虚构",
            "journal_n": 1,
            "snapshot_no": "S1",
            "reason": "首次发布",
            "files": ["issued/V1.0/report.docx"],
        }
    ],
    "exports": [
        {
            "form_no": "bureau-001",
            "at": "2026-10-13 09:00:00",
            "who": "梁虚构",
            "annex": "bureau",
            "format": "zip",
            "purpose": "报送盟市工信局",
            "contains": ["phones"],
        }
    ],
}
CONTENT: dict[str, Any] = {
    "annex_2": {
        "report_version": "V1.0",
        "summary_conclusion": "基础较好。",
        "comment_from": "2026-09-25",
        "issued_on": "2026-09-30",
        "unverified": "无",
    },
    "annex_3": {
        "enterprise_name": "示例机械厂",
        "principal": "白虚构",
        "league": "150200",
        "applied_on": "2026-09-08",
        "enterprise_seal": True,
        "selfassess_on": "2026-09-07",
    },
    "annex_4": {"members": MEMBERS, "compiled_on": "2026-09-04"},
    "aux_2": {"notice_no": "示告〔2026〕7号", "sent_on": "2026-09-05", "receipt_on": "2026-09-06"},
    "annex_5": {"meetings": MEETINGS, "attendees": ATTENDEES},
    "aux_3": {"minutes": MINUTES, "actions": ACTIONS},
    "aux_4": {"photos": PHOTOS},
    "aux_5": {"trainings": TRAININGS},
    "aux_6": {"briefings": BRIEFINGS},
    "annex_6": {
        "interviews": INTERVIEWS,
        "presence": [
            {"date": "2026-09-14", "arrived": "08:30", "left": "17:30"},
            {"date": "2026-09-15", "arrived": "08:30", "left": "12:00"},
        ],
    },
    "annex_7": {"evidence": EVIDENCE},
    "aux_10": {
        "deliveries": [{"delivery_no": "S01", "delivered_on": "2026-10-08", "signed": True}]
    },
    "annex_8": {
        "filled_on": "2026-10-12",
        "filler": "白虚构",
        "rating": {f"s{n:02d}": "5" if n <= 9 else "4" for n in range(1, 18)},
        "recommendation": 9,
    },
    "aux_9": {
        "filed_on": "2026-10-14",
        "submit_no": "T-7788",
        "filed_value": {"key_process_nc_rate": "93.33%"},
    },
    "engagement": ENGAGEMENT,
}


def build(place: Path, **annexes: Any) -> Case:
    """Write the case, some of its annexes otherwise; None leaves one out."""
    content = {**CONTENT, **annexes}
    told = {key: value for key, value in content.items() if value is not None}
    case = create(place / "small", {"created_on": "2026-09-01", **told}, load(), "测试")
    for name, colour in (("Z001", "steelblue"), ("Z002", "olive"), ("Z003", SECRET_COLOUR)):
        _photograph(case.folder / "evidence" / f"{name}.jpg", colour)
    return open_case(case.folder)


def _photograph(path: Path, colour: Any) -> None:
    small = path.parent / "thumbnails" / path.name
    small.parent.mkdir(parents=True, exist_ok=True)
    for each, size in ((path, (800, 600)), (small, (480, 360))):
        Image.new("RGB", size, colour).save(each, "JPEG")


def corrected(case: Case) -> Case:
    """Return the case as the first correction of its report is made from it."""
    evidence = [dict(row) for row in case.annex("annex_7")["evidence"]]
    evidence[2]["title"] = f"{SECRET}（修订）"
    with writing(case.folder, "测试") as writer:
        writer.apply(
            [
                Change("annex_2.report_version", "V1.1"),
                Change("annex_2.summary_conclusion", "基础较好，联网不足。"),
                Change("annex_7.evidence", evidence),
            ]
        )
    return open_case(case.folder)


def with_identification(case: Case) -> Case:
    """Return the case with a form that is kept apart begun."""
    with writing(store_of(case.folder, "annex_9"), "测试") as writer:
        writer.set("annex_9.systems", [{"system_no": "S1", "name": RESTRICTED_WORDS}])
    return open_case(case.folder)
