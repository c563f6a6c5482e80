"""The server: Voila with a list of routes of its own, each of which asks who is there."""

from __future__ import annotations

import logging
import os
import secrets
import signal
from collections.abc import Callable
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from shutil import rmtree
from typing import Any

import tornado.web
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from traitlets.config import Config
from voila.app import Voila

from dxkit import paths
from dxkit.apps import addresses, channels, entering, landing, pages
from dxkit.apps.assets import Asset, Icon
from dxkit.apps.cases import Cases
from dxkit.apps.gate import Nowhere
from dxkit.apps.kernels import ORDINARY, Kernels, environment
from dxkit.apps.participants import Participants
from dxkit.apps.site import FOLDER
from dxkit.apps.specs import PageSpecs
from dxkit.definitions import load
from dxkit.errors import DxkitError, ParameterError, Problem
from dxkit.kernel.folders import private_folder
from dxkit.kernel.specs import FORKED, warm_up
from dxkit.workshop.files import exporting, uploads

PORT = 8866
PORTS_TRIED = 20
LARGEST_REQUEST = 64 * 1024
PING_MS = 10_000
SILENT_SECONDS = 15.0
"""How long somebody may be connected and not ask, or not finish asking."""
LOG = "workshop.log"
_KERNEL = r"([0-9a-f-]{36})"


@dataclass(frozen=True)
class Wanted:
    """How the site is to be served."""

    port: int | None = None
    """None for the first that is free."""
    lan: bool = False
    participants: int = 20
    case: str | None = None


