"""A page of a case or of the region: a notebook, run by Voila in a kernel of the visitor's own."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Mapping
from pathlib import Path
from typing import Any

import mistune
from nbformat import NotebookNode
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError
from traitlets.config import Config
from voila.notebook_renderer import NotebookRenderer

from dxkit import paths
from dxkit.apps import kernels
from dxkit.apps.cases import Cases
from dxkit.apps.gate import Gate
from dxkit.apps.participants import Participant
from dxkit.apps.site import FOLDER, ICON, address
from dxkit.notebook import prepare, read

VIEWS = {"record": "填写", "diagnosis": "结果", "workshop": "研讨"}
REGION = "region"
RETRY = 15
_FULL = ("现在人多，请稍候", "同时打开的页面已到上限。本页每隔一会儿自动再试，不必刷新。")
_FULL_OWN = ("您打开的页面太多了", "请先关闭几个不用的页面；本页随后会自动打开。")
_CUT_OFF = '<p class="fault" role="alert">{words}</p></main></body></html>'


class Story(NotebookRenderer):  # type: ignore[misc]  # Voila is not typed
    """Voila's renderer for one notebook that was prepared; it looks for none on disk."""

    given: NotebookNode

    async def load_notebook(self, path: str) -> NotebookNode:
        """Return the notebook that was given."""
        return self.given


def template_config() -> Config:
    """Say which template Voila writes pages with."""
    return Config({"VoilaExporter": {"template_file": "page.html.j2"}})


class Page(Gate):
    """A notebook as a page."""

    _writing: asyncio.Task[Any] | None = None
    _notebooks: dict[Path, tuple[int, NotebookNode]] = {}

    async def _show(self, view: str, parameters: Mapping[str, str], title: str) -> None:
        """Run the notebook in a kernel of its own and send what it shows as it comes."""
        kernel = self.workshop.kernel_name
        notebook = self._prepared(view, parameters)
        notebook.metadata.kernelspec = {
            "name": kernel,
            "display_name": kernel,
            "language": "python",
        }
        self._writing = asyncio.current_task()
        try:
            kernel_id, starting = self.workshop.kernels.open_for(
                self.visitor.id, self, kernel, self._told(), paths.workspace()
            )
        except kernels.FullError as full:
            self.refuse(503, *(_FULL_OWN if full.own else _FULL), retry=RETRY)
            return
        story = self._written(notebook, kernel_id, starting, view, title)
        await self._send(story, kernel_id)

    def _prepared(self, view: str, parameters: Mapping[str, str]) -> NotebookNode:
        path = paths.notebooks() / f"{view}.ipynb"
        if not path.is_file():
            raise HTTPError(404)
        stamp = path.stat().st_mtime_ns
        if self._notebooks.get(path, (0,))[0] != stamp:
            self._notebooks[path] = stamp, read(path)
        return prepare(self._notebooks[path][1], parameters, without="batch")

    def _told(self) -> dict[str, str]:
        """Return what the kernel is told of its visitor; it asks nobody else."""
        who = self.visitor
        cases = None if who.cases is None else [*who.cases]
        visitor = {"id": who.id, "name": who.name, "role": who.role, "cases": cases}
        return kernels.environment(
            {
                "DXKIT_VISITOR": json.dumps(visitor, ensure_ascii=False),
                "DXKIT_HOME": str(paths.workspace()),
            }
        )

    async def _send(self, written: AsyncIterator[str], kernel_id: str) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        try:
            async for words in written:
                self.write(words)
                await self.flush()
        except StreamClosedError:
            self._writing = None
            self.workshop.kernels.dismiss(kernel_id, kernels.GONE)
        except (Exception, asyncio.CancelledError):
            self._writing = None
            fault = uuid.uuid4().hex[:8]
            self.workshop.log.exception("%s failed: %s", self.request.path, fault)
            self.workshop.kernels.dismiss(kernel_id, kernels.GONE)
            words = f"这一页没能打开，编号 {fault}；已保存的内容不受影响。"
            self.finish(_CUT_OFF.format(words=words))
        finally:
            self.workshop.kernels.unlinked(kernel_id, self)

    def close(self, code: int | None = None, reason: str | None = None) -> None:
        """Stop writing: the kernel is gone."""
        if self._writing is not None:
            self._writing.cancel()

    async def _written(
        self,
        notebook: NotebookNode,
        kernel_id: str,
        starting: Awaitable[Any],
        view: str,
        title: str,
    ) -> AsyncIterator[str]:
        """Yield the page bit by bit; its head goes out while the kernel is still starting."""
        server = self.workshop
        story = Story(
            request_handler=self,
            voila_configuration=server.voila_configuration,
            traitlet_config=server.config,
            notebook_path=f"{view}.ipynb",
            template_paths=[str(FOLDER)],
            contents_manager=server.contents_manager,
            kernel_spec_manager=server.kernel_spec_manager,
            base_url="/",
            page_config={},
        )
        story.given = notebook
        await story.initialize()
        story.resources["dxkit"] = self._page(title)
        async for words, _ in story.generate_content_generator(kernel_id, starting):
            if words:
                yield words

    def _page(self, title: str) -> dict[str, Any]:
        def fault_of(output: NotebookNode) -> str:
            fault = uuid.uuid4().hex[:8]
            trace = "\n".join(output.get("traceback", ()))
            self.workshop.log.error("%s: a cell failed: %s\n%s", self.request.path, fault, trace)
            return fault

        return {
            "title": title,
            "address": address,
            "icon": ICON,
            "markdown": mistune.create_markdown(escape=False, plugins=["table"]),
            "fault_of": fault_of,
        }


class CasePage(Page):
    """`/case/<id>/<view>`: looked up among the cases this visitor may open."""

    async def get(self, case_id: str, view: str) -> None:
        """Show a page of the case."""
        folder = self.workshop.cases.open_to(self.visitor).get(case_id)
        if folder is None or view not in VIEWS or view not in self.visitor.views:
            raise HTTPError(404)
        await self._show(view, {"case": str(folder)}, f"{VIEWS[view]} · {case_id}")


class RegionPage(Page):
    """`/region`: all cases in one view, for who leads all of them; to others it does not exist."""

    async def get(self) -> None:
        """Show the page."""
        if not may_see_region(self.visitor, self.workshop.cases):
            raise HTTPError(404)
        await self._show(REGION, {"cases": str(paths.parameters())}, "全区汇总")


def may_see_region(visitor: Participant, cases: Cases) -> bool:
    """Tell whether a visitor leads all cases of the workspace, and the site serves them all."""
    return visitor.invites and cases.only is None
