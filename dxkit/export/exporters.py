"""The three formats of a report as exporters that nbconvert and JupyterLab list."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import default
from traitlets.config import Application

from dxkit.errors import DxkitError
from dxkit.export.formats import export


class _Report(Exporter):
    """What the three exporters share: the whole work is done by `export`."""

    format = ""

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return f".{self.format}"

    def from_notebook_node(  # type: ignore[override]  # an exporter's output is not a notebook
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **_: object
    ) -> tuple[str | bytes, dict[str, Any]]:
        """Return the report and nbconvert's resources, with no trace of the notebook in them."""
        prepared, resources = super().from_notebook_node(nb, resources or {})
        try:
            content = export(prepared, self.format)
        except DxkitError as error:
            _leave_command(error)
            raise
        return (content.decode("utf-8") if self.format == "html" else content), resources


def _leave_command(error: DxkitError) -> None:
    """End `jupyter nbconvert` with the problems instead of a traceback; elsewhere do nothing."""
    app = Application.instance() if Application.initialized() else None
    if app is not None and app.name == "jupyter-nbconvert":
        app.log.error("%s", error)
        app.exit(error.exit_code)


class _NotInServer(_Report):
    """The same exporter under a name with a hyphen, as one types it after `--to`.

    Jupyter Server lists every exporter but only finds those whose name is letters, digits and
    underscores; a hyphenated one would stand in JupyterLab's menu and lead nowhere.
    """

    @default("enabled")
    def _enabled_default(self) -> bool:
        return not (Application.initialized() and hasattr(Application.instance(), "web_app"))


class HTMLReport(_Report):
    """One self-contained page."""

    format = "html"
    export_from_notebook = "诊断报告（网页）"
    output_mimetype = "text/html"


class WordReport(_Report):
    """A Word document."""

    format = "docx"
    export_from_notebook = "诊断报告（Word）"
    output_mimetype = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class PDFReport(_Report):
    """A PDF/A file."""

    format = "pdf"
    export_from_notebook = "诊断报告（PDF）"
    output_mimetype = "application/pdf"


class HTMLReportCommand(_NotInServer, HTMLReport):
    """`jupyter nbconvert --to dxkit-html`."""


class WordReportCommand(_NotInServer, WordReport):
    """`jupyter nbconvert --to dxkit-docx`."""


class PDFReportCommand(_NotInServer, PDFReport):
    """`jupyter nbconvert --to dxkit-pdf`."""
