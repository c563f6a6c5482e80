"""Chapter 3: equipment, networks, systems, integration, business segments, data and security."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dxkit.case.answers import read_answer
from dxkit.charts import Cell as Crossing
from dxkit.charts import Chart, Cover, Gap, Layer, Level, Terms, architecture, levels, matrix
from dxkit.diagnosis import Diagnosis
from dxkit.models.annex import Choice, Field
from dxkit.report.answers import (
    annex_field,
    filled_rows,
    not_involved,
    rows_of,
    rows_table,
    shown_rows,
    value,
)
from dxkit.report.blocks import Block, figure, heading, join, labelled, prose, refer

AUTOMATIC = {"interface", "middle_store"}


def key_processes(diagnosis: Diagnosis) -> Block:
    """Return 表3-1: the key processes and how each is controlled."""
    widths = {"workshop": 15, "line": 16, "process_name": 19, "main_equipment": 20}
    widths |= {"control_mode": 16, "nc": 14}
    return rows_table(
        diagnosis.case,
        "annex_6",
        "key_process_list",
        widths,
        "关键工序与控制方式",
        anchor="key-processes",
        lead=refer("关键工序及其控制方式见{下表:key-processes}。"),
    )


def equipment(diagnosis: Diagnosis) -> Block:
    """Return 表3-2: equipment by kind with what is digital, networked and on the cloud."""
    widths: dict[str, float] = {"cat": 14, "name": 26, "quantity": 12, "quantity_digital": 12}
    widths |= {"quantity_networked": 12, "quantity_digital_networked": 12, "quantity_on_cloud": 12}
    return rows_table(
        diagnosis.case,
        "annex_6",
        "equipment_list",
        widths,
        "生产设备汇总",
        anchor="equipment",
        lead=refer("各类生产设备的数量和数字化、联网、上云情况见{下表:equipment}。"),
    )


def network(diagnosis: Diagnosis) -> Block:
    """Return 图3-1: networks and systems layer by layer, with the text about them."""
    rows = shown_rows(diagnosis.case, "annex_2", "network_layers")
    layers = [Layer(row["layer"], row["contents"], row["link"], row["protection"]) for row in rows]
    text = prose(value(diagnosis.case, "annex_2", "network_architecture"))
    if not layers:
        return text or not_involved(diagnosis.case, "3.2", "网络与系统架构尚未登记")
    lead = refer("网络与系统的分层和连接见{下图:network}。")
    return text + lead + figure(architecture(layers), "网络与系统架构示意图", anchor="network")


def platforms(diagnosis: Diagnosis) -> Block:
    """Return 表3-3: clouds and platforms in use."""
    widths: dict[str, float] = {"name": 20, "provider": 17, "kind": 16, "workloads": 24}
    widths |= {"devices": 14, "status": 9}
    return rows_table(
        diagnosis.case,
        "annex_6",
        "platform_list",
        widths,
        "云与平台应用",
        anchor="platforms",
        empty="未登记云与平台",
        lead=refer("云与平台的用途和接入设备见{下表:platforms}。"),
    )


def systems(diagnosis: Diagnosis) -> Block:
    """Return 表3-4 and 图3-2: the systems, and which business segment each covers."""
    widths: dict[str, float] = {"name": 20, "sw_class": 15, "build": 8, "deploy": 9}
    widths |= {"online_on": 23, "status": 9, "coverage": 16}
    case = diagnosis.case
    rows = filled_rows(case, "annex_6", "software_list", "sw_class")
    covering = "，各业务环节由哪类系统覆盖见{下图:coverage}" if rows else ""
    lead = refer(f"信息系统和工业软件见{{下表:systems}}{covering}。")
    listed = lead + rows_table(
        case, "annex_6", "software_list", widths, "信息系统清单", anchor="systems"
    )
    if not rows:
        return listed
    return listed + figure(_coverage(diagnosis, rows), "业务环节×系统覆盖矩阵", anchor="coverage")


def _coverage(diagnosis: Diagnosis, rows: Sequence[Mapping[str, Any]]) -> Chart:
    """Draw segments against system classes: full where in use, part where on trial or building."""
    classes = _column(diagnosis, "software_list", "sw_class")
    used = [
        each for each in classes.choices if any(row.get("sw_class") == each.code for row in rows)
    ]
    cells = [
        [_cover(rows, segment.code, each.code) for each in used] for segment in segments(diagnosis)
    ]
    names = [segment.label for segment in segments(diagnosis)]
    terms = Terms("在用", "试运行或在建", "无")
    return matrix(names, [each.label for each in used], cells, terms)


def _cover(rows: Sequence[Mapping[str, Any]], segment: str, sw_class: str) -> Crossing:
    statuses = {
        row.get("status")
        for row in rows
        if row.get("sw_class") == sw_class and segment in (row.get("segments") or [])
    }
    if "in_use" in statuses:
        return Cover.FULL
    return Cover.PART if statuses & {"trial", "building"} else Cover.NONE


def integration(diagnosis: Diagnosis) -> Block:
    """Return 图3-3 and 表3-5: which systems exchange data, and how."""
    widths: dict[str, float] = {"source_system": 18, "target_system": 18, "contents": 24}
    widths |= {"direction": 10, "method": 14, "coverage": 16}
    case = diagnosis.case
    rows = rows_of(case, "annex_6", "interface_list")
    listed = rows_table(
        case,
        "annex_6",
        "interface_list",
        widths,
        "接口清单",
        anchor="interfaces",
        empty="未登记系统接口",
    )
    if not rows:
        return refer("系统之间的接口见{下表:interfaces}。") + listed
    lead = refer("系统之间交换数据的方式见{下图:exchange}，接口逐项列于{下表:interfaces}。")
    return lead + figure(_exchange(rows), "系统集成关系矩阵", anchor="exchange") + listed


def _exchange(rows: Sequence[Mapping[str, Any]]) -> Chart:
    sources = list(dict.fromkeys(str(row.get("source_system")) for row in rows))
    targets = list(dict.fromkeys(str(row.get("target_system")) for row in rows))
    cells = [[_link(rows, source, target) for target in targets] for source in sources]
    return matrix(sources, targets, cells, Terms("自动交换", "文件导入或人工重录", "无"))


def _link(rows: Sequence[Mapping[str, Any]], source: str, target: str) -> Crossing:
    methods = {
        str(row.get("method"))
        for row in rows
        if str(row.get("source_system")) == source and str(row.get("target_system")) == target
    }
    if not methods:
        return Cover.NONE
    return Cover.FULL if methods & AUTOMATIC else Cover.PART


def segments_levels(diagnosis: Diagnosis) -> Block:
    """Return 图3-4: the level of every business segment, and what the levels mean."""
    column = next(
        each
        for each in annex_field(diagnosis.case, "annex_6", "levels").columns
        if each.key == "levels"
    )
    meaning = "；".join(f"{choice.code} {choice.label}" for choice in column.choices)
    given = diagnosis.case.annex("annex_6").get("levels") or {}
    rows = [Level(row.label, _level(given.get(row.code))) for row in segments(diagnosis)]
    note = prose(f"水平含义：{meaning}。", "note")
    lead = refer(f"{len(rows)}个业务环节的数字化水平见{{下图:segments}}。")
    return lead + figure(levels(rows), "业务环节数字化水平", anchor="segments") + note


def _level(raw: object) -> int | Gap:
    answer = read_answer(raw)
    if answer.not_applicable is not None:
        return Gap.NOT_APPLICABLE
    return Gap.UNKNOWN if answer.value is None else int(answer.value)


def security(diagnosis: Diagnosis) -> Block:
    """Return 表3-6: measures for networks, control systems and data; no weak point in detail."""
    widths: dict[str, float] = {"area": 14, "measure": 34, "status": 14, "evidence": 14, "note": 24}
    listed = rows_table(
        diagnosis.case,
        "annex_2",
        "security_measures",
        widths,
        "安全措施表",
        anchor="security",
        empty="安全措施尚未登记",
        lead=refer("网络、工业控制系统和数据的安全措施见{下表:security}。"),
    )
    return listed + labelled("工业关键信息基础设施预识别：", _identified(diagnosis))


def _identified(diagnosis: Diagnosis) -> str:
    """Say whether a form that is kept apart was begun, and nothing of what stands in it."""
    case, apart = diagnosis.case, diagnosis.case.restricted
    forms = [each for each in case.definitions.annexes.values() if each.restricted]
    begun = [each.mark for each in forms if apart is not None and apart.annex(each.id)]
    if not begun:
        return f"未开展（{'、'.join(each.mark for each in forms)}）。"
    return f"已开展，所填的{'、'.join(begun)}单独保管，内容不列入本报告。"


def good_practices(diagnosis: Diagnosis) -> Block:
    """Return 3.7: up to three practices worth showing, each with its evidence."""
    rows = shown_rows(diagnosis.case, "annex_2", "good_practices")[:3]
    if not rows:
        return not_involved(diagnosis.case, "3.7", "尚未总结亮点做法")
    return join(
        heading(3, f"{n}. {row['title']}")
        + prose(row["description"])
        + prose(f"证据：{row['evidence'] or '未列'}", "basis")
        for n, row in enumerate(rows, start=1)
    )


def segments(diagnosis: Diagnosis) -> tuple[Choice, ...]:
    """Return the 16 business segments in the order of table 6-7."""
    return annex_field(diagnosis.case, "annex_6", "levels").rows


def _column(diagnosis: Diagnosis, table: str, key: str) -> Field:
    columns = annex_field(diagnosis.case, "annex_6", table).columns
    return next(column for column in columns if column.key == key)
