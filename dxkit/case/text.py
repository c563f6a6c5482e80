"""The text of a case file, written and proved anew only where the content changed."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from threading import Lock
from typing import Any

from dxkit import strict_yaml
from dxkit.errors import CaseError

HEADER = (
    "# 本企业的全部填写内容。可以手工修改：下次打开时会校验并记入 journal.jsonl。\n"
    "# 批注请写在各题的 remark 中；以 # 开头的注释在程序写入后不保留。\n"
)
_PLAIN = re.compile(r"[a-z][a-z0-9_]*")
_MOST = 20_000
"""Fields whose text is remembered: some ten cases."""


class _Remembered:
    """The text of fields as it was last written; whoever reads a content never changes it."""

    def __init__(self) -> None:
        self._texts: OrderedDict[Any, tuple[Any, str]] = OrderedDict()
        self._lock = Lock()

    def text(self, key: str, value: Any, within: bool = False) -> str:
        """Return the lines of one field, indented where it stands within a form.

        Raises:
            CaseError: if they would not be read as what they say.
        """
        name = within, *_name(key, value)
        with self._lock:
            if name in self._texts:
                self._texts.move_to_end(name)
                return self._texts[name][1]
        text = _proved(key, value, within)
        with self._lock:
            self._texts[name] = value, text
            if len(self._texts) > _MOST:
                self._texts.popitem(last=False)
        return text


_remembered = _Remembered()


def text_of(data: Mapping[str, Any]) -> str:
    """Return a case file's text: every field on lines of its own.

    What was written before is taken as it is, by the identity of its value: a content is never
    changed in its place, only another one made of it.

    Raises:
        CaseError: if some content would not be read as what it says.
    """
    return HEADER + "".join(_lines(data))


def _lines(data: Mapping[str, Any]) -> Iterator[str]:
    for key, value in data.items():
        if not (isinstance(value, Mapping) and value and _PLAIN.fullmatch(key)):
            yield _remembered.text(key, value)
            continue
        yield f"{key}:\n"
        for name, inner in value.items():
            yield _remembered.text(name, inner, within=True)


def _indented(text: str) -> str:
    return "".join(f"  {line}" if line.strip() else line for line in text.splitlines(keepends=True))


def _proved(key: str, value: Any, within: bool) -> str:
    text, meant = strict_yaml.dump({key: value}), {key: value}
    head = "form:\n" if within else ""
    if within:
        text = _indented(text)
    read = strict_yaml.parse(head + text, key, CaseError).data
    if read != ({"form": meant} if within else meant):
        raise CaseError(f"“{key}”的内容写入后读出的不同，没有写入")
    return text


def _name(key: str, value: Any) -> tuple[Any, ...]:
    """Return what tells one field's content from another's."""
    if isinstance(value, (Mapping, list)):
        return key, id(value)
    return key, type(value), value
