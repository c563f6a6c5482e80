"""Whether a case fits its forms: every problem at once, each with file, key and line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from dxkit.case.answers import MARK, PARTS, column_fields, flatten, is_record, read_answer
from dxkit.case.stores import FILE, RESTRICTED
from dxkit.case.values import expected_instead
from dxkit.case.words import STRENGTHS
from dxkit.definitions import Definitions
from dxkit.errors import Problem
from dxkit.models.annex import NUMERIC, Annex, Field, FieldType
from dxkit.models.values import expected_day_or_moment
from dxkit.strict_yaml import YamlText

HEAD = {"format": int, "edition": str, "created_on": str, "demo": bool, "note": str}
FORMAT = 1
_EDITION = re.compile(r"20\d{2}-(0[1-9]|1[0-2])")
_HEAD_WORDS = {int: f"整数 {FORMAT}", str: "文字", bool: "true 或 false"}
METHODS = (
    "interview",
    "observation",
    "site_walk",
    "document_review",
    "system_demo",
    "data_collection",
)
_PLACE = {
    True: f"写在企业文件夹的 {RESTRICTED}/{FILE} 中，限制知悉范围",
    False: f"写在企业文件夹的 {FILE} 中",
}
WITHHELD = "不合要求的内容（限制知悉，不在此显示）"
_ONE_STRENGTH = "、".join(f"{code}（{words}）" for code, words in STRENGTHS.items()) + " 之一"
_VALUES = ("self_reported", "onsite", "verified")
_LISTS = ("methods", "evidence")

Found = tuple[str, str, str]


def problems_in(
    text: YamlText, where: str, definitions: Definitions, restricted: bool = False
) -> list[Problem]:
    """Return every reason why the content of a case file must be refused.

    `restricted` tells whether it is the file of a restricted store, which holds other annexes;
    what was found there is not repeated, as messages end up in lists, logs and reports of a batch.
    """
    if not isinstance(text.data, dict):
        return [Problem(where, "", "不是一份填写记录", "以 annex_3、annex_6 等为键的内容")]
    return [
        Problem(where, _with_line(text, key), WITHHELD if restricted else found, expected)
        for key, found, expected in _find(text.data, definitions, restricted)
    ]


def _with_line(text: YamlText, key: str) -> str:
    line = text.line_of(key)
    return f"{key}（第 {line} 行）" if line else key


def _find(data: Mapping[str, Any], definitions: Definitions, restricted: bool) -> Iterator[Found]:
    for key, value in data.items():
        if key in HEAD:
            if expected := _head_expected(key, value):
                yield key, _shown(value), expected
        elif value is None:
            continue
        elif key not in definitions.annexes:
            yield key, "没有这张表", "、".join([*HEAD, *definitions.annexes]) + " 之一"
        elif definitions.annexes[key].restricted is not restricted:
            mark = definitions.annexes[key].mark
            yield key, f"{mark}不能写在这个文件里", _PLACE[definitions.annexes[key].restricted]
        elif not isinstance(value, dict):
            yield key, _shown(value), "字段和填写内容"
        else:
            yield from _annex(definitions.annexes[key], value, definitions)


def _head_expected(key: str, value: Any) -> str | None:
    """Return what would be right at the head of a case file, None if it fits."""
    if type(value) is not HEAD[key] or (key == "format" and value != FORMAT):
        return _HEAD_WORDS[HEAD[key]]
    if key == "edition" and not _EDITION.fullmatch(str(value)):
        return "填写时所用定义的版次，如 2026-11"
    return None


def _annex(annex: Annex, answers: dict[str, Any], definitions: Definitions) -> Iterator[Found]:
    yield from _unknown_keys(annex, answers)
    questions = dict(annex.questions())
    flat = flatten(annex, _safe(annex, answers))
    for key, raw in flat.items():
        place, field = f"{annex.id}.{key}", questions[key]
        if field.type is FieldType.TABLE:
            yield from _table(place, field, raw, definitions)
        elif annex.answers == "record" and (is_record(raw) or raw == MARK):
            yield from _record(place, field, raw, definitions)
        else:
            yield from _value(place, field, raw, definitions)
    if annex.answers != "record":
        yield from _compared(annex.id, questions, flat)
        return
    told = {key: read_answer(_readable(raw)) for key, raw in flat.items()}
    for view in ("value", "self_reported"):
        values = {key: getattr(answer, view) for key, answer in told.items()}
        yield from _compared(annex.id, questions, values)


def _readable(raw: Any) -> Any:
    """Leave out the parts of an answer that no answer has or that are no lists; they are told."""
    if not is_record(raw):
        return raw
    return {
        key: value
        for key, value in raw.items()
        if key in PARTS and (key not in _LISTS or isinstance(value, list))
    }


def _safe(annex: Annex, answers: dict[str, Any]) -> dict[str, Any]:
    """Leave out grids that are no mappings; they are reported as unknown keys are."""
    columns = _grid_columns(annex)
    return {
        key: value
        for key, value in answers.items()
        if key not in columns or isinstance(value, dict)
    }


def _grid_columns(annex: Annex) -> dict[str, Field]:
    grids = [field for field in annex.fields if field.type is FieldType.GRID]
    return {column.key: grid for grid in grids for column in grid.columns}


def _unknown_keys(annex: Annex, answers: dict[str, Any]) -> Iterator[Found]:
    columns = _grid_columns(annex)
    known = {field.key for field in annex.fields if field.type is not FieldType.GRID} | set(columns)
    for key, value in answers.items():
        place = f"{annex.id}.{key}"
        if key not in known:
            yield place, "没有这个字段", f"{annex.mark}中的字段，请检查拼写"
        elif key in columns:
            rows = [row.code for row in columns[key].rows]
            if value is not None and not isinstance(value, dict):
                yield place, _shown(value), "按行填写：" + "、".join(rows)
                continue
            for row in value or {}:
                if row not in rows:
                    yield f"{place}.{row}", "没有这一行", "、".join(rows) + " 之一"


def _record(place: str, field: Field, raw: Any, definitions: Definitions) -> Iterator[Found]:
    if raw == MARK:
        raw = {MARK: "未说明理由"}
    for key, value in raw.items():
        spot = f"{place}.{key}"
        if key not in PARTS:
            yield spot, "没有这一项", "、".join(sorted(PARTS)) + " 之一"
        elif value is None:
            continue
        elif key in _VALUES:
            yield from _value(spot, field, value, definitions)
        elif key == MARK and not field.may_be_not_applicable:
            yield spot, "此题不允许标为不适用", "填写答案，或留空表示未知"
        elif key in _LISTS:
            yield from _list(spot, key, value)
        elif expected := _expected_of(key, value):
            yield spot, _shown(value), expected


def _expected_of(part: str, value: Any) -> str | None:
    """Return what would be right if a part that is written out does not fit, None if it fits."""
    if part == "recorded_at":
        return expected_day_or_moment(value)
    if part == "strength":
        return None if isinstance(value, str) and value in STRENGTHS else _ONE_STRENGTH
    return None if isinstance(value, str) and value.strip() else "说明文字"


def _list(place: str, key: str, value: Any) -> Iterator[Found]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        yield place, _shown(value), "列表"
    elif key == "methods" and (wrong := [each for each in value if each not in METHODS]):
        yield place, "、".join(wrong), "、".join(METHODS) + " 之一"


def _value(place: str, field: Field, value: Any, definitions: Definitions) -> Iterator[Found]:
    if expected := expected_instead(field, value, definitions):
        yield place, _shown(value), expected


def _table(place: str, field: Field, rows: Any, definitions: Definitions) -> Iterator[Found]:
    if not isinstance(rows, list):
        yield place, _shown(rows), "列表，每行一项"
        return
    columns = column_fields(field)
    for number, row in enumerate(rows, start=1):
        spot = f"{place}.{number}"
        if not isinstance(row, dict):
            yield spot, _shown(row), "键和值：" + "、".join(columns)
            continue
        for key, value in row.items():
            if key not in columns:
                yield f"{spot}.{key}", "没有这一列", "、".join(columns) + " 之一"
            elif value is not None:
                yield from _value(f"{spot}.{key}", columns[key], value, definitions)
                yield from _outside(f"{spot}.{key}", key, value)
        yield from _compared(spot, columns, row)


def _outside(place: str, key: str, value: Any) -> Iterator[Found]:
    """Refuse a file name that leads out of the case folder."""
    if key != "file" or not isinstance(value, str):
        return
    parts = {*PurePosixPath(value).parts, *PureWindowsPath(value).parts}
    if ".." in parts or PurePosixPath(value).is_absolute() or PureWindowsPath(value).anchor:
        yield place, value, "企业文件夹内的相对路径"


def _compared(
    place: str, fields: Mapping[str, Field], values: Mapping[str, Any]
) -> Iterator[Found]:
    for key, field in fields.items():
        mine: Any = values.get(key)
        for bound, word in ((field.at_most, "大于"), (field.at_least, "小于")):
            other: Any = values.get(bound) if bound else None
            if bound is None or not _comparable(field, mine, other):
                continue
            low, high = (other, mine) if word == "大于" else (mine, other)
            if low < high:
                found = f"{_shown(mine)}，{word}“{fields[bound].label}”{_shown(other)}"
                yield f"{place}.{key}", found, f"不{word} {_shown(other)}"


def _comparable(field: Field, mine: Any, other: Any) -> bool:
    if field.type in NUMERIC:
        return all(isinstance(each, (int, float)) for each in (mine, other))
    return isinstance(mine, str) and isinstance(other, str)


def _shown(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 40 else text[:37] + "……"
