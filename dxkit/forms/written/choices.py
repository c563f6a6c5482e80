"""How people name choices: by label, by code, by both, ticked, in any brackets, one or several."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

_LOOSE = re.compile(r"[\s　\u00a0\u200b\ufeff]+")
_ENDS = "。.；;，,、：:"
_BRACKETS = str.maketrans("[]{}【】〔〕〈〉<>", "()()()()()()")
_TICKED, _EMPTY = "☑☒✓✔√■●", "☐□○"
_TICK = re.compile(f"[{_TICKED}{_EMPTY}]")
_BETWEEN = "、,;/|\n"
_SPLITTERS = (r"\n+", r"[；;]", r"[、，,]")
_JOINTS = {"、": {*"、，,；;\n"}, "；": {*"；;\n"}}

TRUE_WORDS = frozenset({*"是有对真yt√✓✔☑■1", "yes", "true"})
FALSE_WORDS = frozenset({*"否无错nf×✗✘x╳0", "没有", "不是", "no", "false"})


def loosened(text: object) -> str:
    """Return a text reduced to what tells labels apart: no spaces, widths, brackets' kinds.

    Signs at its ends go as well, unless there is nothing else: “；” is not the same as nothing.
    """
    plain = unicodedata.normalize("NFKC", str(text)).translate(_BRACKETS)
    bare = _LOOSE.sub("", plain)
    return (bare.strip(_ENDS) or bare).casefold()


def read_truth(raw: object) -> bool | None:
    """Return what a yes-or-no cell says: 是, 否, √, ×, Y, N or a ticked box; None if unclear."""
    if isinstance(raw, bool):
        return raw
    ticked = _ticked(str(raw))
    word = loosened(ticked[0] if ticked is not None and len(ticked) == 1 else raw)
    return True if word in TRUE_WORDS else False if word in FALSE_WORDS else None


def read_choice(raw: object, names: Mapping[str, Iterable[str]]) -> str | None:
    """Return the code that a text names by one of its names; None if none or several fit."""
    text = _whole(raw)
    ticked = _ticked(text)
    if ticked is not None:
        text = ticked[0] if len(ticked) == 1 else ""
    return _code_of(text, names) if text else None


def read_choices(raw: object, names: Mapping[str, Iterable[str]]) -> list[str] | None:
    """Return the codes named one after the other, each once; None if a piece names none.

    A label may itself hold a separator, so the longest label that fits is taken first.
    """
    text = _whole(raw)
    ticked = _ticked(text)
    pieces = ticked if ticked is not None else [text]
    codes: list[str] = []
    for piece in pieces:
        found = _several(piece, names)
        if found is None:
            return None
        codes += found
    return list(dict.fromkeys(codes))


def read_names(raw: object) -> list[str]:
    """Return several names written in one cell; the widest separator that occurs divides them."""
    text = str(raw).strip()
    splitter = next((each for each in _SPLITTERS if re.search(each, text)), None)
    pieces = re.split(splitter, text) if splitter else [text]
    return [piece.strip() for piece in pieces if piece.strip()]


def join_names(names: Iterable[str]) -> str:
    """Return several names as one text that `read_names` takes apart again."""
    names = list(names)
    inside = "".join(names)
    joint = next((joint for joint, apart in _JOINTS.items() if not apart & {*inside}), "\n")
    return joint.join(names)


def _whole(raw: object) -> str:
    """Return a raw content as text; a spreadsheet's 3.0 is the code 3."""
    return str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw)


def _ticked(text: str) -> list[str] | None:
    """Return the labels behind ticked boxes; None if the text has no boxes with labels."""
    if not _TICK.search(text) or len(text.strip()) < 2:
        return None
    pieces = re.split(f"([{_TICKED}{_EMPTY}])", text)
    pairs = zip(pieces[1::2], pieces[2::2], strict=True)
    return [label.strip() for box, label in pairs if box in _TICKED and label.strip()]


def _code_of(text: str, names: Mapping[str, Iterable[str]]) -> str | None:
    word = _unwrapped(loosened(text))
    exact = [code for code in names if loosened(code) == word]
    fitting = exact or [code for code, each in names.items() if word in map(loosened, each)]
    fitting = fitting or [code for code, each in names.items() if word in _with_code(code, each)]
    return fitting[0] if len(set(fitting)) == 1 else None


def _unwrapped(word: str) -> str:
    """Return what stands in brackets that enclose all of it."""
    inner = word[1:-1]
    wrapped = word[:1] == "(" and word[-1:] == ")" and not {"(", ")"} & {*inner}
    return inner if wrapped else word


def _with_code(code: str, names: Iterable[str]) -> set[str]:
    """Return the ways to write a code before its label: 3 是, 3.是, 3、是, 3：是, (3)是."""
    joints = ("", ".", "、", ":", "-", ")", "=")
    return {loosened(f"{code}{joint}{name}") for name in names for joint in joints} | {
        loosened(f"({code}){name}") for name in names
    }


def _several(text: str, names: Mapping[str, Iterable[str]]) -> list[str] | None:
    whole = _code_of(text, names)
    if whole is not None:
        return [whole]
    known = {word: code for code, each in names.items() for word in [*each, code]}
    longest = sorted({_spaceless(word) for word in known}, key=len, reverse=True)
    codes = {_spaceless(word): code for word, code in known.items()}
    return _taken_apart(_spaceless(text, keep_lines=True), longest, codes)


def _spaceless(text: str, keep_lines: bool = False) -> str:
    """Loosen a text without touching its separators; a line break is one of them."""
    lines = str(text).splitlines() if keep_lines else [str(text)]
    folded = (unicodedata.normalize("NFKC", line).translate(_BRACKETS).casefold() for line in lines)
    return "\n".join(_LOOSE.sub("", line) for line in folded)


def _taken_apart(text: str, words: list[str], codes: Mapping[str, str]) -> list[str] | None:
    found: list[str] = []
    rest = text.strip(_BETWEEN + "。")
    while rest:
        word = next((each for each in words if _begins(rest, each)), None)
        if word is None:
            return None
        found.append(codes[word])
        rest = rest[len(word) :].lstrip(_BETWEEN)
    return found


def _begins(text: str, word: str) -> bool:
    """Tell whether a text begins with a word that ends where the text does or a separator is."""
    return bool(word) and text.startswith(word) and (text[len(word) :] or "\n")[0] in _BETWEEN
