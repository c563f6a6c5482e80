"""What every comparison with stock tools needs around it so that it is fair."""

from __future__ import annotations

import os


def keep_bytecode() -> None:
    """Let Python keep the bytecode of what it imports, as it does for users.

    Where it may not, every process compiles its packages anew, which costs a tool of many
    processes more than one that forks. What is measured must have run once before.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
