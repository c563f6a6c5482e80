"""The engine as papermill finds it under the name `dxkit`, which is loaded once it is used.

papermill loads all engines at the end of its own import, so that an engine built on papermill
could not be imported by anybody else first. And who uses another engine need not wait for this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dxkit.engine.engine import DxkitEngine


class Entry:
    """What papermill asks of an engine."""

    @classmethod
    def execute_notebook(cls, *args: Any, **options: Any) -> Any:
        """Execute a notebook."""
        return _engine().execute_notebook(*args, **options)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> Any:
        """Return the name of a notebook's kernel."""
        return _engine().nb_kernel_name(nb, name)

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> Any:
        """Return the language of a notebook."""
        return _engine().nb_language(nb, language)


def _engine() -> type[DxkitEngine]:
    from dxkit.engine.engine import DxkitEngine  # noqa: PLC0415 - see above

    return DxkitEngine
