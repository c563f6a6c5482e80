"""The modules of the browser side become one, or are refused with the name of the culprit."""

from __future__ import annotations

from pathlib import Path

import pytest

from dxkit.widgets.assets import FRONT, AssetError, join, script, style


def folder(tmp_path: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (tmp_path / f"{name}.js").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_module_stands_behind_those_it_needs(tmp_path):
    joined = join(
        folder(
            tmp_path,
            main='import { one as first } from "./a.js";\nexport default { first };\n',
            a='import { two } from "./b.js";\nexport const one = two + 1;\n',
            b="const two = 1;\nexport { two };\n",
        )
    )
    places = [joined.index(name) for name in ("// b.js", "// a.js", "// main.js")]
    assert places == sorted(places)
    assert "const { one: first } = module1;" in joined
    assert "import " not in joined
    assert joined.count("export ") == 1


@pytest.mark.parametrize(
    ("modules", "culprit"),
    [
        ({"main": 'import { a } from "./a.js";\n'}, "main.js: no module a.js"),
        (
            {"main": 'import "./a.js";\n', "a": 'import "./main.js";\n'},
            "main.js > a.js > main.js",
        ),
        ({"main": 'import { a } from "lodash";\n'}, "lodash is no module of the page"),
        ({"main": 'import { a } from "../../a.js";\n'}, "lies outside the page"),
        ({"main": 'import * as a from "./a.js";\n', "a": ""}, "not known: import * as a"),
        ({"main": "export let a = 1;\n"}, "not known: export let a"),
    ],
)
def test_what_cannot_be_joined_is_refused(tmp_path, modules, culprit):
    with pytest.raises(AssetError, match=culprit.replace("*", r"\*")):
        join(folder(tmp_path, **modules))


def test_the_page_reaches_for_nothing_outside_itself():
    for text in (script(), style()):
        for way_out in ("eval(", "new Function", "@import", "url(http", "src=http", "fetch("):
            assert way_out not in text


def test_every_module_is_small_and_opens_with_what_it_knows():
    own = [file for file in FRONT.rglob("*.js") if file.parent.name != "vendor"]
    assert len(own) > 10
    for file in own:
        lines = file.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("// "), file
        assert len(lines) < 300, file
