"""How the modules of the browser side become the one script and the one style of a widget.

A widget carries its browser side as a single ES module. The modules in `front/` are written one
thing a file and joined here without a build step: each becomes a function that returns what it
exports, in the order in which they need each other. Only the forms of `import` and `export` that
stand below are known; anything else is refused.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path, PurePosixPath

FRONT = Path(__file__).parent / "front"
ENTRY = "main.js"
PACKAGES = {
    "preact": "vendor/preact.js",
    "preact/hooks": "vendor/hooks.js",
    "htm": "vendor/htm.js",
}
FIRST_STYLE = "base.css"

# A statement begins a line, or in a minified file follows the end of another one.
_START = r"(?:^|(?<=[;}]))"
_IMPORT = re.compile(
    _START + r'import\s*(?:(?:\{(?P<names>[^}]*)\}|(?P<whole>\w+))\s*from\s*)?"(?P<of>[^"]+)";?',
    re.MULTILINE,
)
_DECLARED = re.compile(
    r"^export (?P<kind>async function|function|class|const) (?P<name>\w+)", re.MULTILINE
)
_LISTED = re.compile(_START + r"export\s*\{(?P<names>[^}]*)\};?", re.MULTILINE)
_WHOLE = re.compile(_START + r"export default\s*", re.MULTILINE)
_UNKNOWN = re.compile(r"^\s*(?:import|export)\b(?!\()", re.MULTILINE)


class AssetError(Exception):
    """The modules of the browser side cannot be joined."""


@cache
def script() -> str:
    """Return the whole browser side as the text of one ES module."""
    return join(FRONT)


@cache
def style() -> str:
    """Return all style sheets as one, the common one first."""
    files = sorted(FRONT.rglob("*.css"), key=lambda file: (file.name != FIRST_STYLE, file))
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def join(folder: Path) -> str:
    """Return the modules of a folder as one; its `main.js` says what the whole exports.

    Raises:
        AssetError: if a module is missing, needs itself, or imports or exports in another form.
    """
    order: dict[str, str] = {}
    _gather(folder, ENTRY, (), order)
    numbers = {name: f"module{number}" for number, name in enumerate(order)}
    parts = [
        f"const {numbers[name]} = (() => {{ // {name}\n{_translated(name, text, numbers)}\n}})();"
        for name, text in order.items()
    ]
    return "\n".join([*parts, f"export default {numbers[ENTRY]}.default;\n"])


def _gather(folder: Path, name: str, needed_by: tuple[str, ...], order: dict[str, str]) -> None:
    """Add a module behind all that it needs."""
    if name in needed_by:
        raise AssetError(f"modules need each other: {' > '.join([*needed_by, name])}")
    if name in order:
        return
    try:
        text = (folder / name).read_text(encoding="utf-8")
    except OSError as error:
        raise AssetError(f"{needed_by[-1] if needed_by else folder}: no module {name}") from error
    for found in _IMPORT.finditer(text):
        _gather(folder, _located(name, found["of"]), (*needed_by, name), order)
    order[name] = text


def _located(module: str, of: str) -> str:
    """Return the file that a module means."""
    if of in PACKAGES:
        return PACKAGES[of]
    if not of.startswith("."):
        raise AssetError(f"{module}: {of} is no module of the page")
    steps: list[str] = []
    for step in (*PurePosixPath(module).parent.parts, *of.split("/")):
        if step == "..":
            if not steps:
                raise AssetError(f"{module}: {of} lies outside the page")
            steps.pop()
        elif step != ".":
            steps.append(step)
    return "/".join(steps)


def _translated(module: str, text: str, numbers: dict[str, str]) -> str:
    """Return a module's text as the inside of a function that returns what it exports."""
    exported: list[str] = []

    def imported(found: re.Match[str]) -> str:
        source = numbers[_located(module, found["of"])]
        if found["whole"]:
            return f"const {found['whole']} = {source}.default;"
        if found["names"] is None:
            return ""
        names = ", ".join(": ".join(_pair(each)) for each in _each(found["names"]))
        return f"const {{ {names} }} = {source};"

    def declared(found: re.Match[str]) -> str:
        exported.append(found["name"])
        return f"{found['kind']} {found['name']}"

    def listed(found: re.Match[str]) -> str:
        exported.extend(": ".join(reversed(_pair(each))) for each in _each(found["names"]))
        return ""

    def whole(_found: re.Match[str]) -> str:
        exported.append("default: whole")
        return "const whole = "

    text = _IMPORT.sub(imported, text)
    text = _DECLARED.sub(declared, text)
    text = _LISTED.sub(listed, text)
    text = _WHOLE.sub(whole, text)
    unknown = _UNKNOWN.search(text)
    if unknown:
        line = text[unknown.start() :].strip().splitlines()[0]
        raise AssetError(f"{module}: this form of import or export is not known: {line[:80]}")
    return f"{text.strip()}\nreturn {{ {', '.join(exported)} }};"


def _each(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _pair(name: str) -> tuple[str, str]:
    """Return the two names of `a as b`; of `a` twice the same."""
    first, _, second = name.partition(" as ")
    return first.strip(), (second or first).strip()
