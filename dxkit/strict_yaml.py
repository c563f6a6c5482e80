"""What YAML files say, read so that nothing is guessed: `no` is a word, no key counts twice."""

from __future__ import annotations

import math
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from dxkit.errors import DxkitError, Problem, os_problem

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 40
_SAFE_DEPTH = 500
_MOST_DIGITS = 15

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+([eE][-+]?[0-9]+)?")
_PLAIN_TAGS = tuple(
    f"tag:yaml.org,2002:{kind}"
    for kind in ("str", "int", "float", "bool", "null", "timestamp", "value", "merge")
)
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass
class YamlText:
    """What a YAML file says, and on which line each key path of it stands."""

    data: Any
    lines: dict[str, int] = field(default_factory=dict)

    def line_of(self, path: str) -> int | None:
        """Return the line of a key path such as `annex_6.equipment`, or of its nearest parent."""
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        return self.lines.get(path)


def read(path: Path, error: type[DxkitError] = DxkitError) -> YamlText:
    """Read one file strictly.

    Raises:
        DxkitError: of the class `error`, with every problem of the file that can be told at once.
    """
    return parse(_text_of(path, error), str(path), error)


def parse(text: str, where: str, error: type[DxkitError] = DxkitError) -> YamlText:
    """Parse YAML text strictly; `where` names it in problems."""
    try:
        _refuse_depth(text, where, error)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        place = f"第 {mark.line + 1} 行第 {mark.column + 1} 列" if mark else ""
        raise error(Problem(where, place, "不是有效的 YAML", _hint(exc))) from None
    except (yaml.YAMLError, RecursionError):
        raise error(
            Problem(where, "", "含有不能识别的字符或结构", "UTF-8 编码的 YAML 文本")
        ) from None
    reading = _Reading(where)
    data = reading.value(node, "") if node is not None else None
    if reading.problems:
        raise error(reading.problems)
    return YamlText(data, reading.lines)


def dump(data: Any, header: str = "") -> str:
    """Write data as YAML: Chinese as Chinese, keys in their order, one answer a line."""
    body: str = yaml.dump(
        data, Dumper=_PlainDumper, allow_unicode=True, sort_keys=False, width=100, indent=2
    )
    return header + body


def _refuse_depth(text: str, where: str, error: type[DxkitError]) -> None:
    """Refuse absurd nesting before the composer, which recurses, would run out of stack.

    Nesting needs a bracket or a column of indentation a level, so most texts need no closer look.
    """
    brackets = text.count("[") + text.count("{")
    indent = max((len(line) - len(line.lstrip(" -?")) for line in text.splitlines()), default=0)
    if brackets + indent <= _SAFE_DEPTH:
        return
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
        if depth > _SAFE_DEPTH:
            mark: Any = event.start_mark
            line = f"第 {mark.line + 1} 行"
            raise error(Problem(where, line, f"嵌套超过 {_SAFE_DEPTH} 层", "按表单的层次填写"))


def _guess(text: str) -> Any:
    """Return what a plain scalar is read as: a truth, nothing, a number or the text itself."""
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text) if len(text) <= _MOST_DIGITS else math.inf
    return float(text) if _DECIMAL.fullmatch(text) else text


class _PlainDumper(_Dumper):  # type: ignore[misc]  # C or Python dumper, whichever is installed
    """Quotes what the strict reader would take for something other than text."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write shared values out each time: the reader refuses aliases."""
        return True

    def represent_text(self, text: str) -> yaml.Node:
        """Quote what would be read back as something else."""
        style = None if _guess(text) is text else "'"
        node: yaml.Node = self.represent_scalar("tag:yaml.org,2002:str", text, style=style)
        return node


_PlainDumper.add_representer(str, _PlainDumper.represent_text)


def _text_of(path: Path, error: type[DxkitError]) -> str:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            limit = f"不超过 {MAX_BYTES // 1024 // 1024} MB；照片和材料请作为证据文件存放"
            raise error(Problem(str(path), "", f"{size / 1024 / 1024:.0f} MB", limit))
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        found = f"第 {exc.start + 1} 个字节不是 UTF-8 文字"
        raise error(Problem(str(path), "", found, "UTF-8 编码的 YAML 文本")) from None
    except OSError as exc:
        raise error(os_problem(exc)) from None


def _hint(exc: yaml.MarkedYAMLError) -> str:
    """Turn the parser's English into what to look for."""
    said = f"{exc.problem or ''} {exc.context or ''}"
    if "\\t" in said or "tab" in said:
        return "用空格缩进，不用制表符"
    if "expected <block end>" in said or "mapping values" in said:
        return "同级的键缩进一致，冒号后空一格；含冒号的文字加引号"
    if "undefined alias" in said or "alias" in said or "anchor" in said:
        return "文字以 * 或 & 开头时加引号"
    return "检查此处的缩进、冒号、引号和括号"


@dataclass
class _Reading:
    where: str
    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)

    def value(self, node: yaml.Node, path: str) -> Any:
        self.lines[path] = node.start_mark.line + 1
        if not isinstance(node, yaml.ScalarNode) and self._refused(node, path):
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, f"{path}.{i + 1}") for i, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _refused(self, node: yaml.Node, path: str) -> bool:
        if not node.tag.endswith((":map", ":seq")):
            self._say(node, path, f"标签 {node.tag}", "普通文字、数字或列表")
        if id(node) in self.seen:
            self._say(node, path, "引用（*）", "把内容写全，不用引用")
            return True
        self.seen.add(id(node))
        if path.count(".") > MAX_DEPTH:
            self._say(node, path[:60], f"嵌套超过 {MAX_DEPTH} 层", "按表单的层次填写")
            return True
        return False

    def _mapping(self, node: yaml.MappingNode, path: str) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._say(key_node, path, "复杂的键", "简单的文字作键")
                continue
            key = sys.intern(key_node.value)  # the same few in every case, and in every row of it
            child = f"{path}.{key}" if path else key
            if key in result:
                self._say(key_node, child, "键重复出现", "同一层每个键只出现一次")
            result[key] = self.value(value_node, child)
            self.lines[child] = key_node.start_mark.line + 1
        return result

    def _scalar(self, node: Any, path: str) -> Any:
        text: str = node.value
        if not node.tag.startswith(_PLAIN_TAGS):
            self._say(node, path, f"标签 {node.tag}", "普通文字、数字或列表")
        if node.style:
            return text
        value = _guess(text)
        if isinstance(value, float) and not math.isfinite(value):
            self._say(
                node,
                path,
                f"{text[:20]}……（{len(text)} 位）",
                "能够表示的数；代码、编号一类的文字请加引号",
            )
            return None
        return value

    def _say(self, node: yaml.Node, path: str, found: str, expected: str) -> None:
        key = f"{path}（第 {node.start_mark.line + 1} 行）"
        self.problems.append(Problem(self.where, key, found, expected))