class Workshop(Voila):  # type: ignore[misc]  # Voila is not typed
    """The site."""

    name = "dxkit"

    def __init__(self, wanted: Wanted, ready: Callable[[Workshop], None]) -> None:
        refuse_unfit_place()
        super().__init__()
        self.wanted = wanted
        self.ready = ready
        self.people = Participants()
        self.cases = Cases(wanted.case)
        self.doubts = entering.Doubts()
        self.since = secrets.token_hex(4)
        self.network = addresses.in_network() if wanted.lan else []
        self.ip = addresses.EVERYWHERE if wanted.lan else addresses.HERE
        self.open_browser = False

    def load_config_file(self, *_: Any, **__: Any) -> None:
        """Read no settings of this machine: what another Voila is allowed is not allowed here."""

    def setup_template_dirs(self) -> None:
        """Write pages with our template only, and serve none of Voila's files."""
        self.template_paths = [str(FOLDER)]
        self.static_paths: list[str] = []

    @property
    def kernels(self) -> Kernels:
        """Return the kernels of the site."""
        found: Kernels = self.kernel_manager
        return found

    def run(self) -> None:
        """Serve until the process is told to stop.

        Raises:
            ParameterError: if the port is taken.
        """
        load()  # definitions that do not fit are told before anybody comes, and nobody waits later
        uploads.sweep()
        exporting.sweep()
        self._log_to_file()
        self.update_config(
            Config(
                VoilaConfiguration={
                    "multi_kernel_manager_class": Kernels,
                    "kernel_spec_manager_class": PageSpecs,
                    "file_allowlist": [],
                    "file_denylist": [".*"],
                    "template": "dxkit",
                    "allow_template_override": "NO",
                    "allow_theme_override": "NO",
                    "show_tracebacks": True,  # to our template, which shows them to nobody
                },
                Connection={"limit_rate": False},
            )
        )
        self.update_config(pages.template_config())
        self.connection_dir_root = str(private_folder())
        self.sockets = self._bind()
        self.initialize([])
        self.start()

    def init_settings(self) -> dict[str, Any]:
        """Add to Voila's settings what our handlers and limits need."""
        self.kernel_websocket_connection_class = channels.Connection
        self.cookie_secret = self.people.secret.encode("ascii")
        nothing = Path(self.connection_dir) / "nothing"
        nothing.mkdir()
        self.root_dir = str(nothing)  # the only place that Voila could read files from
        settings: dict[str, Any] = super().init_settings()
        self.kernels.most = self.wanted.participants
        self.kernels.holds = self._holds
        self.kernels.allowed_message_types = sorted(channels.FROM_PAGE)
        self.kernel_name = self._warmed()
        return settings | {
            "workshop": self,
            "default_handler_class": Nowhere,
            "log_function": self._log_request,
            "compress_response": True,
            "websocket_max_message_size": channels.LARGEST,
            "ws_ping_interval": PING_MS,
        }

    def init_handlers(self) -> list[Any]:
        """Return every route there is."""
        return [
            (r"/", landing.Landing),
            (r"/enter", entering.Enter),
            (r"/case/([^/]+)/([a-z]+)", pages.CasePage),
            (r"/region", pages.RegionPage),
            (rf"/api/kernels/{_KERNEL}/channels", channels.Channels),
            (rf"/api/kernels/{_KERNEL}/leave", channels.Leave),
            (r"/participants", landing.Invite),
            (r"/participants/([0-9a-f]+)/revoke", landing.Revoke),
            (r"/assets/[0-9a-f]+/([a-z]+\.[a-z]+)", Asset),
            (r"/favicon\.ico", Icon),
            (r"/alive", channels.Alive),
            (r"/echo", channels.Echo),
        ]

    def listen(self) -> None:
        """Answer until stopped, then end every kernel."""
        server = HTTPServer(
            self.app,
            max_body_size=LARGEST_REQUEST,
            max_buffer_size=2 * channels.LARGEST,
            max_header_size=LARGEST_REQUEST,
            idle_connection_timeout=SILENT_SECONDS,
            body_timeout=SILENT_SECONDS,
        )
        self.ioloop = IOLoop.current()
        server.add_sockets(self.sockets)
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._handle_signal_stop)
        self.kernels.begin_watching()
        self.ioloop.add_callback(self.ready, self)
        try:
            self.ioloop.start()
        finally:
            server.stop()
            self.ioloop.run_sync(self.kernels.end_all)
            rmtree(self.connection_dir, ignore_errors=True)

    def _handle_signal_stop(self, sig: int, frame: Any) -> None:
        """Stop; at once if nothing was begun yet."""
        if "ioloop" not in vars(self):
            raise SystemExit(128 + sig)
        super()._handle_signal_stop(sig, frame)

    def _bind(self) -> list[Any]:
        first = PORT if self.wanted.port is None else self.wanted.port
        for port in range(first, first + (PORTS_TRIED if self.wanted.port is None else 1)):
            try:
                sockets = bind_sockets(port, self.ip)
            except (OSError, OverflowError):
                continue
            self.port = sockets[0].getsockname()[1]
            return sockets
        found = f"{first} 不能使用，可能已被别的程序占用"
        raise ParameterError(Problem("端口", "--port", found, "另一个端口，如 --port 8900"))

    def _holds(self, visitor: str) -> bool:
        """Tell whether a link holds; one that cannot be looked up was not withdrawn."""
        try:
            return self.people.of(visitor) is not None
        except (DxkitError, OSError):
            return True

    def _warmed(self) -> str:
        """Return which kernel pages get; the forked one begins to import before anybody comes."""
        known = self.kernel_spec_manager
        if FORKED not in known.find_kernel_specs():
            return ORDINARY
        warm_up(known, FORKED, environment({}))
        return FORKED

    def _log_to_file(self) -> None:
        """Write the log beside the participants' file; a terminal shows only what people need."""
        self.log_level = logging.INFO
        file = _OwnLog(paths.private() / LOG, maxBytes=2_000_000, backupCount=3, encoding="utf-8")
        file.setLevel(logging.INFO)
        file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        for log in (self.log, logging.getLogger("tornado"), logging.getLogger("dxkit")):
            log.handlers = [file]
            log.propagate = False
        # Tornado takes Jupyter's milliseconds between pings for seconds, and says so at every link.
        logging.getLogger("tornado.general").setLevel(logging.ERROR)

    def _log_request(self, handler: tornado.web.RequestHandler) -> None:
        """Log who was answered what, without the query, where tokens stand."""
        status, request = handler.get_status(), handler.request
        if status >= 400:
            self.log.warning("%s %s %s", status, request.method, request.path)


class _OwnLog(RotatingFileHandler):
    """A log that only its owner can read; what a kernel says of a fault may tell of the case."""

    def _open(self) -> Any:
        def own(path: str, flags: int) -> int:
            return os.open(path, flags, 0o600)

        return open(self.baseFilename, self.mode, encoding=self.encoding, opener=own)


def refuse_unfit_place() -> None:
    """Refuse to serve what is no workspace, and where evidence would lie in what is served.

    Raises:
        ParameterError: if there are no cases, or they share a folder with the files of the site.
    """
    cases, served = paths.parameters().resolve(), FOLDER.resolve()
    if not cases.is_dir():
        expected = (
            "在工作区中运行，或用环境变量 DXKIT_HOME 指明工作区；新的工作区先用 dxkit new 建立企业"
        )
        raise ParameterError(Problem(str(cases), "", "没有这个文件夹", expected))
    if cases.is_relative_to(served) or served.is_relative_to(cases):
        problem = Problem(str(cases), "", "企业文件夹与网页文件在同一处", "另一处的工作区")
        raise ParameterError(problem)
