"""What pydantic refuses, said in Chinese: key, what was found and what would be right."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

TAG = "kind:"
"""Opens the tag of each member of a union, so that it can be told from a key of the file."""

_OTHERWISE = "符合此键要求的内容"

_EXPECTED = {
    "missing": "必须填写此键",
    "extra_forbidden": "没有这个键，请检查拼写",
    "invalid_key": "文字作键",
    "none_required": "留空",
    "json_invalid": "能够保存为文本的内容",
    "json_type": "能够保存为文本的内容",
    "recursion_loop": "不引用自身的内容",
    "finite_number": "有限的数",
    "string_unicode": "UTF-8 编码的文字",
    "string_not_ascii": "只含英文字母、数字和符号的文字",
    "string_pattern_mismatch": "小写英文字母、数字和下划线组成的标识，以字母开头",
    "int_from_float": "整数",
    "int_parsing_size": "位数较少的整数",
    "union_tag_invalid": "规则允许的条件之一",
    "union_tag_not_found": "规则允许的条件之一",
}

_PATTERNS = {r"^[A-Za-z0-9_]+$": "英文字母、数字和下划线组成的代码"}

# By the first word of an error's type, for the many `…_type` and `…_parsing`.
_KINDS = {
    "string": "文字（数字和日期请加引号）",
    "int": "整数",
    "float": "数字",
    "decimal": "数字",
    "bool": "true 或 false",
    "list": "列表",
    "tuple": "列表",
    "set": "列表",
    "iterable": "列表",
    "dict": "键和值",
    "mapping": "键和值",
    "model": "键和值",
    "date": "日期，如 2026-03-05",
    "time": "时间，如 09:30",
    "datetime": "日期和时间，如 2026-03-05 09:30",
}

_BOUNDS = {
    "gt": "大于 {}",
    "ge": "不小于 {}",
    "lt": "小于 {}",
    "le": "不大于 {}",
    "multiple_of": "{} 的整数倍",
}


def told(error: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return the key of one pydantic error, what was found there and what would be right."""
    key = ".".join(_step(part) for part in error["loc"] if not _internal(part))
    found = "" if error["type"] == "missing" else shown(error.get("input"))
    return key, found, expected(error["type"], error.get("ctx") or {})


def expected(kind: str, context: Mapping[str, Any]) -> str:
    """Return in Chinese what a kind of error asks for, whichever kind it is."""
    if kind in ("enum", "literal_error"):
        return _one_of(re.findall(r"'([^']*)'", str(context.get("expected"))))
    if kind == "value_error":
        return str(context.get("error"))
    if context.get("pattern") in _PATTERNS:
        return _PATTERNS[context["pattern"]]
    for name, words in _BOUNDS.items():
        if name in context:
            return words.format(f"{context[name]:g}")
    if kind.endswith(("too_short", "too_long")):
        return _length(kind, context)
    return _EXPECTED.get(kind) or _KINDS.get(kind.partition("_")[0], _OTHERWISE)


def shown(value: Any) -> str:
    """Return a value as it stands in a file, cut where it is long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    if value is None or text == "":
        return "空"
    return text if len(text) <= 60 else text[:57] + "……"


def _one_of(codes: list[str]) -> str:
    return "、".join(codes) + (" 之一" if len(codes) > 1 else "")


def _length(kind: str, context: Mapping[str, Any]) -> str:
    least, most = context.get("min_length"), context.get("max_length")
    word = "个字" if kind.startswith(("string", "bytes")) else "项"
    if least is None:
        return f"至多 {most} {word}"
    return "不能为空" if least == 1 and word == "个字" else f"至少 {least} {word}"


def _internal(part: int | str) -> bool:
    """Tell whether a step is pydantic's own: the tag of a union or the word for a wrong key."""
    return str(part).startswith(TAG) or part == "[key]"


def _step(part: int | str) -> str:
    return str(part + 1) if isinstance(part, int) else part
