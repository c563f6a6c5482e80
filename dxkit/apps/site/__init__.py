"""What the site looks like: its templates, style sheet and scripts, and the only list of them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

FOLDER = Path(__file__).parent
ASSETS = {
    "site.css": "text/css; charset=utf-8",
    "host.js": "text/javascript; charset=utf-8",
    "link.js": "text/javascript; charset=utf-8",
    "wire.js": "text/javascript; charset=utf-8",
    "landing.js": "text/javascript; charset=utf-8",
}
"""Every file that is served, with its type; no other name leads to a file."""

ICON = (
    "data:image/svg+xml,"
    "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Crect width='16' height='16' rx='3' fill='%23134b6e'/%3E"
    "%3Cpath d='M3.5 12.5v-4h2v4zm3.5 0v-9h2v9zm3.5 0V6h2v6.5z' fill='white'/%3E%3C/svg%3E"
)


@cache
def environment() -> jinja2.Environment:
    """Return where the pages' templates are found; what they are told is text, never markup."""
    loader = jinja2.FileSystemLoader(FOLDER, encoding="utf-8")
    found = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined
    )
    found.globals |= {"address": address, "icon": ICON}
    return found


def render(template: str, **told: Any) -> str:
    """Return a page."""
    return environment().get_template(template).render(**told)


@cache
def edition() -> str:
    """Return a mark that changes when any file does, so that browsers may keep what they have."""
    content = b"".join((FOLDER / name).read_bytes() for name in sorted(ASSETS))
    return hashlib.sha256(content).hexdigest()[:10]


def address(name: str) -> str:
    """Return where a file is served."""
    return f"/assets/{edition()}/{name}"


def asset(name: str) -> tuple[bytes, str]:
    """Return the content and the type of a file that is served.

    Raises:
        KeyError: if there is none of that name.
    """
    kind = ASSETS[name]
    return (FOLDER / name).read_bytes(), kind
