"""How the reason of a difference is read: a text that may begin with one of five causes."""

from __future__ import annotations

CAUSES = {
    "understanding": "口径理解",
    "timing": "时点不同",
    "entry_error": "填报错误",
    "weak_evidence": "证据不足",
    "other": "其他",
}
"""The causes that an answer's reason may begin with, by the codes of annex 2."""

_NAMES = {**{label: code for code, label in CAUSES.items()}, "数据时点": "timing"}
_BETWEEN = "：:。；;，, \n"


def read_cause(reason: str) -> tuple[str, str]:
    """Return the code of the cause that a reason begins with and the rest; no code if none does."""
    text = reason.strip()
    for name, code in _NAMES.items():
        rest = text.removeprefix(name)
        if rest != text and rest[:1] in ("", *_BETWEEN):
            return code, rest.lstrip(_BETWEEN)
    return "", text
