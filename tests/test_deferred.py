"""Claims about what is imported only once it is used."""

from __future__ import annotations

import subprocess
import sys

ASKED = """\
import sys
from dxkit.kernel.deferred import put_off_grammar
put_off_grammar()
import jsonschema
print("lark" in sys.modules)
checker = jsonschema.FormatChecker()
print(checker.conforms("https://例.中国/甲", "iri"), checker.conforms("a b", "iri"))
print("lark" in sys.modules)
import rfc3987_syntax
print(rfc3987_syntax.__spec__ is not None)
"""


def test_a_web_address_is_judged_as_ever_and_its_grammar_read_only_then() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASKED], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stdout.split() == ["False", "True", "False", "True", "True"]
