"""How one notebook is run on a forked kernel: papermill's client, which is nbclient's, but for it.

What becomes of messages is nbclient's own code. It differs in that a kernel which dies or takes
too long leaves its cell marked as failed; papermill says that such a cell was completed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from papermill.clientwrap import PapermillNotebookClient

from dxkit.engine.kernel import NotebookProcess
from dxkit.engine.outputs import taking_outputs_so


class ForkedNotebookClient(PapermillNotebookClient):  # type: ignore[misc]
    """Papermill's client on a kernel that is forked."""

    def __init__(self, nb_man: Any, modules: Sequence[str], **options: Any) -> None:
        super().__init__(nb_man, **options)
        self._modules = modules
        self.on_kernel: Callable[[int], None] | None = None

    def create_kernel_manager(self) -> NotebookProcess:
        """Return what starts the kernel and ends it."""
        self.km = NotebookProcess(self._modules, self.on_kernel)
        return self.km

    async def _async_poll_kernel_alive(self) -> None:
        """Ask nothing: whoever waits for a kernel that dies is told."""

    output = taking_outputs_so(NotebookClient.output)
    _update_display_id = taking_outputs_so(NotebookClient._update_display_id)

    def execute_cell(self, cell: Any, cell_index: int, *args: Any, **kwargs: Any) -> Any:
        """Execute a cell; mark it as failed if it did not come to its end."""
        if cell.cell_type != "code" and self.on_cell_start is None:
            return cell  # there is nothing that an event loop would be needed for
        try:
            return super().execute_cell(cell, cell_index, *args, **kwargs)
        except CellExecutionError:
            raise  # papermill marks the cell itself
        except Exception as exc:
            self.nb_man.cell_exception(cell, cell_index=cell_index, exception=exc)
            raise
