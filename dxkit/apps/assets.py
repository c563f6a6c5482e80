"""The site's own files, by a fixed list; no name leads anywhere else."""

from __future__ import annotations

from tornado.web import HTTPError

from dxkit.apps.gate import Gate
from dxkit.apps.site import asset


class Asset(Gate):
    """`/assets/<name>`, for who holds a link; browsers may keep it, since its address changes."""

    def get(self, name: str) -> None:
        """Send the file."""
        try:
            content, kind = asset(name)
        except KeyError:
            raise HTTPError(404) from None
        self.set_header("Content-Type", kind)
        self.set_header("Cache-Control", "private, max-age=31536000, immutable")
        self.finish(content)


class Icon(Gate):
    """Browsers ask for this by themselves; pages carry their own."""

    def get(self) -> None:
        """Answer nothing."""
        self.set_status(204)
        self.finish()
