"""Who comes in: every answer of the site passes here, and only holders of a link get one."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

from tornado.web import HTTPError, RequestHandler

from dxkit.apps.participants import Participant
from dxkit.apps.site import render

if TYPE_CHECKING:
    from dxkit.apps.server import Workshop

DAYS = 31
"""How long a browser stays known before its link has to be opened again."""
_HOST = re.compile(r"[\w.\-]+(:\d+)?|\[[0-9a-f:]+\](:\d+)?", re.IGNORECASE)
_WORDS = {
    403: ("请使用您的链接进入", "这里只对受邀的人开放。请向诊断组索取您的链接，用链接打开。"),
    404: ("没有这个页面", "地址不对，或者这家企业没有对您开放。"),
    405: ("不能这样访问", "请从首页进入。"),
    413: ("内容太大", "发送的内容超过了限制。"),
    429: ("请稍后再试", "尝试得太频繁了，请过一会儿再打开链接。"),
    503: ("现在人多，请稍候", "同时打开的页面已到上限，过一会儿会自动再试。"),
}
_FAULT = ("出错了", "这一页没能打开；已保存的内容不受影响。请刷新再试。")


def headers(host: str, secure: bool) -> dict[str, str]:
    """Return what goes with every answer, so that a browser runs and keeps nothing else."""
    live = f" {'wss' if secure else 'ws'}://{host}" if _HOST.fullmatch(host) else ""
    policy = (
        "default-src 'none'; script-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'{live}; "
        "media-src blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    )
    return {
        "Server": "dxkit",
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
    }


class Gate(RequestHandler):
    """A handler that answers only who holds a link; the visitor is known to all that follows."""

    visitor: Participant

    @property
    def workshop(self) -> Workshop:
        """Return the server."""
        server: Workshop = self.settings["workshop"]
        return server

    @property
    def secure(self) -> bool:
        """Tell whether the browser came by https, as far as this server or its proxy knows."""
        told = self.request.headers.get("X-Forwarded-Proto", self.request.protocol)
        return told.partition(",")[0].strip() == "https"

    def set_default_headers(self) -> None:
        """Send the headers with every answer, refusals among them."""
        for name, value in headers(self.request.host, self.secure).items():
            self.set_header(name, value)

    def prepare(self) -> None:
        """Let in who is known, and change things only for pages of this site."""
        found = self.known()
        if found is None:
            raise HTTPError(403)
        if self.request.method not in ("GET", "HEAD") and not self._is_own_page():
            raise HTTPError(403)
        self.visitor = found

    def known(self) -> Participant | None:
        """Return who the browser's cookie says it is, if it is signed and the link still holds."""
        people = self.workshop.people
        told = self.get_signed_cookie(people.cookie, max_age_days=DAYS)
        return people.of(told.decode("ascii", "replace")) if told else None

    def remember(self, visitor: Participant) -> None:
        """Let the browser keep who it is; no script can read that, no other site can send it."""
        self.set_signed_cookie(
            self.workshop.people.cookie,
            visitor.id,
            expires_days=DAYS,
            httponly=True,
            samesite="Lax",
            secure=self.secure,
        )

    def _is_own_page(self) -> bool:
        origin = self.request.headers.get("Origin")
        return origin is not None and urlparse(origin).netloc.lower() == self.request.host.lower()

    def show(self, template: str, **told: Any) -> None:
        """Answer with a page."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(render(template, **told))

    def tell(self, **told: Any) -> None:
        """Answer with plain data."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps(told, ensure_ascii=False))

    def refuse(self, status: int, title: str = "", words: str = "", retry: int = 0) -> None:
        """Answer with a page that says why not, and what to do."""
        self.set_status(status)
        known = _WORDS.get(status, _FAULT)
        if retry:
            self.set_header("Retry-After", str(retry))
        told = {"title": title or known[0], "words": words or known[1], "retry": retry}
        self.show("refusal.html.j2", home=status not in (403, 429), **told)

    def write_error(self, status_code: int, **_: Any) -> None:
        """Answer a refusal or a fault in Chinese, with nothing about the inside."""
        self.clear()
        self.refuse(status_code)

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Log faults without the query, where tokens stand; a refusal is none."""
        if not isinstance(value, HTTPError):
            asked = (self.request.method, self.request.path)
            self.workshop.log.error("%s %s failed", *asked, exc_info=(typ, value, tb))


class Nowhere(Gate):
    """Every address that leads to nothing; who holds no link does not even learn that."""

    def prepare(self) -> None:
        """Refuse."""
        super().prepare()
        raise HTTPError(404)
