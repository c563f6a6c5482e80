"""The engine: whether a notebook is run on a forked kernel, or as papermill runs it itself."""

from __future__ import annotations

from typing import Any

from papermill.engines import Engine, NBClientEngine
from papermill.log import logger
from papermill.utils import merge_kwargs, remove_args

from dxkit.engine.choice import modules_for
from dxkit.engine.notebook import ForkedNotebookClient
from dxkit.kernel.zygotes import NotForkedError


class DxkitEngine(Engine):  # type: ignore[misc]
    """Runs notebooks on forked kernels; where none can be had, as papermill always does."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        """Run a notebook, in place.

        Args:
            nb_man: papermill's keeper of the notebook.
            kernel_name: the specification of its kernel.
            options: as papermill's own engine takes them; `on_kernel` is called with the id of the
                process once it is forked.
        """
        told = options.pop("on_kernel", None)
        try:
            modules = modules_for(kernel_name, options)
        except NotForkedError as reason:
            logger.info("The kernel is not forked: %s", reason)
            return NBClientEngine.execute_managed_notebook(nb_man, kernel_name, **options)
        try:
            client = _client(nb_man, kernel_name, modules, **options)
            client.on_kernel = told
            return client.execute()
        except NotForkedError as reason:  # before anything was run
            logger.warning("The kernel could not be forked: %s", reason)
            return NBClientEngine.execute_managed_notebook(nb_man, kernel_name, **options)


def _client(
    nb_man: Any,
    kernel_name: str,
    modules: list[str],
    *,
    start_timeout: int = 60,
    execution_timeout: int | None = None,
    **options: Any,
) -> ForkedNotebookClient:
    """Return the client, made of the options as papermill's own engine makes its client."""
    told = remove_args(["input_path", "timeout", "startup_timeout"], **options)
    told = merge_kwargs(
        told,
        timeout=execution_timeout if execution_timeout else options.get("timeout"),
        startup_timeout=start_timeout,
        kernel_name=kernel_name,
        log=logger,
    )
    return ForkedNotebookClient(nb_man, modules, **told)
