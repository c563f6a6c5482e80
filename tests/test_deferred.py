"""Claims about what is imported only once it is used."""

from __future__ import annotations

import subprocess
import sys

ASKED = """\
import sys
from dxkit.kernel.deferred import put_off_grammar
put_off_grammar()
import importlib.util, jsonschema
print("lark" in sys.modules)
print(importlib.util.find_spec("rfc3987_syntax").name)
checker = jsonschema.FormatChecker()
print(checker.conforms("https://例.中国/甲", "iri"), checker.conforms("a b", "iri"))
print("lark" in sys.modules)
import rfc3987_syntax
print(rfc3987_syntax.__spec__ is not None)
"""
OTHERS = """\
from dxkit.kernel.deferred import put_off_grammar
put_off_grammar()
import rfc3987_syntax.utils
from rfc3987_syntax import make_syntax_validator
print(callable(make_syntax_validator))
"""
ABSENT = """\
import sys
from dxkit.kernel import deferred
deferred.GRAMMAR = "no_such_grammar"
deferred.put_off_grammar()
print("no_such_grammar" in sys.modules)
"""


def said(program: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    return done.stdout.split()


def test_a_web_address_is_judged_as_ever_and_its_grammar_read_only_then() -> None:
    assert said(ASKED) == ["False", "rfc3987_syntax", "True", "False", "True", "True"]


def test_whoever_wants_more_of_the_module_gets_it() -> None:
    assert said(OTHERS) == ["True"]


def test_what_is_not_installed_stays_so() -> None:
    assert said(ABSENT) == ["False"]
