"""What a PDF carries besides its pages, as far as its uncompressed parts tell."""

from __future__ import annotations

import mmap
import re
from pathlib import Path

_CARRIED = {
    "脚本": re.compile(rb"/(?:JavaScript|JS)[\s(<\[/]"),
    "启动其他程序的动作": re.compile(rb"/Launch[\s>/]"),
    "附件": re.compile(rb"/EmbeddedFiles?[\s>/]"),
}


def carried(path: Path) -> tuple[str, ...]:
    """Return in Chinese what a PDF carries that people should know of before they open it.

    It is no reason to refuse a file: electronic invoices carry their data as an attachment. Nothing
    is opened or run; what stands in compressed parts is not seen.
    """
    with (
        path.open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as bytes_,
    ):
        return tuple(words for words, sign in _CARRIED.items() if sign.search(bytes_))
