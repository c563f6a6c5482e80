"""What takes long to import and is hardly ever used: it is put off until somebody does use it.

jsonschema compiles the grammar of all web addresses as it is imported, in the time of a report,
only to be able to judge one; notebooks hold none that it is asked about.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

GRAMMAR = "rfc3987_syntax"


def put_off_grammar() -> None:
    """Let whoever imports from the module get what imports it when it is called."""
    if GRAMMAR not in sys.modules and (spec := importlib.util.find_spec(GRAMMAR)) is not None:
        sys.modules[GRAMMAR] = _Later(spec)


class _Later(ModuleType):
    """A module that is imported when something of it is used."""

    def __init__(self, spec: ModuleSpec) -> None:
        super().__init__(GRAMMAR)
        self.__spec__, self.__file__ = spec, spec.origin
        self.__path__ = list(spec.submodule_search_locations or ())

    def is_valid_syntax(self, term: str, value: str) -> bool:
        """Tell, as the module would, whether a text is what the grammar calls by this name."""
        return bool(self._real().is_valid_syntax(term, value))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what importing asks of every module
            raise AttributeError(name)
        return getattr(self._real(), name)

    def _real(self) -> ModuleType:
        if sys.modules.get(GRAMMAR) is self:
            del sys.modules[GRAMMAR]
        return importlib.import_module(GRAMMAR)
